/**
 * One refund as it was pulled from the store (B9). Ours by its marker is an answer; another one is held while one of ours
 * is open, then tied to the posted note of the same total, or a note is made over it. A person ties what is left.
 */
import { availableCredit } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import { draftNotesOn, postedInvoicesOf } from '../../src/aggregates/order-documents.js'
import { refundOfDocument } from '../../src/aggregates/platform-refund.js'
import { isOpen, type RefundTask } from '../../src/aggregates/sync-task.js'
import { laterDay } from '../../src/events/day.js'
import type { StoreRefund } from '../../src/events/platform-events.js'
import { compare, equals, minus } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import { linkedNote, noteTotalRefusal } from '../credit/credit-note-draft.js'
import { postCreditNote } from '../credit/post-credit-note.js'
import { accept, type Decision } from '../decision.js'
import { nextCreditNoteId } from '../document-id.js'
import type { Step } from '../in-sequence.js'
import { happenedDay } from '../posting-day.js'
import { answeredRefund } from './answered-refund.js'
import { declinedRefund } from './declined-refund.js'
import { type Held, placeRefund } from './place-refund.js'
import { seenRefund } from './seen-refund.js'
import { type ImportedOrder, isImported } from './store-order.js'
import { type StoreRefundInput, storeRefundOf } from './store-refund-input.js'

/** Under this reason a note over a refund made at the store is drafted; a later pull finds it by that. */
const REFUNDED_AT_STORE = 'Refunded at the store'

/**
 * The steps are decided one after the other, each on what the ones before have made. All are seen before a note is made
 * over one: a note may be too large for the append, and would hide those behind it.
 */
export function pulledRefunds(refunds: readonly StoreRefundInput[]): readonly Step[] {
  const seen = refunds.map(
    (given): Step =>
      (context) =>
        withOrder(context, (order) => placed(given, order, context)),
  )
  return [...seen, ...refunds.flatMap(bookedRefund)]
}

function bookedRefund(given: StoreRefundInput): readonly Step[] {
  return [
    (context) => withOrder(context, (order) => notePosted(given, order, context)),
    (context) => withOrder(context, (order) => placed(given, order, context)),
    (context) => withOrder(context, (order) => declined(given, order, context)),
  ]
}

function withOrder(
  { folio: { order } }: FolioContext,
  decide: (order: ImportedOrder) => Decision | null,
): Decision | null {
  return order.status === 'absent' || !isImported(order) ? null : decide(order)
}

function isPlaced({ platformRefundId }: StoreRefundInput, { platformRefunds }: Folio): boolean {
  const known = platformRefunds.get(platformRefundId)
  return known !== undefined && known.documentId !== null
}

function placed(
  given: StoreRefundInput,
  order: ImportedOrder,
  context: FolioContext,
): Decision | null {
  const { folio } = context
  if (isPlaced(given, folio)) return null
  const refund = storeRefundOf(given)
  const task = given.marker === null ? undefined : folio.syncTasks.get(given.marker)
  if (task?.kind === 'refund') return answeredRefund(given, 'pull', { task, order }, context)
  const target = targetOf(given, order, context)
  const tied =
    typeof target === 'string' ? { held: target } : placeRefund(refund, target, order, context)
  if (!('held' in tied)) return tied
  const seen = seenRefund(refund, tied.held, order, folio)
  return seen === null ? null : accept(seen)
}

function declined(
  given: StoreRefundInput,
  order: ImportedOrder,
  context: FolioContext,
): Decision | null {
  const known = context.folio.platformRefunds.get(given.platformRefundId)
  if (known === undefined || known.documentId === null) return null
  return declinedRefund(
    { ...storeRefundOf(given), declinedMessage: given.declinedMessage },
    known,
    order,
    context,
  )
}

function openRefundTasks({ syncTasks }: Folio): readonly RefundTask[] {
  return [...syncTasks.values()].filter(
    (task): task is RefundTask => task.kind === 'refund' && isOpen(task),
  )
}

/** What it gives back, where that is certain; else why it is held. */
function targetOf(refund: StoreRefundInput, order: ImportedOrder, { folio }: FolioContext) {
  if (openRefundTasks(folio).length > 0) return 'task_open' as const satisfies Held
  const possible = [...folio.creditNotes.values()].filter(
    (note) =>
      note.status === 'posted' &&
      note.content.order?.orderId === order.orderId &&
      equals(note.content.totals.gross, refund.amount) &&
      refundOfDocument(folio.platformRefunds, note.content.creditNoteId) === null &&
      !isOverAnother(note.content, refund, folio),
  )
  const own = possible.filter(
    (note) => note.status === 'posted' && note.content.reason === reasonOf(refund),
  )
  const notes = own.length === 0 ? possible : own
  const common = { taskId: null, knownBy: 'pull' as const }
  if (notes.length > 1) return 'several_notes' as const satisfies Held
  const [note] = notes
  if (note?.status === 'posted') {
    return { ...common, documentId: note.content.creditNoteId }
  }
  const advance = [...folio.advances.values()].find(
    ({ direction, reversed, ...credit }) =>
      direction === 'out' &&
      !reversed &&
      credit.amount.currency === refund.amount.currency &&
      compare(availableCredit({ direction, reversed, ...credit }), refund.amount) >= 0,
  )
  if (advance !== undefined && isUninvoiced(refund, order, folio)) {
    return { ...common, documentId: advance.documentId }
  }
  if (isDrafted(refund, order, folio)) return 'note_drafted' as const satisfies Held
  const before = folio.platformRefunds.get(refund.platformRefundId)?.held
  return before === 'note_drafted' || before === 'note_discarded'
    ? ('note_discarded' as const satisfies Held)
    : ('no_invoice' as const satisfies Held)
}

