import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import { refundOfDocument } from '../../src/aggregates/platform-refund.js'
import { isOpen } from '../../src/aggregates/sync-task.js'
import { remoteIdSchema, type StoreRefund } from '../../src/events/platform-events.js'
import { documentIdSchema, text } from '../../src/events/text.js'
import { equals } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { refuse } from '../decision.js'
import { factOf } from '../first-fact.js'
import type { Refusal } from '../refusal.js'
import { placedWithDeclines } from './declined-refund.js'
import { heldRefusal } from './held-refusal.js'
import { placeRefund } from './place-refund.js'
import { isImported } from './store-order.js'

/** A person says which note a refund made at the store gives back, where the ledger cannot tell by itself (B9). */
export const linkPlatformRefund = folioCommand({
  name: 'link-platform-refund',
  area: 'platform',
  summary: 'Ties a refund made at the store to the credit note that it gives back',
  rows: ['B9', 'B10'],
  input: z.strictObject({
    creditNoteId: documentIdSchema,
    platformRefundId: remoteIdSchema,
    reason: text(500),
  }),
  output: z.strictObject({ creditNoteId: documentIdSchema, platformRefundId: remoteIdSchema }),
  document: ({ creditNoteId }) => creditNoteId,
  books: () => DEFAULT_BOOKS,
  decide({ creditNoteId, platformRefundId, reason }, context) {
    const { folio, principal } = context
    const { order } = folio
    const refund = heldRefund(platformRefundId, folio)
    if ('code' in refund) return refuse(refund)
    const refusal = noteRefusal(creditNoteId, refund, folio)
    if (refusal !== null) return refuse(refusal)
    if (order.status === 'absent' || !isImported(order)) {
      return refuse({ code: 'credit_note_of_other_order', creditNote: creditNoteId })
    }
    const placed = placeRefund(
      refund,
      {
        documentId: creditNoteId,
        taskId: null,
        knownBy: 'person',
        by: principal,
        reason,
      },
      order,
      context,
    )
    return 'held' in placed
      ? refuse(heldRefusal(placed.held, refund, creditNoteId, context))
      : placedWithDeclines(placed, refund, order, context)
  },
  answer: (facts) => {
    const { documentId, platformRefundId } = factOf(facts, 'PlatformRefundRecorded').data
    return { creditNoteId: documentId, platformRefundId }
  },
})

/** One that was seen at the store, and belongs to no document yet. */
export function heldRefund(
  platformRefundId: string,
  { platformRefunds }: Folio,
): StoreRefund | Refusal {
  const refund = platformRefunds.get(platformRefundId)
  if (refund === undefined) {
    const seen = [...platformRefunds.keys()]
    return { code: 'platform_refund_not_seen', platformRefund: platformRefundId, seen }
  }
  const { documentId } = refund
  if (documentId !== null) {
    const code = 'platform_refund_linked_already'
    return { code, platformRefund: platformRefundId, document: documentId }
  }
  const { createdAt, createdOn, amount, tax, payments } = refund
  return { platformRefundId, createdAt, createdOn, amount, tax, payments }
}

function noteRefusal(creditNoteId: string, refund: StoreRefund, folio: Folio): Refusal | null {
  const note = folio.creditNotes.get(creditNoteId)
  if (note === undefined) return { code: 'document_not_found', document: creditNoteId }
  if (note.status !== 'posted') {
    return { code: 'document_not_posted', document: creditNoteId, status: note.status }
  }
  const existing = refundOfDocument(folio.platformRefunds, creditNoteId)
  if (existing !== null) {
    const { platformRefundId: platformRefund } = existing
    return { code: 'platform_refund_exists', creditNote: creditNoteId, platformRefund }
  }
  const task = [...folio.syncTasks.values()].find(
    (one) => one.kind === 'refund' && one.request.creditNoteId === creditNoteId && isOpen(one),
  )
  if (task !== undefined) {
    return { code: 'platform_refund_under_way', creditNote: creditNoteId, task: task.taskId }
  }
  const { gross } = note.content.totals
  if (equals(gross, refund.amount)) return null
  const { platformRefundId, amount } = refund
  const code = 'platform_refund_amount_differs'
  return { code, platformRefund: platformRefundId, amount, total: gross }
}
