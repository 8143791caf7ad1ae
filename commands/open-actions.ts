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
import { adoptRemote } from './platform/adopt-remote.js'
import { dismissSync } from './platform/dismiss-sync.js'
import { markOrderPaid } from './platform/mark-order-paid.js'
import { refundOrderOnPlatform } from './platform/refund-order-on-platform.js'
import { retrySync } from './platform/retry-sync.js'
import { setForceRefund } from './platform/set-force-refund.js'
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
  possible(markOrderPaid, (orderId) => ({ orderId })),
  possible(setForceRefund, (orderId) => ({ orderId, forceRefund: true, reason: 'Forced' })),
]

const CREDIT_NOTE_ACTIONS: readonly Possible[] = [
  // Whatever else is wrong with a draft, editing it is the remedy.
  { ...possible(editDraft, (document) => ({ document })), closedBy: DRAFT_IS_NONE },
  possible(discardDraft, (document) => ({ document })),
  possible(postCreditNote, (creditNoteId) => ({ creditNoteId })),
  possible(refundCredit, (documentId) => ({ documentId })),
  possible(refundOrderOnPlatform, (creditNoteId) => ({ creditNoteId, description: 'Refund' })),
  possible(voidCreditNote, (creditNoteId) => ({ creditNoteId, reason: 'Voided' })),
]

const NOT_FOR_PERSONS: readonly RefusalCode[] = [
  'sync_task_not_found',
  'sync_task_not_waiting',
  'sync_task_not_due',
]

const SYNC_TASK_ACTIONS: readonly Possible[] = [
  possible(retrySync, (taskId) => ({ taskId, reason: 'Retried' })),
  // What of the store's it is to be, the caller says.
  {
    ...possible(adoptRemote, (taskId) => ({ taskId, remoteId: '-', reason: 'Adopted' })),
    closedBy: NOT_FOR_PERSONS,
  },
  possible(dismissSync, (taskId) => ({ taskId, reason: 'Dismissed' })),
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

export function syncTaskActions(taskId: string, context: FolioContext): readonly OpenAction[] {
  return SYNC_TASK_ACTIONS.map((action) => openAction(action, taskId, context))
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
