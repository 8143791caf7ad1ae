/** A request as a route gets it: parsed, and allowed. */
import type { Answer } from '../http/answers.js'
import { v2Error, v3Error } from '../http/answers.js'
import type { Engine } from '../state/engine.js'
import type { Order } from '../state/order.js'
import type { Store } from '../state/world.js'

export type Call = Readonly<{
  engine: Engine
  store: Store
  isV2: boolean
  parameters: Readonly<Record<string, number>>
  query: Readonly<Record<string, string>>
  body: unknown
  nowMs: number
  /** When readers see what this request does; a fault may delay it. */
  visibleAtMs: number
  /** When what it pays is declined; `null`: it is not. */
  declineAtMs: number | null
  /** Another refund of the same order is under way. */
  overlaps: boolean
}>

export type OrderCall = Call & Readonly<{ order: Order }>

export type Handler = (call: Call) => Answer | Promise<Answer>

/** For what hangs on one order: 404 where there is none. */
export function ofOrder(handle: (call: OrderCall) => Answer | Promise<Answer>): Handler {
  return (call) => {
    const order = call.store.orders.get(call.parameters['order'] ?? 0)
    return order === undefined ? notFound(call) : handle({ ...call, order })
  }
}

export function notFound({ isV2 }: Pick<Call, 'isV2'>): Answer {
  return isV2
    ? v2Error(404, 'The requested resource was not found.')
    : v3Error(404, 'The requested resource was not found.')
}

/** The rows of one page. V2 has at most 250 of them, 50 unless asked. */
export function pageOf<Row>(rows: readonly Row[], query: Call['query']): readonly Row[] {
  const page = Math.max(Number(query['page'] ?? 1), 1)
  const limit = Number(query['limit'] ?? 50)
  return rows.slice((page - 1) * limit, page * limit)
}

export const V2_LIMIT_MAX = 250
