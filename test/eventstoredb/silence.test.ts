/** A connection over which nothing comes any more and which does not end: each call has a deadline of its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventStoreUnavailable, type EventStore } from '../../src/event-store/event-store.js'
import { openEventStoreDb } from '../../src/event-store/eventstoredb.js'
import { aStream, anEvent } from '../contracts/opened-event-store.js'
import { type Relay, openRelay } from '../event-store/relay.js'
import { type EventStoreDbServer, startServer } from './server.js'

const DEADLINE_MS = 1_000
const MARGIN_MS = 1_500
/** Ten seconds until the client asks the connection for a sign of life, five until it gives it up, and some. */
const RECOVERY_MS = 40_000

let server: EventStoreDbServer
let relay: Relay
let store: EventStore
let stream: string
let position: bigint

beforeAll(async () => {
  server = await startServer()
  relay = await openRelay(server.connectionString)
  store = await openEventStoreDb({
    connectionString: relay.connectionString,
    appendDeadlineMs: DEADLINE_MS,
    readDeadlineMs: DEADLINE_MS,
    silenceMs: DEADLINE_MS,
  })
  stream = aStream()
  const answer = await store.append(stream, 'no_stream', [anEvent()])
  if (answer.outcome !== 'appended') throw new Error(answer.outcome)
  position = answer.position
})

afterAll(async () => {
  await store.close()
  await relay.close()
  await server.remove()
})

describe('while the connection is silent', () => {
  const event = anEvent()

  test('an append is unknown at its deadline, and every question is refused at its own', async () => {
    relay.fallSilent()
    const append = timed(() => store.append(stream, 0, [event]))
    const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['readStream', () => store.readStream(stream, { limit: 1 })],
      ['readAll', () => store.readAll({ after: null, limit: 1 })],
      ['eventAt', () => store.eventAt(position)],
      ['head', () => store.head()],
      ['lag', () => store.lag(null, new Date())],
    ]
    const answers = await Promise.all(
      questions.map(async ([name, ask]) => ({ name, ...(await timed(ask)) })),
    )
    for (const { name, error, ms } of answers) {
      expect(error, name).toBeInstanceOf(EventStoreUnavailable)
      expect(ms, name).toBeLessThan(DEADLINE_MS + MARGIN_MS)
    }
    const { value, ms } = await append
    expect(value).toMatchObject({ outcome: 'unknown' })
    expect(ms).toBeLessThan(DEADLINE_MS + MARGIN_MS)
  })

  test('a store closes all the same', async () => {
    const other = await openEventStoreDb({ connectionString: server.connectionString })
    const { ms } = await timed(() => other.close())
    expect(ms).toBeLessThan(DEADLINE_MS + MARGIN_MS)
  })

  test(
    'when the network is there again the store recovers by itself, its subscription too, and the append is settled by trying it again',
    async () => {
      const ending = new AbortController()
      const seen: string[] = []
      const following = (async () => {
        const pages = store.subscribeToAll({
          after: position,
          pageSizeMax: 10,
          signal: ending.signal,
        })
        for await (const page of pages) {
          seen.push(...page.map(({ id }) => id))
          if (seen.includes(event.id)) return
        }
      })()
      relay.recover()
      const begunAt = performance.now()
      for (;;) {
        const again = await timed(() => store.append(stream, 0, [event]))
        if (again.value?.outcome === 'appended') break
        expect(performance.now() - begunAt).toBeLessThan(RECOVERY_MS)
      }
      await following
      ending.abort()
      expect(seen).toStrictEqual([event.id])
      expect(await store.readStream(stream, { limit: 10 })).toHaveLength(2)
    },
    RECOVERY_MS * 2,
  )
})

async function timed<Value>(
  work: () => Promise<Value>,
): Promise<Readonly<{ value?: Value; error?: unknown; ms: number }>> {
  const begunAt = performance.now()
  try {
    const value = await work()
    return { value, ms: performance.now() - begunAt }
  } catch (error) {
    return { error, ms: performance.now() - begunAt }
  }
}
