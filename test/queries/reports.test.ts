/** The reports over a small ledger: what is asked of them, and the daily check that finds what somebody changed. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dailyCheck, dailyCheckParameters } from '../../src/queries/daily-check.js'
import { openItemTotals, openItemTotalsParameters } from '../../src/queries/open-item-totals.js'
import { openItems, openItemsParameters } from '../../src/queries/open-items.js'
import { prepayments, prepaymentsParameters } from '../../src/queries/prepayments.js'
import { taxSummary, taxSummaryParameters, taxTotals } from '../../src/queries/tax-summary.js'
import {
  trialBalanceByCurrency,
  trialBalanceByCurrencyParameters,
} from '../../src/queries/trial-balance-by-currency.js'
import { unusedNumbers, unusedNumbersParameters } from '../../src/queries/unused-numbers.js'
import { liveBuilds } from '../../src/workers/builds.js'
import {
  dollarInvoicePosted,
  openingAccount,
  openingBalancesPosted,
  prepaymentId,
  prepaymentRegistered,
} from '../support/credit-story.js'
import {
  BOOKS_STREAM,
  booksOpened,
  creditNotePosted,
  folioStream,
  invoiceId,
  invoicePosted,
  orderId,
  orderPlaced,
  overpaymentId,
  PARTY,
  paymentRegistered,
  storyLog,
} from '../support/ledger-story.js'
import { caughtUp, follow, type ReadSide, readSide } from '../support/read-side.js'

let side: ReadSide
let head: bigint | null

beforeAll(async () => {
  side = await readSide()
  const story = storyLog()
  const binding = (number: number) => ({
    number,
    document: invoiceId(number),
    postingDate: '2026-03-01',
  })
  await story.append(BOOKS_STREAM, ...booksOpened(), openingAccount())
  const taken = [1, 2, 3].map(binding)
  await story.append('series-default-INV-2026', {
    type: 'NumbersTaken',
    data: { books: 'default', series: 'INV', year: 2026, taken, used: [] },
  })
  const cancelled = (folio: number) =>
    ({ type: 'OrderCancelled', data: { orderId: orderId(folio), reason: 'x' } }) as const
  await story.append(
    folioStream(1),
    orderPlaced({ folio: 1 }),
    prepaymentRegistered({ folio: 1, amount: '40.00', order: true }),
    cancelled(1),
  )
  await story.append(
    folioStream(2),
    orderPlaced({ folio: 2 }),
    prepaymentRegistered({ folio: 2, amount: '60.00', order: true, date: '2026-03-02' }),
    invoicePosted({ folio: 2, total: '120.00', order: 'placed' }),
  )
  await story.append(
    folioStream(3),
    orderPlaced({ folio: 3 }),
    invoicePosted({ folio: 3, total: '24.00', order: 'placed' }),
    paymentRegistered({ folio: 3, amount: '24.00', over: '6.00', account: 'cash' }),
    cancelled(3),
  )
  await story.append(
    folioStream(4),
    dollarInvoicePosted(invoicePosted({ folio: 4, total: '120.00', date: '2026-04-02' })),
  )
  await story.append(folioStream(5), creditNotePosted({ folio: 5, total: '12.00', invoice: null }))
  await story.append(folioStream(6), openingBalancesPosted(6))
  const worker = follow(side.db, story)
  await caughtUp(side.db, story)
  await worker.stop()
  head = await story.store.head()
})
afterAll(async () => {
  await side.drop()
})

const prepaid = async (query: Record<string, string>) => {
  const { rows } = await prepayments(side.db, prepaymentsParameters.parse(query))
  return rows.map(({ documentId, toRefund }) => [documentId, toRefund])
}

test('captured money of a cancelled order waits to be refunded, what was paid beyond too', async () => {
  expect(await prepaid({ toRefund: 'true' })).toEqual([
    [overpaymentId(3), true],
    [prepaymentId(1), true],
  ])
  expect(await prepaid({ toRefund: 'false', kind: 'Prepayment', books: 'default' })).toMatchObject([
    [prepaymentId(2), false],
    [prepaymentId(6), false],
  ])
  expect(await prepaid({ toRefund: 'true', status: 'Settled' })).toEqual([])
})

test('prepayments are pages like any list, with their total', async () => {
  const first = await prepayments(side.db, prepaymentsParameters.parse({ limit: '3' }))
  expect(first).toMatchObject({ total: 4, totalIsExact: true, position: `${head}` })
  const rest = await prepayments(side.db, {
    ...prepaymentsParameters.parse({ limit: '3' }),
    after: first.next,
  })
  expect(new Set([...first.rows, ...rest.rows].map(({ documentId }) => documentId)).size).toBe(4)
  expect(rest.next).toBeNull()
})

test('open items are summed by party, direction and currency, what is due and what is left apart', async () => {
  const page = await openItemTotals(side.db, openItemTotalsParameters.parse({}))
  const line = { books: 'default', party: PARTY, booksCurrency: 'GBP' }
  expect(page.rows).toEqual([
    {
      ...line,
      direction: 'in',
      currency: 'GBP',
      documents: 1,
      due: '80.00',
      credit: '0',
      balance: '80.00',
      booksDue: '80.00',
      booksCredit: '0',
      booksBalance: '80.00',
      sortKey: `default ${PARTY} in GBP`,
    },
    {
      ...line,
      direction: 'out',
      currency: 'GBP',
      documents: 7,
      due: '420.00',
      credit: '168.00',
      balance: '252.00',
      booksDue: '420.00',
      booksCredit: '168.00',
      booksBalance: '252.00',
      sortKey: `default ${PARTY} out GBP`,
    },
    {
      ...line,
      direction: 'out',
      currency: 'USD',
      documents: 1,
      due: '120.00',
      credit: '0',
      balance: '120.00',
      booksDue: '108.00',
      booksCredit: '0',
      booksBalance: '108.00',
      sortKey: `default ${PARTY} out USD`,
    },
  ])
  const narrowed = openItemTotalsParameters.parse({ currency: 'USD', limit: '1' })
  expect((await openItemTotals(side.db, narrowed)).total).toBe(1)
  const dollars = await openItems(side.db, openItemsParameters.parse({ currency: 'USD' }))
  expect(dollars.rows).toMatchObject([{ documentId: invoiceId(4) }])
})

test('the trial balance is told by currency, and comes to zero in each', async () => {
  const page = await trialBalanceByCurrency(
    side.db,
    trialBalanceByCurrencyParameters.parse({ currency: 'USD' }),
  )
  expect(
    page.rows.map(({ account, balance, booksBalance }) => [account, balance, booksBalance]),
  ).toEqual([
    ['output-tax', '-20.00', '-18.00'],
    ['receivable', '120.00', '108.00'],
    ['sales', '-100.00', '-90.00'],
  ])
})

test('taxes are told by month, code and currency, with totals in the currency of the books', async () => {
  const asked = taxSummaryParameters.parse({})
  const page = await taxSummary(side.db, asked)
  expect(
    page.rows.map(({ period, currency, base, booksTax }) => [period, currency, base, booksTax]),
  ).toEqual([
    ['2026-03', 'GBP', '110.00', '22.00'],
    ['2026-04', 'USD', '100.00', '18.00'],
  ])
  const line = { books: 'default', kind: 'output', booksCurrency: 'GBP' }
  expect(await taxTotals(side.db, asked)).toEqual([
    { ...line, period: '2026-03', booksBase: '110.00', booksTax: '22.00' },
    { ...line, period: '2026-04', booksBase: '90.00', booksTax: '18.00' },
  ])
  expect(await taxTotals(side.db, taxSummaryParameters.parse({ period: '2026-04' }))).toHaveLength(
    1,
  )
  expect(taxSummaryParameters.safeParse({ period: '2026-13' }).success).toBe(false)
})

test('numbers that nobody used are listed by what became of them', async () => {
  const { rows } = await unusedNumbers(side.db, unusedNumbersParameters.parse({ status: 'Open' }))
  expect(rows).toMatchObject([{ number: 'INV/2026/00001', document: invoiceId(1) }])
})

const check = (query: Record<string, string> = {}) =>
  dailyCheck(side.db, dailyCheckParameters.parse(query))

test('the daily check finds nothing in good books', async () => {
  expect(await check()).toEqual({
    rows: [],
    total: 0,
    totalIsExact: true,
    next: null,
    position: `${head}`,
  })
})

async function change(
  projection: string,
  by: number,
  { column, where }: Readonly<{ column: string; where: Readonly<Record<string, string>> }>,
): Promise<void> {
  const { tableName } = (await liveBuilds(side.db)).get(projection) ?? { tableName: '' }
  const rows = Object.entries(where).map(([name, value]) => sql`${sql.id(name)} = ${value}`)
  await sql`update ${sql.id('read_model', tableName)} set ${sql.id(column)} = ${sql.id(column)} + ${by}
    where ${sql.join(rows, sql` and `)}`.execute(side.db)
}

const PAYABLE = { column: 'balance', where: { account: 'payable' } }

test.each([
  [
    'open_items',
    { column: 'books_amount_open', where: { document_id: invoiceId(4) } },
    ['Control Account by Currency receivable', 'Control Account receivable'],
  ],
  [
    'open_items',
    { column: 'amount_open', where: { document_id: invoiceId(4) } },
    ['Control Account by Currency receivable'],
  ],
  ['account_list', PAYABLE, ['Control Account payable']],
  ['trial_balance', { column: 'balance', where: { account: 'sales' } }, ['Trial Balance null']],
  [
    'trial_balance_by_currency',
    { column: 'books_balance', where: { account: 'sales', currency: 'USD' } },
    ['Trial Balance by Currency null'],
  ],
])('the daily check tells that %s was changed by hand', async (projection, what, found) => {
  await change(projection, 1, what)
  const { rows, total } = await check()
  expect(rows.map((row) => `${row.check} ${row.account}`)).toEqual(found)
  expect(total).toBe(found.length)
  expect((await check({ books: 'other' })).rows).toEqual([])
  await change(projection, -1, what)
  expect((await check()).rows).toEqual([])
})

test('the daily check compares nothing while the read models stand apart', async () => {
  const at = (position: bigint | null) =>
    side.db
      .updateTable('read_model.projection_builds')
      .set({ position: `${position}` })
      .where('name', '=', 'open_items')
      .execute()
  await change('account_list', 1, PAYABLE)
  await at((head ?? 1n) - 1n)
  const asked = check()
  const looked = await Promise.race([asked, new Promise((late) => setTimeout(late, 200, 'late'))])
  expect(looked).toBe('late')
  await at(head)
  expect(await asked).toMatchObject({ position: `${head}`, total: 1 })
  await change('account_list', -1, PAYABLE)
})
