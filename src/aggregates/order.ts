import type { FactOfType } from '../events/ledger-event.js'
import type { OrderContent } from '../events/order-events.js'

export type Order = Readonly<
  | { status: 'absent' }
  | (OrderContent & {
      status: 'open' | 'cancelled'
      orderId: string
      books: string
      /** Where it came from a platform: the state of it that was recorded last (L1). */
      platform: null | FactOfType<'OrderImported'>['data']
    })
>

export type OpenOrder = Exclude<Order, { status: 'absent' }>

export function orderOf(
  fact: FactOfType<'OrderPlaced' | 'OrderImported'>,
  before: Order,
): OpenOrder {
  const status = before.status === 'cancelled' ? 'cancelled' : 'open'
  if (fact.type === 'OrderPlaced') return { ...fact.data, status, platform: null }
  return { ...fact.data, status, platform: fact.data }
}
