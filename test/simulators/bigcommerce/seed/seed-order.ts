/** Makes an order out of what a test says of it, with the transactions that its payment left. */
import { v2Amount, unitsOfText } from '../state/amounts.js'
import type { SeededOrder } from '../state/effects.js'
import type { OrderBase, PaidPart, Shipment, Transaction } from '../state/order.js'
import type { Store } from '../state/world.js'
import { type SeedOrder, type SeedOrderSpec, seedOrderSchema } from './seed-input.js'
import { seedLines, totalOf } from './seed-lines.js'

/** Placed at `nowMs` unless they say otherwise. Nothing of it is in the store yet. */
export function seedOrders(
  store: Store,
  asked: readonly SeedOrder[],
  nowMs: number,
): SeededOrder[] {
  const next = { ...store.next }
  const ids = (kind: keyof typeof next): number => next[kind]++
  const known = new Set(store.orders.keys())
  return asked.map((order) => {
    const seeded = seedOrder(store, seedOrderSchema.parse(order), { ids, nowMs })
    const { id } = seeded.base
    if (known.has(id)) throw new Error(`${store.settings.hash} has order ${id} already.`)
    known.add(id)
    return seeded
  })
}

type Making = Readonly<{ ids: (kind: keyof Store['next']) => number; nowMs: number }>

function seedOrder(store: Store, spec: SeedOrderSpec, { ids, nowMs }: Making): SeededOrder {
  const id = spec.id ?? ids('order')
  const currency = spec.currency ?? store.settings.currency
  const side = spec.prices === 'tax_included' ? 'gross' : 'net'
  const lines = seedLines(spec, { currency, side, ids })
  const totals = totalOf(lines)
  const createdAtMs = spec.createdAt === undefined ? nowMs : Date.parse(spec.createdAt)
  const base: OrderBase = {
    ...lines,
    ...totals,
    id,
    customerId: spec.customerId,
    createdAtMs,
    currency,
    displayCurrency: spec.displayCurrency ?? currency,
    storeCurrency: store.settings.currency,
    exchangeRate: spec.exchangeRate,
    side,
    storeCreditUnits: unitsOfText(spec.storeCredit, currency),
    giftCertificateUnits: unitsOfText(spec.giftCertificate, currency),
    billing: spec.billing,
    parts: partsOf(spec, totals.total.gross, currency),
    gatewayRefunds: spec.payment.refunds,
    isSettled: spec.payment.isSettled,
    channelId: spec.channelId,
    source: spec.source,
    externalSource: spec.externalSource,
    externalId: spec.externalId,
    externalMerchantId: spec.externalMerchantId,
    customerLocale: spec.customerLocale,
  }
  const isPaid = spec.payment.status === 'captured' || spec.payment.status === 'paid'
  const shippedAtMs = spec.isShipped ? createdAtMs : null
  const face = {
    statusId: spec.statusId ?? (spec.isShipped ? 2 : isPaid ? 11 : 7),
    paymentStatus: spec.payment.status,
    modifiedAtMs: createdAtMs,
    shippedAtMs,
    paymentMethod: spec.payment.method,
    paymentProviderId: '',
    staffNotes: spec.staffNotes,
    customerMessage: spec.customerMessage,
    externalOrderId: spec.externalOrderId,
    isDeleted: false,
  }
  const transactions = transactionsOf(spec, base, ids)
  const shipments = spec.isShipped ? shipmentsOf(base, ids) : []
  return { base, face, transactions, shipments }
}

const OFFLINE = ['bankdeposit', 'cheque', 'cod', 'instore', 'moneyorder', 'custom']
const WITHOUT_TRANSACTIONS = ['testgateway', 'paypalexpress', 'amazon']

function partsOf(spec: SeedOrderSpec, total: number, currency: string): PaidPart[] {
  const storeCredit = unitsOfText(spec.storeCredit, currency)
  const certificate = unitsOfText(spec.giftCertificate, currency)
  const rest = total - storeCredit - certificate
  if (rest < 0) throw new RangeError(`More was paid than ${v2Amount(total, currency)}.`)
  const { gateway, method, isOffline } = spec.payment
  const kind = (isOffline ?? OFFLINE.includes(gateway)) ? 'offline' : 'gateway'
  const parts: PaidPart[] = [
    { provider: gateway, description: method, units: rest, kind },
    {
      provider: 'storecredit',
      description: 'Store Credit',
      units: storeCredit,
      kind: 'store_credit',
    },
    {
      provider: 'giftcertificate',
      description: 'Gift Certificate',
      units: certificate,
      kind: 'gift_certificate',
    },
  ]
  return parts.filter(({ units }) => units > 0)
}

const EVENTS: Readonly<Record<SeedOrderSpec['payment']['status'], string | null>> = {
  captured: 'purchase',
  paid: 'purchase',
  authorized: 'authorization',
  pending: 'pending',
  declined: 'purchase',
  void: 'authorization',
  '': null,
}

/** What the gateway and the shopper's own balances left; an offline payment leaves none until it is recorded. */
function transactionsOf(
  spec: SeedOrderSpec,
  { id, currency, createdAtMs, parts }: OrderBase,
  ids: Making['ids'],
): Transaction[] {
  const { status, isTest, hasTransactions, method } = spec.payment
  const event = EVENTS[status]
  return parts.flatMap(({ kind, provider, units }) => {
    const isGateway = kind === 'gateway' || (kind === 'offline' && hasTransactions === true)
    if (kind === 'offline' && !isGateway) return []
    if (isGateway && !(hasTransactions ?? !WITHOUT_TRANSACTIONS.includes(provider))) return []
    if (isGateway && event === null) return []
    const transaction = {
      id: ids('transaction'),
      event: isGateway ? (event ?? 'purchase') : 'purchase',
      method: kind === 'gateway' ? 'credit_card' : kind,
      gateway: provider,
      units,
      currency,
      gatewayTransactionId: `${provider}-${id}`,
      createdAtMs,
      isTest,
      status: isGateway && status === 'declined' ? ('error' as const) : ('ok' as const),
      reference: null,
      displayName: kind === 'offline' ? method : null,
      customMethod: null,
      visibleAtMs: 0,
    }
    return [transaction]
  })
}

function shipmentsOf(base: OrderBase, ids: Making['ids']): Shipment[] {
  return base.addresses.map(({ id, method }) => ({
    id: ids('shipment'),
    addressId: id,
    createdAtMs: base.createdAtMs,
    trackingNumber: `TRACK-${base.id}`,
    provider: '',
    method,
    items: base.products
      .filter(({ addressId }) => addressId === id)
      .map((product) => ({ product: product.id, quantity: product.quantity })),
  }))
}
