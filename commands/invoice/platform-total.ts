/**
 * The invoices of a platform's order come to the platform's own total (L19). What the ledger's own sum lacks or exceeds
 * is one rounding line (J4) on the invoice that completes the order, within the limit of the instance; above it the
 * document stays a draft.
 */
import type { Folio } from '../../src/aggregates/folio.js'
import type { RegisteredInstance } from '../../src/aggregates/instance.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { invoicesOfOrder, postedNotesOn } from '../../src/aggregates/order-documents.js'
import { priceDocument } from '../../src/aggregates/pricing.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import type { Line } from '../../src/events/parts.js'
import {
  compare,
  isNegative,
  isZero,
  minorUnits,
  minus,
  type Money,
  negate,
  plus,
  sum,
} from '../../src/money/money.js'
import { canonicalDecimal, isZeroDecimal, minusDecimal } from '../../src/money/quantity.js'
import type { Refusal } from '../refusal.js'
import { type LineLeft, orderLinesLeft } from './order-lines-left.js'
import { isInvoiceable } from './order-parts.js'

/** Of an instance that is not registered: one minor unit a line. */
const ROUNDING_UNITS_DEFAULT = 1

type Settings = Pick<RegisteredInstance, 'roundingUnitsPerLine'> | null
type Totals = Readonly<{ own: Money; platform: Money; limit: Money }>

/** The line that brings the draft's order to the platform's total; `null`: none is needed, or allowed. */
export function roundingLine(draft: InvoiceContent, folio: Folio, settings: Settings): Line | null {
  const totals = totalsOnCompletion(draft, folio, settings)
  if (totals === null) return null
  const difference = minus(totals.platform, totals.own)
  if (isZero(difference) || isBeyond(totals)) return null
  return {
    kind: 'rounding',
    description: 'Rounding',
    quantity: '1',
    unitPrice: canonicalDecimal(difference.amount),
    tax: { code: 'rounding', ratePercent: '0' },
  }
}

/** Why the draft is not posted: with it the order is invoiced, and comes to another sum than the platform's. */
export function platformTotalRefusal(
  draft: InvoiceContent,
  folio: Folio,
  settings: Settings,
): Refusal | null {
  const totals = totalsOnCompletion(draft, folio, settings)
  if (totals === null || !isBeyond(totals)) return null
  return { code: 'platform_total_differs', ...totals }
}

function isBeyond({ own, platform, limit }: Totals): boolean {
  const difference = minus(platform, own)
  return compare(isNegative(difference) ? negate(difference) : difference, limit) > 0
}

/** Both sums once the draft is posted; `null` where it does not complete an order of a platform. */
function totalsOnCompletion(
  draft: InvoiceContent,
  folio: Folio,
  settings: Settings,
): Totals | null {
  const { order } = folio
  if (order.status === 'absent' || order.platform === null) return null
  const left = orderLinesLeft(order, folio, draft.invoiceId)
  if (!isCompletedBy(draft, left)) return null
  const units = settings?.roundingUnitsPerLine ?? ROUNDING_UNITS_DEFAULT
  return {
    own: wasChanged(draft, order, left, folio)
      ? pricedAnew(draft, order, folio)
      : invoicedInAll(draft, order, folio),
    platform: order.platform.totals.gross,
    limit: minorUnits(units * order.lines.length, order.currency),
  }
}

function isCompletedBy({ lines }: InvoiceContent, left: readonly LineLeft[]): boolean {
  return left.every(({ ordered, quantity: before }, index) => {
    const after = lines
      .filter(({ orderLine }) => orderLine === index)
      .reduce((rest, { quantity }) => minusDecimal(rest, quantity), before)
    return !isInvoiceable(after, ordered.quantity)
  })
}

/** Then what was invoiced before is no part of the order as it is now: its difference is credited, not rounded (L16). */
function wasChanged(
  draft: InvoiceContent,
  order: OpenOrder,
  left: readonly LineLeft[],
  folio: Folio,
): boolean {
  const lines = [draft, ...others(draft, order, folio)].flatMap((content) => content.lines)
  return (
    lines.some(({ orderLine, unitPrice, tax }) => {
      if (orderLine === undefined) return false
      const ordered = order.lines[orderLine]
      return (
        ordered?.unitPrice !== unitPrice ||
        ordered.tax.code !== tax.code ||
        ordered.tax.ratePercent !== tax.ratePercent
      )
    }) ||
    left.some(
      ({ ordered, quantity }) =>
        !isZeroDecimal(quantity) && !isInvoiceable(quantity, ordered.quantity),
    )
  )
}

function others({ invoiceId }: InvoiceContent, order: OpenOrder, folio: Folio): InvoiceContent[] {
  return invoicesOfOrder(order, folio)
    .map(({ content }) => content)
    .filter((content) => content.invoiceId !== invoiceId)
}

function pricedAnew(draft: InvoiceContent, order: OpenOrder, folio: Folio): Money {
  const { rounding } = draft
  const { lines, prices, currency } = order
  const own = priceDocument(lines, { prices, rounding, currency }).totals.gross
  const rounded = [draft, ...others(draft, order, folio)].flatMap((content) =>
    content.lines.flatMap(({ kind, gross }) => (kind === 'rounding' ? [gross] : [])),
  )
  return plus(own, sum(rounded, currency))
}

/** All invoices, less what notes gave free to be invoiced again. */
function invoicedInAll(draft: InvoiceContent, order: OpenOrder, folio: Folio): Money {
  const { currency } = order
  const invoices = others(draft, order, folio)
  const reopened = invoices
    .flatMap(({ invoiceId }) => postedNotesOn(invoiceId, folio))
    .flatMap(({ content }) => (content.invoiceableAgain ? [content.totals.gross] : []))
  const invoiced = [draft, ...invoices].map(({ totals }) => totals.gross)
  return minus(sum(invoiced, currency), sum(reopened, currency))
}
