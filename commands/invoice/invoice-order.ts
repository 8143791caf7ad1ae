import { z } from 'zod'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { type Line, LINES_MAX, totalsSchema } from '../../src/events/parts.js'
import { documentIdSchema } from '../../src/events/text.js'
import { isNegative, minus, proportion, zero } from '../../src/money/money.js'
import { compareDecimal, isZeroDecimal, minusDecimal } from '../../src/money/quantity.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { nextInvoiceId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import { decimalInput } from '../line-input.js'
import type { Refusal } from '../refusal.js'
import { invoiceContent, invoiceTermsInput, isRefusal } from './invoice-draft.js'
import { type LineLeft, orderLinesLeft } from './order-lines-left.js'

type LineQuantity = Readonly<{ line: number; quantity: string }>

/** A draft over an order's lines, in full or in part, never beyond what was ordered (L2). */
export const invoiceOrder = folioCommand({
  name: 'invoice-order',
  area: 'invoice',
  summary: 'Drafts an invoice over the lines of an order, in full or in part',
  rows: ['L2'],
  input: z.strictObject({
    orderId: documentIdSchema,
    lines: z
      .array(z.strictObject({ line: z.int().min(0), quantity: decimalInput }))
      .min(1)
      .max(LINES_MAX)
      .optional()
      .describe('Order lines counted from 0; left out, everything that is not invoiced yet.'),
    ...invoiceTermsInput,
  }),
  output: z.strictObject({ invoiceId: documentIdSchema, totals: totalsSchema }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId, lines: asked, ...terms }, { folio, folioId, books, today }) {
    const { order } = folio
    if (order.status === 'absent' || order.orderId !== orderId) {
      return refuse({ code: 'order_not_found', order: orderId })
    }
    if (order.status === 'cancelled') return refuse({ code: 'order_cancelled', order: orderId })
    const left = orderLinesLeft(order, folio)
    const quantities = asked ?? everythingLeft(order, left)
    if (quantities.length === 0) return refuse({ code: 'nothing_left_to_invoice', order: orderId })
    const lines = invoicedLines(order, left, quantities)
    if (isRefusal(lines)) return refuse(lines)
    const { currency, prices, party, billTo, number, placedOn, platform } = order
    const content = invoiceContent(
      {
        ...terms,
        invoiceId: nextInvoiceId(folioId, folio),
        books: order.books,
        direction: 'out',
        order: {
          orderId,
          number,
          placedOn,
          ...(platform === null
            ? {}
            : { instance: platform.instance, platformOrderId: platform.platformOrderId }),
        },
        party,
        billTo,
        currency,
        prices,
        lines,
      },
      { books, today },
    )
    if (isRefusal(content)) return refuse(content)
    return accept({ type: 'InvoiceDrafted', data: content })
  },
  answer: (facts) => {
    const { invoiceId, totals } = firstFact(facts, 'InvoiceDrafted').data
    return { invoiceId, totals }
  },
})

function everythingLeft({ lines }: OpenOrder, left: readonly LineLeft[]): LineQuantity[] {
  return left.flatMap(({ quantity }, line) =>
    isInvoiceable(quantity, lines[line]?.quantity ?? '0') ? [{ line, quantity }] : [],
  )
}

/** A quantity in the direction of its line: a discount line of negative quantity is invoiced as such. */
function isInvoiceable(quantity: string, ordered: string): boolean {
  return !isZeroDecimal(quantity) && quantity.startsWith('-') === ordered.startsWith('-')
}

function invoicedLines(
  order: OpenOrder,
  left: readonly LineLeft[],
  quantities: readonly LineQuantity[],
): (Line & { orderLine: number })[] | Refusal {
  const seen = new Set<number>()
  const lines: (Line & { orderLine: number })[] = []
  for (const { line, quantity } of quantities) {
    const ordered = order.lines[line]
    const lineLeft = left[line]
    if (ordered === undefined || lineLeft === undefined) {
      return { code: 'order_line_not_found', line, lines: order.lines.length }
    }
    if (seen.has(line)) return { code: 'order_line_named_twice', line }
    seen.add(line)
    const refusal = quantityRefusal({ line, quantity }, ordered.quantity, lineLeft.quantity)
    if (refusal !== null) return refusal
    lines.push({ ...partOfLine(ordered, lineLeft, quantity), orderLine: line })
  }
  return lines
}

export function quantityRefusal(
  { line, quantity }: LineQuantity,
  ordered: string,
  left: string,
): Refusal | null {
  if (!isInvoiceable(quantity, ordered)) {
    return { code: 'quantity_not_positive', line, requested: quantity }
  }
  const beyond = compareDecimal(quantity, left)
  if (ordered.startsWith('-') ? beyond < 0 : beyond > 0) {
    return { code: 'quantity_exceeds_ordered', line, left, requested: quantity }
  }
  return null
}

/**
 * The part's discount is the rounded discount of everything invoiced so far less what the other invoices have of it, so
 * that the parts add up to the line's, also after a draft between them was discarded.
 */
function partOfLine(ordered: Line, left: LineLeft, quantity: string): Line {
  if (quantity === ordered.quantity) return ordered
  const { platformTax: _whole, discount, ...line } = ordered
  if (discount === undefined) return { ...line, quantity }
  const rest = minusDecimal(left.quantity, quantity)
  const share = minus(left.discount, proportion(discount, rest, ordered.quantity))
  const turned = isNegative(share) !== isNegative(discount)
  return { ...line, quantity, discount: turned ? zero(discount.currency) : share }
}
