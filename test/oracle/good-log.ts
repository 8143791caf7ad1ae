/** A small log with a case of everything the oracle judges; nothing in it is wrong. */
import { openAccount } from '../../commands/books/open-account.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import type { StoredEvent } from '../../src/event-store/event-store.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { CUSTOMER, gbp, item, order } from './good-lines.js'
import { creditStories } from './good-log-credits.js'
import { storeStories } from './good-log-stores.js'

const SUPPLIER = '8b1f7f3e-9a57-4f2b-8a11-5c1f2e3d4b5a'

export type GoodLog = Readonly<{ events: readonly LedgerEvent[]; stored: readonly StoredEvent[] }>

export async function goodLog(): Promise<GoodLog> {
  const ledger = await createTestLedger()
  await ledger.askBooks(openAccount, { account: 'gateway-shop', name: 'Shop', type: 'gateway' })
  await paidTooMuchAndCreditedInPart(ledger)
  await creditedInFullBeforePaid(ledger)
  await paidOnline(ledger)
  await billUnderReverseCharge(ledger)
  await adHocNote(ledger)
  await cancelledOrder(ledger)
  await creditStories(ledger)
  await storeStories(ledger)
  await ledger.handler.close()
  const stored = await ledger.store.readAll({ after: null, limit: 10_000 })
  return { events: await ledger.log.open(stored), stored }
}

async function paidTooMuchAndCreditedInPart(ledger: TestLedger): Promise<void> {
  const { orderId } = await ledger.must(
    placeOrder,
    order([item('3', '33.33'), item('1', '12', '0')]),
  )
  const { invoiceId } = await ledger.must(invoiceOrder, { orderId })
  await ledger.must(postInvoice, { invoiceId })
  const { paymentId, overpayment } = await ledger.must(registerPayment, {
    invoiceId,
    account: 'bank',
    amount: gbp('150.00'),
  })
  await ledger.must(reconcilePayment, { paymentId, charges: gbp('1.00') })
  const lines = [{ invoiceLine: 0, quantity: '1' }]
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    invoiceId,
    reason: 'Returned',
    lines,
  })
  await ledger.must(postCreditNote, { creditNoteId })
  await ledger.must(refundCredit, { documentId: creditNoteId, amount: gbp('10.00') })
  await ledger.must(refundCredit, { documentId: overpayment?.documentId, account: 'cash' })
}

async function creditedInFullBeforePaid(ledger: TestLedger): Promise<void> {
  const lines = [item('3', '1.11'), item('1', '7.77', '5')]
  const { invoiceId } = await ledger.must(draftInvoice, {
    party: CUSTOMER,
    lines,
    prices: 'tax_included',
  })
  await ledger.must(postInvoice, { invoiceId })
  const first = await ledger.must(draftCreditNote, {
    invoiceId,
    reason: 'Returned',
    lines: [{ invoiceLine: 0, quantity: '1' }],
  })
  await ledger.must(postCreditNote, { creditNoteId: first.creditNoteId })
  const rest = await ledger.must(draftCreditNote, { invoiceId, reason: 'The rest' })
  await ledger.must(postCreditNote, { creditNoteId: rest.creditNoteId })
}

async function paidOnline(ledger: TestLedger): Promise<void> {
  const { invoiceId } = await ledger.must(draftInvoice, {
    party: CUSTOMER,
    lines: [item('1', '10')],
  })
  await ledger.must(postInvoice, { invoiceId })
  await ledger.must(registerPayment, {
    invoiceId,
    account: 'gateway-shop',
    amount: gbp('5.00'),
    online: { gateway: 'shop', transaction: 't-1' },
  })
}

async function billUnderReverseCharge(ledger: TestLedger): Promise<void> {
  const tax = { code: 'RC', ratePercent: '19', reverseCharge: true }
  const { invoiceId } = await ledger.must(draftInvoice, {
    direction: 'in',
    party: SUPPLIER,
    supplierReference: 'B-1',
    lines: [{ ...item('2', '9.99'), tax }, item('1', '5')],
  })
  await ledger.must(postInvoice, { invoiceId })
  await ledger.must(registerPayment, { invoiceId, account: 'cheques', amount: gbp('20.00') })
  const lines = [{ invoiceLine: 0, quantity: '1' }]
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    invoiceId,
    reason: 'Returned',
    lines,
  })
  await ledger.must(postCreditNote, { creditNoteId })
  await ledger.must(refundCredit, { documentId: creditNoteId, account: 'cash' })
}

async function adHocNote(ledger: TestLedger): Promise<void> {
  const lines = [item('1', '8')]
  const { creditNoteId } = await ledger.must(draftCreditNote, { lines, reason: 'Goodwill' })
  await ledger.must(postCreditNote, { creditNoteId })
  await ledger.must(refundCredit, {
    documentId: creditNoteId,
    account: 'bank',
    amount: gbp('2.00'),
  })
}

async function cancelledOrder(ledger: TestLedger): Promise<void> {
  const { orderId } = await ledger.must(placeOrder, order([item('1', '3')]))
  await ledger.must(invoiceOrder, { orderId })
  await ledger.must(cancelOrder, { orderId, reason: 'Changed their mind' })
}
