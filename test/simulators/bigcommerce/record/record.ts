/**
 * What was asked of the stores, as the platform saw it: every write with when it arrived and ended, every call counted.
 * A test proves by it how often something was tried, and what was under way at the same time.
 */
import type { RouteClass, RouteName } from '../contract.js'

/** `cut`: we broke it off. `gone`: the client did. `killed`: the simulator ended. */
export type Ending = 'answered' | 'cut' | 'gone' | 'killed'

export type RequestRecord = {
  readonly id: number
  readonly store: string
  readonly order: number | null
  readonly route: RouteName
  readonly class: RouteClass
  readonly arrivedAtMs: number
  endedAtMs: number | null
  status: number | null
  ending: Ending | null
  /** What stands in its reasons, or the reference of a transaction. */
  markers: readonly string[]
  /** Faults that hit it. */
  faults: readonly string[]
  /** Money writes of the same order that were under way when it arrived. */
  readonly overlapped: readonly number[]
}

/** A call before the time that a 429 had named. */
export type EarlyCall = Readonly<{
  atMs: number
  toldAtMs: number
  allowedAtMs: number
  order: number | null
  class: RouteClass
}>

export type StoreRecord = {
  calls: number
  readonly callsByClass: Map<RouteClass, number>
  readonly callsByOrder: Map<number, number>
  readonly answersByStatus: Map<number, number>
  readonly mostOpenByOrder: Map<number, number>
  readonly early: EarlyCall[]
  unauthorized: number
  limited: number
  redirected: number
  /** Calls that followed a redirect to us, and whether they brought the token along. */
  readonly followed: { hasToken: boolean; method: string }[]
  lastLimit: Readonly<{ toldAtMs: number; allowedAtMs: number }> | null
  readonly open: Map<number, RequestRecord[]>
}

export type CallRecord = {
  readonly requests: RequestRecord[]
  readonly stores: Map<string, StoreRecord>
}

/** As it stands in the journal. */
export type RecordLine =
  | Readonly<{
      type: 'request_arrived'
      request: Omit<RequestRecord, 'endedAtMs' | 'status' | 'ending' | 'markers' | 'faults'>
    }>
  | Readonly<{
      type: 'request_ended'
      id: number
      atMs: number
      status: number | null
      ending: Ending
      markers: readonly string[]
      faults: readonly string[]
    }>

export function emptyRecord(): CallRecord {
  return { requests: [], stores: new Map() }
}

export function storeRecord(record: CallRecord, hash: string): StoreRecord {
  const known = record.stores.get(hash)
  if (known !== undefined) return known
  const made: StoreRecord = {
    calls: 0,
    callsByClass: new Map(),
    callsByOrder: new Map(),
    answersByStatus: new Map(),
    mostOpenByOrder: new Map(),
    early: [],
    unauthorized: 0,
    limited: 0,
    redirected: 0,
    followed: [],
    lastLimit: null,
    open: new Map(),
  }
  record.stores.set(hash, made)
  return made
}

/** The classes of which one order may have one at a time. */
const MONEY: readonly RouteClass[] = ['refunds', 'transactions', 'status', 'payments']

export type Arrival = Pick<RequestRecord, 'store' | 'order' | 'route' | 'class' | 'arrivedAtMs'>

/** Counts a call; of a write it makes a record. */
export function arrived(record: CallRecord, arrival: Arrival): RequestRecord | null {
  const store = storeRecord(record, arrival.store)
  count(store, arrival)
  if (arrival.class === 'reads') return null
  const isMoney = MONEY.includes(arrival.class) && arrival.order !== null
  const open = isMoney ? (store.open.get(arrival.order) ?? []) : []
  const request: RequestRecord = {
    id: record.requests.length + 1,
    ...arrival,
    endedAtMs: null,
    status: null,
    ending: null,
    markers: [],
    faults: [],
    overlapped: open.map(({ id }) => id),
  }
  record.requests.push(request)
  if (isMoney) opened(store, request)
  return request
}

export function ended(
  record: CallRecord,
  request: RequestRecord,
  how: Pick<RequestRecord, 'endedAtMs' | 'status' | 'ending' | 'markers' | 'faults'>,
): void {
  Object.assign(request, how)
  const store = storeRecord(record, request.store)
  const order = request.order ?? 0
  const open = (store.open.get(order) ?? []).filter(({ id }) => id !== request.id)
  if (open.length === 0) store.open.delete(order)
  else store.open.set(order, open)
}

/** Calls before that time are early. A limit that was told already keeps when it was told first. */
export function limitTold(store: StoreRecord, toldAtMs: number, allowedAtMs: number): void {
  store.limited += 1
  if ((store.lastLimit?.allowedAtMs ?? 0) < allowedAtMs) store.lastLimit = { toldAtMs, allowedAtMs }
}

/** Whether another refund of the order is under way. */
export function overlapsRefund(record: CallRecord, request: RequestRecord): boolean {
  return request.overlapped.some((id) => record.requests[id - 1]?.class === 'refunds')
}

function opened(store: StoreRecord, request: RequestRecord): void {
  const order = request.order ?? 0
  const open = [...(store.open.get(order) ?? []), request]
  store.open.set(order, open)
  store.mostOpenByOrder.set(order, Math.max(store.mostOpenByOrder.get(order) ?? 0, open.length))
}

function count(store: StoreRecord, { class: of, order, arrivedAtMs }: Arrival): void {
  store.calls += 1
  store.callsByClass.set(of, (store.callsByClass.get(of) ?? 0) + 1)
  if (order !== null) store.callsByOrder.set(order, (store.callsByOrder.get(order) ?? 0) + 1)
  const { lastLimit } = store
  if (lastLimit === null || arrivedAtMs >= lastLimit.allowedAtMs) return
  store.early.push({ atMs: arrivedAtMs, ...lastLimit, order, class: of })
}

/** Reads a line of the journal again. Reads were counted in memory only. */
export function replay(record: CallRecord, line: RecordLine): void {
  if (line.type === 'request_arrived') {
    arrived(record, line.request)
    return
  }
  const request = record.requests[line.id - 1]
  if (request === undefined) return
  const { status, ending, markers, faults } = line
  ended(record, request, { endedAtMs: line.atMs, status, ending, markers, faults })
}
