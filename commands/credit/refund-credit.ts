import { z } from 'zod'
import type { CreditKind } from '../../src/events/payment-events.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
} from '../../src/events/text.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Money } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, acceptNumbered, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { exchangeRateInput } from '../line-input.js'
import { approvalRequest } from './approval-request.js'
import { refundOf } from './refund.js'

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
    const approval = approvalRequest(
      found.credit,
      { amount, refund: waitingRefund(asked) },
      context,
    )
    if (approval !== null) return accept(approval)
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

/** As it was asked: what was left out is decided on the day that it is approved. */
function waitingRefund({ date, account, exchangeRate, reference }: Input) {
  return {
    kind: 'refund_credit' as const,
    ...(date === undefined ? {} : { date }),
    ...(account === undefined ? {} : { account }),
    ...(exchangeRate === undefined ? {} : { exchangeRate }),
    ...(reference === undefined ? {} : { reference }),
  }
}
