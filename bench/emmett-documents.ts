/** The same three lists as Emmett's documents: each read, changed and written back. */
import { type EmmettProjection, emmettPostgres, type ReadEmmettEvent } from './emmett.js'
import { creditOf, debitOf, postingsOf, textAt } from './emmett-event.js'

export const documentTables = ['bench_invoices', 'bench_payments', 'bench_trial_balance']

type Document = Readonly<Record<string, unknown>>

export function documentLists(): readonly EmmettProjection[] {
  const { pongoMultiStreamProjection } = emmettPostgres()
  return [
    pongoMultiStreamProjection({
      collectionName: 'bench_invoices',
      canHandle: ['InvoiceDrafted', 'InvoicePosted', 'PaymentRegistered'],
      getDocumentId: ({ data }) => textAt(data, 'invoiceId'),
      evolve: invoice,
    }),
    pongoMultiStreamProjection({
      collectionName: 'bench_payments',
      canHandle: ['PaymentRegistered'],
      getDocumentId: ({ data }) => textAt(data, 'paymentId'),
      evolve: (_document, { data }) => ({
        number: textAt(data, 'entry', 'number'),
        invoiceId: textAt(data, 'invoiceId'),
        account: textAt(data, 'account'),
        date: textAt(data, 'date'),
        amount: textAt(data, 'amount', 'amount'),
      }),
    }),
    // One document for the whole balance: a projection gives each event one document.
    pongoMultiStreamProjection({
      collectionName: 'bench_trial_balance',
      canHandle: ['InvoicePosted', 'PaymentRegistered'],
      getDocumentId: () => 'all',
      evolve: balances,
    }),
  ]
}

function invoice(document: Document | null, { type, data }: ReadEmmettEvent): Document {
  if (type === 'InvoiceDrafted') {
    return {
      billToName: textAt(data, 'billTo', 'name'),
      invoiceDate: textAt(data, 'documentDate'),
      dueDate: textAt(data, 'dueDate'),
      currency: textAt(data, 'currency'),
      taxExcluded: textAt(data, 'totals', 'net', 'amount'),
      total: textAt(data, 'totals', 'gross', 'amount'),
      dueCents: cents(textAt(data, 'totals', 'gross', 'amount')),
      status: 'Draft',
    }
  }
  if (type === 'InvoicePosted') {
    return { ...document, number: textAt(data, 'entry', 'number'), status: 'Not Paid' }
  }
  const dueCents = Number(document?.['dueCents']) - cents(textAt(data, 'applied', 'amount'))
  return { ...document, dueCents, status: dueCents === 0 ? 'Paid' : 'Partially Paid' }
}

function balances(document: Document | null, { data }: ReadEmmettEvent): Document {
  const changed: Record<string, unknown> = { ...document }
  for (const posting of postingsOf(data)) {
    const found = changed[posting.account] as { debit: number; credit: number } | undefined
    changed[posting.account] = {
      debit: (found?.debit ?? 0) + cents(debitOf(posting)),
      credit: (found?.credit ?? 0) + cents(creditOf(posting)),
    }
  }
  return changed
}

function cents(amount: string): number {
  return Number.parseInt(amount.replace('.', ''), 10)
}
