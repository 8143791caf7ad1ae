import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordSourceDocument } from '../../commands/order/record-source-document.js'
import type { ImportPlan } from '../../src/imports/online-retail/import-plan.js'
import { planImport } from '../../src/imports/online-retail/plan.js'
import { readOnlineRetail } from '../../src/imports/online-retail/read-file.js'
import { folioOf } from '../../src/imports/online-retail/names.js'
import { ask, posted } from './books.js'
import { endAllFolio, PROJECT } from './folio.js'
import { type SaleLine, SHOP, writeSales } from './sales-file.js'
import { type UserLedger, userLedger } from './user-database.js'

let ledger: UserLedger
beforeEach(async () => {
  ledger = await userLedger()
})
afterEach(async () => {
  await endAllFolio()
  await ledger.remove()
})

const SHOP_RESULT = {
  lines: 10,
  documents: 8,
  invoices: 4,
  creditNotesLinked: 1,
  creditNotesAdHoc: 1,
  inputTotal: '1.40',
  bookedTotal: '51.40',
  refusedTotal: '-50.00',
  refusals: { fee_is_no_sale: 1, line_without_money: 2 },
  eventsAppended: expect.any(Number) as number,
  seconds: expect.any(Number) as number,
}

const SHOP_REPORT = [
  'InvoiceNo,Line,StockCode,Outcome,Reason,Booked,Refused,BookedAs',
  '1001,2,A1,booked,,25.00,0.00,invoice',
  '1001,3,POST,booked,,3.00,0.00,invoice',
  '1002,4,B1,booked,,24.00,0.00,invoice',
  'C1003,5,A1,booked,,-10.00,0.00,linked credit note of 1001',
  '1004,6,A1,booked,,14.40,0.00,invoice',
  'C1005,7,Z9,booked,,-10.00,0.00,ad-hoc credit note (nothing_to_match)',
  'C1006,8,AMAZONFEE,refused,fee_is_no_sale,0.00,-50.00,',
  '1007,9,B1,booked,,5.00,0.00,invoice',
  '1007,10,G1,refused,line_without_money,0.00,0.00,',
  '1008,11,G1,refused,line_without_money,0.00,0.00,',
]

function file(name: string, lines: readonly SaleLine[]): Promise<string> {
  return writeSales(join(ledger.folder, name), lines)
}

/** The books without the one thing that the second of two equal imports does differently. */
function without(result: Record<string, unknown>): Record<string, unknown> {
  return { ...result, eventsAppended: 0, seconds: 0 }
}

