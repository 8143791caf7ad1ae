/** Scenes that the decision tests start from; a test names only the values that matter to it. */
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import type { Posting } from '../../src/events/parts.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { DEFAULT_SETTINGS } from '../../src/aggregates/books.js'
import type { BooksSettings } from '../../src/events/books-events.js'
import { after, FOLIO_ID, type Scene, testBooks } from '../support/decider-spec.js'

export const gbp = (amount: string) => ({ amount, currency: 'GBP' })
export const usd = (amount: string) => ({ amount, currency: 'USD' })
export const eur = (amount: string) => ({ amount, currency: 'EUR' })

export const ORDER = `${FOLIO_ID}-o1`
export const INVOICE = `${FOLIO_ID}-i1`
export const NOTE = `${FOLIO_ID}-c1`
export const PAYMENT = `${FOLIO_ID}-p1`
export const PREPAYMENT = `${FOLIO_ID}-pre1`
export const OVERPAYMENT = `${FOLIO_ID}-ovp1`
export const OTHER_FOLIO = '00000000-0000-5000-8000-00000000ffff'
export const SUPPLIER = '00000000-0000-4000-8000-0000000000aa'

export const VAT = { code: 'GB-20', ratePercent: '20' }
export const ZERO = { code: 'zero', ratePercent: '0' }
export const REVERSE = { code: 'RC', ratePercent: '20', reverseCharge: true as const }

export const item = (unitPrice: string, more: Readonly<Record<string, unknown>> = {}) => ({
  kind: 'item' as const,
  description: 'Goods',
  quantity: '1',
  unitPrice,
  tax: VAT,
  ...more,
})

type Given = Partial<Scene>
type More = Readonly<Record<string, unknown>>

export const order = (lines: readonly object[], more: More = {}, given: Given = {}) =>
  after(
    placeOrder,
    {
      number: '1001',
      placedOn: '2026-11-01',
      party: null,
      billTo: null,
      shipTo: null,
      prices: 'tax_excluded',
      lines,
      ...more,
    },
    given,
  )

export const orderInvoice = (given: Given, more: More = {}) =>
  after(invoiceOrder, { orderId: ORDER, ...more }, given)

/** Posted, of the lines named; gross 120.00 without any. */
export const invoice = (
  lines: readonly object[] = [item('100')],
  more: More = {},
  given: Given = {},
) => posted(after(draftInvoice, { lines, documentDate: '2026-11-10', ...more }, given))

export const posted = (given: Given, more: More = {}) =>
  after(postInvoice, { invoiceId: INVOICE, ...more }, given)

/** A posted bill of the supplier, gross 120.00 without lines. */
export const bill = (
  lines: readonly object[] = [item('100')],
  more: More = {},
  given: Given = {},
) => invoice(lines, { direction: 'in', party: SUPPLIER, supplierReference: 'S-1', ...more }, given)

export const paid = (given: Given, amount: string, more: More = {}) =>
  after(
    registerPayment,
    { invoiceId: INVOICE, account: 'bank', amount: gbp(amount), ...more },
    given,
  )

/** Money ahead of the order's invoice. */
export const prepaid = (given: Given, amount: string, more: More = {}) =>
  after(registerPayment, { orderId: ORDER, account: 'bank', amount: gbp(amount), ...more }, given)

/** Books in which a company chose otherwise. */
export const booksWith = (settings: Partial<BooksSettings>): Partial<Scene> => ({
  books: testBooks({ settings: { ...DEFAULT_SETTINGS, ...settings } }),
})

/** Posted, over the whole invoice unless lines are named. */
export const note = (given: Given, more: More = {}, creditNoteId = NOTE) =>
  after(
    postCreditNote,
    { creditNoteId },
    after(draftCreditNote, { invoiceId: INVOICE, reason: 'Returned', ...more }, given),
  )

export const adHocNote = (
  lines: readonly object[] = [item('500', { tax: ZERO })],
  more: More = {},
) =>
  after(
    postCreditNote,
    { creditNoteId: NOTE },
    after(draftCreditNote, { reason: 'Goodwill', lines, ...more }),
  )

/**
 * An entry as an accountant reads it: `debit receivable 120.00 [i1]`, taxes with code and base. Of another currency
 * than the books' both amounts are told: `debit bank 100.00/92.00`.
 */
export function journal(fact: LedgerFact | undefined): string[] {
  if (fact === undefined || !('entry' in fact.data)) return []
  return fact.data.entry.postings.map(written)
}

function written({ side, account, amount, booksAmount, document, tax }: Posting): string {
  const isForeign = amount.currency !== booksAmount.currency
  if (!isForeign && amount.amount !== booksAmount.amount) {
    throw new Error('In the currency of the books both amounts are the same')
  }
  return [
    side,
    account,
    isForeign ? `${amount.amount}/${booksAmount.amount}` : amount.amount,
    ...(document === undefined ? [] : [`[${document.slice(FOLIO_ID.length + 1)}]`]),
    ...(tax === undefined ? [] : [`(${tax.code} ${tax.ratePercent} % of ${tax.base.amount})`]),
  ].join(' ')
}
