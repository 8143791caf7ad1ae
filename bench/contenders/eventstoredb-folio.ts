/** The event log over EventStoreDB, through its port. */
import { randomUUID } from 'node:crypto'
import { openEventStoreDb } from '../../src/event-store/eventstoredb.js'
import { serveContender } from '../contender.js'
import { DATA, EVENT_TYPE, METADATA, eventStoreDbContender } from '../eventstoredb-work.js'

const data = JSON.stringify(DATA)
const metadata = JSON.stringify(METADATA)

serveContender((setup) =>
  eventStoreDbContender(setup, async (connectionString) => {
    const store = await openEventStoreDb({ connectionString })
    return {
      write: async (stream, expected) => {
        const event = { id: randomUUID(), type: EVENT_TYPE, data, metadata }
        const { outcome } = await store.append(stream, expected ?? 'no_stream', [event])
        if (outcome !== 'appended') throw new Error(`An append was ${outcome}.`)
      },
      readPage: async (after, limit) => {
        const page = await store.readAll({ after, limit })
        return [page.length, page.at(-1)?.position ?? null]
      },
      close: () => store.close(),
    }
  }),
)
