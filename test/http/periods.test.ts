/** Periods, rates, settings and parties over HTTP, as a process wires them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { type Client, clientOf, servedLedger, type ServedLedger } from '../support/served-ledger.js'

const TIMEOUT_MS = 30_000
const TAX = { code: 'none', ratePercent: '0' }
const GOODS = { kind: 'item', description: 'Goods', quantity: '1', unitPrice: '100', tax: TAX }
const ADA = '00000000-0000-4000-8000-0000000000a1'
const BEA = '00000000-0000-4000-8000-0000000000a2'

let served: ServedLedger
let client: Client

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
})
afterAll(async () => {
  await served.close()
})

const closedThrough = async (books: string) => {
  const found = await served.ledger.handler.readBooks(books)
  return found.status === 'open' ? found.period.closedThrough : undefined
}
const drafted = async (documentDate: string, books: string) =>
  (await client.must('draft-invoice', { books, documentDate, lines: [GOODS] })).invoiceId as string
const opened = (books: string) =>
  client.must('open-books', { books }, { apiKey: served.keys.administrator })

test('a period is closed and opened again; a payment dated inside is refused with the figures', async () => {
  await opened('shop')
  const invoiceId = await drafted('2020-03-10', 'shop')
  await client.must('post-invoice', { invoiceId })
  const period = { books: 'shop', through: '2020-03-31' }
  const first = await client.command('close-period', period, { key: 'march' })
  expect(first).toMatchObject({ status: 200, body: { answer: {}, stream: 'books-shop' } })
  const again = await client.command('close-period', period, { key: 'march' })
  expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])

  const amount = { amount: '100.00', currency: 'GBP' }
  const payment = { invoiceId, account: 'bank', amount, date: '2020-03-31' }
  const refused = await client.command('register-payment', payment)
  expect(refused).toMatchObject({
    status: 409,
    body: {
      code: 'period_closed',
      date: '2020-03-31',
      closedThrough: '2020-03-31',
      firstOpenDay: '2020-04-01',
    },
  })
  const reason = 'A payment came late'
  await client.must('reopen-period', { books: 'shop', through: '2020-02-29', reason })
  await client.must('register-payment', payment)
  expect(await closedThrough('shop')).toBe('2020-02-29')
})

test('operators change neither periods nor settings, rates or parties', async () => {
  for (const [name, body] of [
    ['close-period', { through: '2020-03-31' }],
    ['reopen-period', { through: null, reason: 'x' }],
    ['configure-books', { discounts: 'gross' }],
    ['set-exchange-rate', { rates: [{ currency: 'EUR', rate: '0.87' }] }],
    ['merge-parties', { party: ADA, into: BEA, reason: 'x' }],
    ['unmerge-parties', { party: ADA, reason: 'x' }],
  ] as const) {
    const answer = await client.command(name, body, { apiKey: served.keys.operator })
    expect([name, answer.status]).toEqual([name, 403])
  }
})

test('settings, rates and merges are taken', async () => {
  await opened('settings')
  const books = 'settings'
  await client.must(
    'configure-books',
    { books, charges: 'in_proportion' },
    { apiKey: served.keys.administrator },
  )
  await client.must('set-exchange-rate', { books, rates: [{ currency: 'EUR', rate: '0.8700' }] })
  await client.must('merge-parties', { books, party: ADA, into: BEA, reason: 'One customer' })
  expect(await served.ledger.handler.readBooks(books)).toMatchObject({
    settings: { charges: 'in_proportion', discounts: 'net' },
    rates: new Map([['EUR', [{ rate: '0.87' }]]]),
    mergedInto: new Map([[ADA, BEA]]),
  })
  const circle = { books, party: BEA, into: ADA, reason: 'x' }
  expect(await client.command('merge-parties', circle)).toMatchObject({
    status: 409,
    body: { code: 'parties_merged_in_a_circle', party: BEA, into: ADA },
  })
  await client.must('unmerge-parties', { books, party: ADA, reason: 'Two after all' })
})

test(
  'a closing that a crash left under way is carried on by the server',
  async () => {
    await opened('crashed')
    const invoiceId = await drafted('2020-03-10', 'crashed')
    await client.must('post-invoice', { invoiceId })
    const closing: LedgerFact = {
      type: 'PeriodClosing',
      data: { books: 'crashed', through: '2020-03-31' },
    }
    const { log } = served.ledger
    const last = (await log.read('books-crashed', 0)).at(-1)
    if (last === undefined) throw new Error('the books are open')
    const end = { revision: last.revision, hash: last.metadata.hash }
    const { recordedAt } = last.metadata
    const origin = {
      command: 'close-period',
      commandKey: 'crashed',
      fingerprint: '',
      principal: 'accountant',
      correlation: 'crashed',
      recordedAt,
      decidedUnder: {},
    }
    expect(await log.append('books-crashed', end, [closing], origin)).toMatchObject({
      outcome: 'appended',
    })
    await expect
      .poll(() => closedThrough('crashed'), { timeout: TIMEOUT_MS / 2 })
      .toBe('2020-03-31')
    const series = await log.readBack('series-crashed-INV-2020', { limit: 2 })
    const types = series.map(({ type }) => type)
    expect(types).toContain('SeriesClosedThrough')
  },
  TIMEOUT_MS,
)
