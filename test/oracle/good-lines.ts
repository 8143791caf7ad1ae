/** What the documents of the good log are made of. */
export const CUSTOMER = '3f0c2a58-5a4f-4c1e-9d6e-0d7c1f6f2b11'

export const gbp = (amount: string) => ({ amount, currency: 'GBP' })

export const item = (quantity: string, unitPrice: string, ratePercent = '20') => ({
  kind: 'item',
  description: 'Goods',
  quantity,
  unitPrice,
  tax: { code: ratePercent === '0' ? 'Z' : 'S', ratePercent },
})

export function order(lines: readonly unknown[]) {
  const placedOn = '2026-11-01'
  return {
    number: '1001',
    placedOn,
    party: CUSTOMER,
    billTo: null,
    shipTo: null,
    prices: 'tax_excluded',
    lines,
  }
}
