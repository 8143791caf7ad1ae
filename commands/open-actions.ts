/** What can be asked of a document now, and why the rest cannot: each command decides, and nothing is done. */
import type { z } from 'zod'
import { type FolioCommand, type FolioContext } from './command.js'
import { postCreditNote } from './credit/post-credit-note.js'
import { refundCredit } from './credit/refund-credit.js'
import { voidCreditNote } from './credit/void-credit-note.js'
import type { Decision } from './decision.js'
import { discardDraft } from './invoice/discard-draft.js'
import { editDraft } from './invoice/edit-draft.js'
import { invoiceOrder } from './invoice/invoice-order.js'
import { refusedByLimit } from './limit-refusal.js'
import { cancelOrder } from './order/cancel-order.js'
import type { Refusal, RefusalCode } from './refusal.js'
import { planShipment } from './shipment/plan-shipment.js'

export type OpenAction = Readonly<{
  command: string
  /** `null`: it is open. */
  refusal: Refusal | null
}>

type Possible = Readonly<{
  command: string
  decide: (id: string, context: FolioContext) => Decision
  /** Why it is closed where it is done already, which the command itself accepts. */
  done: ((id: string) => Refusal) | null
  /** The only refusals that close it; `null`: all but those that the caller answers. */
  closedBy: readonly RefusalCode[] | null
}>

const DRAFT_IS_NONE: readonly RefusalCode[] = ['document_not_found', 'document_not_draft']

const ORDER_ACTIONS: readonly Possible[] = [
  possible(invoiceOrder, (orderId) => ({ orderId })),
  possible(planShipment, (orderId) => ({ orderId })),
  possible(
    cancelOrder,
    (orderId) => ({ orderId, reason: 'Cancelled' }),
    (order) => ({ code: 'order_cancelled', order }),
  ),
]

const CREDIT_NOTE_ACTIONS: readonly Possible[] = [
  // Whatever else is wrong with a draft, editing it is the remedy.
  { ...possible(editDraft, (document) => ({ document })), closedBy: DRAFT_IS_NONE },
  possible(discardDraft, (document) => ({ document })),
  possible(postCreditNote, (creditNoteId) => ({ creditNoteId })),
  possible(refundCredit, (documentId) => ({ documentId })),
  possible(voidCreditNote, (creditNoteId) => ({ creditNoteId, reason: 'Voided' })),
]

/** The caller answers them by saying more: they close nothing. */
const ANSWERED_BY_CALLER: readonly RefusalCode[] = [
  'account_not_named',
  'credit_note_before_invoice',
]

export function orderActions(orderId: string, context: FolioContext): readonly OpenAction[] {
  return ORDER_ACTIONS.map((action) => openAction(action, orderId, context))
}

export function creditNoteActions(
  creditNoteId: string,
  context: FolioContext,
): readonly OpenAction[] {
  return CREDIT_NOTE_ACTIONS.map((action) => openAction(action, creditNoteId, context))
}

/** The command with the least that it takes. */
function possible<Input extends z.ZodType, Answer>(
  { name, input, decide }: FolioCommand<Input, Answer>,
  least: (id: string) => z.input<Input>,
  done: Possible['done'] = null,
): Possible {
  return {
    command: name,
    decide: (id, context) => decide(input.parse(least(id)), context),
    done,
    closedBy: null,
  }
}

function openAction(action: Possible, id: string, context: FolioContext): OpenAction {
  return { command: action.command, refusal: refusalOf(action, id, context) }
}

function refusalOf(
  { decide, done, closedBy }: Possible,
  id: string,
  context: FolioContext,
): Refusal | null {
  const closes = ({ code }: Refusal) =>
    closedBy === null ? !ANSWERED_BY_CALLER.includes(code) : closedBy.includes(code)
  try {
    const decision = decide(id, context)
    if (decision.outcome === 'refused') return closes(decision.refusal) ? decision.refusal : null
    return done !== null && decision.events([]).length === 0 ? done(id) : null
  } catch (reason) {
    return refusedByLimit(reason).refusal
  }
}
