/**
 * What an order says otherwise than its posted invoices, less what notes took back (L16). A posted document is never
 * changed: what is less is to be credited, what is more can still be invoiced.
 */
import type { LineDifference } from '../events/order-events.js'
import type { Line } from '../events/parts.js'
import {
  isNegative,
  isPositive,
  isZero,
  minus,
  type Money,
  negate,
  plus,
  zero,
} from '../money/money.js'
import { minusDecimal, plusDecimal } from '../money/quantity.js'
import { atPlace } from './at-place.js'
import type { Folio } from './folio.js'
import type { PostedInvoice } from './invoice.js'
import type { OpenOrder } from './order.js'
import { linkedLines, postedInvoicesOf, postedNotesOn } from './order-documents.js'
import { lineBase, priceDocument } from './pricing.js'

type Sum = Readonly<{ quantity: string; base: Money; gross: Money; platformTax: Money }>
/** Of one order line: what its invoices ask, what notes took back of that, and what of it may be invoiced again. */
type Documents = Readonly<{ invoiced: Sum; credited: Sum; reopened: Sum; taxes: readonly string[] }>

/** By order line, only those that differ; empty where nothing is posted. Amounts are in the order's currency. */
export function orderDifference(order: OpenOrder, folio: Folio): LineDifference[] {
  const invoices = postedInvoicesOf(order, folio)
  const [first] = invoices
  if (first === undefined) return []
  const { prices, currency, lines } = order
  const { rounding } = first.content
  const priced = priceDocument(lines, { prices, rounding, currency }).lines
  const documents = documentsOf(order, invoices, folio)
  return lines.flatMap((line, index) => {
    const own = atPlace(documents, index)
    const ordered = { ...sumOf(line, currency), gross: atPlace(priced, index).gross }
    if (saysTheSame(line, ordered, own)) return []
    const difference = differenceOf(ordered.gross, own)
    if (isZero(difference)) return []
    const shown = ({ quantity, gross: amount }: Sum) => ({ quantity, gross: amount })
    return [
      {
        line: index,
        ordered: shown(ordered),
        invoiced: shown(own.invoiced),
        credited: shown(own.credited),
        difference,
      },
    ]
  })
}

/** What posted invoices ask too much of each order line, less what notes took back: the quantity and the amount. */
export function surplusOf(
  order: OpenOrder,
  folio: Folio,
): readonly Readonly<{ quantity: string; base: Money }>[] {
  const documents = documentsOf(order, postedInvoicesOf(order, folio), folio)
  return order.lines.map((line, index) => {
    const { invoiced, credited } = atPlace(documents, index)
    const ordered = sumOf(line, order.currency)
    return {
      quantity: minusDecimal(minusDecimal(invoiced.quantity, credited.quantity), ordered.quantity),
      base: minus(minus(invoiced.base, credited.base), ordered.base),
    }
  })
}

/** Parts add up to the line, their rounded taxes need not: where base and tax code agree, nothing was changed. */
function saysTheSame({ tax, platformTax }: Line, ordered: Sum, own: Documents): boolean {
  const { invoiced, credited, reopened, taxes } = own
  const same = (kept: Sum) =>
    minusDecimal(kept.quantity, ordered.quantity) === '0' &&
    kept.base.amount === ordered.base.amount &&
    (platformTax === undefined || kept.platformTax.amount === ordered.platformTax.amount) &&
    taxes.every((name) => name === taxName(tax))
  return same(less(invoiced, reopened)) || same(less(invoiced, credited))
}

/** Counted in the direction of the line: a discount line of the order has both figures below zero. */
function differenceOf(ordered: Money, { invoiced, credited, reopened }: Documents): Money {
  if (isNegative(ordered) || isNegative(invoiced.gross)) {
    const turned = (part: Sum) => ({ ...part, gross: negate(part.gross) })
    const opposite = differenceOfGrown(negate(ordered), {
      invoiced: turned(invoiced),
      credited: turned(credited),
      reopened: turned(reopened),
    })
    return negate(opposite)
  }
  return differenceOfGrown(ordered, { invoiced, credited, reopened })
}

function differenceOfGrown(
  ordered: Money,
  { invoiced, credited, reopened }: Pick<Documents, 'invoiced' | 'credited' | 'reopened'>,
): Money {
  const missing = minus(ordered, minus(invoiced.gross, reopened.gross))
  if (isPositive(missing)) return missing
  const surplus = minus(minus(invoiced.gross, credited.gross), ordered)
  return isPositive(surplus) ? negate(surplus) : zero(ordered.currency)
}

function documentsOf(
  order: OpenOrder,
  invoices: readonly PostedInvoice[],
  folio: Folio,
): readonly Documents[] {
  const documents = order.lines.map(() => nothingOf(order.currency))
  const add = (place: number | undefined, change: (own: Documents) => Documents) => {
    if (place === undefined) return
    const own = documents[place]
    // An order whose state did not fit any more was taken as it came: the place may be gone.
    if (own !== undefined) documents[place] = change(own)
  }
  for (const { content } of invoices) {
    for (const line of content.lines) {
      add(line.orderLine, (own) => ({
        ...own,
        invoiced: more(own.invoiced, { ...sumOf(line, order.currency), gross: line.gross }),
        taxes: [...own.taxes, taxName(line.tax)],
      }))
    }
    for (const note of postedNotesOn(content.invoiceId, folio)) {
      for (const line of linkedLines(note.content)) {
        const place = atPlace(content.lines, line.invoiceLine).orderLine
        const quantity = line.byAmount === true ? '0' : line.quantity
        const base = order.prices === 'tax_excluded' ? line.net : line.gross
        const part = { quantity, base, gross: line.gross, platformTax: line.taxAmount }
        add(place, (own) => ({
          ...own,
          credited: more(own.credited, part),
          reopened: note.content.invoiceableAgain ? more(own.reopened, part) : own.reopened,
        }))
      }
    }
  }
  return documents
}

function nothingOf(currency: string): Documents {
  const none = { quantity: '0', base: zero(currency), gross: zero(currency) }
  const sum = { ...none, platformTax: zero(currency) }
  return { invoiced: sum, credited: sum, reopened: sum, taxes: [] }
}

function sumOf(line: Line, currency: string): Sum {
  const { quantity, platformTax = zero(currency) } = line
  return { quantity, base: lineBase(line, currency), gross: zero(currency), platformTax }
}

function more(left: Sum, right: Sum): Sum {
  return {
    quantity: plusDecimal(left.quantity, right.quantity),
    base: plus(left.base, right.base),
    gross: plus(left.gross, right.gross),
    platformTax: plus(left.platformTax, right.platformTax),
  }
}

function less(left: Sum, right: Sum): Sum {
  return {
    quantity: minusDecimal(left.quantity, right.quantity),
    base: minus(left.base, right.base),
    gross: minus(left.gross, right.gross),
    platformTax: minus(left.platformTax, right.platformTax),
  }
}

function taxName({ code, ratePercent }: Line['tax']): string {
  return `${code} ${ratePercent}`
}
