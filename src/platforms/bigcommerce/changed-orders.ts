/** Orders changed since an instant: a change of a payment's status alone is announced by no webhook. */
import type { CallOptions, ChangedOrder, Read, Store } from '../platform.js'
import { rfc2822 } from '../instants.js'
import type { Api } from './api.js'
import { wireChangedOrder } from './order-wire.js'
import { listOf } from './wire.js'

const PAGE_SIZE_MAX = 250

type Asked = Parameters<Store['changedOrders']>[0]

export function changedOrders(
  api: Api,
  { since, page, pageSize }: Asked,
  options: CallOptions,
): Promise<Read<Readonly<{ orders: readonly ChangedOrder[]; isLast: boolean }>>> {
  const limit = Math.min(pageSize, PAGE_SIZE_MAX)
  const query = new URLSearchParams({
    min_date_modified: rfc2822(since),
    sort: 'date_modified:asc',
    page: `${page}`,
    limit: `${limit}`,
  })
  const list = listOf(wireChangedOrder)
  const reading = (json: unknown) => {
    let modifiedAt = since
    const orders = list.parse(json).map(({ id, date_modified }): ChangedOrder => {
      // An order that is damaged is read all the same, and stops none behind it.
      modifiedAt = date_modified ?? modifiedAt
      return { order: id, modifiedAt }
    })
    return { orders, isLast: orders.length < limit }
  }
  // A plus for a blank is a habit of forms, that not every server has.
  return api.get(`/v2/orders?${query.toString().replaceAll('+', '%20')}`, reading, options)
}
