/** What is asked of BigCommerce when money is to be given back. */
import { isNegative, isZero, negate } from '../../money/money.js'
import { type ExactJson, numberText } from '../exact-json.js'
import type { RefundItem, RefundRequest } from '../platform.js'
import { moneyNumber } from '../wire-amount.js'

export type RequestBody = Readonly<
  { outcome: 'body'; body: ExactJson } | { outcome: 'refused'; detail: string }
>

const REASON_LENGTH_MAX = 1000

export function quoteBody(order: string, items: readonly RefundItem[]): RequestBody {
  const refusal = itemsRefusal(items)
  if (refusal !== null) return { outcome: 'refused', detail: refusal }
  return { outcome: 'body', body: { items: items.map((item) => itemOf(item, order, null)) } }
}

/** The reason stands on each item: the refund as a whole takes none. */
export function refundBody({
  order,
  items,
  reason,
  payments,
  override,
}: RefundRequest): RequestBody {
  const refusal = itemsRefusal(items) ?? reasonRefusal(reason)
  if (refusal !== null) return { outcome: 'refused', detail: refusal }
  const body = {
    items: items.map((item) => itemOf(item, order, reason)),
    payments: payments.map(({ provider, amount, isOffline }) => ({
      provider_id: provider,
      amount: moneyNumber(amount),
      offline: isOffline,
    })),
    merchant_calculated_override:
      override === null
        ? undefined
        : { total_amount: moneyNumber(override.total), total_tax: moneyNumber(override.tax) },
  }
  return { outcome: 'body', body }
}

const TYPES = {
  item: 'PRODUCT',
  wrapping: 'GIFT_WRAPPING',
  shipping: 'SHIPPING',
  handling: 'HANDLING',
  fee: 'FEE',
  order: 'ORDER',
} as const satisfies Record<RefundItem['kind'], string>

function itemOf(item: RefundItem, order: string, reason: string | null): ExactJson {
  const name = {
    item_type: TYPES[item.kind],
    item_id: numberText(item.kind === 'order' ? order : item.platformLine),
  }
  const why = { reason: reason ?? undefined }
  switch (item.kind) {
    case 'item':
      return { ...name, quantity: quantityOf(item), ...adjustmentsOf(item), ...why }
    case 'wrapping':
      return { ...name, quantity: quantityOf(item), ...why }
    case 'shipping':
    case 'handling':
    case 'fee':
    case 'order':
      return { ...name, amount: moneyNumber(item.amount), ...why }
  }
}

function quantityOf({ quantity }: Readonly<{ quantity: number }>): ExactJson {
  return numberText(`${quantity}`)
}

/** Goods back for less than they were sold for. */
function adjustmentsOf({ lessBy }: Extract<RefundItem, { kind: 'item' }>) {
  if (lessBy === undefined || isZero(lessBy)) return {}
  return {
    adjustments: [{ amount: moneyNumber(negate(lessBy)), description: 'Refunded for less' }],
  }
}

/** A line that BigCommerce has no number for, as the shipping of an order without an address, it cannot refund. */
function itemsRefusal(items: readonly RefundItem[]): string | null {
  if (items.length === 0) return 'nothing to refund'
  for (const item of items) {
    if (item.kind !== 'order' && !/^[1-9]\d{0,14}$/.test(item.platformLine)) {
      return `${item.kind} ${item.platformLine} has no number at the store to be refunded by`
    }
    if ('quantity' in item && !(Number.isSafeInteger(item.quantity) && item.quantity > 0)) {
      return `${item.kind} ${item.platformLine} is refunded in whole pieces`
    }
    if (item.kind === 'item' && item.lessBy !== undefined && isNegative(item.lessBy)) {
      return `${item.kind} ${item.platformLine} is not refunded for more than it was sold for`
    }
  }
  return null
}

/** Cut short, it might lose the mark by which the refund is found again. */
function reasonRefusal(reason: string): string | null {
  if (reason.length > REASON_LENGTH_MAX) {
    return `the reason is longer than the ${REASON_LENGTH_MAX} characters that the store takes`
  }
  return null
}
