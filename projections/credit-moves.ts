/**
 * L12: what becomes of a credit after it was made: refunds here and at its store, allocations, what is reserved, what
 * waits and what is under way. An allocation to another folio counts when the credit's own folio concludes it, so that
 * the folio alone tells the whole row.
 */
import type { EventOfType } from '../src/events/ledger-event.js'
import { isZero, type Money, plus, sum, zero } from '../src/money/money.js'
import { added, subtracted } from './documents.js'
import { type Folding, needed } from './projection.js'

export type CreditColumns = Readonly<{
  currency: string
  refunded: string
  allocated: string
  reserved: string
  remaining: string
  available: string
  held: readonly string[]
  status: string
}>

type StoreEventType =
  | 'PlatformRefundRequested'
  | 'SyncTaskWithdrawn'
  | 'SyncDismissed'
  | 'AttemptFailed'
  | 'PlatformRefundRecorded'
  | 'PlatformRefundPaid'
  | 'PlatformRefundDeclined'

type CreditEventType =
  | 'CreditRefunded'
  | 'AllocationReserved'
  | 'AllocationApplied'
  | 'AllocationReversed'
  | 'AllocationConcluded'
  | 'AllocationReleased'
  | 'RefundApprovalRequested'
  | 'RefundApproved'
  | 'RefundDeclined'
  | StoreEventType

type CreditMoves<Row, Key> = Readonly<{
  [Type in CreditEventType]: Folding<Row, Key, EventOfType<Type>>
}>

/** What an event does to the credit of the document that it names; `null`: it names none here. */
type On<Row, Key> = <Type extends CreditEventType>(
  documentOf: (event: EventOfType<Type>) => string | null,
  move: (row: Row, event: EventOfType<Type>) => Row,
) => Folding<Row, Key, EventOfType<Type>>

/** `keyOf`: `null` for the credits of other lists. `after`: what else of a row follows from its credit. */
export function creditMoves<Row extends CreditColumns, Key>(
  keyOf: (documentId: string) => Key | null,
  after: (row: Row) => Row = (row) => row,
): CreditMoves<Row, Key> {
  const on: On<Row, Key> = (documentOf, move) => ({
    rows: (event) => {
      const document = documentOf(event)
      const key = document === null ? null : keyOf(document)
      return key === null ? [] : [key]
    },
    fold: (row, event) => {
      const document = documentOf(event) ?? ''
      const kind = isCreditNote(document) ? 'credit note' : 'credit'
      const found = needed(row, event, `${kind} ${document}`)
      return after(withAvailable(move(found, event)))
    },
  })
  return { ...movesHere(on), ...movesAtStore(on) }
}

const named = ({ data }: Readonly<{ data: Readonly<{ documentId: string }> }>) => data.documentId

function movesHere<Row extends CreditColumns, Key>(
  on: On<Row, Key>,
): Omit<CreditMoves<Row, Key>, StoreEventType> {
  return {
    CreditRefunded: on<'CreditRefunded'>(named, (row, { data }) =>
      used(row, 'refunded', data.amount),
    ),
    AllocationReserved: on<'AllocationReserved'>(
      ({ data }) => data.credit.documentId,
      (row, { data: { credit } }) => holding(row, credit.allocationId, credit.amount),
    ),
    AllocationApplied: on<'AllocationApplied'>(
      ({ data }) => ofOneFolio(data.credit.documentId, data.invoiceId),
      (row, { data }) => used(row, 'allocated', data.credit.amount),
    ),
    AllocationReversed: on<'AllocationReversed'>(
      ({ data }) => ofOneFolio(data.documentId, data.invoiceId),
      (row, { data }) => unused(row, 'allocated', data.amount),
    ),
    AllocationConcluded: on<'AllocationConcluded'>(named, (row, { data }) =>
      used(letGo(row, data.allocationId), 'allocated', heldBy(row, data.allocationId)),
    ),
    AllocationReleased: on<'AllocationReleased'>(
      named,
      (row, { data: { allocationId, amount } }) =>
        holds(row, allocationId) ? letGo(row, allocationId) : unused(row, 'allocated', amount),
    ),
    RefundApprovalRequested: on<'RefundApprovalRequested'>(named, (row, { data }) =>
      holding(row, data.approvalId, data.amount),
    ),
    // The refund itself follows in an event of its own.
    RefundApproved: on<'RefundApproved'>(named, (row, { data }) => letGo(row, data.approvalId)),
    RefundDeclined: on<'RefundDeclined'>(named, (row, { data }) => letGo(row, data.approvalId)),
  }
}

