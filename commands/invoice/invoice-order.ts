import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import type { RegisteredInstance } from '../../src/aggregates/instance.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { LINES_MAX, totalsSchema } from '../../src/events/parts.js'
import { documentIdSchema } from '../../src/events/text.js'
import { compareDecimal } from '../../src/money/quantity.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { accept, refuse } from '../decision.js'
import { nextInvoiceId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import { decimalInput } from '../line-input.js'
import type { Refusal } from '../refusal.js'
import { invoiceContent, invoiceTermsInput, isRefusal } from './invoice-draft.js'
import { type LineLeft, orderLinesLeft } from './order-lines-left.js'
import { chargesWith, isCharge, isInvoiceable, type OrderPart, partOfLine } from './order-parts.js'
import { roundingLine } from './platform-total.js'

type Terms = Readonly<z.infer<z.ZodObject<typeof invoiceTermsInput>>>
type LineQuantity = Readonly<{ line: number; quantity: string }>

/**
 * A draft over an order's lines, in full or in part, never beyond what was ordered (L2). Charges go with the goods as
 * the settings say, unless the request names charges itself (L17).
 */
export const invoiceOrder = folioCommand({
  name: 'invoice-order',
  area: 'invoice',
  summary: 'Drafts an invoice over the lines of an order, in full or in part',
  rows: ['L2', 'L17', 'L19'],
  input: z.strictObject({
    orderId: documentIdSchema,
    lines: z
      .array(z.strictObject({ line: z.int().min(0), quantity: decimalInput }))
      .min(1)
      .max(LINES_MAX)
      .optional()
      .describe(
        'Order lines counted from 0; left out, everything that is not invoiced yet. Where no charge is named, shipping, handling and fees are added by the setting of the instance or the books.',
      ),
    ...invoiceTermsInput,
  }),
  output: z.strictObject({ invoiceId: documentIdSchema, totals: totalsSchema }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId, lines: asked, ...terms }, context) {
    const { folio, books, instance } = context
    const { order } = folio
    if (order.status === 'absent' || order.orderId !== orderId) {
      return refuse({ code: 'order_not_found', order: orderId })
    }
    if (order.status === 'cancelled') return refuse({ code: 'order_cancelled', order: orderId })
    const history = historyRefusal(order, instance)
    if (history !== null) return refuse(history)
    const left = orderLinesLeft(order, folio)
    const quantities = asked ?? everythingLeft(left)
    if (quantities.length === 0) return refuse({ code: 'nothing_left_to_invoice', order: orderId })
    const named = invoicedLines(left, quantities)
    if (isRefusal(named)) return refuse(named)
    const how = instance?.charges ?? books.settings.charges
    const charges = named.some(isCharge) ? [] : chargesWith(named, left, how, order.currency)
    const content = orderContent(order, [...named, ...charges], terms, context)
    if (isRefusal(content)) return refuse(content)
    return accept({ type: 'InvoiceDrafted', data: content })
  },
  answer: (facts) => {
    const { invoiceId, totals } = firstFact(facts, 'InvoiceDrafted').data
    return { invoiceId, totals }
  },
})

/** Of an order from before its instance's start date nothing is posted (L29). */
function historyRefusal(
  { orderId, platform }: OpenOrder,
  instance: Pick<RegisteredInstance, 'startDate'> | null,
): Refusal | null {
  if (platform?.isHistory !== true) return null
  return { code: 'order_is_history', order: orderId, startDate: instance?.startDate ?? null }
}

/** Whether anything can still be drafted. */
export function hasLinesLeft(order: OpenOrder, folio: Folio): boolean {
  return everythingLeft(orderLinesLeft(order, folio)).length > 0
}

/** The draft, with the line that brings it to the platform's total where it completes the order (L19). */
function orderContent(
  order: OpenOrder,
  lines: readonly OrderPart[],
  terms: Terms,
  { folio, folioId, books, today, instance }: FolioContext,
) {
  const { currency, exchangeRate, prices, party, billTo, orderId, number, placedOn, platform } =
    order
  const unpriced = {
    exchangeRate,
    ...terms,
    invoiceId: nextInvoiceId(folioId, folio),
    books: order.books,
    direction: 'out' as const,
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
    lines: [...lines],
  }
  const content = invoiceContent(unpriced, { books, today })
  if (isRefusal(content)) return content
  const rounding = lines.length < LINES_MAX ? roundingLine(content, folio, instance) : null
  if (rounding === null) return content
  return invoiceContent({ ...unpriced, lines: [...lines, rounding] }, { books, today })
}

function everythingLeft(left: readonly LineLeft[]): LineQuantity[] {
  return left.flatMap(({ ordered, quantity }, line) =>
    isInvoiceable(quantity, ordered.quantity) ? [{ line, quantity }] : [],
  )
}

function invoicedLines(
  left: readonly LineLeft[],
  quantities: readonly LineQuantity[],
): OrderPart[] | Refusal {
  const seen = new Set<number>()
  const lines: OrderPart[] = []
  for (const { line, quantity } of quantities) {
    const lineLeft = left[line]
    if (lineLeft === undefined) return { code: 'order_line_not_found', line, lines: left.length }
    if (seen.has(line)) return { code: 'order_line_named_twice', line }
    seen.add(line)
    const refusal = quantityRefusal({ line, quantity }, lineLeft)
    if (refusal !== null) return refusal
    lines.push({ ...partOfLine(lineLeft, quantity), orderLine: line })
  }
  return lines
}

export function quantityRefusal(
  { line, quantity }: LineQuantity,
  { ordered, quantity: left }: LineLeft,
): Refusal | null {
  if (!isInvoiceable(quantity, ordered.quantity)) {
    return { code: 'quantity_not_positive', line, requested: quantity }
  }
  const beyond = compareDecimal(quantity, left)
  if (ordered.quantity.startsWith('-') ? beyond < 0 : beyond > 0) {
    return { code: 'quantity_exceeds_ordered', line, left, requested: quantity }
  }
  return null
}
