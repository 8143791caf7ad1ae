/**
 * All orders of a store that changed since an instant, a page at a time, the one longest unchanged first. Pages move
 * while they are read, for an order that changes goes to the end; and times are seconds, of which one may have more
 * orders than a page. So the next page begins at the time of the last order, a second earlier to be sure, and what many
 * pages have in common is read until it brings nothing new.
 */
import type { CallOptions, ChangedOrder, Failure, Store } from '../platforms/platform.js'

export type ChangedPage = Readonly<
  | { outcome: 'page'; orders: readonly ChangedOrder[]; until: string | null }
  | ({ outcome: 'failed' } & Failure)
>

const PAGE_SIZE = 50
/** The second in which the last order changed is read again: a store may mean "later than". */
const OVERLAP_MS = 1_000

/** Each page has only orders that none before it had in the same state. */
export async function* changedOrders(
  store: Pick<Store, 'changedOrders'>,
  from: string,
  options: () => CallOptions,
  pageSize = PAGE_SIZE,
): AsyncGenerator<ChangedPage> {
  let since = from
  let page = 1
  let isNewInPass = false
  const seen = new Map<string, string>()
  for (;;) {
    const read = await store.changedOrders({ since, page, pageSize }, options())
    if (read.outcome === 'failed') {
      yield read
      return
    }
    const { orders, isLast } = read.value
    const fresh = orders.filter(({ order, modifiedAt }) => seen.get(order) !== modifiedAt)
    for (const { order, modifiedAt } of fresh) seen.set(order, modifiedAt)
    const until = orders.at(-1)?.modifiedAt ?? null
    if (fresh.length > 0) yield { outcome: 'page', orders: fresh, until }
    isNewInPass ||= fresh.length > 0
    const next = until === null ? since : earlier(until)
    const isRun = next <= since
    if (isLast && page === 1) return
    if (!isLast && isRun) {
      page += 1
      continue
    }
    // The pages of a run have moved if something of it changed meanwhile.
    const isOnceMore = page > 1 && isNewInPass
    isNewInPass = false
    page = 1
    if (isOnceMore) continue
    if (isLast) return
    since = next
    for (const [order, modifiedAt] of seen) if (modifiedAt < since) seen.delete(order)
  }
}

function earlier(instant: string): string {
  return new Date(Date.parse(instant) - OVERLAP_MS).toISOString()
}
