/** What both sides of the EventStoreDB row do: the same events, to streams of each caller's own, and the same reading. */
import { randomUUID } from 'node:crypto'
import { callersFor, type Contender, type Setup, numberIn, textIn } from './contender.js'

/** About what an invoice's event is: a kilobyte of data, half a kilobyte of metadata. */
export const DATA = {
  invoiceId: 'a3c9c1f2-6d1e-4b7e-9a53-0d7a52b1c9d4',
  lines: Array.from({ length: 6 }, (_, line) => ({
    description: `Line ${line} of an order as it might be`,
    lineId: `${line}`,
    net: { amount: '12.50', currency: 'GBP' },
    quantity: '3',
    tax: { amount: '2.50', code: 'T1' },
  })),
}
export const METADATA = {
  command: 'post-invoice',
  commandKey: randomUUID(),
  correlation: randomUUID(),
  hash: 'a'.repeat(64),
  previousHash: 'b'.repeat(64),
  principal: 'key:bench',
  schemaVersion: 1,
}
export const EVENT_TYPE = 'BenchMeasured'

const PAGE_SIZE = 5_000
const FILL_CALLERS = 64

export type Side = Readonly<{
  /** One event; `expected` is the stream's last revision, or `null` for a new one. */
  write(stream: string, expected: number | null): Promise<void>
  /** The number of events after a position, and the last of them. */
  readPage(after: bigint | null, limit: number): Promise<readonly [number, bigint | null]>
  close(): Promise<void>
}>

/** `work` of the set-up: `append` by so many `callers`, `read` to the end from a position on, or `fill` with so many `events`. */
export async function eventStoreDbContender(
  setup: Setup,
  open: (connectionString: string) => Promise<Side>,
): Promise<Contender> {
  const side = await open(textIn(setup, 'eventStoreUrl'))
  const work = textIn(setup, 'work')
  const append = appender(side)
  const round = async (ms: number) => {
    if (work === 'append') return callersFor(ms, numberIn(setup, 'callers'), append)
    if (work === 'read') return readToEnd(side, BigInt(numberIn(setup, 'after')))
    const { last } = await readToEnd(side, null)
    return { ...(await fill(append, numberIn(setup, 'events'))), after: last }
  }
  return { round, close: () => side.close() }
}

/** A caller takes a stream that nobody else is at, and leaves it for the next one. */
function appender(side: Side): () => Promise<number> {
  const idle: { stream: string; last: number | null }[] = []
  return async () => {
    const at = idle.pop() ?? { stream: `bench-${randomUUID()}`, last: null }
    await side.write(at.stream, at.last)
    idle.push({ stream: at.stream, last: at.last === null ? 0 : at.last + 1 })
    return 1
  }
}

async function fill(append: () => Promise<number>, events: number) {
  const each = Math.ceil(events / FILL_CALLERS)
  await Promise.all(
    Array.from({ length: FILL_CALLERS }, async () => {
      for (let nth = 0; nth < each; nth += 1) await append()
    }),
  )
  return { events }
}

async function readToEnd(side: Side, start: bigint | null) {
  const begunAt = performance.now()
  let events = 0
  let after = start
  for (;;) {
    const [count, last] = await side.readPage(after, PAGE_SIZE)
    if (count === 0) break
    events += count
    after = last
  }
  return {
    eventsPerSecond: (events * 1000) / (performance.now() - begunAt),
    last: Number(after ?? 0n),
  }
}
