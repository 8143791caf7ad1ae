/** The stores and all that happened in them, as it truly is. Only {@link apply} changes it. */
import type { Fault, StoreSettings } from '../options.js'
import type { Effect, Later, OrderEffect, SeededOrder } from './effects.js'
import type { Attempt, Hook, Notice } from './hook.js'
import type { Order } from './order.js'

export type Store = {
  settings: StoreSettings
  readonly orders: Map<number, Order>
  /** The order of each refund. */
  readonly refundOrder: Map<number, number>
  readonly hooks: Map<number, Hook>
  /** Still to be delivered. */
  readonly notices: Map<string, Notice>
  readonly attempts: Attempt[]
  readonly later: Map<string, Later>
  readonly next: Record<keyof typeof FIRST_IDS, number>
}

export type SetFault = Fault & { readonly id: string; left: number | null }

export type World = Readonly<{ stores: Map<string, Store>; faults: { set: SetFault[] } }>

/** Far apart, so that an id of one kind taken for another finds nothing. */
const FIRST_IDS = {
  order: 101,
  product: 20_001,
  address: 5_001,
  fee: 701,
  shipment: 301,
  refund: 1,
  refundPayment: 40_001,
  transaction: 60_001,
  hook: 20_000_001,
}

export function emptyWorld(): World {
  return { stores: new Map(), faults: { set: [] } }
}

export function storeOf(world: World, hash: string): Store {
  const store = world.stores.get(hash)
  if (store === undefined) throw new Error(`There is no store ${hash}.`)
  return store
}

export function orderOf(store: Store, id: number): Order {
  const order = store.orders.get(id)
  if (order === undefined) throw new Error(`${store.settings.hash} has no order ${id}.`)
  return order
}

/** Brings an effect into the world, when it happens and again when the journal is read. */
export function apply(world: World, effect: Effect): void {
  switch (effect.type) {
    case 'started':
      return
    case 'store_set':
      setStore(world, effect.settings)
      return
    case 'orders_seeded':
      for (const order of effect.orders) seed(storeOf(world, effect.store), order)
      return
    case 'hook_set':
      storeOf(world, effect.store).hooks.set(effect.hook.id, effect.hook)
      storeOf(world, effect.store).next.hook = Math.max(
        storeOf(world, effect.store).next.hook,
        effect.hook.id + 1,
      )
      return
    case 'hook_deleted':
      storeOf(world, effect.store).hooks.delete(effect.hook)
      return
    case 'notice_due':
      storeOf(world, effect.store).notices.set(effect.notice.id, effect.notice)
      return
    case 'notice_ended':
      storeOf(world, effect.store).notices.delete(effect.notice)
      return
    case 'faults_set':
      world.faults.set = effect.faults.map((fault) => ({ ...fault }))
      return
    case 'fault_spent': {
      const fault = world.faults.set.find(({ id }) => id === effect.fault)
      if (fault !== undefined && fault.left !== null) fault.left -= 1
      return
    }
    case 'order_changed':
    case 'refund_made':
    case 'refund_declined':
    case 'transaction_recorded':
    case 'later_planned':
      applyToOrder(storeOf(world, effect.store), effect)
  }
}

function setStore({ stores }: World, settings: StoreSettings): void {
  const known = stores.get(settings.hash)
  if (known !== undefined) {
    known.settings = settings
    return
  }
  stores.set(settings.hash, {
    settings,
    orders: new Map(),
    refundOrder: new Map(),
    hooks: new Map(),
    notices: new Map(),
    attempts: [],
    later: new Map(),
    next: { ...FIRST_IDS },
  })
}

function seed(store: Store, { base, face, transactions, shipments }: SeededOrder): void {
  store.orders.set(base.id, {
    base,
    faces: [{ visibleAtMs: 0, face }],
    refunds: [],
    transactions: [...transactions],
    shipments: [...shipments],
    line: 0,
  })
  taken(store, 'order', [base.id])
  taken(store, 'product', ids(base.products))
  taken(store, 'address', ids(base.addresses))
  taken(store, 'fee', ids(base.fees))
  taken(store, 'transaction', ids(transactions))
  taken(store, 'shipment', ids(shipments))
}

function applyToOrder(store: Store, effect: OrderEffect): void {
  const order = orderOf(store, effect.order)
  if (effect.type === 'later_planned') {
    store.later.set(effect.key, effect.later)
    if (effect.later.what === 'payment') {
      taken(store, 'transaction', [effect.later.transaction.id])
    }
    return
  }
  // What stands before the face that readers see now is seen by nobody any more.
  const seen = order.faces.findLastIndex(({ visibleAtMs }) => visibleAtMs <= effect.atMs)
  order.faces = [
    ...order.faces.slice(Math.max(seen, 0)),
    { visibleAtMs: effect.visibleAtMs, face: effect.face },
  ]
  switch (effect.type) {
    case 'order_changed':
      if (effect.shipment !== undefined) {
        order.shipments.push(effect.shipment)
        taken(store, 'shipment', [effect.shipment.id])
      }
      return
    case 'refund_made':
      order.refunds.push(effect.refund)
      order.transactions.push(...effect.transactions)
      store.refundOrder.set(effect.refund.id, effect.order)
      taken(store, 'refund', [effect.refund.id])
      taken(store, 'refundPayment', ids(effect.refund.payments))
      taken(store, 'transaction', ids(effect.transactions))
      return
    case 'refund_declined':
      order.refunds = order.refunds.map((refund) =>
        refund.id === effect.refund.id ? effect.refund : refund,
      )
      order.transactions = order.transactions.map(
        (transaction) => effect.transactions.find(({ id }) => id === transaction.id) ?? transaction,
      )
      store.later.delete(`decline ${effect.refund.id}`)
      return
    case 'transaction_recorded':
      order.transactions.push(effect.transaction)
      taken(store, 'transaction', [effect.transaction.id])
      if (effect.later !== undefined) store.later.delete(effect.later)
  }
}

function ids(rows: readonly Readonly<{ id: number }>[]): number[] {
  return rows.map(({ id }) => id)
}

function taken(store: Store, kind: keyof Store['next'], used: readonly number[]): void {
  store.next[kind] = Math.max(store.next[kind], ...used.map((id) => id + 1))
}
