/** The refusals of what is told to stores, each with the nearest request that is accepted. */
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { adoptRemote } from '../../commands/platform/adopt-remote.js'
import { linkPlatformRefund } from '../../commands/platform/link-platform-refund.js'
import { markOrderPaid } from '../../commands/platform/mark-order-paid.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { retrySync } from '../../commands/platform/retry-sync.js'
import { setForceRefund } from '../../commands/platform/set-force-refund.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import type { RefusalCode } from '../../commands/refusal.js'
import { after, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { ask, type Case } from './refusal-case.js'
import { adHocNote, gbp, INVOICE, item, ORDER, order } from './scenes.js'
import {
  booksWithGateway,
  credited,
  GATEWAY,
  importedOrder,
  invoiced,
  NOTE,
  paidOnline,
  requested,
  SENDING,
  started,
  storeOf,
  storeRefund,
  TASK,
} from './store-scenes.js'

const OTHER_NOTE = `${FOLIO_ID}-c2`
const OTHER_TASK = `${FOLIO_ID}-t2`
const SHUT_UNTIL = '2026-11-22T12:02:32.000Z'

const refunding = (scene: Partial<Scene> = credited(), more: object = {}) =>
  ask(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Came back', ...more }, scene)
/** The order at its store is this. */
const shown = (more: Readonly<Record<string, unknown>>) =>
  credited(paidOnline(invoiced(importedOrder(more))))
const forcing = (scene: Partial<Scene>) =>
  ask(setForceRefund, { orderId: ORDER, forceRefund: true, reason: 'One more' }, scene)
const pulled = (scene: Partial<Scene>, more: Readonly<Record<string, unknown>> = {}) =>
  after(
    recordPlatformRefunds,
    { orderId: ORDER, refunds: [storeRefund({ marker: null, ...more })] },
    scene,
  )
const failed = (setback: string, scene: Partial<Scene>, more: object = {}) =>
  after(
    recordPlatformAnswer,
    { taskId: TASK, attempt: 1, answer: 'failed', setback, ...more },
    scene,
  )
const starting = (more: object = {}, scene: Partial<Scene> = requested()) =>
  ask(startAttempt, { taskId: TASK, sending: SENDING, shutUntil: SHUT_UNTIL, ...more }, scene)
const retrying = (taskId: string, scene: Partial<Scene> = waiting()) =>
  ask(retrySync, { taskId, reason: 'Once more' }, scene)
const linking = (more: object, scene: Partial<Scene> = severalNotes()) =>
  ask(
    linkPlatformRefund,
    { creditNoteId: NOTE, platformRefundId: '501', reason: 'Said the buyer', ...more },
    scene,
  )

/** A task that gave up. */
const waiting = () => failed('not_authorised', started())

const noted = (scene: Partial<Scene>, more: object = {}) => {
  const lines = [{ invoiceLine: 0, quantity: '1' }]
  const asked = { invoiceId: INVOICE, reason: 'The other', lines, ...more }
  return after(postCreditNote, { creditNoteId: OTHER_NOTE }, after(draftCreditNote, asked, scene))
}
/** Two notes of 60.00, and a refund of as much at the store. */
const severalNotes = () => pulled(noted(credited()))

/** Another note of the order is to be given back while the first may be on its way. */
const beside = (scene: Partial<Scene>) =>
  after(refundOrderOnPlatform, { creditNoteId: OTHER_NOTE, description: 'Both' }, noted(scene))

/** A part of the note waits for somebody else. */
function waitsForApproval(): Partial<Scene> {
  const books = booksWithGateway()
  const refundThresholds = [{ role: 'operator', threshold: gbp('0.00') }]
  const bound = { ...books, settings: { ...books.settings, refundThresholds } }
  const asked = { documentId: NOTE, amount: gbp('1.00'), account: 'cash' }
  const scene = after(refundCredit, asked, { ...credited(), books: bound, role: 'operator' })
  return { ...scene, role: 'administrator' }
}

const AWAITING = {
  paymentStatus: '',
  status: 'Awaiting Payment',
  gateway: 'bankdeposit',
  payments: [],
}
/** Invoiced and paid by bank while the setting was off: nothing has asked for the capture. */
const payable = (isOn: boolean): Partial<Scene> => {
  const paid = { invoiceId: INVOICE, account: 'bank', amount: gbp('132.00') }
  const scene = after(registerPayment, paid, invoiced(importedOrder(AWAITING)))
  return { ...scene, instance: storeOf({ markOrdersPaid: isOn }) }
}
const marking = (scene: Partial<Scene>) => ask(markOrderPaid, { orderId: ORDER }, scene)
/** The store has a transaction that could be it. */
function captureUncertain(): Partial<Scene> {
  const asked = after(markOrderPaid, { orderId: ORDER }, payable(true))
  const sending = { kind: 'capture_record', amount: gbp('132.00') }
  const begun = after(startAttempt, { taskId: TASK, sending, shutUntil: SHUT_UNTIL }, asked)
  return failed('uncertain', begun, { candidates: ['9001'] })
}
const adopting = (remoteId: string) =>
  ask(adoptRemote, { taskId: TASK, remoteId, reason: 'It is that' }, captureUncertain())

/** Given back here before: the store is only told. */
const givenHere = () =>
  requested(after(refundCredit, { documentId: NOTE, account: 'cash' }, credited()))
const [payment] = SENDING.payments
const sending = (more: object) => ({ ...SENDING, payments: [{ ...payment, ...more }] })

type StoreCode = Extract<
  RefusalCode,
  | 'credit_note_ad_hoc'
  | 'credit_note_of_other_order'
  | 'order_not_on_platform'
  | 'platform_refund_not_offered'
  | 'payment_status_unknown'
  | 'nothing_captured_at_store'
  | 'chargeback_open'
  | 'platform_refund_exists'
  | 'platform_refund_under_way'
  | 'refund_waits_for_approval'
  | 'order_refunded_already'
  | 'order_not_markable_as_paid'
  | 'clearing_account_missing'
  | 'sync_task_not_found'
  | 'sync_task_not_due'
  | 'sync_task_not_waiting'
  | 'store_lane_shut'
  | 'sync_ground_gone'
  | 'attempt_already_over'
  | 'platform_refund_not_seen'
  | 'platform_refund_linked_already'
  | 'platform_refund_amount_differs'
  | 'capture_not_seen'
>

export const STORE_CASES: { readonly [Code in StoreCode]: Case<Code> } = {
  credit_note_ad_hoc: {
    asked: refunding({ ...adHocNote(), instance: storeOf() }),
    refusal: { code: 'credit_note_ad_hoc', creditNote: NOTE },
    within: refunding(),
  },
  credit_note_of_other_order: {
    asked: refunding(credited(), { orderId: `${FOLIO_ID}-o2` }),
    refusal: { code: 'credit_note_of_other_order', creditNote: NOTE },
    within: refunding(credited(), { orderId: ORDER }),
  },
  order_not_on_platform: {
    asked: forcing(order([item('1')])),
    refusal: { code: 'order_not_on_platform', order: ORDER },
    within: forcing(importedOrder()),
  },
  platform_refund_not_offered: {
    asked: refunding({ ...credited(), instance: { ...storeOf(), platform: 'magento2' } }),
    refusal: { code: 'platform_refund_not_offered', platform: 'magento2' },
    within: refunding({ ...credited(), instance: { ...storeOf(), platform: 'bigcommerce' } }),
  },
  payment_status_unknown: {
    asked: refunding(shown({ paymentStatus: 'half captured' })),
    refusal: { code: 'payment_status_unknown', order: ORDER, paymentStatus: 'half captured' },
    within: refunding(shown({ paymentStatus: 'Captured' })),
  },
  nothing_captured_at_store: {
    asked: refunding(shown({ paymentStatus: 'authorized' })),
    refusal: { code: 'nothing_captured_at_store', order: ORDER, paymentStatus: 'authorized' },
    within: refunding(shown({ paymentStatus: 'partially refunded' })),
  },
  chargeback_open: {
    asked: refunding(shown({ status: 'Disputed' })),
    refusal: { code: 'chargeback_open', order: ORDER },
    within: refunding(shown({ status: 'Completed' })),
  },
  platform_refund_exists: {
    asked: refunding(pulled(credited())),
    refusal: { code: 'platform_refund_exists', creditNote: NOTE, platformRefund: '501' },
    // Of another note.
    within: ask(
      refundOrderOnPlatform,
      { creditNoteId: OTHER_NOTE, description: 'The other' },
      noted(pulled(credited())),
    ),
  },
  platform_refund_under_way: {
    asked: refunding(requested()),
    refusal: { code: 'platform_refund_under_way', creditNote: NOTE, task: TASK },
    within: refunding(failed('refused', started())),
  },
  refund_waits_for_approval: {
    asked: refunding(waitsForApproval()),
    refusal: {
      code: 'refund_waits_for_approval',
      creditNote: NOTE,
      approval: `${FOLIO_ID}-ap1`,
    },
    within: refunding(),
  },
  order_refunded_already: {
    asked: refunding(pulled(credited(), wholeRefund('132.00'))),
    refusal: {
      code: 'order_refunded_already',
      order: ORDER,
      refunded: gbp('132.00'),
      total: gbp('132.00'),
    },
    within: refunding(pulled(credited(), wholeRefund('131.99'))),
  },
  order_not_markable_as_paid: {
    asked: marking(payable(false)),
    refusal: {
      code: 'order_not_markable_as_paid',
      order: ORDER,
      obstacles: ['mark_paid_is_off'],
    },
    within: marking(payable(true)),
  },
  clearing_account_missing: {
    asked: starting({}, { ...requested(), books: { ...booksWithGateway(), accounts: new Map() } }),
    refusal: { code: 'clearing_account_missing', provider: 'stripe', create: GATEWAY },
    within: starting(),
  },
  sync_task_not_found: {
    asked: retrying(OTHER_TASK),
    refusal: { code: 'sync_task_not_found', task: OTHER_TASK },
    within: retrying(TASK),
  },
  sync_task_not_due: {
    asked: starting({}, failed('limited', started(), { notBefore: '2026-11-22T12:00:00.001Z' })),
    refusal: {
      code: 'sync_task_not_due',
      task: TASK,
      state: 'due',
      notBefore: '2026-11-22T12:00:00.001Z',
    },
    within: starting({}, failed('limited', started(), { notBefore: '2026-11-22T12:00:00.000Z' })),
  },
  sync_task_not_waiting: {
    asked: retrying(TASK, requested()),
    refusal: { code: 'sync_task_not_waiting', task: TASK, state: 'due' },
    within: retrying(TASK),
  },
  store_lane_shut: {
    asked: starting({ taskId: OTHER_TASK }, beside(started())),
    refusal: { code: 'store_lane_shut', task: OTHER_TASK, by: TASK, until: SHUT_UNTIL },
    within: starting({ taskId: OTHER_TASK }, beside(requested())),
  },
  sync_ground_gone: {
    asked: starting({}, givenHere()),
    refusal: { code: 'sync_ground_gone', task: TASK, reason: 'given_back_already' },
    within: starting({ sending: sending({ provider: 'custom', isOffline: true }) }, givenHere()),
  },
  attempt_already_over: {
    asked: starting({ shutUntil: '2026-11-22T12:00:00.000Z' }),
    refusal: {
      code: 'attempt_already_over',
      task: TASK,
      shutUntil: '2026-11-22T12:00:00.000Z',
      now: '2026-11-22T12:00:00.000Z',
    },
    within: starting({ shutUntil: '2026-11-22T12:00:00.001Z' }),
  },
  platform_refund_not_seen: {
    asked: linking({ platformRefundId: '502' }),
    refusal: { code: 'platform_refund_not_seen', platformRefund: '502', seen: ['501'] },
    within: linking({ platformRefundId: '501' }),
  },
  platform_refund_linked_already: {
    asked: linking({ creditNoteId: OTHER_NOTE }, noted(pulled(credited()))),
    refusal: { code: 'platform_refund_linked_already', platformRefund: '501', document: NOTE },
    within: linking({ creditNoteId: OTHER_NOTE }),
  },
  platform_refund_amount_differs: {
    asked: starting({ sending: sending({ amount: gbp('60.01') }) }),
    refusal: {
      code: 'platform_refund_amount_differs',
      platformRefund: TASK,
      amount: gbp('60.00'),
      total: gbp('60.01'),
    },
    within: starting({ sending: sending({ amount: gbp('60.00') }) }),
  },
  capture_not_seen: {
    asked: adopting('9002'),
    refusal: { code: 'capture_not_seen', transaction: '9002', seen: ['9001'] },
    within: adopting('9001'),
  },
}

/** Made at the store, and more than any note is: held, and it counts (B5). */
function wholeRefund(amount: string): Readonly<Record<string, unknown>> {
  const [made] = storeRefund().payments
  return { amount: gbp(amount), payments: [{ ...made, amount: gbp(amount) }] }
}
