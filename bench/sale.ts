/** The sale that the command rows make over and over: an invoice drafted, posted under its number, and paid. */
import { randomUUID } from 'node:crypto'

/** Commands of one sale. Two of the three take a number, two write personal fields. */
export const SALE_COMMANDS = 3

/** A customer buys so many times in a row: a new one costs a key of its own. */
const SALES_PER_CUSTOMER = 5

const LINE = {
  kind: 'item',
  sku: '85123A',
  description: 'WHITE HANGING HEART T-LIGHT HOLDER',
  quantity: '6',
  unitPrice: '2.55',
  tax: { code: 'GB-20', ratePercent: '20' },
} as const

export const SALE_TOTAL = { amount: '18.36', currency: 'GBP' } as const
export const SALE_NET = { amount: '15.30', currency: 'GBP' } as const
export const SALE_TAX = { amount: '3.06', currency: 'GBP' } as const

/** What `draft-invoice` takes. */
export function invoiceToDraft(party: string) {
  return {
    party,
    billTo: {
      name: 'Ada Byron',
      address: '12 St James Square, London SW1Y 4JH',
      email: 'ada.byron@example.com',
      country: 'GB',
    },
    lines: [LINE],
  }
}

/** What `register-payment` takes. */
export function paymentFor(invoiceId: string) {
  return { invoiceId, account: 'bank', amount: SALE_TOTAL, reference: 'Bank transfer' }
}

/** Customers in the order they buy. */
export function customers(): () => string {
  let sales = 0
  let party = randomUUID()
  return () => {
    if (sales % SALES_PER_CUSTOMER === 0) party = randomUUID()
    sales += 1
    return party
  }
}
