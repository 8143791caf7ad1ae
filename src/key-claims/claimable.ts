import type { KeyRequest } from '../../commands/ports.js'

/** In UTF-8 that stays below what an entry of an index may be. */
const CHARACTERS_MAX = 800

/** Whether the database can hold it: one that it cannot would spoil the batch of the others. */
export function isClaimable({ principal, key, command, fingerprint }: KeyRequest): boolean {
  return [principal + key, command, fingerprint].every(
    (text) => text.length <= CHARACTERS_MAX && !text.includes('\0') && text.isWellFormed(),
  )
}

/** Another text for each pair of principal and key. */
export function placeOf({ principal, key }: KeyRequest): string {
  return JSON.stringify([principal, key])
}
