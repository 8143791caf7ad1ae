import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { CreditKind } from '../../src/events/payment-events.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
} from '../../src/events/text.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { compare, minus, type Money, plus, zero } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { accept, acceptNumbered, refuse } from '../decision.js'
import { nextApprovalId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import { exchangeRateInput } from '../line-input.js'
import { type Refund, refundOf } from './refund.js'

const input = z.strictObject({
  documentId: documentIdSchema.describe('The credit note, prepayment or overpayment.'),
  amount: moneySchema.optional().describe('The whole remaining credit unless given.'),
  date: daySchema
    .optional()
    .describe("Today unless given; not before the document's, not in the future."),
  account: slugSchema
    .optional()
    .describe('Bank, cash or cheque; the one that the money came in over unless given.'),
  exchangeRate: exchangeRateInput
    .optional()
    .describe("Books currency for one unit; the day's rate of the table unless given (L20)."),
  reference: text(200).optional().describe('`REFUND-<number>` unless given.'),
})
type Input = z.infer<typeof input>

export const refundedPaymentSchema = z.strictObject({
  paymentId: documentIdSchema,
  number: text(40).meta({ examples: ['PAY/2026/00002'] }),
  amount: moneySchema,
  account: slugSchema,
  reference: text(200)
    .meta({ examples: ['REFUND-RINV/2026/00003'] })
    .optional(),
})

export const refundedDocumentSchema = z.strictObject({
  documentId: documentIdSchema,
  remaining: moneySchema.describe('What can still be used of it; what waits is not.'),
  href: z.string().describe('Where it can be read.'),
})

/**
 * Pays out, or receives, the remaining credit of a document; the payment is posted in one step (N1 to N5). What brings a
 * document above the threshold of the role waits for somebody else instead, and reserves its credit (N6).
 */
export const refundCredit = folioCommand({
  name: 'refund-credit',
  area: 'credit',
  summary:
    'Pays out (or receives back) the remaining credit of a credit note, prepayment or overpayment',
  rows: ['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'L10', 'L12', 'L20'],
  input,
  output: z.strictObject({
    status: z.enum(['refunded', 'waiting']).describe('`waiting`: for somebody else to approve.'),
    payment: refundedPaymentSchema.nullable().describe('Null while it waits.'),
    approval: z
      .strictObject({
        approvalId: documentIdSchema,
        documentSum: moneySchema.describe('Given back of the document so far, waiting, and now.'),
        threshold: moneySchema.describe('Up to where the role of the caller does so alone.'),
        href: z.string(),
      })
      .nullable()
      .describe('What it waits for; null where it was refunded at once.'),
    document: refundedDocumentSchema,
  }),
  document: ({ documentId }) => documentId,
  books: () => DEFAULT_BOOKS,
  decide(asked, context) {
    const refund = refundOf(asked, context)
    if ('code' in refund) return refuse(refund)
    const { found, amount, number } = refund
    const threshold = thresholdOf(context.role, amount.currency, context.books)
    const { refunded, waiting } = found.credit
    const documentSum = plus(plus(refunded, waiting), amount)
    if (threshold !== null && compare(documentSum, threshold) > 0) {
      return accept(approvalRequest(asked, { refund, documentSum, threshold }, context))
    }
    return acceptNumbered([number], (text) => [refund.fact(text)])
  },
  answer: (facts) => {
    const first = firstFact(facts, 'CreditRefunded', 'RefundApprovalRequested')
    const document = refundedDocument(first.data)
    if (first.type === 'CreditRefunded') {
      const payment = refundedPayment(first.data)
      return { status: 'refunded' as const, payment, approval: null, document }
    }
    const { approvalId, documentSum, threshold } = first.data
    const href = `/approvals/${approvalId}`
    const approval = { approvalId, documentSum, threshold, href }
    return { status: 'waiting' as const, payment: null, approval, document }
  },
})

export function refundedPayment(refunded: FactOfType<'CreditRefunded'>['data']) {
  const { paymentId, entry, amount, account, reference } = refunded
  return { paymentId, number: entry.number, amount, account, reference }
}

export function refundedDocument({
  documentId,
  documentKind,
  remaining,
}: Readonly<{ documentId: string; documentKind: CreditKind; remaining: Money }>) {
  const href = `/${documentKind === 'credit_note' ? 'credit-notes' : 'prepayments'}/${documentId}`
  return { documentId, remaining, href }
}

/** Up to where the role refunds alone; `null`: it is not bound. Named with other currencies only, it never is alone. */
function thresholdOf(
  role: string,
  currency: string,
  { settings: { refundThresholds } }: Pick<OpenBooks, 'settings'>,
): Money | null {
  const ofRole = refundThresholds.filter((named) => named.role === role)
  if (ofRole.length === 0) return null
  const inCurrency = ofRole.find(({ threshold }) => threshold.currency === currency)
  return inCurrency?.threshold ?? zero(currency)
}

function approvalRequest(
  { documentId, date, account, exchangeRate, reference }: Input,
  {
    refund: { found, amount },
    documentSum,
    threshold,
  }: Readonly<{ refund: Refund; documentSum: Money; threshold: Money }>,
  { folio, folioId, books, principal, role, today }: FolioContext,
): FactOfType<'RefundApprovalRequested'> {
  const { kind, direction, party, credit, available } = found
  return {
    type: 'RefundApprovalRequested',
    data: {
      approvalId: nextApprovalId(folioId, folio),
      books: books.books,
      documentId,
      documentKind: kind,
      documentNumber: credit.number,
      direction,
      party,
      amount,
      remaining: minus(available, amount),
      // As it was asked: what was left out is decided on the day that it is approved.
      refund: {
        kind: 'refund_credit',
        ...(date === undefined ? {} : { date }),
        ...(account === undefined ? {} : { account }),
        ...(exchangeRate === undefined ? {} : { exchangeRate }),
        ...(reference === undefined ? {} : { reference }),
      },
      requestedBy: principal,
      role,
      requestedOn: today,
      documentSum,
      threshold,
    },
  }
}
