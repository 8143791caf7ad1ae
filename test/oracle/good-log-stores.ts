/** The third part of the good log: what is told to a store, and what it has made of it. */
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { approveRefund } from '../../commands/credit/approve-refund.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { registerInstance } from '../../commands/instance/register-instance.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { importOrder } from '../../commands/order/import-order.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { adoptRemote } from '../../commands/platform/adopt-remote.js'
import { dismissSync } from '../../commands/platform/dismiss-sync.js'
import { markOrderPaid } from '../../commands/platform/mark-order-paid.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { retrySync } from '../../commands/platform/retry-sync.js'
import { setForceRefund } from '../../commands/platform/set-force-refund.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import type { TestLedger } from '../support/ledger.js'
import { gbp, item, order } from './good-lines.js'

type More = Readonly<Record<string, unknown>>

export async function storeStories(ledger: TestLedger): Promise<void> {
  const instance = await connectedStore(ledger)
  const sale = (id: string, more: More = {}) => importedSale(ledger, instance, id, more)
  await refundedAfterUnknown(ledger, await credited(ledger, await sale('2001')))
  await recordedOnly(ledger, await credited(ledger, await sale('2002')))
  await declinedAsAWhole(ledger, await credited(ledger, await sale('2003')))
  await madeAtTheStore(ledger, await paidSale(ledger, await sale('2004')))
  await prepaidAndGivenBack(ledger, await sale('2005'))
  await adopted(ledger, await credited(ledger, await sale('2006')))
  await letGo(ledger, await credited(ledger, await sale('2007')))
  await approvedByAnother(ledger, await credited(ledger, await sale('2008')))
  await forced(ledger, await credited(ledger, await sale('2011')))
  const awaited = { paymentStatus: '', status: 'Awaiting Payment', gateway: 'bankdeposit' }
  await markedAsPaid(ledger, await sale('2009', awaited))
  await bouncedBefore(ledger, await sale('2010', awaited))
}

const CALLER = { principal: 'tester', correlation: 'test' }

async function connectedStore({ handler }: TestLedger): Promise<string> {
  const outcome = await handler.instance(
    registerInstance,
    {
      platform: 'bigcommerce',
      address: 'https://api.bigcommerce.com/stores/abc123',
      name: 'Shop',
      markOrdersPaid: true,
    },
    { ...CALLER, key: 'connect' },
  )
  if (outcome.outcome !== 'accepted') throw new Error('It is not connected')
  return outcome.answer.instance
}

/** Two pieces of 50.00, 20 % on top: 120.00. */
async function importedSale(
  ledger: TestLedger,
  instance: string,
  platformOrderId: string,
  more: More,
): Promise<string> {
  const { orderId } = await ledger.must(importOrder, {
    ...order([{ ...item('2', '50'), platformLine: '11' }]),
    ...{ instance, platformOrderId, number: platformOrderId, gateway: 'shop' },
    ...{ modifiedAt: '2026-11-21T00:00:00.000Z', status: 'Shipped', paymentStatus: 'captured' },
    ...more,
  })
  return orderId
}

type Sale = Readonly<{ orderId: string; invoiceId: string }>

async function invoicedSale(ledger: TestLedger, orderId: string): Promise<Sale> {
  const { invoiceId } = await ledger.must(invoiceOrder, { orderId })
  await ledger.must(postInvoice, { invoiceId })
  return { orderId, invoiceId }
}

async function paidSale(ledger: TestLedger, orderId: string): Promise<Sale> {
  const sale = await invoicedSale(ledger, orderId)
  await ledger.must(registerPayment, {
    ...{ invoiceId: sale.invoiceId, account: 'gateway-shop', amount: gbp('120.00') },
    online: { gateway: 'shop', transaction: `t-${orderId}` },
  })
  return sale
}

type Credited = Sale & Readonly<{ creditNoteId: string }>

/** A note over one of the two pieces: 60.00. */
async function credited(ledger: TestLedger, orderId: string): Promise<Credited> {
  const sale = await paidSale(ledger, orderId)
  const lines = [{ invoiceLine: 0, quantity: '1' }]
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    ...{ invoiceId: sale.invoiceId, reason: 'Came back', lines },
  })
  await ledger.must(postCreditNote, { creditNoteId })
  return { ...sale, creditNoteId }
}

async function requested(ledger: TestLedger, { creditNoteId }: Credited): Promise<string> {
  const asked = { creditNoteId, description: 'Came back' }
  const { task } = await ledger.must(refundOrderOnPlatform, asked)
  return task?.taskId ?? ''
}

