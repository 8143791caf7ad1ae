/** The second half of the good log: what issue 5 brought, a case of each. */
import { closePeriod } from '../../commands/books/close-period.js'
import { configureBooks } from '../../commands/books/configure-books.js'
import { postOpeningBalances } from '../../commands/books/post-opening-balances.js'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { approveRefund } from '../../commands/credit/approve-refund.js'
import { declineRefund } from '../../commands/credit/decline-refund.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { addTracking } from '../../commands/shipment/add-tracking.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import type { TestLedger } from '../support/ledger.js'
import { CUSTOMER, gbp, item, order } from './good-lines.js'

export async function creditStories(ledger: TestLedger): Promise<void> {
  await ledger.askBooks(configureBooks, {
    discounts: 'gross',
    depositTax: { code: 'S', ratePercent: '20' },
    refundThresholds: [{ role: 'operator', threshold: gbp('10.00') }],
  })
  await depositDrawnAndRefunded(ledger)
  await dollarsAtTwoRates(ledger)
  await creditedByAmount(ledger)
  await allocatedAcrossFolios(ledger)
  await bouncedAndVoided(ledger)
  await foundAtCutOver(ledger)
  await fourEyes(ledger)
  await shippedInParts(ledger)
  await giftSoldAndSpent(ledger)
  await capturedInClosedPeriod(ledger)
}

async function posted(
  ledger: TestLedger,
  input: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { invoiceId } = await ledger.must(draftInvoice, { party: CUSTOMER, ...input })
  await ledger.must(postInvoice, { invoiceId })
  return invoiceId
}

async function noted(
  ledger: TestLedger,
  input: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { creditNoteId } = await ledger.must(draftCreditNote, { reason: 'Returned', ...input })
  await ledger.must(postCreditNote, { creditNoteId })
  return creditNoteId
}

async function depositDrawnAndRefunded(ledger: TestLedger): Promise<void> {
  const { orderId } = await ledger.must(
    placeOrder,
    order([{ ...item('1', '30'), discount: gbp('2.50') }]),
  )
  const paid = { orderId, account: 'bank', amount: gbp('50.00') }
  const { prepayment } = await ledger.must(registerPayment, paid)
  const { invoiceId } = await ledger.must(invoiceOrder, { orderId })
  await ledger.must(postInvoice, { invoiceId })
  const documentId = prepayment?.documentId
  await ledger.must(refundCredit, { documentId, amount: gbp('4.00'), account: 'cash' })
  await ledger.must(refundCredit, { documentId, account: 'bank' })
}

async function dollarsAtTwoRates(ledger: TestLedger): Promise<void> {
  const usd = (amount: string) => ({ amount, currency: 'USD' })
  const invoiceId = await posted(ledger, {
    ...{ lines: [item('1', '100', '0'), item('1', '33.33')] },
    ...{ currency: 'USD', exchangeRate: '0.9' },
  })
  const paid = { invoiceId, account: 'bank', exchangeRate: '0.92' }
  await ledger.must(registerPayment, { ...paid, amount: usd('50.00') })
  await ledger.must(registerPayment, { ...paid, amount: usd('90.00') })
  await noted(ledger, { invoiceId, lines: [{ invoiceLine: 1, quantity: '1' }] })
}

async function creditedByAmount(ledger: TestLedger): Promise<void> {
  const lines = [item('3', '33.33'), item('1', '7.77', '5')]
  const invoiceId = await posted(ledger, { lines })
  await noted(ledger, { invoiceId, amount: gbp('10.01') })
  await noted(ledger, { invoiceId })
}

async function allocatedAcrossFolios(ledger: TestLedger): Promise<void> {
  const invoiceId = await posted(ledger, { lines: [item('1', '40')] })
  const documentId = await noted(ledger, { party: CUSTOMER, lines: [item('1', '8')] })
  const { allocation } = await ledger.must(allocateCredit, {
    documentId,
    invoiceId,
    amount: gbp('5.00'),
  })
  const { allocationId } = allocation
  await ledger.must(releaseCredit, { invoiceId, allocationId, reason: 'The wrong one' })
  await ledger.must(allocateCredit, { documentId, invoiceId })
}

async function bouncedAndVoided(ledger: TestLedger): Promise<void> {
  const invoiceId = await posted(ledger, { lines: [item('1', '20')] })
  const { paymentId } = await ledger.must(registerPayment, {
    ...{ invoiceId, account: 'bank', amount: gbp('30.00') },
  })
  const creditNoteId = await noted(ledger, { invoiceId, amount: gbp('6.00') })
  await ledger.must(reversePayment, { paymentId, reason: 'It bounced' })
  await ledger.must(voidCreditNote, { creditNoteId, reason: 'Made in error' })
}

async function foundAtCutOver(ledger: TestLedger): Promise<void> {
  const common = { party: CUSTOMER, documentDate: '2026-10-01' }
  await ledger.must(postOpeningBalances, {
    date: '2026-11-01',
    items: [
      { ...common, kind: 'invoice', number: 'OLD-1', amount: gbp('70.00') },
      { ...common, kind: 'prepayment', number: 'OLD-2', amount: gbp('15.00') },
    ],
    accounts: [{ account: 'cash', side: 'debit', amount: gbp('12.00') }],
  })
}

async function fourEyes(ledger: TestLedger): Promise<void> {
  const documentId = await noted(ledger, { lines: [item('1', '100')] })
  const asks = { principal: 'ann', role: 'operator' }
  const asked = { documentId, account: 'bank', amount: gbp('20.00') }
  for (const decide of [approveRefund, declineRefund]) {
    const { approval } = await ledger.must(refundCredit, asked, asks)
    const approvalId = approval?.approvalId
    const reason = decide.name === declineRefund.name ? { reason: 'Not now' } : {}
    await ledger.ask(
      decide as typeof declineRefund,
      { approvalId, ...reason },
      { principal: 'ben' },
    )
  }
}

async function shippedInParts(ledger: TestLedger): Promise<void> {
  const { orderId } = await ledger.must(placeOrder, order([item('3', '5')]))
  const { shipmentId } = await ledger.must(planShipment, { orderId })
  const lines = [{ line: 0, quantity: '2' }]
  const { rest } = await ledger.must(validateDelivery, { shipmentId, lines })
  await ledger.must(validateDelivery, { shipmentId: rest })
  await ledger.must(addTracking, { shipmentId, track: { number: 'T-1' } })
}

async function giftSoldAndSpent(ledger: TestLedger): Promise<void> {
  const certificate = { ...item('1', '25', '0'), kind: 'gift_certificate' }
  const sold = await posted(ledger, { lines: [certificate] })
  await ledger.must(registerPayment, { invoiceId: sold, account: 'cash', amount: gbp('25.00') })
  const invoiceId = await posted(ledger, { lines: [item('1', '10')] })
  await ledger.must(registerPayment, { invoiceId, account: 'store-credit', amount: gbp('9.00') })
}

async function capturedInClosedPeriod(ledger: TestLedger): Promise<void> {
  const invoiceId = await posted(ledger, { lines: [item('1', '10')] })
  await ledger.askBooks(closePeriod, { through: '2026-11-20' })
  await ledger.must(registerPayment, {
    ...{ invoiceId, account: 'gateway-shop', amount: gbp('3.00'), date: '2026-11-19' },
    online: { gateway: 'shop', transaction: 't-9' },
  })
}
