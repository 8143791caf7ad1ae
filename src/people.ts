/** Where people are named and how they are forgotten, over the read models and the keys of subjects (A6). */
import type { People } from '../commands/ports.js'
import type { EventStore } from './event-store/event-store.js'
import type { SubjectKeys } from './event-store/subject-keys.js'
import { foliosNaming } from './queries/folios-naming.js'
import type { ReadDatabase } from './queries/list-page.js'
import type { WaitFor } from './workers/position-watch.js'

const CATCH_UP_TIMEOUT_MS = 20_000

export function createPeople({
  db,
  keys,
  store,
  waitFor,
}: Readonly<{
  db: ReadDatabase
  keys: SubjectKeys
  store: Pick<EventStore, 'head'>
  waitFor: WaitFor
}>): People {
  return {
    foliosNaming: async (party) => {
      const head = await store.head()
      if (head !== null) {
        const waited = await waitFor(head, { timeoutMs: CATCH_UP_TIMEOUT_MS })
        if (waited.outcome === 'behind') return 'behind'
      }
      return foliosNaming(db, party)
    },
    keysOf: (subjects) => keys.named(subjects),
    drop: (named) => keys.drop(named),
  }
}
