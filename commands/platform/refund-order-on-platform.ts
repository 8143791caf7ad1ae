import { z } from 'zod'
import { availableCredit } from '../../src/aggregates/credit.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import { compare, minus, type Money, plus } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { approvalRequest } from '../credit/approval-request.js'
import { isBound, moneyLeftIn, storeCreditLeftIn } from '../credit/money-in-folio.js'
import { accept, refuse } from '../decision.js'
import { nextTaskId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import type { Refusal } from '../refusal.js'
import { type RefundableNote, refundableNote } from './refund-conditions.js'
import { refundItems } from './refund-items.js'
import { storeOrderOf } from './store-order.js'

const PROVIDERS_MAX = 20

const input = z.strictObject({
  creditNoteId: documentIdSchema,
  orderId: documentIdSchema
    .optional()
    .describe('Where it is asked from an order: a note of another one is refused.'),
  description: text(500).describe("For staff, in the order's refund history at the store."),
  providers: z
    .array(text(100))
    .min(1)
    .max(PROVIDERS_MAX)
    .optional()
    .describe(
      'Give it back over these, which the store must offer together; back where the money came from unless given (B3).',
    ),
})

/**
 * *Refund in BigCommerce*, from a posted credit note: all conditions are looked at again at this moment (B1, B2), the
 * credit is reserved, and the store is told by a worker. What was given back here already is only recorded there (B10).
 */
export const refundOrderOnPlatform = folioCommand({
  name: 'refund-order-on-platform',
  area: 'platform',
  summary: "Gives a posted credit note back at its order's store, once",
  rows: ['B1', 'B2', 'B3', 'B4', 'B6', 'B10', 'B11', 'L12', 'N6'],
  input,
  output: z.strictObject({
    status: z.enum(['requested', 'waiting']).describe('`waiting`: for somebody else to approve.'),
    task: z
      .strictObject({ taskId: documentIdSchema, amount: moneySchema, href: z.string() })
      .nullable()
      .describe('What is on its way to the store; null while it waits for approval.'),
    approval: z
      .strictObject({ approvalId: documentIdSchema, href: z.string() })
      .nullable()
      .describe('What it waits for; null where it is on its way.'),
  }),
  document: ({ creditNoteId }) => creditNoteId,
  books: () => DEFAULT_BOOKS,
  decide({ creditNoteId, orderId, description, providers }, context) {
    const found = refundableNote(creditNoteId, context)
    if ('code' in found) return refuse(found)
    if (orderId !== undefined && orderId !== found.order.orderId) {
      return refuse({ code: 'credit_note_of_other_order', creditNote: creditNoteId })
    }
    const refusal = moneyRefusal(found, context)
    if (refusal !== null) return refuse(refusal)
    const asked = { description, providers }
    if (found.purpose === 'give_back') {
      const refund = { kind: 'refund_order_on_platform' as const, ...definedOf(asked) }
      const approval = approvalRequest(found.note, { amount: found.amount, refund }, context)
      if (approval !== null) return accept(approval)
    }
    return accept(requestedRefund(found, asked, context))
  },
  answer: (facts) => {
    const first = firstFact(facts, 'PlatformRefundRequested', 'RefundApprovalRequested')
    if (first.type === 'RefundApprovalRequested') {
      const { approvalId } = first.data
      const approval = { approvalId, href: `/approvals/${approvalId}` }
      return { status: 'waiting' as const, task: null, approval }
    }
    return { status: 'requested' as const, task: requestedTask(first.data), approval: null }
  },
})

type Asked = Readonly<{ description: string; providers?: readonly string[] | undefined }>

/** Also what an approval decides anew (N6). */
export function requestedRefund(
  { note, order, purpose, amount }: RefundableNote,
  { description, providers }: Asked,
  { folio, folioId, principal }: FolioContext,
): FactOfType<'PlatformRefundRequested'> {
  const available = availableCredit(note)
  return {
    type: 'PlatformRefundRequested',
    data: {
      taskId: nextTaskId(folioId, folio),
      ...storeOrderOf(order),
      creditNoteId: note.content.creditNoteId,
      creditNoteNumber: note.number,
      purpose,
      amount,
      ...refundItems(note, order, amount, folio),
      description,
      providers: providers === undefined ? null : [...providers],
      remaining: purpose === 'give_back' ? minus(available, amount) : available,
      requestedBy: principal,
    },
  }
}

export function requestedTask({
  taskId,
  amount,
}: Pick<FactOfType<'PlatformRefundRequested'>['data'], 'taskId' | 'amount'>): Readonly<{
  taskId: string
  amount: Money
  href: string
}> {
  return { taskId, amount, href: `/sync-tasks/${taskId}` }
}

/** L12: no more leaves the folio than came into it, in money and in store credit. */
export function moneyRefusal(
  { note, purpose, amount }: RefundableNote,
  { folio }: Pick<FolioContext, 'folio'>,
): Refusal | null {
  if (purpose === 'record' || !isBound(folio, note.content.creditNoteId)) return null
  const { currency } = amount
  const money = moneyLeftIn(folio, { direction: 'out', currency })
  const left = plus(money, storeCreditLeftIn(folio, currency))
  if (compare(amount, left) <= 0) return null
  return { code: 'refund_exceeds_money_received', left, requested: amount }
}

function definedOf({ description, providers }: Asked) {
  return providers === undefined ? { description } : { description, providers: [...providers] }
}
