import type { KeyClaim, KeyRequest } from '../../commands/ports.js'

/** A key that somebody holds or has used up, and the request it belongs to. */
export type KeyState = Readonly<{
  command: string
  fingerprint: string
  state: 'running' | 'used'
}>

/** Go on; there is nothing to settle, for the log decides, or has decided. */
export const UNCLAIMED: KeyClaim = { claim: 'granted', settle: () => undefined }

/** What a request hears whose key is taken. What was done before is granted again: the log answers it. */
export function judgeClaim({ command, fingerprint }: KeyRequest, held: KeyState): KeyClaim {
  if (command !== held.command || fingerprint !== held.fingerprint) {
    return { claim: 'used_differently', command: held.command }
  }
  return held.state === 'used' ? UNCLAIMED : { claim: 'in_flight' }
}
