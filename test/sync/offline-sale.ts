/** Sales whose money comes by itself, past the store: bank deposit, 60.00. */
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import type { Json } from '../support/served-ledger.js'
import { gbp, invoiced, type Sale, sell, type Shop } from './shop.js'

export const BY_DEPOSIT = {
  ...{ products: [{ price: '60.00' }], shipping: '0' },
  payment: { gateway: 'bankdeposit', method: 'Bank Deposit', status: '' },
} as const satisfies SeedOrder

const OF_DEPOSIT = {
  paymentMethod: 'Bank Deposit',
  when: 'ordered',
  capturesItself: false,
} as const
export const DEPOSIT = { ...OF_DEPOSIT, until: 'order' } as const
export const OF_CARD = {
  ...{ paymentMethod: '*', until: 'order', when: 'ordered', capturesItself: true },
} as const
/** Marks orders as paid, by itself where it can. */
export const MARKS_PAID = { markOrdersPaid: true, workflows: [DEPOSIT, OF_CARD] } as const

/** Invoiced, and not paid. */
export async function offlineSale(shop: Shop, seed: SeedOrder = {}): Promise<Sale> {
  return invoiced(await sell(shop, { ...BY_DEPOSIT, ...seed }))
}

export function pay({ shop, invoiceId }: Sale, amount = '60.00'): Promise<Json> {
  const payment = { invoiceId, account: 'cash', amount: gbp(amount) }
  return shop.bench.client.must('register-payment', payment)
}

/** The captures that the store has of it, by hand or through a gateway. */
export async function capturesOf({ truth }: Sale) {
  const { transactions } = await truth()
  return transactions.filter(({ event }) => event === 'capture' || event === 'purchase')
}
