/**
 * What somebody may ask of one folio, sensible or not: documents, money, notes, refunds and deliveries in any order, with
 * wrong ids, too much of everything and negative amounts among them. It knows only what answers told it.
 */
import { postOpeningBalances } from '../../commands/books/post-opening-balances.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { addTracking } from '../../commands/shipment/add-tracking.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import { priceDocument } from '../../src/aggregates/pricing.js'
import { CREDIT_MAKERS, some } from './random-credits.js'
import {
  amount,
  ask,
  day,
  DAYS,
  drafts,
  isTooEarly,
  type Known,
  type Maker,
  NOWHERE,
  oneOf,
  PARTIES,
  posting,
  rate,
  type Request,
} from './random-known.js'
import { amountText, randomLine, randomLines } from './random-lines.js'
import type { Random } from './random.js'

/** An order, an invoice, a bill, an ad-hoc note, money before any of them, or what was open before: what a folio begins with. */
export function randomOpening(random: Random, known: Known): Request {
  const kind = random.pick([
    ...(['order', 'order', 'import', 'import', 'invoice', 'invoice', 'invoice', 'bill'] as const),
    ...(['ad hoc', 'prepayment', 'opening'] as const),
  ])
  const isIn = kind === 'bill' || (['ad hoc', 'prepayment'].includes(kind) && random.chance(0.3))
  known.direction = isIn ? 'in' : 'out'
  known.total = BigInt(random.whole(1, 50_000))
  const lines = randomLines(random, known.terms, known.direction)
  known.lines = lines
  const { currency } = known.terms
  const common = {
    party: random.chance(0.7) ? random.pick(PARTIES) : null,
    billTo: random.chance(0.3) ? { name: 'Ada “the” Lovelace', email: 'ada@example.com' } : null,
    prices: random.pick(['tax_included', 'tax_excluded'] as const),
    lines,
    ...(known.isForeign ? { currency } : {}),
    ...rate(random, known),
  }
  const order = {
    ...common,
    number: '1001',
    placedOn: '2025-11-01',
    shipTo: null,
    ...spent(random, known),
  }
  if (kind === 'order') return ask(placeOrder, order)
  if (kind === 'import')
    return ask(importOrder, {
      ...order,
      ...platform(random, known, '2026-01-01'),
      ...shown(random, known, order),
    })
  const { direction } = known
  if (kind === 'prepayment') return CREDIT_MAKERS.prepaysParty(random, known)
  if (kind === 'opening') return opening(random, known)
  if (kind === 'ad hoc') {
    return ask(draftCreditNote, { ...common, direction, reason: 'Goodwill', ...day(random) })
  }
  return ask(draftInvoice, {
    ...common,
    direction,
    ...(kind === 'bill' && random.chance(0.95)
      ? { supplierReference: `B-${random.whole(1, random.chance(0.1) ? 3 : 1_000_000)}` }
      : {}),
    ...(random.chance(0.02) ? { currency: 'USD' } : {}),
    ...day(random),
  })
}

/** Open items of the time before, and sums of accounts that are not kept by document. */
function opening(random: Random, known: Known): Request {
  const item = (index: number) => ({
    kind: random.pick(['invoice', 'invoice', 'prepayment'] as const),
    direction: random.chance(0.75) ? ('out' as const) : ('in' as const),
    number: `OLD-${random.chance(0.05) ? 0 : index}`,
    party: random.chance(0.8) ? random.pick(PARTIES) : null,
    documentDate: '2025-10-01',
    amount: amount(random, known),
  })
  const accounts = random.chance(0.6)
    ? [
        {
          account: random.pick([
            'bank-direct',
            'cash',
            'store-credit',
            'output-tax',
            'receivable',
          ] as const),
          side: random.pick(['debit', 'credit'] as const),
          amount: amount(random, known),
        },
      ]
    : []
  return ask(postOpeningBalances, {
    date: random.pick(['2025-11-01', '2025-12-31', '2026-06-15'] as const),
    items: Array.from({ length: random.whole(1, 4) }, (_, index) => item(index)),
    accounts,
    ...rate(random, known),
  })
}

/** What the order was paid with before anybody invoiced it. */
function spent(random: Random, known: Known): Record<string, unknown> {
  const method = random.pick(['card', 'transfer', 'cod', 'other'] as const)
  return {
    paymentMethod: method,
    ...(random.chance(0.12) ? { storeCredit: amount(random, known) } : {}),
    ...(random.chance(0.08) ? { giftCertificates: amount(random, known) } : {}),
    ...(method === 'card'
      ? {
          payments: [
            {
              method,
              gateway: 'shop',
              amount: amount(random, known),
              ...(random.chance(0.8) ? { transaction: `o-${random.whole(1, 3)}` } : {}),
            },
          ],
        }
      : {}),
  }
}