/** What is asked for at a store is held for its task, until the task is over (B4). */
function movesAtStore<Row extends CreditColumns, Key>(
  on: On<Row, Key>,
): Pick<CreditMoves<Row, Key>, StoreEventType> {
  return {
    // Given back here before, the store is only told of it (B10).
    PlatformRefundRequested: on<'PlatformRefundRequested'>(
      ({ data }) => data.creditNoteId,
      (row, { data: { purpose, taskId, amount } }) =>
        purpose === 'give_back' ? holding(row, taskId, amount) : row,
    ),
    SyncTaskWithdrawn: on<'SyncTaskWithdrawn'>(
      ({ data }) => data.documentId,
      (row, { data }) => letGo(row, data.taskId),
    ),
    SyncDismissed: on<'SyncDismissed'>(
      ({ data }) => data.documentId,
      (row, { data }) => letGo(row, data.taskId),
    ),
    AttemptFailed: on<'AttemptFailed'>(
      ({ data: { then, documentId } }) => (then === 'end' ? documentId : null),
      (row, { data }) => letGo(row, data.taskId),
    ),
    // What of it moved money, or value, follows in an event of its own.
    PlatformRefundRecorded: on<'PlatformRefundRecorded'>(named, (row, { data: { taskId } }) =>
      taskId === null ? row : letGo(row, taskId),
    ),
    PlatformRefundPaid: on<'PlatformRefundPaid'>(named, (row, { data }) =>
      used(row, 'refunded', plus(data.online, data.storeCredit)),
    ),
    PlatformRefundDeclined: on<'PlatformRefundDeclined'>(named, (row, { data }) =>
      unused(row, 'refunded', data.declined),
    ),
  }
}

/** Where a list keeps more of what becomes of its credits. */
export function also<Row, Key, Event>(
  { rows, fold }: Folding<Row, Key, Event>,
  more: (row: Row, event: Event) => Row,
): Folding<Row, Key, Event> {
  return {
    rows,
    fold: (row, event, key) => {
      const folded = fold(row, event, key)
      return folded === null ? null : more(folded, event)
    },
  }
}

/** The columns of a credit that nothing has become of. */
export function wholeCredit({ amount, currency }: Money) {
  const none = zero(currency).amount
  return {
    refunded: none,
    allocated: none,
    reserved: none,
    remaining: amount,
    available: amount,
    held: [],
  } satisfies Partial<CreditColumns>
}

/** The columns of a credit of which nothing is there any more. */
export function goneCredit(currency: string) {
  const none = zero(currency).amount
  return { reserved: none, remaining: none, available: none, held: [] }
}

/** After its remaining amount or what holds it has changed. */
export function withAvailable<Row extends CreditColumns>(row: Row): Row {
  const { currency, remaining, held } = row
  const reserved = sum(
    held.map((hold) => amountOf(hold, currency)),
    currency,
  )
  return {
    ...row,
    reserved: reserved.amount,
    available: subtracted(remaining, reserved),
    status: isZero({ amount: remaining, currency }) ? 'Settled' : 'Open',
  }
}

function used<Row extends CreditColumns>(
  row: Row,
  use: 'refunded' | 'allocated',
  amount: Money,
): Row {
  return { ...row, [use]: added(row[use], amount), remaining: subtracted(row.remaining, amount) }
}

function unused<Row extends CreditColumns>(
  row: Row,
  use: 'refunded' | 'allocated',
  amount: Money,
): Row {
  return { ...row, [use]: subtracted(row[use], amount), remaining: added(row.remaining, amount) }
}

function holding<Row extends CreditColumns>(row: Row, id: string, { amount }: Money): Row {
  return { ...row, held: [...row.held, `${id} ${amount}`] }
}

function letGo<Row extends CreditColumns>(row: Row, id: string): Row {
  return { ...row, held: row.held.filter((hold) => holderOf(hold) !== id) }
}

function holds({ held }: CreditColumns, id: string): boolean {
  return held.some((hold) => holderOf(hold) === id)
}

function heldBy({ held, currency }: CreditColumns, id: string): Money {
  const hold = held.find((entry) => holderOf(entry) === id)
  return hold === undefined ? zero(currency) : amountOf(hold, currency)
}

function holderOf(hold: string): string {
  return hold.slice(0, hold.indexOf(' '))
}

function amountOf(hold: string, currency: string): Money {
  return { amount: hold.slice(hold.indexOf(' ') + 1), currency }
}

/** The credit, where the invoice is of its own folio: documents' ids begin with it. */
function ofOneFolio(documentId: string, invoiceId: string): string | null {
  return folioOf(documentId) === folioOf(invoiceId) ? documentId : null
}

function folioOf(documentId: string): string {
  return documentId.slice(0, documentId.lastIndexOf('-'))
}

const CREDIT_NOTE = /-c[1-9]\d*$/

/** What only knows a document by its id tells by that whether it is a credit note, or money that came before. */
export function isCreditNote(documentId: string): boolean {
  return CREDIT_NOTE.test(documentId)
}
