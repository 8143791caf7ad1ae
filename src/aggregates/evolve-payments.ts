/** What money in and out makes of a folio. */
import { CorruptStream } from './corrupt-stream.js'
import { type Amounts, creditOf } from './amounts.js'
import { type Advance, unused, withUse } from './credit.js'
import {
  type Folio,
  type FolioEvent,
  type FolioEventOf,
  postedInvoiceOf,
  withCredit,
  withEntry,
  withInvoice,
} from './folio.js'
import { withoutSettlement, withSettlement } from './invoice.js'
import { paymentOf } from './payment.js'
import { laterDay } from '../events/day.js'
import { isZero, negate } from '../money/money.js'
import type { Entry } from '../events/parts.js'

export function afterPayment(folio: Folio, event: FolioEventOf<'PaymentRegistered'>): Folio {
  const { paymentId, invoiceId, overpayment, direction, party, date, online, entry } = event.data
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  const payments = withEntry(folio.payments, paymentId, paymentOf(event))
  const paid = isZero(event.data.applied)
    ? folio
    : withInvoice(
        folio,
        invoiceId,
        withSettlement(invoice, 'paid', movedOf(entry, invoiceId, direction, event)),
      )
  if (overpayment === undefined) return { ...paid, payments }
  const { documentId, number, amount } = overpayment
  const advance: Advance = {
    kind: 'overpayment',
    documentId,
    paymentId,
    number,
    direction,
    party,
    // In a closed period it counted later, and is not used before.
    date: laterDay(date, entry.postingDate),
    amount,
    online: online ?? null,
    tax: null,
    reversed: false,
    ...unused(amount, creditOf(entry, documentId), direction),
  }
  return { ...paid, payments, advances: withEntry(paid.advances, documentId, advance) }
}

export function afterPrepayment(folio: Folio, event: FolioEventOf<'PrepaymentRegistered'>): Folio {
  const { paymentId, prepayment, direction, party, date, amount, online, entry } = event.data
  const { documentId, number } = prepayment
  const advance: Advance = {
    kind: 'prepayment',
    documentId,
    paymentId,
    number,
    direction,
    party,
    // In a closed period it counted later, and is not used before.
    date: laterDay(date, entry.postingDate),
    amount,
    online: online ?? null,
    tax: depositTaxIn(entry),
    reversed: false,
    ...unused(amount, creditOf(entry, documentId), direction),
  }
  return {
    ...folio,
    payments: withEntry(folio.payments, paymentId, paymentOf(event)),
    advances: withEntry(folio.advances, documentId, advance),
  }
}

export function afterReconciliation(folio: Folio, event: FolioEventOf<'PaymentReconciled'>): Folio {
  const payment = folio.payments.get(event.data.paymentId)
  if (payment?.matching !== 'awaited') throw new CorruptStream(event, 'the payment awaits no match')
  const matched = { ...payment, matching: 'matched', matchedOn: event.data.account } as const
  return {
    ...folio,
    reconciliations: folio.reconciliations + 1,
    payments: withEntry(folio.payments, payment.paymentId, matched),
  }
}

/** What it settled is due again, and what it had made beyond is gone. */
export function afterReversal(folio: Folio, event: FolioEventOf<'PaymentReversed'>): Folio {
  const { paymentId, invoiceId, applied, credit, direction, entry } = event.data
  const payment = folio.payments.get(paymentId)
  if (payment === undefined || payment.reversed) {
    throw new CorruptStream(event, `payment ${paymentId} does not stand`)
  }
  const reversed: Folio = {
    ...folio,
    payments: withEntry(folio.payments, paymentId, { ...payment, reversed: true }),
  }
  const withoutCredit =
    credit === null ? reversed : withoutAdvance(reversed, credit.documentId, event)
  if (invoiceId === null || isZero(applied)) return withoutCredit
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  const back = movedOf(entry, invoiceId, direction === 'out' ? 'in' : 'out', event)
  return withInvoice(withoutCredit, invoiceId, withoutSettlement(invoice, 'paid', back))
}

function withoutAdvance(folio: Folio, documentId: string, event: FolioEvent): Folio {
  const advance = folio.advances.get(documentId)
  if (advance === undefined) throw new CorruptStream(event, `there is no credit ${documentId}`)
  return {
    ...folio,
    advances: withEntry(folio.advances, documentId, { ...advance, reversed: true }),
  }
}

export function afterRefund(folio: Folio, event: FolioEventOf<'CreditRefunded'>): Folio {
  const { documentId, paymentId, direction, entry } = event.data
  const payments = withEntry(folio.payments, paymentId, paymentOf(event))
  const moved = movedOf(entry, documentId, direction === 'out' ? 'in' : 'out', event)
  const tax = depositTaxIn(entry)?.left ?? null
  const refunded = withCredit(
    folio,
    documentId,
    (credit) => withUse(credit, 'refunded', { ...moved, tax }),
    event,
  )
  return { ...refunded, payments }
}

/** The tax of a deposit that an entry moved (J12). */
export function depositTaxIn({ postings }: Entry): Advance['tax'] {
  for (const { tax, amount, booksAmount } of postings) {
    if (tax === undefined) continue
    return { code: tax.code, ratePercent: tax.ratePercent, left: { amount, booksAmount } }
  }
  return null
}

/** What an entry moved of a document, in both currencies: for `out` what was credited, for `in` what was debited. */
export function movedOf(
  entry: Entry,
  document: string,
  direction: 'out' | 'in',
  event: FolioEvent,
): Amounts {
  const credited = creditOf(entry, document)
  if (credited === null) throw new CorruptStream(event, `its entry does not name ${document}`)
  if (direction === 'out') return credited
  return { amount: negate(credited.amount), booksAmount: negate(credited.booksAmount) }
}
