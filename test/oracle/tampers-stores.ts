/** One tampering for each rule of the oracle that judges what stores are told and have; and further ways to break some. */
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { Rule } from './report.js'
import {
  change,
  double,
  drop,
  eventOf,
  first,
  insert,
  more,
  moreOn,
  nth,
  postingOn,
  type Tamper,
  type TamperedLog,
} from './tampering.js'

/** The third failure of the log is what the store did not have, after an unknown answer. */
const NOT_FOUND = 2

export const STORE_TAMPERS = {
  attempt_beside_open: double('AttemptStarted'),
  attempt_count: change('AttemptStarted', (data) => (data.attempt = 7)),
  attempt_differs: change('AttemptStarted', ({ sending }) => {
    if (sending.kind === 'refund') more(first(sending.payments).amount)
  }),
  attempt_too_early: change(
    'AttemptStarted',
    (data) => (data.shutUntil = '2026-11-22T09:00:00.000Z'),
  ),
  attempt_unanswered: change('AttemptFailed', (data) => (data.setback = 'limited'), NOT_FOUND),
  capture_twice: double('OrderCaptured'),
  payment_status: change('PlatformRefundRecorded', (data) => (data.paymentStatus = 'captured')),
  platform_refund_decline: change('PlatformRefundDeclined', ({ declined }) => {
    more(declined)
  }),
  platform_refund_figures: change('PlatformRefundPaid', ({ remaining }) => {
    more(remaining)
  }),
  platform_refund_twice: double('PlatformRefundRecorded'),
  refunded_already: drop('ForceRefundSet'),
  task_state: drop('AttemptStarted'),
  task_twice: double('CaptureRequested'),
} satisfies Partial<Record<Rule, Tamper>>

const WHOLE_DECLINE = 1
const AFTER_UNKNOWN = 2

/** The nth event of its type as its own, later. */
function again(log: TamperedLog, type: LedgerEvent['type'], edit: (data: never) => void): void {
  const event = eventOf(log, type)
  const data = structuredClone(event.data)
  edit(data as never)
  insert(log, first(log.events.slice(-1)), { type, data, stream: event.stream })
}

export const MORE_STORE_TAMPERS: readonly (readonly [what: string, rule: Rule, tamper: Tamper])[] =
  [
    [
      'a note with two refunds of its store',
      'platform_refund_twice',
      (log) => {
        again(log, 'PlatformRefundRecorded', (data: { platformRefundId: string }) => {
          data.platformRefundId = '999'
        })
      },
    ],
    [
      'a second refund asked for after the first',
      'platform_refund_twice',
      (log) => {
        again(log, 'PlatformRefundRequested', (data: { taskId: string }) => {
          data.taskId = data.taskId.replace(/t1$/, 't9')
        })
      },
    ],
    [
      'a refund whose money was never booked',
      'platform_refund_figures',
      drop('PlatformRefundPaid'),
    ],
    [
      'money of a refund on an account that is no gateway',
      'money_posted',
      change(
        'PlatformRefundPaid',
        ({ entry }) => (postingOn(entry, 'gateway-shop').account = 'bank'),
      ),
    ],
    [
      'a decline that takes back more than was booked',
      'platform_refund_decline',
      change(
        'PlatformRefundDeclined',
        ({ entry }) => {
          moreOn(entry, 'gateway-shop', 'receivable')
        },
        WHOLE_DECLINE,
      ),
    ],
    [
      'more under way than came in',
      'given_back_beyond_received',
      (log) => {
        const { stream } = eventOf(log, 'PlatformRefundRequested')
        const paid = log.events.find(
          (event) => event.type === 'PaymentRegistered' && event.stream === stream,
        )
        if (paid?.type === 'PaymentRegistered') paid.data.amount.amount = '59.99'
      },
    ],
    ['a credit paid out while it is under way', 'remaining_negative', drop('SyncDismissed')],
    [
      'an attempt before it is known what became of the one before',
      'attempt_too_early',
      (log) => {
        const event = eventOf(log, 'AttemptStarted', AFTER_UNKNOWN)
        const recordedAt = '2026-11-22T10:01:00.000Z'
        log.events[log.events.indexOf(event)] = {
          ...event,
          metadata: { ...event.metadata, recordedAt },
        }
      },
    ],
    [
      'an attempt before the time that the store named',
      'attempt_too_early',
      change('AttemptFailed', (data) => (data.notBefore = '2026-11-22T10:05:00.000Z')),
    ],
    [
      'a task that lets another document go',
      'task_state',
      change('SyncDismissed', (data) => (data.documentId = null)),
    ],
    ['a task that is withdrawn after it is over', 'task_state', double('SyncTaskWithdrawn')],
    [
      'an order asked to be marked as paid while it is under way',
      'capture_twice',
      (log) => {
        const { data } = nth(log, 'CaptureRequested')
        const asked = { ...data, taskId: data.taskId.replace(/t1$/, 't9') }
        insert(log, eventOf(log, 'CaptureRequested'), { type: 'CaptureRequested', data: asked })
      },
    ],
    [
      'a refund that says another rest than its note has',
      'platform_refund_figures',
      change('PlatformRefundRequested', ({ remaining }) => {
        more(remaining)
      }),
    ],
  ]
