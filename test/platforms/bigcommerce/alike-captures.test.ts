import { expect, test } from 'vitest'
import { Mending } from '../../../src/platforms/mended-text.js'
import { orderPayments } from '../../../src/platforms/bigcommerce/order-payments.js'

test('two captures that their gateway names alike are told apart', () => {
  const order = { default_currency_code: 'EUR', payment_status: 'captured' } as never
  const capture = (id: string, amount: string) => ({
    ...{ id, amount, event: 'capture', method: 'credit_card', gateway: 'stripe', currency: 'EUR' },
    ...{ gateway_transaction_id: 'ch_1', status: 'ok', test: false },
  })
  const transactions = [capture('16', '10.00'), capture('17', '15.00')]
  const names = (listed: typeof transactions) =>
    orderPayments({ order, transactions: listed }, new Mending()).map((one) => one.transaction)
  expect(names(transactions)).toEqual(['ch_1', '17'])
  expect(names(transactions.toReversed())).toEqual(['17', 'ch_1'])
})
