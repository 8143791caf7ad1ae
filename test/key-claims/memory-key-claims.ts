import type { KeyClaims, KeyRequest } from '../../commands/ports.js'
import { judgeClaim, type KeyState } from '../../src/key-claims/judge-claim.js'
import { placeOf } from '../../src/key-claims/claimable.js'

/** For one process, and for as long as it lives. */
export function memoryKeyClaims(): KeyClaims {
  const states = new Map<string, KeyState>()
  return {
    claim: (request: KeyRequest) => {
      const place = placeOf(request)
      const held = states.get(place)
      if (held !== undefined) return Promise.resolve(judgeClaim(request, held))
      const { command, fingerprint } = request
      const running: KeyState = { command, fingerprint, state: 'running' }
      states.set(place, running)
      return Promise.resolve({
        claim: 'granted',
        settle: (outcome) => {
          if (states.get(place) !== running) return
          if (outcome === 'free') states.delete(place)
          if (outcome === 'used') states.set(place, { ...running, state: 'used' })
        },
      })
    },
  }
}
