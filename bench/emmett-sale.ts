/** The sale of the command rows as an application over Emmett would write it: the same decisions, events as full. */
import type { EmmettEvent } from './emmett.js'
import { invoiceToDraft, SALE_NET, SALE_TAX, SALE_TOTAL } from './sale.js'

export type EmmettInvoice = Readonly<{
  status: 'absent' | 'draft' | 'posted' | 'paid'
  dueCents: number
  content: Readonly<Record<string, unknown>>
}>

export const absentInvoice = (): EmmettInvoice => ({ status: 'absent', dueCents: 0, content: {} })

export function evolveInvoice(invoice: EmmettInvoice, { type, data }: EmmettEvent): EmmettInvoice {
  if (type === 'InvoiceDrafted') return { status: 'draft', dueCents: 0, content: data }
  if (type === 'InvoicePosted') {
    return { ...invoice, status: 'posted', dueCents: cents(SALE_TOTAL.amount) }
  }
  const dueCents = invoice.dueCents - cents((data['applied'] as typeof SALE_TOTAL).amount)
  return { ...invoice, status: dueCents === 0 ? 'paid' : 'posted', dueCents }
}

export function draft(invoice: EmmettInvoice, invoiceId: string, party: string): EmmettEvent {
  if (invoice.status !== 'absent') throw new Error('The invoice is there already.')
  const { lines, ...parties } = invoiceToDraft(party)
  const data = {
    ...parties,
    invoiceId,
    books: 'default',
    direction: 'out',
    documentDate: '2026-11-22',
    dueDate: '2026-11-22',
    currency: 'GBP',
    lines: lines.map((line) => ({
      ...line,
      net: SALE_NET,
      taxAmount: SALE_TAX,
      gross: SALE_TOTAL,
    })),
    taxes: [{ code: 'GB-20', ratePercent: '20', base: SALE_NET, amount: SALE_TAX }],
    totals: { net: SALE_NET, tax: SALE_TAX, gross: SALE_TOTAL },
  }
  return { type: 'InvoiceDrafted', data }
}

export function post(invoice: EmmettInvoice, number: string): EmmettEvent {
  if (invoice.status !== 'draft') throw new Error('The invoice is no draft.')
  const { invoiceId } = invoice.content
  const postings = [
    posting('receivable', 'debit', SALE_TOTAL, { document: invoiceId }),
    posting('sales', 'credit', SALE_NET),
    posting('output-tax', 'credit', SALE_TAX),
  ]
  return { type: 'InvoicePosted', data: { ...invoice.content, entry: entry(number, postings) } }
}

export function pay(invoice: EmmettInvoice, paymentId: string, number: string): EmmettEvent {
  if (invoice.status !== 'posted') throw new Error('The invoice is not posted.')
  if (cents(SALE_TOTAL.amount) > invoice.dueCents) throw new Error('That is more than is due.')
  const { invoiceId, party } = invoice.content
  const postings = [
    posting('outstanding-receipts', 'debit', SALE_TOTAL),
    posting('receivable', 'credit', SALE_TOTAL, { document: invoiceId }),
  ]
  const data = {
    paymentId,
    invoiceId,
    party,
    direction: 'out',
    account: 'bank',
    amount: SALE_TOTAL,
    applied: SALE_TOTAL,
    date: '2026-11-22',
    reference: 'Bank transfer',
    entry: entry(number, postings),
  }
  return { type: 'PaymentRegistered', data }
}

function entry(number: string, postings: readonly object[]) {
  return { books: 'default', number, postingDate: '2026-11-22', postings }
}

function posting(
  account: string,
  side: string,
  amount: typeof SALE_TOTAL | typeof SALE_NET | typeof SALE_TAX,
  more = {},
) {
  return { account, side, amount, booksAmount: amount, ...more }
}

function cents(amount: string): number {
  return Number.parseInt(amount.replace('.', ''), 10)
}
