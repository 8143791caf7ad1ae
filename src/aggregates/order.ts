import type { FactOfType } from '../events/ledger-event.js'
import type { OrderContent } from '../events/order-events.js'

export type Order = Readonly<
  | { status: 'absent' }
  | (OrderContent & {
      status: 'open' | 'cancelled'
      /** At its store, by what was shown last or what became of it since (B5); empty: none, or no store. */
      paymentStatus: string
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
  if (fact.type === 'OrderPlaced') {
    return { ...fact.data, status, paymentStatus: '', platform: null }
  }
  // What is here again was shown before: it says nothing of what became of it since.
  const paymentStatus =
    fact.data.isRepeat === true && before.status !== 'absent'
      ? before.paymentStatus
      : fact.data.paymentStatus
  return { ...fact.data, status, paymentStatus, platform: fact.data }
}
