/**
 * The official client and nothing else, on the same call path: each append a call of its own. `texts` of the set-up: what
 * is read is wanted as the texts that were written, as whoever checks a hash wants it.
 */
import { EventStoreDBClient, START, jsonEvent } from '@eventstore/db-client'
import { serveContender } from '../contender.js'
import { DATA, EVENT_TYPE, METADATA, eventStoreDbContender } from '../eventstoredb-work.js'

const credentials = { username: 'folio', password: 'folio' }

serveContender((setup) => {
  const wantsTexts = setup['texts'] === 'yes'
  return eventStoreDbContender(setup, (connectionString) => {
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
        const texts: string[] = []
        let count = 0
        let last: bigint | null = null
        const fromPosition = after === null ? START : { commit: after, prepare: after }
        for await (const { event } of client.readAll({
          credentials,
          fromPosition,
          maxCount: limit,
        })) {
          if (event === undefined || event.position.commit === after) continue
          if (wantsTexts) texts.push(JSON.stringify(event.data), JSON.stringify(event.metadata))
          count += 1
          last = event.position.commit
        }
        return [count, last]
      },
      close: () => client.dispose(),
    })
  })
})