describe('an import', () => {
  test('prints one object with money as text, reports every line, and books what an oracle accepts', async () => {
    const path = await file('shop.csv', SHOP)
    const { code, stdout, stderr, json } = await ledger.import(path)

    expect(code, stderr).toBe(0)
    expect(json()).toStrictEqual(SHOP_RESULT)
    expect(Object.keys(json())).toStrictEqual(Object.keys(SHOP_RESULT))
    expect(json()['eventsAppended']).toBeGreaterThan(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(5)
    expect(stdout).toContain('4 invoices, 1 linked and 1 ad-hoc credit notes')
    expect(stdout).not.toContain('Documents:')
    expect(stderr).toContain('Documents: 8 of 8')
    expect(stderr).toContain('paid in full on its day')

    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    const report = await readFile(join(ledger.folder, 'data', 'imports', `${hash}.csv`), 'utf8')
    expect(report.trimEnd().split('\n')).toStrictEqual(SHOP_REPORT)

    const books = await ledger.books()
    expect(books.violations).toStrictEqual([])
    expect(books.unexplainedNumbers).toStrictEqual([])
    expect(
      posted(books, 'InvoicePosted').map(({ number, date, gross }) => [number, date, gross]),
    ).toStrictEqual([
      ['INV/2010/00001', '2010-12-30', '28.00'],
      ['INV/2011/00001', '2011-01-03', '24.00'],
      ['INV/2011/00002', '2011-01-05', '14.40'],
      ['INV/2011/00003', '2011-01-06', '5.00'],
    ])
    expect(
      posted(books, 'CreditNotePosted').map(({ number, gross }) => [number, gross]),
    ).toStrictEqual([
      ['RINV/2011/00001', '10.00'],
      ['RINV/2011/00002', '10.00'],
    ])
    const paid = books.events.filter(({ type }) => type === 'PaymentRegistered')
    const refunded = books.events.filter(({ type }) => type === 'CreditRefunded')
    expect([paid.length, refunded.length]).toStrictEqual([4, 2])
  })

  test('books the shipped sample, with its report where it is told to write it', async () => {
    const sample = join(PROJECT, 'scripts/sample/online-retail-sample.csv')
    const report = join(ledger.folder, 'new folder', 'report.csv')
    const { code, json, stdout } = await ledger.import(sample, '--report', report)

    expect(code).toBe(0)
    expect(json()).toMatchObject({ lines: 239, invoices: 33, inputTotal: '8268.19' })
    expect(stdout).toContain(report)
    expect((await readFile(report, 'utf8')).trimEnd().split('\n').length).toBeGreaterThan(239)
    expect((await ledger.books()).violations).toStrictEqual([])
  })

  test('takes out the VAT of each date, and none of what leaves the country', async () => {
    const { code, json } = await ledger.import(await file('shop.csv', SHOP), '--vat')
    expect(code).toBe(0)
    expect(json()).toStrictEqual(SHOP_RESULT)

    const books = await ledger.books()
    const taxes = books.events.flatMap((event) =>
      event.type === 'InvoicePosted' || event.type === 'CreditNotePosted'
        ? [
            [
              event.data.entry.number,
              event.data.totals.tax.amount,
              event.data.taxes.map(({ ratePercent }) => ratePercent),
            ],
          ]
        : [],
    )
    expect(taxes).toStrictEqual([
      // 25.00 × 17.5/117.5 = 3.72, 3.00 × 17.5/117.5 = 0.45
      ['INV/2010/00001', '4.17', ['17.5']],
      ['INV/2011/00001', '0.00', ['0']],
      // Of its invoice's rate, though the day's is another: 10.00 × 17.5/117.5
      ['RINV/2011/00001', '1.49', ['17.5']],
      ['INV/2011/00002', '2.40', ['20']],
      ['RINV/2011/00002', '1.67', ['20']],
      // 5.00 × 20/120
      ['INV/2011/00003', '0.83', ['20']],
    ])
    expect(await balanceOf('output-tax')).toBe('-4.24')
    expect(await balanceOf('receivable')).toBe('0.00')

    // Without the option it would be another document under the same number.
    const without = await ledger.import(join(ledger.folder, 'shop.csv'))
    expect(without.json()).toMatchObject({ invoices: 0, bookedTotal: '0.00', eventsAppended: 0 })
    expect(without.json()).toMatchObject({ inputTotal: '1.40', refusedTotal: '1.40' })
  })
})

describe('an import of a document larger than the log takes in one piece', () => {
  test('refuses it, and books the others', async () => {
    const wide = Array.from({ length: 1_000 }, (_, index) => ({
      number: '1001',
      sku: `S${String(index).padStart(39, '0')}`,
      text: '漢'.repeat(200),
    }))
    const { code, json, stderr } = await ledger.import(
      await file('wide.csv', [...wide, { number: '1002', price: '2.00' }]),
    )
    expect(code, stderr).toBe(0)
    expect(json()).toMatchObject({
      invoices: 1,
      bookedTotal: '2.00',
      refusedTotal: '1000.00',
      refusals: { document_too_large: 1_000 },
    })
  })
})

describe('an import that books nothing', () => {
  test('into new books still ends with a result', async () => {
    const fee = { number: 'C1006', sku: 'AMAZONFEE', quantity: -1, price: '50.00' }
    const { code, json, stderr } = await ledger.import(await file('fee.csv', [fee]))
    expect(code, stderr).toBe(0)
    expect(json()).toMatchObject({ bookedTotal: '0.00', refusedTotal: '-50.00', eventsAppended: 0 })
  })
})

describe('an import again', () => {
  test('appends no event, and reports the same', async () => {
    const path = await file('shop.csv', SHOP)
    const first = await ledger.import(path)
    const before = await ledger.books()
    const second = await ledger.import(path)
    const after = await ledger.books()

    expect([first.code, second.code]).toStrictEqual([0, 0])
    expect(after.head).toBe(before.head)
    expect(after.hashes).toStrictEqual(before.hashes)
    expect(second.json()).toStrictEqual({
      ...without(first.json()),
      seconds: expect.any(Number) as number,
    })
  })

  test('refuses a number with other content, and books the others', async () => {
    await ledger.import(await file('first.csv', SHOP))
    const changed = SHOP.map((line) => (line.number === '1004' ? { ...line, quantity: 7 } : line))
    const added = { number: '1009', sku: 'B1', quantity: 3, at: '2011-01-07T10:00' }
    const { code, json, stdout } = await ledger.import(
      await file('second.csv', [...changed, added]),
    )

    expect(code).toBe(0)
    expect(json()).toMatchObject({
      invoices: 4,
      inputTotal: '6.80',
      bookedTotal: '40.00',
      refusedTotal: '-33.20',
      refusals: { fee_is_no_sale: 1, line_without_money: 2, already_booked_differently: 1 },
    })
    expect(stdout).toContain('1 already_booked_differently')
    const books = await ledger.books()
    expect(posted(books, 'InvoicePosted').map(({ gross }) => gross)).toStrictEqual([
      '28.00',
      '24.00',
      '14.40',
      '5.00',
      '3.00',
    ])
    expect(books.violations).toStrictEqual([])
  })

  test('books no credit note on an invoice that was refused', async () => {
    const sale = { number: '1001', quantity: 10, price: '2.50' }
    const note = { number: 'C1003', quantity: -4, price: '2.50', at: '2011-01-03T11:00' }
    await ledger.import(await file('first.csv', [sale]))
    const { code, json } = await ledger.import(
      await file('second.csv', [{ ...sale, price: '2.60' }, note]),
    )

    expect(code).toBe(0)
    expect(json()).toMatchObject({
      invoices: 0,
      creditNotesLinked: 0,
      inputTotal: '16.00',
      bookedTotal: '0.00',
      refusedTotal: '16.00',
      refusals: { already_booked_differently: 1, invoice_not_booked: 1 },
    })
    expect(json()['eventsAppended']).toBe(0)
  })

  test('still counts a credit note as booked whose invoice comes with other content now', async () => {
    const sale = { number: '1001', quantity: 10, price: '2.50' }
    const note = { number: 'C1003', quantity: -4, price: '2.50', at: '2011-01-03T11:00' }
    await ledger.import(await file('first.csv', [sale, note]))
    const { code, json } = await ledger.import(
      await file('second.csv', [{ ...sale, price: '2.60' }, note]),
    )

    expect(code).toBe(0)
    expect(json()).toMatchObject({
      creditNotesLinked: 1,
      bookedTotal: '-10.00',
      refusedTotal: '26.00',
      refusals: { already_booked_differently: 1 },
    })
  })

  test('refuses a credit note beyond what its invoice has left in the books', async () => {
    const sale = { number: '1001', quantity: 10, price: '2.50' }
    const note = { number: 'C1003', quantity: -8, price: '2.50', at: '2011-01-03T11:00' }
    const later = { number: 'C1004', quantity: -6, price: '2.50', at: '2011-01-04T11:00' }
    const last = { number: '1005', quantity: 1, price: '7.00', at: '2011-01-05T11:00' }
    await ledger.import(await file('first.csv', [sale, note]))
    const { code, json, stderr } = await ledger.import(
      await file('second.csv', [sale, { ...note, quantity: -1 }, later, last]),
    )

    expect(stderr).not.toContain('folio:')
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      invoices: 2,
      bookedTotal: '32.00',
      refusedTotal: '-17.50',
      refusals: { already_booked_differently: 1, credit_exceeds_invoice: 1 },
    })
    expect((await ledger.books()).violations).toStrictEqual([])
  })

  test('keeps what was recorded first of a credit note, in whatever file it comes again', async () => {
    const sale = { number: '1001', quantity: 10, price: '2.50' }
    const note = { number: 'C1003', quantity: -4, price: '2.50', at: '2011-01-03T11:00' }
    const later = { number: '1005', quantity: 1, price: '7.00', at: '2011-01-05T11:00' }
    await ledger.import(await file('first.csv', [sale, note]))
    const before = await ledger.books()
    // Without its invoice the note would be an ad-hoc one.
    const again = await ledger.import(await file('alone.csv', [note]))
    expect(again.json()).toMatchObject({
      creditNotesLinked: 1,
      creditNotesAdHoc: 0,
      eventsAppended: 0,
    })
    expect((await ledger.books()).head).toBe(before.head)

    const more = await ledger.import(await file('second.csv', [note, later]))
    expect(more.json()).toMatchObject({ invoices: 1, creditNotesLinked: 1, bookedTotal: '-3.00' })
    const after = await ledger.books()
    expect(posted(after, 'CreditNotePosted')).toHaveLength(1)
    const others = after.events
      .slice(before.events.length)
      .filter(({ stream }) => stream.startsWith('folio-'))
    expect(new Set(others.map(({ stream }) => stream))).toStrictEqual(
      new Set([`folio-${folioOf('main', '1005')}`]),
    )
  })

  test('completes a credit note that was recorded and no more, as it was recorded', async () => {
    const sale = { number: '1001', quantity: 10, price: '2.50' }
    const note = { number: 'C1003', quantity: -4, price: '2.50', at: '2011-01-03T11:00' }
    const plan = await planOf(await file('first.csv', [sale, note]))
    await ledger.import(await file('sale.csv', [sale]))
    await record(plan, 'C1003')
    const again = await ledger.import(await file('alone.csv', [note]))

    expect(again.code).toBe(0)
    expect(again.json()).toMatchObject({
      creditNotesLinked: 1,
      creditNotesAdHoc: 0,
      bookedTotal: '-10.00',
    })
    const books = await ledger.books()
    expect(books.violations).toStrictEqual([])
    expect(posted(books, 'CreditNotePosted')).toHaveLength(1)
  })
})

