import { randomUUID } from 'node:crypto'
import type { KeyClaim, KeyRequest } from '../../commands/ports.js'

/** A request under a key that nobody else uses. */
export function aRequest(parts: Partial<KeyRequest> = {}): KeyRequest {
  return {
    principal: 'shop',
    key: randomUUID(),
    command: 'refund-credit',
    fingerprint: 'ten euros',
    ...parts,
  }
}

/** How a granted claim is settled; anything else fails the test. */
export function settling(claim: KeyClaim): (outcome: 'used' | 'free') => void {
  if (claim.claim !== 'granted') throw new Error(`The key is not granted but ${claim.claim}.`)
  return claim.settle
}
