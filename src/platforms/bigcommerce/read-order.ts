/** Reads an order with all that hangs on it, in the state of one moment. */
import type { z } from 'zod'
import type { CallOptions, PlatformOrder, Read } from '../platform.js'
import { NotUnderstood, understood } from '../understanding.js'
import { type Api, failedRead, getData, getList } from './api.js'
import type { OrderParts } from './charged-lines.js'
import { platformOrder } from './platform-order.js'
import {
  wireFee,
  type WireFee,
  type WireOrder,
  wireOrder,
  wireProduct,
  wireShippingAddress,
  wireTax,
} from './order-wire.js'
import { type WireTransaction, wireTransaction } from './transaction-wire.js'

/** An order that changes more often than it can be read is read another time. */
const ATTEMPTS_MAX = 3

export async function readOrder(
  api: Api,
  order: string,
  options: CallOptions,
): Promise<Read<PlatformOrder | null>> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const before = await readWireOrder(api, order, options)
    if (before.outcome === 'failed') return before
    if (before.value === null) return NO_ORDER
    const parts = await readParts(api, before.value, options)
    if (parts.outcome === 'failed') return parts
    const after = await readWireOrder(api, order, options)
    if (after.outcome === 'failed') return after
    if (after.value === null) return NO_ORDER
    if (after.value.date_modified === before.value.date_modified) return mapped(api, parts.value)
  }
  return failedRead('unavailable', 'the order changes while it is read')
}

const NO_ORDER: Read<null> = { outcome: 'read', value: null }

/** `null`: there is none of this id. */
export async function readWireOrder(
  api: Api,
  order: string,
  options: CallOptions,
): Promise<Read<WireOrder | null>> {
  if (!isOrderId(order)) return NO_ORDER
  const reading = (json: unknown): WireOrder => {
    const read = wireOrder.parse(json)
    if (read.id !== order) throw new NotUnderstood(`answered with order ${read.id}`)
    return read
  }
  const read = await api.get(`/v2/orders/${order}?include=fees`, reading, options)
  const isNone = read.outcome === 'failed' && read.reason === 'not_found' && read.status === 404
  return isNone ? NO_ORDER : read
}

/** What is none names no order, and would be another path. */
export function isOrderId(order: string): boolean {
  return /^[1-9]\d{0,14}$/.test(order)
}

export function readTransactions(
  api: Api,
  order: string,
  options: CallOptions,
): Promise<Read<readonly WireTransaction[]>> {
  return getData(api, `/v3/orders/${order}/transactions`, wireTransaction, options)
}

/** Each list is asked for at once: the connection lets so many through as the store takes. */
async function readParts(
  api: Api,
  order: WireOrder,
  options: CallOptions,
): Promise<Read<OrderParts>> {
  const list = <Item>(name: string, item: z.ZodType<Item>) =>
    getList(api, `/v2/orders/${order.id}/${name}`, item, options)
  const [products, addresses, taxes, fees, transactions] = await Promise.all([
    list('products', wireProduct),
    list('shipping_addresses', wireShippingAddress),
    list('taxes?details=true', wireTax),
    readFees(order, () => list('fees', wireFee)),
    readTransactions(api, order.id, options),
  ])
  if (products.outcome === 'failed') return products
  if (addresses.outcome === 'failed') return addresses
  if (taxes.outcome === 'failed') return taxes
  if (fees.outcome === 'failed') return fees
  if (transactions.outcome === 'failed') return transactions
  return {
    outcome: 'read',
    value: {
      order,
      products: products.value,
      addresses: addresses.value,
      taxes: taxes.value,
      fees: fees.value,
      transactions: transactions.value,
    },
  }
}

/** They come with the order, or it says where they are; a store that knows no fees says nothing. */
async function readFees(
  { fees }: WireOrder,
  list: () => Promise<Read<readonly WireFee[]>>,
): Promise<Read<readonly WireFee[]>> {
  if (fees === null || fees === undefined) return { outcome: 'read', value: [] }
  return Array.isArray(fees) ? { outcome: 'read', value: fees } : list()
}

function mapped({ words }: Api, parts: OrderParts): Read<PlatformOrder> {
  const read = understood(() => platformOrder(parts))
  return read.isUnderstood
    ? { outcome: 'read', value: read.value }
    : failedRead('not_understood', words(read.detail))
}
