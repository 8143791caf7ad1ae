import { expect, test } from 'vitest'
import { taxSummary } from '../../projections/tax-summary.js'
import type { EventOfType, FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import {
  allocationApplied,
  dollarInvoicePosted,
  prepaymentRegistered,
} from '../support/credit-story.js'
import { creditNotePosted, gbp, invoicePosted } from '../support/ledger-story.js'
import { project } from '../support/project.js'

const invoice = invoicePosted({ folio: 1, total: '120.00', date: '2026-03-31' })

const figures = (...facts: LedgerFact[]) =>
  project(taxSummary, facts).map(
    ({ period, kind, code, currency, base, tax, booksBase, booksTax }) =>
      [period, kind, code, currency, base, tax, booksBase, booksTax].join(' '),
  )

test('an invoice adds its base and tax to the month that it counts for', () => {
  expect(project(taxSummary, [invoice])).toEqual([
    {
      books: 'default',
      period: '2026-03',
      kind: 'output',
      code: 'standard',
      ratePercent: '20',
      currency: 'GBP',
      base: '100.00',
      tax: '20.00',
      booksCurrency: 'GBP',
      booksBase: '100.00',
      booksTax: '20.00',
      sortKey: 'default 2026-03 output standard 20 GBP',
    },
  ])
})

test('a credit note takes off, in the month that it counts for', () => {
  expect(
    figures(
      invoice,
      creditNotePosted({ folio: 1, total: '60.00', date: '2026-03-31' }),
      creditNotePosted({ folio: 1, note: 2, total: '12.00', date: '2026-04-01' }),
    ),
  ).toEqual([
    '2026-03 output standard GBP 50.00 10.00 50.00 10.00',
    '2026-04 output standard GBP -10.00 -2.00 -10.00 -2.00',
  ])
})

test('a bill and its credit note are input tax', () => {
  expect(
    figures(
      invoicePosted({ folio: 1, total: '120.00', direction: 'in' }),
      creditNotePosted({ folio: 1, total: '60.00', direction: 'in' }),
    ),
  ).toEqual(['2026-03 input standard GBP 50.00 10.00 50.00 10.00'])
})

test('a document in another currency has its figures in both', () => {
  expect(figures(invoice, dollarInvoicePosted(invoice))).toEqual([
    '2026-03 output standard GBP 100.00 20.00 100.00 20.00',
    '2026-03 output standard USD 100.00 20.00 90.00 18.00',
  ])
})

test('no tax at all has its base, and each code and rate a line', () => {
  const zero = withTaxes(invoice, [
    ['zero', '0', '70.00', '0.00'],
    ['standard', '20', '10.00', '2.00'],
    ['standard', '5', '20.00', '1.00'],
    ['standard', '20', '30.00', '6.00'],
  ])
  expect(figures(zero)).toEqual([
    '2026-03 output zero GBP 70.00 0.00 70.00 0.00',
    '2026-03 output standard GBP 40.00 8.00 40.00 8.00',
    '2026-03 output standard GBP 20.00 1.00 20.00 1.00',
  ])
})

test('the tax of a deposit counts when it comes, and is taken back when the invoice has it', () => {
  const deposit = prepaymentRegistered({ folio: 1, amount: '120.00', tax: '20.00' })
  const used = allocationApplied({ folio: 1, source: 'prepayment', amount: '120.00' })
  const [tax] = deposit.data.entry.postings.filter((posting) => posting.tax !== undefined)
  expect(tax).toBeDefined()
  const withTax: LedgerFact = {
    ...used,
    data: {
      ...used.data,
      entry: {
        ...used.data.entry,
        postings: tax === undefined ? [] : [{ ...tax, side: 'debit' }],
      },
    },
  }
  expect(figures(deposit)).toEqual(['2026-03 output standard GBP 100.00 20.00 100.00 20.00'])
  expect(figures(deposit, withTax)).toEqual(['2026-03 output standard GBP 0.00 0.00 0.00 0.00'])
})

type Posted = FactOfType<'InvoicePosted'>
type Taxes = readonly (readonly [code: string, rate: string, base: string, tax: string])[]

function withTaxes({ type, data }: Posted, taxes: Taxes): Posted {
  const postings = taxes.map(
    ([
      code,
      ratePercent,
      base,
      tax,
    ]): EventOfType<'InvoicePosted'>['data']['entry']['postings'][0] => ({
      account: 'output-tax',
      side: 'credit',
      amount: gbp(tax),
      booksAmount: gbp(tax),
      tax: { code, ratePercent, base: gbp(base) },
    }),
  )
  return { type, data: { ...data, entry: { ...data.entry, postings } } }
}
