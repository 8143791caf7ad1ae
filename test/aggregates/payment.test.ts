import { expect, test } from 'vitest'
import { paymentOf } from '../../src/aggregates/payment.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'

const { PaymentRegistered, CreditRefunded } = SAMPLE_FACTS

test('a payment knows its invoice and no credit', () => {
  const { paymentId, invoiceId, flow, account, heldIn, date, amount, matching, online } =
    PaymentRegistered.data
  expect(invoiceId).toBeDefined()
  expect(paymentOf(PaymentRegistered)).toMatchObject({
    ...{ paymentId, invoiceId, flow, account, heldIn, date, amount, matching },
    documentId: null,
    online: online ?? null,
  })
})

test('a payment that came through no gateway has no transaction', () => {
  const { online: _online, ...data } = PaymentRegistered.data
  expect(paymentOf({ ...PaymentRegistered, data })).toMatchObject({ online: null })
})

test('a refund knows its credit and no invoice', () => {
  const { paymentId, documentId, flow, account, heldIn, date, amount, matching } =
    CreditRefunded.data
  expect(documentId).toBeDefined()
  expect(paymentOf(CreditRefunded)).toMatchObject({
    ...{ paymentId, documentId, flow, account, heldIn, date, amount, matching },
    invoiceId: null,
    online: null,
  })
})
