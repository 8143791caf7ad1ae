/** Fills a log with sales, three events each, with the numbers they took; for the rows that only read. */
import { randomUUID } from 'node:crypto'
import { folioOfStream, folioStream } from '../../commands/document-id.js'
import type { Origin, LedgerLog } from '../../src/event-store/log.js'
import type { LedgerEvent, LedgerFact } from '../../src/events/ledger-event.js'
import { serveContender, numberIn } from '../contender.js'
import { openBenchLedger } from '../folio-ledger.js'
import { seller } from '../folio-sale.js'
import { customers } from '../sale.js'

const EVENTS_PER_SALE = 3
/** Sales whose numbers were taken together, as concurrent callers do. */
const SALES_PER_TAKE = 100
const APPENDS_AT_ONCE = 400

serveContender(async (setup) => {
  const ledger = await openBenchLedger(setup)
  const round = async () => {
    await fill(ledger.log, await aSale(ledger), numberIn(setup, 'events'))
    return {}
  }
  return { round, close: () => ledger.close() }
})

/** What a sale by true commands left in the log: the pattern of all others. */
async function aSale(ledger: Awaited<ReturnType<typeof openBenchLedger>>) {
  await seller(ledger.handler)()
  const page = await ledger.store.readAll({ after: null, limit: 1_000 })
  const stream = page.find(({ type }) => type === 'InvoiceDrafted')?.stream ?? ''
  return ledger.log.read(stream, 0)
}

async function fill(log: LedgerLog, pattern: readonly LedgerEvent[], events: number) {
  const nextCustomer = customers()
  const copy = copier(pattern)
  const origin = originOf(pattern)
  const takes = takesOf(log, origin)
  let sales = 0
  let waiting: Promise<unknown>[] = []
  // The pattern itself is the first sale, and took the first number.
  for (let number = 2; sales * EVENTS_PER_SALE < events; number += 1, sales += 1) {
    const folio = randomUUID()
    waiting.push(
      takes(number, folio),
      appended(
        log.append(folioStream(folio), 'no_stream', copy(folio, number, nextCustomer()), origin),
      ),
    )
    if (waiting.length < APPENDS_AT_ONCE) continue
    await Promise.all(waiting)
    waiting = []
  }
  await Promise.all(waiting)
}

/** The pattern's facts under another folio, number and customer. */
function copier(pattern: readonly LedgerEvent[]) {
  const [first] = pattern
  if (first === undefined) throw new Error('The sale left no events.')
  const oldFolio = folioOfStream(first.stream)
  const oldParty = (first.data as { party?: string | null }).party ?? ''
  const texts = pattern.map(({ type, data }) => JSON.stringify({ type, data }))
  return (folio: string, number: number, party: string): LedgerFact[] =>
    texts.map(
      (text) =>
        JSON.parse(
          text
            .replaceAll(oldFolio, folio)
            .replaceAll(oldParty, party)
            .replaceAll(/\b(INV|PAY)\/(\d{4})\/00001\b/g, `$1/$2/${numbered(number)}`),
        ) as LedgerFact,
    )
}

/** Writes down the numbers of many sales at once, in both series. */
function takesOf(log: LedgerLog, origin: Origin) {
  const year = Number.parseInt(origin.recordedAt.slice(0, 4), 10)
  const postingDate = origin.recordedAt.slice(0, 10)
  let batch: { number: number; folio: string }[] = []
  return async (number: number, folio: string): Promise<void> => {
    batch.push({ number, folio })
    if (batch.length < SALES_PER_TAKE) return
    const taken = batch
    batch = []
    for (const [series, mark] of [
      ['INV', 'i1'],
      ['PAY', 'p1'],
    ] as const) {
      const stream = `series-default-${series}-${year}`
      const bindings = taken.map(({ number, folio }) => ({
        number,
        document: `${folio}-${mark}`,
        postingDate,
      }))
      const used = taken.map(({ number }) => number - 1)
      const data = { books: 'default', series, year, taken: bindings, used }
      await inOrder(stream, async () => {
        const [last] = await log.readBack(stream, { limit: 1 })
        const end =
          last === undefined ? 'no_stream' : { revision: last.revision, hash: last.metadata.hash }
        await appended(log.append(stream, end, [{ type: 'NumbersTaken', data }], origin))
      })
    }
  }
}

const turns = new Map<string, Promise<void>>()
function inOrder(stream: string, work: () => Promise<void>): Promise<void> {
  const turn = (turns.get(stream) ?? Promise.resolve()).then(work)
  turns.set(stream, turn)
  return turn
}

function originOf([event]: readonly LedgerEvent[]): Origin {
  if (event === undefined) throw new Error('The sale left no events.')
  const { schemaVersion, previousHash, hash, ...origin } = event.metadata
  return origin
}

async function appended(outcome: ReturnType<LedgerLog['append']>): Promise<void> {
  const { outcome: how } = await outcome
  if (how !== 'appended') throw new Error(`An append of the log to be read ended as ${how}.`)
}

function numbered(number: number): string {
  return number.toString().padStart(5, '0')
}