/** No invoice has anything of it: what it gives back is the prepayment's still. */
function isUninvoiced({ items }: StoreRefundInput, order: ImportedOrder, folio: Folio): boolean {
  const lines = postedInvoicesOf(order, folio).flatMap(({ content }) => content.lines)
  if (lines.length === 0) return true
  const invoiced = lines.flatMap(({ orderLine }) =>
    orderLine === undefined ? [] : [order.lines[orderLine]?.platformLine],
  )
  const known = order.lines.flatMap(({ kind, platformLine }) =>
    kind === 'item' ? [platformLine] : [],
  )
  const isGoods = ({ kind, platformLine }: StoreRefundInput['items'][number]): boolean =>
    kind === 'item' && platformLine !== null && known.includes(platformLine)
  return (
    items.length > 0 &&
    items.every((item) => isGoods(item) && !invoiced.includes(item.platformLine ?? undefined))
  )
}

/** It was made over another one, which waits for it. */
function isOverAnother(
  { reason }: Readonly<{ reason: string }>,
  { platformRefundId }: StoreRefund,
  { platformRefunds }: Folio,
): boolean {
  return [...platformRefunds.values()].some(
    (other) =>
      other.platformRefundId !== platformRefundId &&
      other.documentId === null &&
      reason === reasonOf(other),
  )
}

function isDrafted(refund: StoreRefund, order: ImportedOrder, folio: Folio): boolean {
  return postedInvoicesOf(order, folio)
    .flatMap(({ content }) => draftNotesOn(content.invoiceId, folio))
    .some(
      ({ reason, totals }) => reason === reasonOf(refund) && equals(totals.gross, refund.amount),
    )
}

function reasonOf({ platformRefundId }: Pick<StoreRefund, 'platformRefundId'>): string {
  return `${REFUNDED_AT_STORE}: ${platformRefundId}`
}

/** A note over it, on the oldest invoice that can bear it: posted at once, or a draft, by the instance's setting. */
function notePosted(
  given: StoreRefundInput,
  order: ImportedOrder,
  context: FolioContext,
): Decision | null {
  const { folio, folioId, instance, today } = context
  const refund = storeRefundOf(given)
  if (folio.platformRefunds.get(refund.platformRefundId)?.held !== 'no_invoice') return null
  const invoice = bearing(refund, order, folio)
  if (invoice === null) return null
  const day = refund.createdOn > today ? today : refund.createdOn
  const creditNoteId = nextCreditNoteId(folioId, folio)
  const content = linkedNote(invoice, refund.amount, {
    creditNoteId,
    reason: reasonOf(refund),
    documentDate: laterDay(day, laterDay(invoice.content.documentDate, invoice.postingDate)),
    invoiceableAgain: false,
  })
  if ('code' in content || noteTotalRefusal(content) !== null) return null
  const drafted = accept({ type: 'CreditNoteDrafted', data: content })
  return instance?.storeRefunds === 'draft' ? drafted : posted(drafted, creditNoteId, context)
}

/** It happened outside: in a closed period it counts on the first open day (L10). */
function posted(drafted: Decision, creditNoteId: string, context: FolioContext): Decision | null {
  if (drafted.outcome === 'refused') return null
  const facts = drafted.events([])
  const folio = folioAfter(context.folio, facts)
  const note = folio.creditNotes.get(creditNoteId)
  if (note?.status !== 'draft') return drafted
  const { postingDate } = happenedDay(note.content.documentDate, context.books)
  const post = postCreditNote.decide({ creditNoteId, postingDate }, { ...context, folio })
  if (post.outcome === 'refused') return drafted
  return { ...post, events: (numbers) => [...facts, ...post.events(numbers)] }
}

function bearing(refund: StoreRefund, order: ImportedOrder, folio: Folio): PostedInvoice | null {
  const invoices = postedInvoicesOf(order, folio)
  const able = invoices.find(
    ({ content: { totals }, creditedGross }) =>
      totals.gross.currency === refund.amount.currency &&
      compare(minus(totals.gross, creditedGross), refund.amount) >= 0,
  )
  return able ?? null
}
