/** Which rules each event is judged by. */
import type { EventOfType, LedgerEvent, LedgerEventType } from '../../src/events/ledger-event.js'
import { createCreditRules } from './credit-rules.js'
import type { Parts, Touched } from './parts.js'
import { createPaymentRules } from './payment-rules.js'

/** Judges an event, and gives the documents whose balance it moved. */
export function createRules(parts: Parts): (event: LedgerEvent) => Touched {
  const { balances, numbers, orders, allocations, approvals, shipments, money } = parts
  const { tasks, storeRefunds } = parts
  const credit = createCreditRules(parts)
  const payment = createPaymentRules(parts)

  function allocated(event: EventOfType<'AllocationApplied' | 'AllocationReversed'>): Touched {
    const touched =
      event.type === 'AllocationApplied'
        ? allocations.apply(event, numbers.hasStood())
        : allocations.reverse(event)
    numbers.share(event.data.entry, event.stream, allocationIdOf(event))
    money.none(event.data.entry)
    balances.post(event.data.entry)
    return touched
  }

  const rules: Rules = {
    InvoicePosted: credit.postInvoice,
    CreditNotePosted: credit.postNote,
    CreditSettled: credit.settle,
    CreditNoteVoided: credit.voidNote,
    OpeningBalancesPosted: credit.open,
    PaymentRegistered: payment.register,
    PrepaymentRegistered: payment.prepay,
    PaymentReversed: payment.reverse,
    PaymentReconciled: payment.reconcile,
    CreditRefunded: payment.refund,
    AllocationApplied: allocated,
    AllocationReversed: allocated,
    AllocationReserved: (event) => [allocations.reserve(event)],
    AllocationReleased: (event) => [allocations.release(event)],
    AllocationRefused: noting(allocations.refuse),
    AllocationConcluded: noting(allocations.conclude),
    RefundApprovalRequested: noting(approvals.request),
    RefundApproved: noting(approvals.decide),
    RefundDeclined: noting(approvals.decide),
    AccountOpened: noting(balances.openAccount),
    NumbersTaken: noting(numbers.feed),
    NumberVoided: noting(numbers.feed),
    SeriesCheckpointed: noting(numbers.feed),
    SeriesClosedThrough: noting(numbers.feed),
    NumberReleased: noting(numbers.release),
    OrderPlaced: noting(orders.feed),
    OrderImported: noting(imported),
    OrderCancelled: noting(orders.feed),
    ShipmentPlanned: noting(shipments.plan),
    ShipmentPlanDiscarded: noting(shipments.discard),
    DeliveryValidated: noting(delivered),
    TrackingAdded: noting(shipments.track),
    PlatformRefundRequested: noting(refundRequested),
    CaptureRequested: noting(tasks.requestCapture),
    AttemptStarted: noting(tasks.start),
    AttemptFailed: noting(tasks.fail),
    SyncRetried: noting(tasks.retry),
    SyncDismissed: noting(tasks.dismiss),
    SyncTaskWithdrawn: noting(tasks.withdraw),
    OrderCaptured: noting(tasks.capture),
    PlatformRefundSeen: noting(storeRefunds.see),
    PlatformRefundRecorded: noting(storeRefunds.record),
    PlatformRefundPaid: atStore(storeRefunds.pay),
    PlatformRefundDeclined: atStore(storeRefunds.decline),
    ForceRefundSet: noting(storeRefunds.force),
    ...NOTHING_TO_ADD_UP,
  }

  function imported(event: EventOfType<'OrderImported'>): void {
    orders.feed(event)
    storeRefunds.feedOrder(event)
  }

  function refundRequested(event: EventOfType<'PlatformRefundRequested'>): void {
    storeRefunds.checkRequest(event)
    tasks.requestRefund(event)
  }

  function atStore<Event extends EventOfType<'PlatformRefundPaid' | 'PlatformRefundDeclined'>>(
    judge: (event: Event) => Touched,
  ): (event: Event) => Touched {
    return (event) => {
      const touched = judge(event)
      balances.post(event.data.entry)
      return touched
    }
  }

  function delivered(event: EventOfType<'DeliveryValidated'>): void {
    const { books, warehouse, number, shipmentId } = event.data
    numbers.standDelivery(books, warehouse, number, shipmentId)
    shipments.deliver(event)
  }

  return (event) => (rules[event.type] as (event: LedgerEvent) => Touched)(event)
}

type Rules = Readonly<{ [Type in LedgerEventType]: (event: EventOfType<Type>) => Touched }>

/** For events that move no document's balance. */
function noting<Event>(judge: (event: Event) => void): (event: Event) => Touched {
  return (event) => {
    judge(event)
    return []
  }
}

const nothing = (): Touched => []

/** Settings are kept by what was decided under them; drafts and descriptions have no sums of their own. */
const NOTHING_TO_ADD_UP = {
  BooksOpened: nothing,
  BooksConfigured: nothing,
  AccountClosed: nothing,
  ExchangeRatesSet: nothing,
  FiscalYearOpened: nothing,
  PeriodClosing: nothing,
  PeriodClosed: nothing,
  PeriodReopening: nothing,
  PeriodReopened: nothing,
  PartiesMerged: nothing,
  PartiesUnmerged: nothing,
  InstanceRegistered: nothing,
  InstanceConfigured: nothing,
  SubjectForgotten: nothing,
  SourceDocumentRecorded: nothing,
  InvoiceDrafted: nothing,
  InvoiceDraftEdited: nothing,
  InvoiceDraftDiscarded: nothing,
  CreditNoteDrafted: nothing,
  CreditNoteDraftEdited: nothing,
  CreditNoteDraftDiscarded: nothing,
  BillNumberClaimed: nothing,
  BillNumberReleased: nothing,
}

/** The id that an allocation's own number was taken for; one that a posting draws shares the posting's. */
function allocationIdOf(event: EventOfType<'AllocationApplied' | 'AllocationReversed'>): string {
  return event.type === 'AllocationApplied' ? event.data.credit.allocationId : ''
}
