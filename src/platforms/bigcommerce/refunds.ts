/** Giving money back at BigCommerce: quoted, asked for, and listed. */
import { compareDecimal } from '../../money/quantity.js'
import type {
  CallOptions,
  PlatformRefund,
  Read,
  RefundItem,
  RefundQuote,
  RefundRequest,
  SendOptions,
  Sent,
} from '../platform.js'
import { type Api, dataOf, failedRead } from './api.js'
import { isOrderId } from './read-order.js'
import { platformRefund, refundQuote } from './refund-answers.js'
import { quoteBody, refundBody } from './refund-request.js'
import { wireQuote, wireRefund } from './refund-wire.js'
import { listOf } from './wire.js'

type OfOrder = Readonly<{ order: string; currency: string }>

/** A question, though it is a POST: nothing comes of it. */
export async function quoteRefund(
  api: Api,
  { order, currency, items }: OfOrder & Readonly<{ items: readonly RefundItem[] }>,
  options: CallOptions,
): Promise<Read<RefundQuote>> {
  if (!isOrderId(order)) return failedRead('not_found', NO_SUCH_ORDER)
  const asked = quoteBody(order, items)
  if (asked.outcome === 'refused') return failedRead('refused', asked.detail)
  const quote = dataOf(wireQuote)
  return api.ask(
    {
      method: 'POST',
      path: `${actionsOf(order)}/refund_quotes`,
      body: asked.body,
      reading: (json) => refundQuote(quote(json), currency),
    },
    options,
  )
}

export async function listRefunds(
  api: Api,
  of: OfOrder,
  options: CallOptions,
): Promise<Read<readonly PlatformRefund[]>> {
  if (!isOrderId(of.order)) return failedRead('not_found', NO_SUCH_ORDER)
  const list = dataOf(listOf(wireRefund))
  const reading = (json: unknown): readonly PlatformRefund[] =>
    (json === null ? [] : list(json))
      .map((refund) => platformRefund(refund, of))
      .sort((a, b) => compareDecimal(a.refund, b.refund))
  return api.get(`${actionsOf(of.order)}/refunds`, reading, options)
}

export async function createRefund(
  api: Api,
  asked: RefundRequest,
  options: SendOptions,
): Promise<Sent<PlatformRefund>> {
  const { order } = asked
  if (!isOrderId(order)) return refused('not_found', NO_SUCH_ORDER)
  const request = refundBody(asked)
  if (request.outcome === 'refused') return refused('refused', request.detail)
  const refund = dataOf(wireRefund)
  return api.send(
    {
      order,
      method: 'POST',
      path: `${actionsOf(order)}/refunds`,
      body: request.body,
      reading: (json) => platformRefund(refund(json), asked),
    },
    options,
  )
}

export const NO_SUCH_ORDER = 'the store numbers its orders: it has none of this id'

/** What the store would refuse, and was not asked. */
export function refused(
  reason: 'not_found' | 'refused',
  detail: string,
): Extract<Sent<never>, { outcome: 'refused' }> {
  return { ...failedRead(reason, detail), outcome: 'refused' }
}

function actionsOf(order: string): string {
  return `/v3/orders/${order}/payment_actions`
}
