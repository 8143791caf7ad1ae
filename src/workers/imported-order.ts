/** An order as its store shows it, as the ledger takes it over (L1). */
import type { z } from 'zod'
import type { importOrder } from '../../commands/order/import-order.js'
import { isZero, type Money } from '../money/money.js'
import type {
  PlatformContact,
  PlatformOrder,
  PlatformOrderLine,
  PlatformPayment,
} from '../platforms/platform.js'
import { dayIn } from './day-in.js'

export type ImportOrderInput = z.input<typeof importOrder.input>

type Target = Readonly<{
  instance: string
  books: Readonly<{ books: string; currency: string; timeZone: string }>
}>

export function importedOrder(order: PlatformOrder, target: Target): ImportOrderInput {
  const { instance, books } = target
  const untaxedReason = isZero(order.totals.tax) ? reasonIn(order.lines) : undefined
  return {
    ...{ instance, books: books.books, platformOrderId: order.order },
    ...{ number: order.number, status: order.status, paymentStatus: order.paymentStatus },
    modifiedAt: order.modifiedAt,
    placedOn: dayIn(books.timeZone, order.placedAt),
    placedAt: order.placedAt,
    ...(order.customer === null ? {} : { customer: { id: order.customer } }),
    billTo: contactOf(order.billTo),
    shipTo: contactOf(order.shipTo),
    ...(order.paymentMethod === null ? {} : { paymentMethod: order.paymentMethod }),
    ...(order.gateway === null ? {} : { gateway: order.gateway }),
    currency: order.currency,
    ...exchangeRateOf(order, books.currency),
    prices: order.prices,
    lines: order.lines.map(lineOf),
    ...ifAny('storeCredit', order.storeCredit),
    ...ifAny('giftCertificates', order.giftCertificates),
    payments: order.payments.map(paymentOf),
    totals: { ...order.totals },
    ...(untaxedReason === undefined ? {} : { untaxedReason }),
  }
}

/** The store's rate is into its own currency: where the books have another, their own table says. */
function exchangeRateOf(
  { currency, exchangeRate }: PlatformOrder,
  booksCurrency: string,
): Readonly<{ exchangeRate?: string }> {
  if (currency === booksCurrency || exchangeRate?.currency !== booksCurrency) return {}
  return { exchangeRate: exchangeRate.rate }
}

function contactOf(contact: PlatformContact | null): PlatformContact | null {
  return contact === null ? null : { ...contact }
}

function lineOf(line: PlatformOrderLine): ImportOrderInput['lines'][number] {
  const { kind, platformLine, sku, description, quantity, unitPrice, discount, tax } = line
  return {
    ...{ kind, platformLine, description, quantity, unitPrice },
    ...(sku === undefined ? {} : { sku }),
    ...(discount === undefined ? {} : { discount }),
    tax: { ...tax },
    platformTax: line.platformTax,
  }
}

/** What was received elsewhere is no transaction of a gateway, over whose account a workflow would register it. */
function paymentOf({ method, gateway, transaction, amount, isOffline }: PlatformPayment) {
  const isNamed = transaction !== null && !isOffline
  return { method, gateway, ...(isNamed ? { transaction } : {}), amount }
}

function ifAny<Name extends 'storeCredit' | 'giftCertificates'>(
  name: Name,
  amount: Money,
): Partial<Record<Name, Money>> {
  return isZero(amount) ? {} : ({ [name]: amount } as Record<Name, Money>)
}

function reasonIn(lines: readonly PlatformOrderLine[]): string | undefined {
  return lines.map(({ tax }) => tax.reason).find((reason) => reason !== undefined)
}
