/** When a posted credit note can be given back at its order's store (B1); each condition has a refusal of its own (B2). */
import { availableCredit, type PostedCreditNote } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import { refundOfDocument } from '../../src/aggregates/platform-refund.js'
import { isOpen } from '../../src/aggregates/sync-task.js'
import { isPositive, type Money, plus } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import type { Refusal } from '../refusal.js'
import { isRefundedInFull, refundedAtStore } from './refunded-at-store.js'
import {
  hasCaptured,
  type ImportedOrder,
  isDisputed,
  isImported,
  isKnownPaymentStatus,
} from './store-order.js'

export type RefundableNote = Readonly<{
  note: PostedCreditNote
  order: ImportedOrder
  /** `record`: it was given back here, and the store is only told (B10). */
  purpose: 'give_back' | 'record'
  amount: Money
}>

export function refundableNote(
  creditNoteId: string,
  { folio, instance }: Pick<FolioContext, 'folio' | 'instance'>,
): RefundableNote | Refusal {
  const linked = linkedNote(creditNoteId, folio)
  if ('code' in linked) return linked
  const { note, order } = linked
  const { instance: instanceId } = order.platform
  if (instance === null) return { code: 'instance_not_registered', instance: instanceId }
  if (instance.platform !== 'bigcommerce') {
    return { code: 'platform_refund_not_offered', platform: instance.platform }
  }
  const refusal = storeRefusal(order) ?? noteRefusal(note, order, folio)
  if (refusal !== null) return refusal
  const available = availableCredit(note)
  if (isPositive(available)) return { note, order, purpose: 'give_back', amount: available }
  const given = plus(note.refunded, note.allocated)
  if (isPositive(given)) return { note, order, purpose: 'record', amount: given }
  return { code: 'nothing_left_to_refund', document: creditNoteId }
}

/** A posted note on an invoice of an order that a store has. */
function linkedNote(
  creditNoteId: string,
  { creditNotes, order }: Folio,
): Readonly<{ note: PostedCreditNote; order: ImportedOrder }> | Refusal {
  const note = creditNotes.get(creditNoteId)
  if (note === undefined) return { code: 'document_not_found', document: creditNoteId }
  if (note.status !== 'posted') {
    return { code: 'document_not_posted', document: creditNoteId, status: note.status }
  }
  if (note.content.invoice === null) return { code: 'credit_note_ad_hoc', creditNote: creditNoteId }
  if (order.status === 'absent' || note.content.order?.orderId !== order.orderId) {
    return { code: 'credit_note_of_other_order', creditNote: creditNoteId }
  }
  return isImported(order)
    ? { note, order }
    : { code: 'order_not_on_platform', order: order.orderId }
}

function storeRefusal(order: ImportedOrder): Refusal | null {
  const { orderId, paymentStatus } = order
  if (!isKnownPaymentStatus(paymentStatus)) {
    return { code: 'payment_status_unknown', order: orderId, paymentStatus }
  }
  if (isDisputed(order)) return { code: 'chargeback_open', order: orderId }
  return hasCaptured(paymentStatus)
    ? null
    : { code: 'nothing_captured_at_store', order: orderId, paymentStatus }
}

function noteRefusal(
  { content: { creditNoteId } }: PostedCreditNote,
  order: ImportedOrder,
  folio: Folio,
): Refusal | null {
  const refund = refundOfDocument(folio.platformRefunds, creditNoteId)
  if (refund !== null) {
    const { platformRefundId: platformRefund } = refund
    return { code: 'platform_refund_exists', creditNote: creditNoteId, platformRefund }
  }
  const task = [...folio.syncTasks.values()].find(
    (one) => one.kind === 'refund' && one.request.creditNoteId === creditNoteId && isOpen(one),
  )
  if (task !== undefined) {
    return { code: 'platform_refund_under_way', creditNote: creditNoteId, task: task.taskId }
  }
  const approval = [...folio.approvals.values()].find(
    ({ status, request }) => status === 'waiting' && request.documentId === creditNoteId,
  )
  if (approval !== undefined) {
    const { approvalId } = approval.request
    return { code: 'refund_waits_for_approval', creditNote: creditNoteId, approval: approvalId }
  }
  if (!folio.forceRefund && isRefundedInFull(order, folio)) {
    const { orderId, platform } = order
    const refunded = refundedAtStore(order, folio)
    return {
      code: 'order_refunded_already',
      order: orderId,
      refunded,
      total: platform.totals.gross,
    }
  }
  return null
}
