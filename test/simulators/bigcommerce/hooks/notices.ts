/** What an effect is told to the hooks of its store: ids, never values. */
import { createHash, randomUUID } from 'node:crypto'
import type { Effect } from '../state/effects.js'
import type { Hook, Notice } from '../state/hook.js'
import type { Transaction } from '../state/order.js'
import { faceOf } from '../state/views.js'
import { orderOf, type Store, storeOf, type World } from '../state/world.js'

type Telling = Readonly<{ scope: string; data: Readonly<Record<string, unknown>> }>

/** One for each hook that listens. Asked before the effect is applied, for it tells what changed. */
export function noticesOf(world: World, effect: Effect): Effect[] {
  if (!('atMs' in effect) || !('store' in effect)) return []
  const store = storeOf(world, effect.store)
  if (store.hooks.size === 0) return []
  return tellingsOf(store, effect).flatMap((telling) =>
    noticesTo(store, telling, effect.atMs).map((notice): Effect => ({
      type: 'notice_due',
      store: effect.store,
      notice,
    })),
  )
}

/** A notice for each active hook of the scope or of its wildcard. */
export function noticesTo(store: Store, { scope, data }: Telling, atMs: number): Notice[] {
  const content = {
    scope,
    store_id: store.settings.storeId,
    data,
    created_at: Math.floor(atMs / 1_000),
    producer: `stores/${store.settings.hash}`,
  }
  const hash = createHash('sha1').update(JSON.stringify(content)).digest('hex')
  const body = JSON.stringify({ ...content, hash })
  return [...store.hooks.values()]
    .filter((hook) => hook.isActive && listens(hook, scope))
    .map(({ id }) => ({ id: `msg_${randomUUID()}`, hook: id, dueAtMs: atMs, body }))
}

function listens({ scope: wanted }: Hook, scope: string): boolean {
  return wanted.endsWith('/*') ? scope.startsWith(wanted.slice(0, -1)) : wanted === scope
}

function tellingsOf(store: Store, effect: Extract<Effect, { atMs: number; store: string }>) {
  const tellings: Telling[] = []
  const tell = (scope: string, data: Telling['data']) => tellings.push({ scope, data })
  if (effect.type === 'orders_seeded') {
    for (const { base } of effect.orders)
      tell('store/order/created', { type: 'order', id: base.id })
    return tellings
  }
  if (effect.type === 'later_planned') return tellings
  const id = effect.order
  if (effect.type === 'refund_made') {
    tell('store/order/refund/created', {
      type: 'order',
      id,
      refund: { refund_id: effect.refund.id },
    })
    for (const row of effect.transactions) tell(...transaction('created', id, row))
  }
  if (effect.type === 'refund_declined') {
    for (const row of effect.transactions) tell(...transaction('updated', id, row))
  }
  if (effect.type === 'transaction_recorded')
    tell(...transaction('created', id, effect.transaction))
  if (effect.type === 'order_changed' && effect.shipment !== undefined) {
    tell('store/shipment/created', { type: 'shipment', id: effect.shipment.id, orderId: id })
  }
  const before = faceOf(orderOf(store, id))
  const { face } = effect
  if (before.statusId !== face.statusId) {
    const status = { previous_status_id: before.statusId, new_status_id: face.statusId }
    tell('store/order/statusUpdated', { type: 'order', id, status })
  }
  if (face.isDeleted && !before.isDeleted) tell('store/order/archived', { type: 'order', id })
  // A payment status alone has no event of its own: who listens only does not hear of it.
  const silent = { ...face, paymentStatus: before.paymentStatus, modifiedAtMs: before.modifiedAtMs }
  if (JSON.stringify(silent) !== JSON.stringify(before)) {
    tell('store/order/updated', { type: 'order', id })
  }
  return tellings
}

function transaction(
  what: 'created' | 'updated',
  order: number,
  { id, event, status, gatewayTransactionId }: Transaction,
): [string, Telling['data']] {
  const isOk = status === 'ok'
  return [
    `store/order/transaction/${what}`,
    {
      type: 'transaction',
      order_id: `${order}`,
      transaction_id: `${id}`,
      transaction_status: isOk ? 'complete' : 'failed',
      transaction_type: event,
      result: {
        code: isOk ? `${event}d` : 'declined',
        message: isOk ? 'Done' : 'Declined',
        type: isOk ? 'success' : 'error',
      },
      platform_transaction_id: `${id}`,
      provider_transaction_id: gatewayTransactionId,
    },
  ]
}
