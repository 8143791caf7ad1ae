/** What is open of a document: as its commands decide, and by name why the rest is not. */
import { expect, test } from 'vitest'
import type { FolioContext } from '../../commands/command.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { creditNoteActions, orderActions, syncTaskActions } from '../../commands/open-actions.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { after, FOLIO_ID, folioOf, type Scene, testBooks } from '../support/decider-spec.js'
import { imported } from './imported-orders.js'
import {
  credited,
  importedOrder,
  invoiced,
  requested,
  started,
  storeOf,
  storeRefund,
  TASK,
} from './store-scenes.js'
import {
  gbp,
  INVOICE,
  invoice,
  item,
  NOTE,
  note,
  ORDER,
  order,
  orderInvoice,
  paid,
} from './scenes.js'

const contextOf = ({
  facts = [],
  books = testBooks(),
  instance = null,
}: Partial<Scene>): FolioContext => ({
  folio: folioOf(facts),
  folioId: FOLIO_ID,
  books,
  today: '2026-11-22',
  now: '2026-11-22T12:00:00.000Z',
  principal: 'tester',
  role: 'administrator',
  instance,
  other: null,
})
const closed = (actions: ReturnType<typeof orderActions>) =>
  Object.fromEntries(actions.map(({ command, refusal }) => [command, refusal?.code ?? null]))
const ofOrder = (scene: Partial<Scene>) => closed(orderActions(ORDER, contextOf(scene)))
const ofTask = (scene: Partial<Scene>, task = TASK) =>
  closed(syncTaskActions(task, contextOf(scene)))
/** Of an order that no store has. */
const NOT_AT_STORE = {
  'mark-order-paid': 'order_not_markable_as_paid',
  'set-force-refund': 'order_not_on_platform',
}
const ofNote = (scene: Partial<Scene>) => closed(creditNoteActions(NOTE, contextOf(scene)))

test('an order is invoiced, shipped and cancelled until that is done', () => {
  const placed = order([item('100')])
  expect(ofOrder(placed)).toEqual({
    'invoice-order': null,
    'plan-shipment': null,
    'cancel-order': null,
    ...NOT_AT_STORE,
  })
  expect(ofOrder(orderInvoice(placed))).toMatchObject({
    'invoice-order': 'nothing_left_to_invoice',
    'cancel-order': null,
  })
  expect(ofOrder(after(cancelOrder, { orderId: ORDER, reason: 'x' }, placed))).toEqual({
    'invoice-order': 'order_cancelled',
    'plan-shipment': 'order_cancelled',
    'cancel-order': 'order_cancelled',
    ...NOT_AT_STORE,
  })
})

test('an order beyond all limits cannot be invoiced, and still be cancelled', () => {
  const huge = item('999999999999', { quantity: '900' })
  const totals = { net: gbp('1.00'), tax: gbp('0.00'), gross: gbp('1.00') }
  expect(ofOrder(imported([huge, huge], { totals }))).toEqual({
    'invoice-order': 'amount_too_large',
    'plan-shipment': null,
    'cancel-order': null,
    'mark-order-paid': 'order_not_markable_as_paid',
    'set-force-refund': null,
  })
})

test('a credit note is edited while it is a draft, then refunded or voided', () => {
  const received = paid(invoice(), '120.00')
  const draft = after(
    draftCreditNote,
    { invoiceId: `${FOLIO_ID}-i1`, reason: 'Returned' },
    received,
  )
  expect(ofNote(draft)).toEqual({
    'edit-draft': null,
    'discard-draft': null,
    'post-credit-note': null,
    'refund-credit': 'document_not_posted',
    'refund-order-on-platform': 'document_not_posted',
    'void-credit-note': 'document_not_posted',
  })
  expect(ofNote(note(received))).toEqual({
    'edit-draft': 'document_not_draft',
    'discard-draft': 'document_not_draft',
    'post-credit-note': 'document_not_draft',
    'refund-credit': null,
    'refund-order-on-platform': 'credit_note_of_other_order',
    'void-credit-note': null,
  })
  expect(ofNote(received)).toMatchObject({
    'edit-draft': 'document_not_found',
    'discard-draft': 'document_not_found',
  })
})

test('a note of an order that a store has captured is given back there, once', () => {
  expect(ofNote(credited())).toMatchObject({ 'refund-order-on-platform': null })
  expect(ofNote(requested())).toMatchObject({
    'refund-order-on-platform': 'platform_refund_under_way',
    'refund-credit': 'nothing_left_to_refund',
    'void-credit-note': 'credit_note_in_use',
  })
  // The store is not connected any more.
  expect(ofNote({ ...credited(), instance: null })).toMatchObject({
    'refund-order-on-platform': 'instance_not_registered',
  })
})

test('an order that is paid here is marked as paid at its store, where that is wanted', () => {
  const awaiting = { paymentStatus: '', status: 'Awaiting Payment', gateway: 'bankdeposit' }
  const paidHere = after(
    registerPayment,
    { invoiceId: INVOICE, account: 'bank', amount: gbp('132.00') },
    invoiced(importedOrder(awaiting)),
  )
  const isOn = (markOrdersPaid: boolean) => ({ ...paidHere, instance: storeOf({ markOrdersPaid }) })
  expect(ofOrder(isOn(true))).toMatchObject({ 'mark-order-paid': null, 'set-force-refund': null })
  expect(ofOrder(isOn(false))).toMatchObject({ 'mark-order-paid': 'order_not_markable_as_paid' })
})

test('a task is taken up again, adopted or let go by a person once it has given up, and never before', () => {
  const waits = {
    'retry-sync': 'sync_task_not_waiting',
    'adopt-remote': 'sync_task_not_waiting',
    'dismiss-sync': 'sync_task_not_waiting',
  }
  expect(ofTask(requested())).toEqual(waits)
  expect(ofTask(started())).toEqual(waits)
  const answer = { taskId: TASK, attempt: 1, answer: 'failed', setback: 'uncertain' }
  const gaveUp = after(recordPlatformAnswer, answer, started())
  // Which of the store's refunds it is, the caller says.
  expect(ofTask(gaveUp)).toEqual({ 'retry-sync': null, 'adopt-remote': null, 'dismiss-sync': null })
  expect(ofTask(gaveUp, `${FOLIO_ID}-t7`)).toMatchObject({ 'retry-sync': 'sync_task_not_found' })
})

test('what was declined can only be let go', () => {
  const done = after(recordPlatformRefunds, { orderId: ORDER, refunds: [storeRefund()] }, started())
  const declined = storeRefund().payments.map((payment) => ({ ...payment, isDeclined: true }))
  const refunds = [storeRefund({ payments: declined })]
  expect(
    ofTask(after(recordPlatformRefunds, { orderId: ORDER, refunds }, done), `${FOLIO_ID}-t2`),
  ).toEqual({
    'retry-sync': 'sync_task_not_due',
    'adopt-remote': 'sync_task_not_due',
    'dismiss-sync': null,
  })
})
