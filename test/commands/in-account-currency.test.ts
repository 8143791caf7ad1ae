import { expect, test } from 'vitest'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { after, decide, folioOf } from '../support/decider-spec.js'
import { gbp, INVOICE, ORDER } from './scenes.js'
import { booksWithGateway, GATEWAY, importedOrder, invoiced, storeRefund } from './store-scenes.js'

test('a refund leaves no account of another currency, as no payment comes in over one', () => {
  const open = booksWithGateway()
  const gateway = { ...open.accounts.get(GATEWAY)!, currency: 'USD' }
  const books = { ...open, accounts: new Map(open.accounts).set(GATEWAY, gateway) }
  const scene = { ...invoiced(importedOrder()), books }
  const online = { gateway: 'stripe', transaction: 'ch_1' }
  const paid = { invoiceId: INVOICE, account: GATEWAY, amount: gbp('132.00'), online }
  expect(decide(registerPayment, paid, scene)).toMatchObject({
    refusal: { code: 'account_currency_differs' },
  })
  const byBank = after(
    registerPayment,
    { invoiceId: INVOICE, account: 'bank', amount: gbp('132.00') },
    scene,
  )
  const { facts } = after(
    recordPlatformRefunds,
    { orderId: ORDER, refunds: [storeRefund({ marker: null })] },
    byBank,
  )
  expect(folioOf(facts).platformRefunds.get('501')).toMatchObject({ held: 'no_account' })
})
