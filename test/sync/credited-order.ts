/** Orders and notes of which no store has told the ledger. */
import type { Bench } from './bench.js'
import { gbp } from './shop.js'

/** 60.00, with no tax in it. */
export const GOODWILL = {
  ...{ kind: 'item', description: 'Towel', quantity: '1', unitPrice: '60' },
  tax: { code: 'none', ratePercent: '0' },
}
const PLACED = {
  ...{ number: 'H-1', placedOn: '2026-01-05', prices: 'tax_included', lines: [GOODWILL] },
  ...{ party: null, billTo: null, shipTo: null },
}

/** Placed or imported by hand, invoiced, paid in cash, credited in full. */
export async function creditedOrder(
  { client }: Bench,
  command: 'place-order' | 'import-order',
  order: object,
): Promise<Readonly<{ orderId: string; note: string }>> {
  const { orderId } = await client.must(command, { ...PLACED, ...order })
  const { invoiceId } = await client.must('invoice-order', { orderId })
  await client.must('post-invoice', { invoiceId })
  await client.must('register-payment', { invoiceId, account: 'cash', amount: gbp('60.00') })
  const { creditNoteId } = await client.must('draft-credit-note', { invoiceId, reason: 'Back' })
  await client.must('post-credit-note', { creditNoteId })
  return { orderId, note: creditNoteId }
}
