/** An order of BigCommerce, all of its parts at one moment, as every platform's orders are. */
import { isZero, minus } from '../../money/money.js'
import { inverseRate, isZeroDecimal } from '../../money/quantity.js'
import { Mending } from '../mended-text.js'
import type { PlatformOrder, PlatformOrderLine } from '../platform.js'
import { isRounded, roundedMoney } from '../wire-amount.js'
import { type ChargedLine, chargedLines, type OrderParts } from './charged-lines.js'
import { contactOf } from './contacts.js'
import { discountsOf } from './discounts.js'
import { lineTax } from './line-tax.js'
import { orderPayments, paymentStatusOf } from './order-payments.js'
import { statusName } from './order-status.js'
import type { WireOrder } from './order-wire.js'
import { chargedTaxes } from './tax-amounts.js'
import { isPayment } from './transaction-wire.js'

export function platformOrder(parts: OrderParts): PlatformOrder {
  const { order, addresses } = parts
  const mending = new Mending()
  const currency = order.default_currency_code
  const payments = orderPayments(parts, mending)
  const method = mending.text(order.payment_method, 100).trim()
  const inCurrency = (amount: string) => roundedMoney(amount, currency)
  return {
    order: order.id,
    number: order.id,
    placedAt: order.date_created,
    modifiedAt: order.date_modified,
    status: statusName(order.status_id),
    paymentStatus: mending.text(paymentStatusOf(order), 50),
    customer: order.customer_id,
    billTo: contactOf(order.billing_address, mending),
    shipTo: contactOf(addresses[0], mending),
    paymentMethod: method === '' ? null : method,
    gateway: payments[0]?.gateway ?? null,
    currency,
    exchangeRate: exchangeRateOf(order),
    prices: order.is_tax_inclusive_pricing ? 'tax_included' : 'tax_excluded',
    lines: linesOf(parts, mending),
    totals: {
      net: inCurrency(order.total_ex_tax),
      tax: inCurrency(order.total_tax),
      gross: inCurrency(order.total_inc_tax),
    },
    storeCredit: inCurrency(order.store_credit_amount),
    giftCertificates: inCurrency(order.gift_certificate_amount),
    payments,
    isRepaired: mending.isRepaired,
    isRounded: amountsOf(parts).some((amount) => isRounded(amount, currency)),
  }
}

/** Those that stand for money by themselves; what rounding does to lines shows against the totals. */
function amountsOf({ order, transactions }: OrderParts): readonly string[] {
  return [
    order.total_ex_tax,
    order.total_tax,
    order.total_inc_tax,
    order.store_credit_amount,
    order.gift_certificate_amount,
    ...transactions.filter(isPayment).map(({ amount }) => amount),
  ]
}

function linesOf(parts: OrderParts, mending: Mending): PlatformOrderLine[] {
  const { order, taxes: known } = parts
  const lines = chargedLines(parts)
  const taxes = chargedTaxes(lines, parts)
  const discounts = discountsOf(
    lines,
    taxes.map(({ amount }) => amount),
    order,
  )
  return lines.flatMap((line, index) => {
    const [charged, discount] = [taxes[index], discounts[index]]
    if (charged === undefined || discount === undefined) return []
    const amount = minus(line.base, discount)
    const taxed = {
      kind: line.kind,
      amount,
      isTaxInclusive: order.is_tax_inclusive_pricing,
      charged,
    }
    return [
      {
        kind: line.kind,
        platformLine: line.platformLine,
        ...skuOf(line, mending),
        description: descriptionOf(line, mending),
        quantity: line.quantity,
        unitPrice: line.unitPrice,
        ...(isZero(discount) ? {} : { discount }),
        tax: lineTax(taxed, known, mending),
        platformTax: charged.amount,
      },
    ]
  })
}

function skuOf({ sku }: ChargedLine, mending: Mending): Readonly<{ sku?: string }> {
  const mended = mending.text(sku, 100).trim()
  return mended === '' ? {} : { sku: mended }
}

const DESCRIPTIONS: Readonly<Record<PlatformOrderLine['kind'], string>> = {
  item: '',
  gift_certificate: 'Gift certificate',
  shipping: 'Shipping',
  handling: 'Handling',
  wrapping: 'Gift wrapping',
  fee: 'Fee',
}

function descriptionOf({ kind, description }: ChargedLine, mending: Mending): string {
  const mended = mending.text(description, 500).trim()
  return mended === '' ? DESCRIPTIONS[kind] : mended
}

/** BigCommerce says how much of the order's currency one unit of the store's is: the ledger wants it the other way. */
function exchangeRateOf(order: WireOrder): PlatformOrder['exchangeRate'] {
  const currency = (order.store_default_currency_code ?? '').trim()
  if (!/^[A-Z]{3}$/.test(currency) || currency === order.default_currency_code) return null
  const rate = rateOf(order)
  if (isZeroDecimal(rate)) return null
  const inverse = inverseRate(rate)
  return isZeroDecimal(inverse) ? null : { currency, rate: inverse }
}

/** To the currency that was shown, where that is the one that was paid in and the other rate is left out. */
function rateOf(order: WireOrder): string {
  const { store_default_to_transactional_exchange_rate: rate } = order
  if (!isZeroDecimal(rate)) return rate
  return order.currency_code === order.default_currency_code ? order.currency_exchange_rate : '0'
}