/** The platform's own totals, near to ours or far from them; and its own tax on a line. */
function shown(
  random: Random,
  { terms: { currency, digits } }: Known,
  order: Readonly<{
    lines: ReturnType<typeof randomLines>
    prices: 'tax_included' | 'tax_excluded'
  }>,
): Record<string, unknown> {
  const lines = random.chance(0.3)
    ? order.lines.map((line) => ({
        ...line,
        platformTax: { amount: amountText(BigInt(random.whole(0, 300)), digits), currency },
      }))
    : order.lines
  if (random.chance(0.4)) return { lines }
  try {
    const terms = { prices: order.prices, rounding: 'per_line' as const, currency }
    const { totals } = priceDocument(lines, terms)
    const units = BigInt(totals.gross.amount.replace('.', ''))
    const off = random.pick([0n, 1n, -1n, 2n, -2n, 500n])
    const shift = ({ amount: text }: { amount: string }, by: bigint) => ({
      amount: amountText(BigInt(text.replace('.', '')) + by, digits),
      currency,
    })
    if (units + off < 0n) return { lines }
    return {
      lines,
      totals: { ...totals, net: shift(totals.net, off), gross: shift(totals.gross, off) },
    }
  } catch {
    // Too large to be priced; the command will say so.
    return { lines }
  }
}

export function randomRequest(random: Random, known: Known): Request {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const request = random.pick(MAKERS)(random, known)
    if (request !== null) return request
  }
  return ask(postInvoice, { invoiceId: `${NOWHERE}-i1` })
}

/** Most makers have nothing to ask before there is a document of their kind. */
const ATTEMPTS_MAX = 50

const invoicesOrder: Maker = (random, known) => {
  const [orderId] = known.orders
  if (orderId === undefined) return null
  return ask(invoiceOrder, { orderId, ...day(random), ...some(random, known, 'line', 'lines') })
}

const postsInvoice: Maker = (random, known) => {
  const ids = drafts(random, known, known.invoices)
  if (isTooEarly(random, ids)) return null
  const asked = { invoiceId: oneOf(random, ids, 'i1'), ...posting(random) }
  return ask(postInvoice, { ...asked, ...(random.chance(0.2) ? rate(random, known) : {}) })
}

const discards: Maker = (random, known) => {
  const documents = drafts(random, known, [...known.invoices, ...known.notes])
  if (isTooEarly(random, documents)) return null
  return ask(discardDraft, { document: oneOf(random, documents, 'i1') })
}

const edits: Maker = (random, known) => {
  const isNote = random.chance(0.5)
  const ids = drafts(random, known, isNote ? known.notes : known.invoices)
  if (isTooEarly(random, ids)) return null
  return ask(editDraft, {
    document: oneOf(random, ids, 'i1'),
    ...(random.chance(0.3) ? { documentDate: random.pick(DAYS) } : {}),
    ...(random.chance(0.3) ? { lines: [randomLine(random, known.terms, known.direction)] } : {}),
    ...(random.chance(0.3) ? some(random, known, 'invoiceLine', 'invoiceLines') : {}),
    ...(isNote && random.chance(0.1) ? { amount: amount(random, known) } : {}),
  })
}

const changesOrder: Maker = (random, known) => {
  const [orderId] = known.orders
  if (orderId === undefined) return null
  if (random.chance(0.65)) return null
  if (random.chance(0.3)) return ask(cancelOrder, { orderId, reason: 'Changed their mind' })
  const { currency } = known.terms
  const lines = random.chance(0.5)
    ? known.lines.map((line) => (random.chance(0.3) ? { ...line, quantity: '1' } : line))
    : randomLines(random, known.terms, 'out')
  return ask(importOrder, {
    number: '1001',
    placedOn: '2025-11-01',
    party: null,
    billTo: null,
    shipTo: null,
    prices: 'tax_excluded',
    lines,
    ...(known.isForeign ? { currency } : {}),
    ...spent(random, known),
    ...platform(random, known, random.pick(DAYS)),
  })
}

const ships: Maker = (random, known) => {
  const [orderId] = known.orders
  if (orderId === undefined) return null
  const [shipmentId] = known.shipments.slice(-1)
  const lines = some(random, known, 'line', 'lines')
  if (shipmentId === undefined || random.chance(0.3)) {
    const warehouse = random.chance(0.3) ? { warehouse: 'EAST' } : {}
    return ask(planShipment, { orderId, ...lines, ...warehouse })
  }
  const track = { number: `T-${random.whole(1, 5)}`, carrier: 'ups' }
  const of = random.chance(0.5) ? shipmentId : random.pick(known.shipments)
  if (random.chance(0.3)) return ask(addTracking, { shipmentId: of, track })
  const rest = random.chance(0.3) ? { restPlanned: false } : {}
  const left = random.chance(0.5) ? lines : {}
  return ask(validateDelivery, {
    shipmentId: of,
    ...left,
    ...rest,
    tracks: random.chance(0.4) ? [track] : [],
  })
}

const MAKERS: readonly Maker[] = [
  ...Array<Maker>(4).fill(invoicesOrder),
  ...Array<Maker>(7).fill(postsInvoice),
  ...CREDIT_MAKERS.all,
  discards,
  edits,
  edits,
  changesOrder,
  ships,
  ships,
]

function platform(random: Random, { platformOrderId, instance }: Known, modified: string) {
  return {
    instance,
    platformOrderId,
    modifiedAt: `${modified}T0${random.whole(0, 9)}:00:00.000Z`,
    status: random.pick([
      'Awaiting Fulfillment',
      'Awaiting Fulfillment',
      'Shipped',
      'Cancelled',
    ] as const),
    paymentStatus: random.pick(['captured', 'captured', 'pending'] as const),
  }
}
