/** Early answers by key: whoever asks the same again meanwhile is told to wait (H3). */
import type { Done, Requested } from './outcome.js'
import type { KeyClaims } from './ports.js'

/** Runs the work of a request unless its key says no. A refusal leaves the key free. */
export async function underClaim(
  claims: KeyClaims | undefined,
  { command, caller, fingerprint }: Pick<Requested, 'command' | 'caller' | 'fingerprint'>,
  work: () => Promise<Done>,
): Promise<Done> {
  if (claims === undefined || caller.claimsKey !== true) return work()
  const { principal, key } = caller
  const claim = await claims.claim({ principal, key, command: command.name, fingerprint })
  if (claim.claim === 'in_flight') {
    return { outcome: 'refused', refusal: { code: 'idempotency_key_in_flight', key } }
  }
  if (claim.claim === 'used_differently') {
    const refusal = {
      code: 'idempotency_key_used_differently',
      key,
      command: claim.command,
    } as const
    return { outcome: 'refused', refusal }
  }
  let isAccepted = false
  try {
    const outcome = await work()
    isAccepted = outcome.outcome === 'accepted'
    return outcome
  } finally {
    claim.settle(isAccepted ? 'used' : 'free')
  }
}
