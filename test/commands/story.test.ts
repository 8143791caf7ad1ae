import { expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { createTestLedger } from '../support/ledger.js'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })

test('an order is invoiced, paid, credited in part and refunded', async () => {
  const ledger = await createTestLedger()
  const { orderId } = await ledger.must(placeOrder, {
    number: '1001',
    placedOn: '2026-11-01',
    party: null,
    billTo: { name: 'Ada Lovelace', email: 'ada@example.com' },
    shipTo: null,
    prices: 'tax_excluded',
    lines: [
      {
        kind: 'item',
        sku: 'A',
        description: 'Goods',
        quantity: '2',
        unitPrice: '50',
        tax: { code: 'GB-20', ratePercent: '20' },
      },
      {
        kind: 'shipping',
        description: 'Post',
        quantity: '1',
        unitPrice: '12',
        tax: { code: 'zero', ratePercent: '0' },
      },
    ],
  })
  const { invoiceId } = await ledger.must(invoiceOrder, { orderId })
  const invoice = await ledger.must(postInvoice, { invoiceId })
  expect(invoice).toMatchObject({ number: 'INV/2026/00001', totals: { gross: gbp('132.00') } })
  await ledger.must(registerPayment, { invoiceId, account: 'bank', amount: gbp('132.00') })
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    invoiceId,
    reason: 'Returned',
    lines: [{ invoiceLine: 0, quantity: '1' }],
  })
  const note = await ledger.must(postCreditNote, { creditNoteId })
  expect(note).toMatchObject({ number: 'RINV/2026/00001', remaining: gbp('60.00') })
  const refund = await ledger.must(refundCredit, { documentId: creditNoteId })
  expect(refund).toEqual({
    status: 'refunded',
    approval: null,
    payment: {
      paymentId: expect.any(String) as string,
      number: 'PAY/2026/00002',
      amount: gbp('60.00'),
      account: 'bank',
      reference: 'REFUND-RINV/2026/00001',
    },
    document: {
      documentId: creditNoteId,
      remaining: gbp('0.00'),
      href: `/credit-notes/${creditNoteId}`,
    },
  })
  const again = await ledger.ask(refundCredit, { documentId: creditNoteId, amount: gbp('0.01') })
  expect(again).toEqual({
    outcome: 'refused',
    refusal: {
      code: 'refund_exceeds_remaining_credit',
      remaining: gbp('0.00'),
      requested: gbp('0.01'),
    },
  })
})
