/** The official client and nothing else, on the same call path: each append a call of its own. */
import { EventStoreDBClient, START, jsonEvent } from '@eventstore/db-client'
import { serveContender } from '../contender.js'
import { DATA, EVENT_TYPE, METADATA, eventStoreDbContender } from '../eventstoredb-work.js'

const credentials = { username: 'folio', password: 'folio' }

serveContender((setup) =>
  eventStoreDbContender(setup, (connectionString) => {
    const client = EventStoreDBClient.connectionString(connectionString)
    return Promise.resolve({
      write: async (stream, expected) => {
        const event = jsonEvent({ type: EVENT_TYPE, data: DATA, metadata: METADATA })
        await client.appendToStream(stream, event, {
          credentials,
          expectedRevision: expected === null ? 'no_stream' : BigInt(expected),
        })
      },
      readPage: async (after, limit) => {
        let count = 0
        let last: bigint | null = null
        const fromPosition = after === null ? START : { commit: after, prepare: after }
        for await (const { event } of client.readAll({
          credentials,
          fromPosition,
          maxCount: limit,
        })) {
          if (event === undefined || event.position.commit === after) continue
          count += 1
          last = event.position.commit
        }
        return [count, last]
      },
      close: () => client.dispose(),
    })
  }),
)
