import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { Refusal } from '../refusal.js'

/** The posted invoice or bill that a request names; anything else is refused. */
export function postedInvoiceIn({ invoices }: Folio, document: string): PostedInvoice | Refusal {
  const invoice = invoices.get(document)
  if (invoice === undefined) return { code: 'document_not_found', document }
  if (invoice.status === 'posted') return invoice
  return { code: 'document_not_posted', document, status: invoice.status }
}

/** That of a document which stands in the folio: then so does its invoice, posted. */
export function invoiceOf({ invoices }: Folio, invoiceId: string): PostedInvoice {
  const invoice = invoices.get(invoiceId)
  if (invoice?.status !== 'posted') throw new TypeError(`${invoiceId} is not posted`)
  return invoice
}
