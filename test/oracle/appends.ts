/**
 * Which events belong to one append: neighbours in the log, of one stream, one key and one request, in an order that a
 * single decision can make. The second part matters: the same command booked twice in a row looks like one append by
 * its key alone.
 */
import type { LedgerEvent, LedgerEventType } from '../../src/events/ledger-event.js'
import type { Report } from './report.js'

type Followers = Partial<Record<LedgerEventType, 'once' | 'often'>>

/** Whatever completes an order asks for its capture; what takes its ground away withdraws what was not sent (P3). */
const FOLLOWING_ANY: Followers = { CaptureRequested: 'once', SyncTaskWithdrawn: 'often' }

/** All refunds of an order as a store has them, one after the other (B9). */
const PULLED: Followers = {
  PlatformRefundSeen: 'often',
  PlatformRefundRecorded: 'often',
  PlatformRefundPaid: 'often',
  PlatformRefundDeclined: 'often',
  CreditNoteDrafted: 'often',
  CreditNotePosted: 'often',
  AttemptFailed: 'often',
}
const PULLING = 'record-platform-refunds'

/** How far a workflow carries an order, within the append that makes it possible (L28). */
const CARRIED: Followers = {
  CreditNoteDraftDiscarded: 'often',
  CreditNoteDrafted: 'often',
  InvoiceDraftDiscarded: 'often',
  InvoiceDrafted: 'once',
  InvoicePosted: 'once',
  PaymentRegistered: 'often',
  AllocationApplied: 'often',
}

/** What may follow the first event of an append, and how often. A settlement (J8) may follow whatever moves money. */
const FOLLOWERS: Partial<Record<LedgerEventType, Followers>> = {
  BooksOpened: { AccountOpened: 'often' },
  OrderImported: CARRIED,
  OrderCancelled: {
    InvoiceDraftDiscarded: 'often',
    CreditNoteDrafted: 'often',
    ShipmentPlanDiscarded: 'often',
  },
  InvoicePosted: { PaymentRegistered: 'once', AllocationApplied: 'often' },
  DeliveryValidated: { ShipmentPlanned: 'once', OrderImported: 'once', ...CARRIED },
  RefundApproved: { CreditRefunded: 'once', PlatformRefundRequested: 'once' },
  PlatformRefundRecorded: { PlatformRefundPaid: 'once' },
  PlatformRefundSeen: { AttemptFailed: 'once' },
  BillNumberReleased: { BillNumberClaimed: 'once' },
  SeriesCheckpointed: { NumbersTaken: 'once', NumberVoided: 'once', SeriesClosedThrough: 'once' },
  NumbersTaken: { SeriesCheckpointed: 'once' },
}
const SETTLED: ReadonlySet<LedgerEventType> = new Set<LedgerEventType>([
  'OrderImported',
  'DeliveryValidated',
  'InvoicePosted',
  'CreditNotePosted',
  'CreditNoteVoided',
  'PaymentReversed',
  'AllocationReversed',
  'AllocationReleased',
  'RefundApproved',
  'RefundDeclined',
  'PlatformRefundRecorded',
  'PlatformRefundSeen',
  'PlatformRefundDeclined',
  'AttemptFailed',
  'SyncDismissed',
])
/** They end what another append of the same request began. */
const CONCLUDING: ReadonlySet<LedgerEventType> = new Set<LedgerEventType>([
  'PeriodClosed',
  'PeriodReopened',
])

type Append = { first: LedgerEvent; last: LedgerEvent; followed: Set<LedgerEventType> }

export function createAppends(report: Report) {
  const requests = new Map<string, number>()
  let current: Append | null = null

  return {
    /** The stream of the append that is not known to have ended. */
    openStream: (): string | null => current?.first.stream ?? null,
    /** True where the event begins an append, and so ends the one before. */
    feed(event: LedgerEvent): boolean {
      if (current !== null && follows(current, event)) {
        current.followed.add(event.type)
        current.last = event
        return false
      }
      current = { first: event, last: event, followed: new Set() }
      const { commandKey, fingerprint } = event.metadata
      // Series take numbers for many requests at once, without a key.
      if (commandKey === '' || CONCLUDING.has(event.type)) return true
      const request = JSON.stringify([event.stream, commandKey, fingerprint])
      const before = requests.get(request)
      if (before !== undefined) {
        report(
          'request_booked_twice',
          event.stream,
          `key ${commandKey} at ${before} and ${event.revision}`,
        )
      }
      requests.set(request, event.revision)
      return true
    },
  }
}

function follows({ first, last, followed }: Append, event: LedgerEvent): boolean {
  const isPulled = first.metadata.command === PULLING
  const isSettlement = event.type === 'CreditSettled' && (isPulled || SETTLED.has(first.type))
  const often = isSettlement
    ? 'often'
    : (FOLLOWING_ANY[event.type] ??
      (isPulled ? PULLED[event.type] : undefined) ??
      FOLLOWERS[first.type]?.[event.type])
  return (
    often !== undefined &&
    (often === 'often' || !followed.has(event.type)) &&
    event.stream === last.stream &&
    event.revision === last.revision + 1 &&
    event.metadata.commandKey === last.metadata.commandKey &&
    event.metadata.fingerprint === last.metadata.fingerprint &&
    event.metadata.recordedAt === last.metadata.recordedAt
  )
}
