/** A sale from its order to its refund, in one go. */
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import { credited, gbp, givenBack, invoiced, sell, settled, type Shop, TWO_PIECES } from './shop.js'

export type RefundCase = Readonly<{
  seed?: SeedOrder
  note?: Readonly<Record<string, unknown>>
  more?: Readonly<Record<string, unknown>>
  /** What was received here and not at the store. */
  received?: string
}>

/** Sold, invoiced, credited, given back; the task has come to its end. */
export async function refundedSale({
  at,
  seed,
  note: what = {},
  more,
  received,
}: RefundCase & Readonly<{ at: Shop }>) {
  const { bench } = at
  const sale = await invoiced(await sell(at, { ...TWO_PIECES, ...seed }))
  if (received !== undefined) {
    const amount = gbp(received)
    await bench.client.must('register-payment', {
      ...{ invoiceId: sale.invoiceId, account: 'cash', amount },
    })
  }
  const note = await credited(sale, what)
  const task = await settled(bench, await givenBack(bench, note, more))
  const { refunds } = await sale.truth()
  return { sale, note, task, refunds }
}
