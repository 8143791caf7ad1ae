/** A store with one order, as most tests want it. */
import { afterEach } from 'vitest'
import { type Caller, checkedClient, plainClient } from './checked-client.js'
import type { OrderTruth } from './control/control.js'
import { seedOrder } from './control/seed-order.js'
import type { FaultInput, StoreInput } from './options.js'
import type { SeedOrder } from './seed/seed-input.js'
import { type Simulator, startSimulator } from './simulator.js'

const open: Simulator[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()))
})

export const CREDENTIALS = { store: 'abc', token: 'secret' }

export type Scene = Readonly<{
  simulator: Simulator
  order: OrderTruth
  /** Its id, and the paths below it. */
  id: number
  v2: string
  v3: string
  call: Caller
  /** Not held against the contract: for answers that are broken on purpose. */
  callPlainly: Caller
  truth(): Promise<OrderTruth>
}>

export async function scene(
  seeded: SeedOrder = {},
  settings: Partial<StoreInput> = {},
  faults: readonly FaultInput[] = [],
): Promise<Scene> {
  const store = { hash: CREDENTIALS.store, token: CREDENTIALS.token, quota: null, ...settings }
  const simulator = await startSimulator({ stores: [store] })
  open.push(simulator)
  const asked = { store: CREDENTIALS.store, createdAt: LONG_AGO, ...seeded }
  const order = await seedOrder(simulator.control, asked)
  await simulator.control.setFaults(faults)
  const { id } = order.base
  return {
    simulator,
    order,
    id,
    v2: `/v2/orders/${id}`,
    v3: `/v3/orders/${id}`,
    call: checkedClient(simulator.address, CREDENTIALS),
    callPlainly: plainClient(simulator.address, CREDENTIALS),
    truth: () => simulator.control.order({ store: CREDENTIALS.store, order: id }),
  }
}

export const LONG_AGO = '2026-01-05T10:00:00Z'

/** One of the first product, paid back by the gateway. */
export function refundOne({ order }: Pick<Scene, 'order'>, amount: number, reason = 'ref:one') {
  const [product] = order.base.products
  return {
    items: [{ item_type: 'PRODUCT', item_id: product?.id, quantity: 1, reason }],
    payments: [{ provider_id: 'braintree', amount, offline: false }],
  }
}
