import { z } from 'zod'
import { type Advance, availableCredit } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { Payment } from '../../src/aggregates/payment.js'
import { standingAmount } from '../../src/aggregates/platform-refund.js'
import { isOpen } from '../../src/aggregates/sync-task.js'
import { laterDay } from '../../src/events/day.js'
import type { Posting } from '../../src/events/parts.js'
import { daySchema, documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import { equals, isPositive } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextJournalId } from '../document-id.js'
import { entryOf, opposite } from '../entry.js'
import { firstFact } from '../first-fact.js'
import { happenedDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'

/**
 * Takes a payment back with its opposite entry, because it bounced or was wrong: its invoice is due again (L25, J30).
 * What it brought beyond the invoice goes with it, and must not have been used.
 */
export const reversePayment = folioCommand({
  name: 'reverse-payment',
  area: 'payment',
  summary: 'Takes back a payment that bounced or was wrong; its invoice is due again',
  rows: ['L10', 'L25'],
  input: z.strictObject({
    paymentId: documentIdSchema,
    reason: text(500),
    date: daySchema
      .optional()
      .describe('The day it bounced; today unless given. In a closed period it counts later.'),
  }),
  output: z.strictObject({
    paymentId: documentIdSchema,
    number: text(40).meta({ examples: ['JRN/2026/00001'] }),
    applied: moneySchema.describe('What its invoice asks again.'),
  }),
  document: ({ paymentId }) => paymentId,
  books: () => DEFAULT_BOOKS,
  decide({ paymentId, reason, date: asked }, { folio, folioId, books, today }) {
    const payment = folio.payments.get(paymentId)
    if (payment === undefined) return refuse({ code: 'payment_not_found', payment: paymentId })
    const date = asked ?? today
    const refusal = reversalRefusal(payment, folio, { date, today })
    if (refusal !== null) return refuse(refusal)
    const { invoiceId, applied, flow, account, amount, entry } = payment
    const direction = flow === 'received' ? 'out' : 'in'
    const credit = creditMadeBy(payment, folio)
    const day = happenedDay(laterDay(date, entry.postingDate), books)
    const document = nextJournalId(folioId, folio)
    return acceptNumbered([{ series: 'JRN', document, postingDate: day.postingDate }], (number) => [
      {
        type: 'PaymentReversed',
        data: {
          paymentId,
          paymentNumber: entry.number,
          invoiceId,
          applied,
          credit: credit && { documentId: credit.documentId, amount: credit.amount },
          direction,
          flow,
          account,
          amount,
          date,
          reason,
          entry: entryOf({
            books: books.books,
            number,
            ...day,
            postings: opposite(entry.postings.map((posting) => whereItIsNow(posting, payment))),
          }),
        },
      },
    ])
  },
  answer: (facts) => {
    const { paymentId, entry, applied } = firstFact(facts, 'PaymentReversed').data
    return { paymentId, number: entry.number, applied }
  },
})

function reversalRefusal(
  payment: Payment,
  folio: Folio,
  { date, today }: Readonly<{ date: string; today: string }>,
): Refusal | null {
  const { paymentId, documentId } = payment
  if (documentId !== null) {
    return { code: 'payment_is_refund', payment: paymentId, document: documentId }
  }
  if (payment.reversed) return { code: 'payment_reversed_already', payment: paymentId }
  if (date > today) return { code: 'date_in_future', date, today }
  if (date < payment.date) {
    return { code: 'reversal_before_payment', paymentDate: payment.date, date }
  }
  const credit = creditMadeBy(payment, folio)
  if (credit === null || equals(availableCredit(credit), credit.amount)) return null
  const { documentId: document, amount } = credit
  return { code: 'payment_credit_used', document, amount, usedBy: usesOf(credit, folio) }
}

/** The prepayment or overpayment that came with it. */
function creditMadeBy({ paymentId }: Payment, { advances }: Folio): Advance | null {
  return [...advances.values()].find((advance) => advance.paymentId === paymentId) ?? null
}

/** What must be released, declined or taken back before the credit can go. */
export function usesOf({ documentId }: Pick<Advance, 'documentId'>, folio: Folio): string[] {
  const { allocations, approvals, payments } = folio
  const holding = ['reserved', 'concluded', 'applied']
  return [
    ...[...allocations.values()].flatMap((allocation) =>
      allocation.documentId === documentId && holding.includes(allocation.state.at)
        ? [allocation.allocationId]
        : [],
    ),
    ...[...approvals].flatMap(([approvalId, { status, request }]) =>
      request.documentId === documentId && status === 'waiting' ? [approvalId] : [],
    ),
    ...[...payments.values()].flatMap((refund) =>
      refund.documentId === documentId ? [refund.paymentId] : [],
    ),
    ...usesAtStore(documentId, folio),
  ]
}

/** What of it is under way to its store, or stands there; what was declined does not. */
export function usesAtStore(documentId: string, { syncTasks, platformRefunds }: Folio): string[] {
  return [
    ...[...syncTasks.values()].flatMap((task) =>
      task.kind === 'refund' && task.request.creditNoteId === documentId && isOpen(task)
        ? [task.taskId]
        : [],
    ),
    ...[...platformRefunds.values()].flatMap((refund) =>
      refund.documentId === documentId && isPositive(standingAmount(refund))
        ? [refund.platformRefundId]
        : [],
    ),
  ]
}

/** Money that was matched lies on the bank by now, not where it waited. */
function whereItIsNow(posting: Posting, { heldIn, matchedOn }: Payment): Posting {
  return posting.account === heldIn && matchedOn !== null
    ? { ...posting, account: matchedOn }
    : posting
}
