/** What was asked of one store, in figures. */
import { type CallRecord, type EarlyCall, storeRecord } from '../record/record.js'

export type StoreSummary = Readonly<{
  calls: number
  callsByClass: Readonly<Record<string, number>>
  callsByOrder: Readonly<Record<string, number>>
  answersByStatus: Readonly<Record<string, number>>
  /** Money writes of one order that were under way at the same time, at most. */
  mostOpenByOrder: Readonly<Record<string, number>>
  /** Refunds that arrived while another of the same order was under way: each breaks the platform's rule. */
  overlappingRefunds: readonly Readonly<{
    order: number
    request: number
    with: readonly number[]
  }>[]
  early: readonly EarlyCall[]
  limited: number
  unauthorized: number
  redirected: number
  /** Redirects that were followed. */
  followed: readonly Readonly<{ hasToken: boolean; method: string }>[]
}>

export function summaryOf(record: CallRecord, hash: string): StoreSummary {
  const store = storeRecord(record, hash)
  return {
    calls: store.calls,
    callsByClass: Object.fromEntries(store.callsByClass),
    callsByOrder: Object.fromEntries(store.callsByOrder),
    answersByStatus: Object.fromEntries(store.answersByStatus),
    mostOpenByOrder: Object.fromEntries(store.mostOpenByOrder),
    overlappingRefunds: overlappingRefunds(record, hash),
    early: store.early,
    limited: store.limited,
    unauthorized: store.unauthorized,
    redirected: store.redirected,
    followed: store.followed,
  }
}

function overlappingRefunds({ requests }: CallRecord, hash: string) {
  return requests.flatMap(({ id, store, order, class: of, overlapped }) => {
    if (store !== hash || of !== 'refunds' || order === null) return []
    const others = overlapped.filter((other) => requests[other - 1]?.class === 'refunds')
    return others.length === 0 ? [] : [{ order, request: id, with: others }]
  })
}
