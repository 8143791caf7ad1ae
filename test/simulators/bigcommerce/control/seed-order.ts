import type { SeedOrder } from '../seed/seed-input.js'
import type { OrderTruth, SimulatorControl } from './control.js'

/** One order, as most tests want it. */
export async function seedOrder(
  { seedOrders }: SimulatorControl,
  { store, ...order }: SeedOrder & { store: string },
): Promise<OrderTruth> {
  const [seeded] = await seedOrders({ store, orders: [order] })
  if (seeded === undefined) throw new Error('No order was seeded.')
  return seeded
}
