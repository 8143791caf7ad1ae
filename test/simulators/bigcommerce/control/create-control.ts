/** The control, where the stores are. */
import { randomUUID } from 'node:crypto'
import { type Fault, faultSchema, storeSettingsSchema } from '../options.js'
import type { CallRecord } from '../record/record.js'
import { makeRefund } from '../refunds/make-refund.js'
import { seedOrders } from '../seed/seed-order.js'
import type { Engine } from '../state/engine.js'
import { declineEffects } from '../state/later.js'
import type { Order } from '../state/order.js'
import { faceOf } from '../state/views.js'
import { orderOf, type SetFault, type Store, storeOf } from '../state/world.js'
import type { OrderChange, OrderTruth, SimulatorControl } from './control.js'
import { summaryOf } from './summary.js'

export function createControl(engine: Engine, record: CallRecord): SimulatorControl {
  const { world, commit } = engine
  const set = async (faults: readonly SetFault[]): Promise<null> => {
    await commit([{ type: 'faults_set', faults }])
    return null
  }
  return {
    async setStore(asked) {
      const known = world.stores.get(asked.hash)?.settings
      const settings = storeSettingsSchema.parse({ ...known, ...asked })
      await commit([{ type: 'store_set', store: asked.hash, settings }])
      return null
    },
    async seedOrders({ store: hash, orders }) {
      const store = storeOf(world, hash)
      const nowMs = Date.now()
      const made = seedOrders(store, orders, nowMs)
      await commit([{ type: 'orders_seeded', store: hash, atMs: nowMs, orders: made }])
      return made.map(({ base }) => truthOf(orderOf(store, base.id)))
    },
    changeOrder: (asked) => changeOrder(engine, asked),
    async refundAtStore({ store: hash, order: id, request }) {
      const store = storeOf(world, hash)
      const nowMs = Date.now()
      const options = { nowMs, visibleAtMs: nowMs, declineAtMs: null, checksLimits: true }
      const made = makeRefund(request, store, orderOf(store, id), options)
      if ('refused' in made) throw new Error(made.refused)
      await commit(made.effects)
      return made.refund
    },
    async declineRefund({ store: hash, order, refund, message = 'Declined.' }) {
      const store = storeOf(world, hash)
      await commit(declineEffects(store, { order, refund, message }, Date.now()))
      return truthOf(orderOf(store, order))
    },
    setFaults: (faults) => set(faults.map((fault) => setFault(faultSchema.parse(fault)))),
    addFault: (fault) => set([...world.faults.set, setFault(faultSchema.parse(fault))]),
    async faults() {
      const faults = world.faults.set.map((fault) => ({ ...fault }))
      await engine.settled(null, null)
      return faults
    },
    order: ({ store, order }) => Promise.resolve(truthOf(orderOf(storeOf(world, store), order))),
    orders: ({ store }) => Promise.resolve([...storeOf(world, store).orders.values()].map(truthOf)),
    refundsByMarker: ({ store }) => Promise.resolve(refundsByMarker(storeOf(world, store))),
    transactionsByReference: ({ store }) =>
      Promise.resolve(transactionsByReference(storeOf(world, store))),
    summary: ({ store }) => Promise.resolve(summaryOf(record, store)),
    requests: ({ store, order, class: of }) =>
      Promise.resolve(
        record.requests.filter(
          (request) =>
            request.store === store &&
            (order === undefined || request.order === order) &&
            (of === undefined || request.class === of),
        ),
      ),
    hooks: ({ store: hash }) => {
      const { hooks, notices, attempts } = storeOf(world, hash)
      return Promise.resolve({ hooks: [...hooks.values()], waiting: notices.size, attempts })
    },
  }
}

async function changeOrder({ world, commit }: Engine, asked: OrderChange): Promise<OrderTruth> {
  const store = storeOf(world, asked.store)
  const order = orderOf(store, asked.order)
  const nowMs = Date.now()
  const before = faceOf(order)
  const shipment =
    asked.ship === undefined ? undefined : shipmentOf(store, order, asked.ship, nowMs)
  const face = {
    ...before,
    statusId: asked.statusId ?? before.statusId,
    paymentStatus: asked.paymentStatus ?? before.paymentStatus,
    staffNotes: asked.staffNotes ?? before.staffNotes,
    isDeleted: asked.isDeleted ?? before.isDeleted,
    shippedAtMs: shipment === undefined ? before.shippedAtMs : nowMs,
    modifiedAtMs: nowMs,
  }
  const place = { store: asked.store, order: asked.order, atMs: nowMs, visibleAtMs: nowMs }
  const shipped = shipment === undefined ? {} : { shipment }
  await commit([{ type: 'order_changed', ...place, face, ...shipped }])
  return truthOf(order)
}

function shipmentOf(
  store: Store,
  { base }: Order,
  { product, quantity, trackingNumber }: NonNullable<OrderChange['ship']>,
  nowMs: number,
) {
  const line = base.products.find(({ id }) => id === product)
  if (line === undefined) throw new Error(`Order ${base.id} has no product ${product}.`)
  return {
    id: store.next.shipment,
    addressId: line.addressId,
    createdAtMs: nowMs,
    trackingNumber,
    provider: '',
    method: 'Flat rate',
    items: [{ product, quantity }],
  }
}

function setFault(fault: Fault): SetFault {
  return { ...fault, id: fault.id ?? randomUUID(), left: fault.times ?? null }
}

function truthOf(order: Order): OrderTruth {
  const { base, refunds, transactions, shipments } = order
  return { base, face: faceOf(order), refunds, transactions, shipments }
}

function refundsByMarker({ orders, settings }: Store): Record<string, number[]> {
  const pattern = new RegExp(settings.markerPattern, 'g')
  const refunds = [...orders.values()].flatMap((order) => order.refunds)
  return grouped(
    refunds.flatMap(({ id, items }) => {
      const reasons = items.map(({ reason }) => reason).join('\n')
      return [...new Set(reasons.match(pattern) ?? [])].map((marker) => [marker, id] as const)
    }),
  )
}

function transactionsByReference({ orders }: Store): Record<string, number[]> {
  const rows = [...orders.values()].flatMap(({ transactions }) => transactions)
  return grouped(rows.map(({ id, gatewayTransactionId }) => [gatewayTransactionId, id] as const))
}

function grouped(pairs: readonly (readonly [string, number])[]): Record<string, number[]> {
  const groups: Record<string, number[]> = {}
  for (const [key, id] of pairs) (groups[key] ??= []).push(id)
  return groups
}
