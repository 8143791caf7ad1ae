/** One batch of appends as parallel arrays for `event_log.append_batch`, and its rows as outcomes. */
import type pg from 'pg'
import type { AppendOutcome, EventToAppend, ExpectedRevision } from './event-store.js'

export type BatchedAppend = Readonly<{
  stream: string
  expected: ExpectedRevision
  events: readonly EventToAppend[]
}>

const NO_STREAM = -1

const APPEND_BATCH = {
  name: 'append_batch',
  text: `select revision, position from event_log.append_batch(
    $1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[],
    $8::uuid[], $9::text[], $10::text[], $11::text[])`,
  rowMode: 'array' as const,
}

/** One outcome for each, in order. Rejects when the server refused all of them, or did not answer. */
export async function appendBatch(
  client: pg.Client,
  appends: readonly BatchedAppend[],
): Promise<AppendOutcome[]> {
  const places = new Map<string, number>()
  for (const { stream } of appends) if (!places.has(stream)) places.set(stream, places.size + 1)
  const events = appends.flatMap((append, index) =>
    append.events.map((event, nth) => ({
      event,
      nth: nth + 1,
      append: index + 1,
      stream: append.stream,
    })),
  )
  const result = await client.query<[number, string | null]>({
    ...APPEND_BATCH,
    values: [
      [...places.keys()],
      appends.map(({ stream }) => places.get(stream)),
      appends.map(({ expected }) => (expected === 'no_stream' ? NO_STREAM : expected)),
      appends.map(({ events: { length } }) => length),
      events.map(({ append }) => append),
      events.map(({ nth }) => nth),
      events.map(({ stream }) => stream),
      events.map(({ event }) => event.id),
      events.map(({ event }) => event.type),
      events.map(({ event }) => event.data),
      events.map(({ event }) => event.metadata),
    ],
  })
  return appends.map(({ expected }, index) => {
    const row = result.rows[index]
    if (row === undefined) throw new Error('The event log gave no verdict on an append.')
    const [revision, position] = row
    if (position !== null) return { outcome: 'appended', revision, position: BigInt(position) }
    return {
      outcome: 'conflict',
      expected,
      actual: revision === NO_STREAM ? 'no_stream' : revision,
    }
  })
}