const payment = (amount: string, more: More = {}) => ({
  ...{ provider: 'shop', amount: gbp(amount), isOffline: false },
  ...more,
})
const made = (amount: string, more: More = {}) => ({ ...payment(amount, more), isDeclined: false })
const ONCE = [payment('60.00')]

async function started(ledger: TestLedger, taskId: string, sending: unknown = refund()) {
  const shutUntil = `${ledger.clock.day}T10:02:32.000Z`
  const { attempt } = await ledger.must(startAttempt, { taskId, sending, shutUntil })
  return attempt
}

const refund = (payments: readonly unknown[] = ONCE) => ({
  ...{ kind: 'refund', payments, override: null },
})

async function failed(
  ledger: TestLedger,
  taskId: string,
  attempt: number | null,
  setback: string,
  more: More = {},
): Promise<void> {
  const answer = { taskId, attempt, answer: 'failed', setback, ...more }
  await ledger.must(recordPlatformAnswer, answer)
}

const storeRefund = (id: string, marker: string | null, payments: readonly unknown[]) => ({
  platformRefundId: id,
  createdAt: '2026-11-22T09:59:00.000Z',
  createdOn: '2026-11-22',
  amount: gbp('60.00'),
  tax: gbp('10.00'),
  payments,
  marker,
  items: [{ kind: 'item', platformLine: '11', quantity: 1, amount: null }],
  declinedMessage: '',
})

async function answered(
  ledger: TestLedger,
  taskId: string,
  attempt: number,
  refunded: unknown,
): Promise<void> {
  const answer = { taskId, attempt, answer: 'refunded', refund: refunded, foundBy: 'answer' }
  await ledger.must(recordPlatformAnswer, answer)
}

/** The store asks for patience, then does not answer; another day it has nothing of it, and then does it, in a split. */
async function refundedAfterUnknown(ledger: TestLedger, note: Credited): Promise<void> {
  const task = await requested(ledger, note)
  await failed(ledger, task, await started(ledger, task), 'limited')
  const lost = await started(ledger, task)
  await failed(ledger, task, lost, 'unknown')
  ledger.clock.day = '2026-11-23'
  await failed(ledger, task, lost, 'not_found')
  const payments = [made('40.00'), made('20.00', { provider: 'storecredit' })]
  const attempt = await started(ledger, task, refund([payment('60.00')]))
  await answered(ledger, task, attempt, storeRefund('501', task, payments))
  const [online, asCredit] = payments
  const declined = [{ ...online, isDeclined: true }, asCredit]
  const refunds = [storeRefund('501', task, declined)]
  await ledger.must(recordPlatformRefunds, { orderId: note.orderId, refunds })
}

async function recordedOnly(ledger: TestLedger, note: Credited): Promise<void> {
  await ledger.must(refundCredit, { documentId: note.creditNoteId, account: 'cash' })
  const task = await requested(ledger, note)
  const custom = { provider: 'custom', isOffline: true }
  const attempt = await started(ledger, task, refund([payment('60.00', custom)]))
  await answered(ledger, task, attempt, storeRefund('502', task, [made('60.00', custom)]))
}

async function declinedAsAWhole(ledger: TestLedger, note: Credited): Promise<void> {
  const task = await requested(ledger, note)
  const attempt = await started(ledger, task)
  await answered(ledger, task, attempt, storeRefund('503', task, [made('60.00')]))
  const declined = storeRefund('503', task, [{ ...made('60.00'), isDeclined: true }])
  await ledger.must(recordPlatformRefunds, { orderId: note.orderId, refunds: [declined] })
  await ledger.must(refundCredit, { documentId: note.creditNoteId, account: 'cash' })
}

/** Two at once, one of them offline: a note is made over each. */
async function madeAtTheStore(ledger: TestLedger, { orderId }: Sale): Promise<void> {
  const custom = [made('60.00', { provider: 'custom', isOffline: true })]
  const refunds = [storeRefund('504', null, [made('60.00')]), storeRefund('505', null, custom)]
  await ledger.must(recordPlatformRefunds, { orderId, refunds })
}

