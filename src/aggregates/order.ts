import type { FactOfType } from '../events/ledger-event.js'
import type { OrderContent } from '../events/order-events.js'

export type Order = Readonly<
  | { status: 'absent' }
  | (OrderContent & {
      status: 'open' | 'cancelled'
      orderId: string
      books: string
      /** Where it came from a platform: which state of it is the one recorded (L1). */
      platform: null | { instance: string; platformOrderId: string; modifiedAt: string }
    })
>

export type OpenOrder = Exclude<Order, { status: 'absent' }>

export function orderOf(
  fact: FactOfType<'OrderPlaced' | 'OrderImported'>,
  before: Order,
): OpenOrder {
  const status = before.status === 'cancelled' ? 'cancelled' : 'open'
  if (fact.type === 'OrderPlaced') return { ...fact.data, status, platform: null }
  const {
    instance,
    platformOrderId,
    modifiedAt,
    status: _status,
    paymentStatus: _paymentStatus,
    ...content
  } = fact.data
  return { ...content, status, platform: { instance, platformOrderId, modifiedAt } }
}
