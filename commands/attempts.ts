/** A decision holds for the revision it was made at: whoever loses a race decides again, but not for ever. */
import type { Done } from './outcome.js'

const ATTEMPTS_MAX = 20

/** `again`: somebody else appended first, or the answer did not come. */
export type Attempt = Done | 'again'

export async function untilDecided(attempt: () => Promise<Attempt>): Promise<Done> {
  for (let made = 0; made < ATTEMPTS_MAX; made += 1) {
    const done = await attempt()
    if (done !== 'again') return done
  }
  return busy()
}

export function busy(): Done {
  return { outcome: 'refused', refusal: { code: 'folio_busy', attempts: ATTEMPTS_MAX } }
}
