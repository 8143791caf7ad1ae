/** What the platform answers with, its errors in the shape that each part of it has. */
import type { RouteClass } from '../contract.js'

export type Answer = Readonly<{
  status: number
  /** Written as JSON; none: no body. */
  body?: unknown
  headers?: Readonly<Record<string, string>>
}>

const TYPE = 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes'

export const NO_CONTENT: Answer = { status: 204 }

/** V2 lists: an empty one has no body. */
export function v2List(rows: readonly unknown[]): Answer {
  return rows.length === 0 ? NO_CONTENT : { status: 200, body: rows }
}

export function v3Data(data: unknown, status = 200): Answer {
  return { status, body: { data, meta: {} } }
}

/** A page of rows; pages count from 1. */
export function v3Page(
  rows: readonly unknown[],
  { page = '1', limit = '50' }: Readonly<{ page?: string; limit?: string }>,
): Answer {
  const [current, size] = [Math.max(Number(page), 1), Math.max(Number(limit), 1)]
  const data = rows.slice((current - 1) * size, current * size)
  const pages = Math.ceil(rows.length / size)
  const link = (to: number): string => `?page=${to}&limit=${size}`
  const links = {
    ...(current > 1 ? { previous: link(current - 1) } : {}),
    current: link(current),
    ...(current < pages ? { next: link(current + 1) } : {}),
  }
  const pagination = {
    total: rows.length,
    count: data.length,
    per_page: size,
    current_page: current,
    total_pages: pages,
    links,
  }
  return { status: 200, body: { data, meta: { pagination } } }
}

type Fields = Readonly<Record<string, string>>

export function v2Error(status: number, message: string, details?: Fields): Answer {
  const error = { status, message, ...(details === undefined ? {} : { details }) }
  return { status, body: [error] }
}

export function v3Error(status: number, title: string, errors?: Fields): Answer {
  const error = { status, title, type: TYPE, ...(errors === undefined ? {} : { errors }) }
  return { status, body: error }
}

/** What a refund or a quote is refused with. */
export function wrappedError(status: number, title: string): Answer {
  return { status, body: { data: [{ status, title, type: TYPE }] } }
}

/** The service that reckons the tax was away. */
export function taxServiceGone(order: number): Answer {
  const data = [{ order_id: order, status: 503, error: 'Tax service gone away' }]
  return { status: 503, body: { data, meta: {} } }
}

/** An error in the shape that this part of the platform has. */
export function errorIn(
  { isV2, of, order }: Readonly<{ isV2: boolean; of: RouteClass; order: number | null }>,
  status: number,
  title: string,
  fields?: Fields,
): Answer {
  if (isV2) return v2Error(status, title, fields)
  const isRefund = of === 'refunds' || of === 'quotes'
  if (isRefund && status === 503 && order !== null) return taxServiceGone(order)
  if (isRefund && status === 422 && fields === undefined) return wrappedError(status, title)
  return v3Error(status, title, fields)
}
