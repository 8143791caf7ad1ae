/** Reading journal entries: which accounts they move, and by how much in the books' currency. */
import type { LedgerEvent, LedgerEventType } from '../src/events/ledger-event.js'
import type { Entry, Posting } from '../src/events/parts.js'
import type { Money } from '../src/money/money.js'
import { accumulated, minus, zero } from '../src/money/money.js'

/** The events that carry postings: a new one among them that is missing below does not compile. */
export type PostingEvent = Extract<LedgerEvent, { data: { entry: Entry } }>

type EntryFoldings<F> = Readonly<Record<PostingEvent['type'], F>> &
  Readonly<Record<Exclude<LedgerEventType, PostingEvent['type']>, 'ignored'>>

/** A new event does not compile without its line here, or among those that fold. */
const WITHOUT_ENTRY = {
  OrderPlaced: 'ignored',
  OrderImported: 'ignored',
  OrderCancelled: 'ignored',
  SourceDocumentRecorded: 'ignored',
  InvoiceDrafted: 'ignored',
  InvoiceDraftEdited: 'ignored',
  InvoiceDraftDiscarded: 'ignored',
  CreditNoteDrafted: 'ignored',
  CreditNoteDraftEdited: 'ignored',
  CreditNoteDraftDiscarded: 'ignored',
  NumberReleased: 'ignored',
  BooksOpened: 'ignored',
  AccountOpened: 'ignored',
  AccountClosed: 'ignored',
  NumbersTaken: 'ignored',
  NumberVoided: 'ignored',
  SeriesCheckpointed: 'ignored',
  BillNumberClaimed: 'ignored',
  BillNumberReleased: 'ignored',
  AllocationReserved: 'ignored',
  AllocationRefused: 'ignored',
  AllocationConcluded: 'ignored',
  AllocationReleased: 'ignored',
  RefundApprovalRequested: 'ignored',
  RefundApproved: 'ignored',
  RefundDeclined: 'ignored',
  ShipmentPlanned: 'ignored',
  ShipmentPlanDiscarded: 'ignored',
  DeliveryValidated: 'ignored',
  TrackingAdded: 'ignored',
  PlatformRefundRequested: 'ignored',
  CaptureRequested: 'ignored',
  SyncTaskWithdrawn: 'ignored',
  AttemptStarted: 'ignored',
  AttemptFailed: 'ignored',
  SyncRetried: 'ignored',
  SyncDismissed: 'ignored',
  PlatformRefundSeen: 'ignored',
  PlatformRefundRecorded: 'ignored',
  OrderCaptured: 'ignored',
  ForceRefundSet: 'ignored',
  BooksConfigured: 'ignored',
  ExchangeRatesSet: 'ignored',
  FiscalYearOpened: 'ignored',
  PeriodClosing: 'ignored',
  PeriodClosed: 'ignored',
  PeriodReopening: 'ignored',
  PeriodReopened: 'ignored',
  PartiesMerged: 'ignored',
  PartiesUnmerged: 'ignored',
  SeriesClosedThrough: 'ignored',
  InstanceRegistered: 'ignored',
  InstanceConfigured: 'ignored',
  SubjectForgotten: 'ignored',
} as const satisfies Record<Exclude<LedgerEventType, PostingEvent['type']>, 'ignored'>

/** For what is read off entries alone: every event with one means the same to it, every other nothing. */
export function onEntries<F>(folding: F): EntryFoldings<F> {
  return {
    InvoicePosted: folding,
    PaymentRegistered: folding,
    PrepaymentRegistered: folding,
    PaymentReconciled: folding,
    PaymentReversed: folding,
    CreditNotePosted: folding,
    CreditNoteVoided: folding,
    CreditSettled: folding,
    CreditRefunded: folding,
    AllocationApplied: folding,
    AllocationReversed: folding,
    OpeningBalancesPosted: folding,
    PlatformRefundPaid: folding,
    PlatformRefundDeclined: folding,
    ...WITHOUT_ENTRY,
  }
}

export type AccountKey = Readonly<{ books: string; account: string }>

/** Each account that the event's entry moves, once. */
export function accountsOf({ data: { entry } }: PostingEvent): readonly AccountKey[] {
  const accounts = new Set(entry.postings.map(({ account }) => account))
  return [...accounts].map((account) => ({ books: entry.books, account }))
}

/** What the postings add to one side. Nothing at all is `null`, for there is no zero without a currency. */
export function sideTotal(
  postings: readonly Posting[],
  side: Posting['side'],
  amountOf: (posting: Posting) => Money,
): Money | null {
  return postings
    .filter((posting) => posting.side === side)
    .map(amountOf)
    .reduce<Money | null>(
      (total, amount) => (total === null ? amount : accumulated(total, amount)),
      null,
    )
}

/** Debits less credits. The postings are at least one. */
export function debitBalance(
  postings: readonly Posting[],
  amountOf: (posting: Posting) => Money,
): Money {
  const debit = sideTotal(postings, 'debit', amountOf)
  const credit = sideTotal(postings, 'credit', amountOf)
  const { currency } = debit ?? credit ?? { currency: '' }
  return minus(debit ?? zero(currency), credit ?? zero(currency))
}

export const inBooks = (posting: Posting): Money => posting.booksAmount
export const inDocument = (posting: Posting): Money => posting.amount
