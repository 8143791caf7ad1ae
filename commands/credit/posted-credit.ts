import type { Credit } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { Refusal } from '../refusal.js'

/** The posted credit that a request names; a document of another kind is refused in the words of what was asked. */
export function postedCredit(
  document: string,
  folio: Folio,
  wrongKind: (kind: string) => Refusal,
): Credit | Refusal {
  const note = folio.creditNotes.get(document)
  if (note !== undefined && note.status !== 'posted') {
    return { code: 'document_not_posted', document, status: note.status }
  }
  const credit = note ?? folio.advances.get(document)
  if (credit !== undefined) return credit
  const kind = otherKind(document, folio)
  return kind === null ? { code: 'document_not_found', document } : wrongKind(kind)
}

function otherKind(document: string, { invoices, payments, order }: Folio): string | null {
  if (invoices.has(document)) return 'invoice'
  if (payments.has(document)) return 'payment'
  return order.status !== 'absent' && order.orderId === document ? 'order' : null
}
