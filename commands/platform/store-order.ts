/** An order as its store has it: its names, and what the store's words for its payment mean. */
import type { OpenOrder } from '../../src/aggregates/order.js'
import type { FactOfType } from '../../src/events/ledger-event.js'

export type ImportedOrder = OpenOrder & Readonly<{ platform: NonNullable<OpenOrder['platform']> }>

type StoreOrder = Pick<
  FactOfType<'CaptureRequested'>['data'],
  'books' | 'instance' | 'orderId' | 'orderNumber' | 'platformOrderId'
>

/** As every event about it names it. */
export function storeOrderOf({ books, orderId, number, platform }: ImportedOrder): StoreOrder {
  const { instance, platformOrderId } = platform
  return { books, instance, orderId, orderNumber: number, platformOrderId }
}

export function isImported(order: OpenOrder): order is ImportedOrder {
  return order.platform !== null
}

/** Every word that a store may use; with another one nothing is done with money (V). Empty: none. */
const PAYMENT_STATUSES: ReadonlySet<string> = new Set([
  '',
  'pending',
  'held for review',
  'authorized',
  'capture pending',
  'captured',
  'paid',
  'partially refunded',
  'refunded',
  'void pending',
  'void',
  'declined',
])
const CAPTURED: ReadonlySet<string> = new Set([
  'captured',
  'paid',
  'partially refunded',
  'refunded',
])

export const REFUNDED = 'refunded'
export const PARTIALLY_REFUNDED = 'partially refunded'

export function isKnownPaymentStatus(status: string): boolean {
  return PAYMENT_STATUSES.has(status.toLowerCase())
}

/** Whether the store has, or had, money of the order. */
export function hasCaptured(status: string): boolean {
  return CAPTURED.has(status.toLowerCase())
}

/** Captured already, on the way there, or given back since: nothing is captured any more (P1). */
export function isBeyondCapture(status: string): boolean {
  return hasCaptured(status) || status.toLowerCase() === 'capture pending'
}

/** The buyer's bank wants the money back (L24). */
export function isDisputed({ platform }: ImportedOrder): boolean {
  return platform.status.toLowerCase() === 'disputed'
}