async function balanceOf(account: string): Promise<unknown> {
  const [live] = await ask(
    ledger.connectionString,
    `select b.table_name from read_model.projection_live l
     join read_model.projection_builds b using (name, build) where name = 'trial_balance'`,
  )
  const [row] = await ask(
    ledger.connectionString,
    `select balance::text from read_model.${String(live?.['table_name'])} where account = $1`,
    [account],
  )
  return row?.['balance']
}

async function planOf(path: string): Promise<ImportPlan> {
  const source = await readOnlineRetail(path, { today: '2026-01-01' })
  if (!source.readable) throw new Error('The file of the test is not readable.')
  return planImport(source, { vat: false })
}

/** What an import that is killed right after its first command for a document leaves behind. */
async function record(plan: ImportPlan, number: string): Promise<void> {
  const entry = plan.entries.find((one) => one.number === number)
  if (entry?.kind !== 'credit') throw new Error(`${number} is no credit note of the plan.`)
  await ledger.withHandler(async (handler) => {
    const outcome = await handler.folio(
      recordSourceDocument,
      {
        books: 'main',
        format: 'online-retail',
        number,
        fingerprint: entry.fingerprint,
        linked: entry.linked.map(({ invoiceNumber, lines }) => ({
          folio: folioOf('main', invoiceNumber),
          lines: lines.map(({ invoiceLine, quantity, unitPrice }) => ({
            invoiceLine,
            quantity,
            unitPrice,
          })),
        })),
        adHoc: [],
      },
      {
        principal: 'import',
        key: `import:online-retail:${number}:source-${entry.fingerprint}`,
        correlation: 'test',
        folio: folioOf('main', number),
      },
    )
    expect(outcome.outcome).toBe('accepted')
  })
}