/** Out of a deposit, with its tax, in two parts. */
async function prepaidAndGivenBack(ledger: TestLedger, orderId: string): Promise<void> {
  await ledger.must(registerPayment, {
    ...{ orderId, account: 'gateway-shop', amount: gbp('120.00') },
    online: { gateway: 'shop', transaction: 't-2005' },
  })
  for (const id of ['506', '507']) {
    const refunds = [storeRefund(id, null, [made('60.00')])]
    await ledger.must(recordPlatformRefunds, { orderId, refunds })
  }
}

/** What the store has is not quite what was asked for: a person says that it is. Then more is made there. */
async function adopted(ledger: TestLedger, note: Credited): Promise<void> {
  const { orderId } = note
  const task = await requested(ledger, note)
  await started(ledger, task)
  const odd = { ...storeRefund('508', task, [made('60.00')]), items: [] }
  await ledger.must(recordPlatformRefunds, { orderId, refunds: [odd] })
  await ledger.must(adoptRemote, { taskId: task, remoteId: '508', reason: 'It is that' })
  const refunds = [storeRefund('509', null, [made('60.00')])]
  await ledger.must(recordPlatformRefunds, { orderId, refunds: [odd, ...refunds] })
}

/** All of the order was given back at the store, and nobody knows for what; the note is, all the same. */
async function forced(ledger: TestLedger, note: Credited): Promise<void> {
  const { orderId } = note
  const whole = { ...storeRefund('510', null, [made('120.00')]), amount: gbp('120.00') }
  await ledger.must(recordPlatformRefunds, { orderId, refunds: [whole] })
  await ledger.must(setForceRefund, { orderId, forceRefund: true, reason: 'It was for others' })
  const task = await requested(ledger, note)
  await failed(ledger, task, await started(ledger, task), 'refused', { status: 422 })
  await ledger.must(setForceRefund, { orderId, forceRefund: false, reason: 'The store says no' })
}

/** Given up, taken up, and let go. */
async function letGo(ledger: TestLedger, note: Credited): Promise<void> {
  const task = await requested(ledger, note)
  await failed(ledger, task, await started(ledger, task), 'not_authorised')
  await ledger.must(retrySync, { taskId: task, reason: 'A new token' })
  await failed(ledger, task, null, 'not_authorised')
  await ledger.must(dismissSync, { taskId: task, reason: 'Paid in cash' })
  await ledger.must(refundCredit, { documentId: note.creditNoteId, account: 'cash' })
}

async function approvedByAnother(ledger: TestLedger, { creditNoteId }: Credited): Promise<void> {
  const asked = { creditNoteId, description: 'Came back' }
  const { approval } = await ledger.must(refundOrderOnPlatform, asked, {
    ...{ principal: 'ann', role: 'operator' },
  })
  const approvalId = approval?.approvalId
  const { task } = await ledger.must(approveRefund, { approvalId }, { principal: 'ben' })
  const taskId = task?.taskId ?? ''
  await failed(ledger, taskId, await started(ledger, taskId), 'refused', { status: 422 })
}

/** What completes the order asks for it; the first way is not offered, the second works. */
async function markedAsPaid(ledger: TestLedger, orderId: string): Promise<void> {
  const { invoiceId } = await invoicedSale(ledger, orderId)
  const paid = { invoiceId, account: 'bank', amount: gbp('120.00') }
  await ledger.must(registerPayment, paid)
  const taskId = `${orderId.slice(0, -1 * 'o1'.length)}t1`
  const record = { kind: 'capture_record', amount: gbp('120.00') }
  await failed(ledger, taskId, await started(ledger, taskId, record), 'not_offered')
  const attempt = await started(ledger, taskId, { kind: 'payment_confirmation' })
  await ledger.must(recordPlatformAnswer, {
    ...{ taskId, attempt, answer: 'captured', way: 'payment_confirmation', transaction: null },
    ...{ amount: gbp('120.00'), paymentStatus: 'captured', foundBy: 'answer' },
  })
}

/** Its ground goes before anything was sent, and comes back. */
async function bouncedBefore(ledger: TestLedger, orderId: string): Promise<void> {
  const { invoiceId } = await invoicedSale(ledger, orderId)
  const paid = { invoiceId, account: 'bank', amount: gbp('120.00') }
  const { paymentId } = await ledger.must(registerPayment, paid)
  await ledger.must(reversePayment, { paymentId, reason: 'It bounced' })
  const second = await ledger.must(registerPayment, paid)
  const outcome = await ledger.ask(markOrderPaid, { orderId })
  if (outcome.outcome !== 'refused') throw new Error('It was asked for already')
  await ledger.must(reversePayment, { paymentId: second.paymentId, reason: 'Again' })
}
