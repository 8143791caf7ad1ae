/** Refunds and quotes of BigCommerce as every platform's are. */
import { equals, plus, sum } from '../../money/money.js'
import { compareDecimal } from '../../money/quantity.js'
import { Mending } from '../mended-text.js'
import type { PlatformRefund, PlatformRefundItem, RefundPayment, RefundQuote } from '../platform.js'
import { NotUnderstood } from '../understanding.js'
import { exactMoney } from '../wire-amount.js'
import type { WireQuote, WireRefund } from './refund-wire.js'

/** With taxes in its total. */
export function refundQuote(wire: WireQuote, currency: string): RefundQuote {
  const methods = wire.refund_methods.map((method) =>
    method.map((payment) => ({
      provider: payment.provider_id,
      description: new Mending().text(payment.provider_description, MESSAGE_LENGTH_MAX),
      amount: exactMoney(payment.amount, currency),
      isOffline: payment.offline ?? false,
    })),
  )
  const tax = exactMoney(wire.total_refund_tax_amount, currency)
  return { total: totalOf(wire, methods, currency), tax, methods }
}

/**
 * Whether the total holds the tax is said by a flag with two names, and the guide's own example says it wrong. What the
 * ways to pay come to holds it always, so that they decide, and the flag only where they do not.
 */
function totalOf(
  wire: WireQuote,
  methods: readonly (readonly RefundPayment[])[],
  currency: string,
): RefundQuote['total'] {
  const said = exactMoney(wire.total_refund_amount, currency)
  const withTax = plus(said, exactMoney(wire.total_refund_tax_amount, currency))
  const isIncluded = wire.tax_inclusive ?? wire.is_tax_included ?? true
  const likely = isIncluded ? [said, withTax] : [withTax, said]
  const sums = methods.map((method) =>
    sum(
      method.map(({ amount }) => amount),
      currency,
    ),
  )
  return (
    likely.find((total) => sums.some((paid) => equals(paid, total))) ??
    (isIncluded ? said : withTax)
  )
}

/** Amounts are matched to the unit with what was asked for: one with more digits is not understood. */
export function platformRefund(
  wire: WireRefund,
  { order, currency }: Readonly<{ order: string; currency: string }>,
): PlatformRefund {
  if (wire.order_id !== order) throw new NotUnderstood(`a refund of order ${wire.order_id}`)
  const items = wire.items ?? []
  const mending = new Mending()
  const reasons = [wire.reason, ...items.map(({ reason }) => reason)]
    .map((reason) => mending.text(reason, REASON_LENGTH_MAX))
    .filter((reason) => reason !== '')
  return {
    refund: wire.id,
    order,
    createdAt: wire.created,
    reasons: [...new Set(reasons)],
    total: exactMoney(wire.total_amount, currency),
    tax: exactMoney(wire.total_tax, currency),
    items: items.map((item) => refundItem(item, currency)),
    payments: inOrder(wire.payments).map((payment) => ({
      provider: payment.provider_id,
      description: '',
      amount: exactMoney(payment.amount, currency),
      isOffline: payment.offline ?? false,
      isDeclined: payment.is_declined ?? false,
      declinedMessage: mending.text(payment.declined_message, MESSAGE_LENGTH_MAX) || null,
    })),
  }
}

/** As they were made, however they are listed: which of them was declined is told by its place. */
function inOrder(payments: WireRefund['payments']): WireRefund['payments'] {
  return [...payments].sort((a, b) => compareDecimal(a.id ?? '0', b.id ?? '0'))
}

const REASON_LENGTH_MAX = 1000
const MESSAGE_LENGTH_MAX = 500

const KINDS: Readonly<Record<string, PlatformRefundItem['kind']>> = {
  PRODUCT: 'item',
  GIFT_WRAPPING: 'wrapping',
  SHIPPING: 'shipping',
  HANDLING: 'handling',
  FEE: 'fee',
  ORDER: 'order',
}

function refundItem(
  { item_type, item_id, quantity, requested_amount }: NonNullable<WireRefund['items']>[number],
  currency: string,
): PlatformRefundItem {
  const isWhole = quantity !== null && quantity !== undefined && /^\d{1,15}$/.test(quantity)
  return {
    kind: KINDS[item_type] ?? 'other',
    platformLine: item_id,
    quantity: isWhole ? Number.parseInt(quantity, 10) : null,
    amount:
      requested_amount === null || requested_amount === undefined
        ? null
        : exactMoney(requested_amount, currency),
  }
}
