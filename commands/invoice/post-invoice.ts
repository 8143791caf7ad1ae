import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import { type Entry, totalsSchema } from '../../src/events/parts.js'
import { daySchema, documentIdSchema, text } from '../../src/events/text.js'
import { isNegative, isZero, taxOnTop } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, type BillNumberClaim, refuse } from '../decision.js'
import { credit, debit, entryOf, REVENUE_ACCOUNTS, selfAssessed, taxPostings } from '../entry.js'
import { firstFact } from '../first-fact.js'
import type { Refusal } from '../refusal.js'
import { quantityRefusal } from './invoice-order.js'
import { orderLinesLeft } from './order-lines-left.js'

/** Confirms a draft: number, due date, balanced entry (L3; J1, J3, J6, J33). */
export const postInvoice = folioCommand({
  name: 'post-invoice',
  area: 'invoice',
  summary: 'Confirms a draft invoice or bill: it gets its number and its journal entry',
  rows: ['L3', 'L21'],
  input: z.strictObject({
    invoiceId: documentIdSchema,
    postingDate: daySchema
      .optional()
      .describe("Number and period follow it; the document's own date unless given."),
  }),
  output: z.strictObject({
    invoiceId: documentIdSchema,
    number: text(40).meta({ examples: ['INV/2026/00064'] }),
    dueDate: daySchema,
    totals: totalsSchema,
  }),
  document: ({ invoiceId }) => invoiceId,
  books: () => DEFAULT_BOOKS,
  decide({ invoiceId, postingDate }, { folio }) {
    const draft = folio.invoices.get(invoiceId)
    if (draft === undefined) return refuse({ code: 'document_not_found', document: invoiceId })
    if (draft.status !== 'draft') {
      return refuse({ code: 'document_not_draft', document: invoiceId, status: draft.status })
    }
    const { content } = draft
    const refusal = totalRefusal(content) ?? orderRefusal(content, folio)
    if (refusal !== null) return refuse(refusal)
    const claim = billNumberClaim(content)
    if (claim !== null && 'code' in claim) return refuse(claim)
    const date = postingDate ?? content.documentDate
    const series = content.direction === 'out' ? 'INV' : 'BILL'
    return acceptNumbered(
      [{ series, document: invoiceId, postingDate: date }],
      (number = '') => [
        { type: 'InvoicePosted', data: { ...content, entry: invoiceEntry(content, number, date) } },
      ],
      claim,
    )
  },
  answer: (facts) => {
    const { invoiceId, entry, dueDate, totals } = firstFact(facts, 'InvoicePosted').data
    return { invoiceId, number: entry.number, dueDate, totals }
  },
})

/** A zero total is refused by hand; that of an order posts, is paid at once and counts as invoiced. */
function totalRefusal({ totals, order }: InvoiceContent): Refusal | null {
  if (isNegative(totals.gross)) return { code: 'total_negative', total: totals.gross }
  if (isZero(totals.gross) && order === null) return { code: 'total_zero' }
  return null
}

/** The order may have been invoiced otherwise, changed or cancelled since the draft was made. */
function orderRefusal(
  { invoiceId, order: reference, lines }: InvoiceContent,
  folio: Folio,
): Refusal | null {
  const { order } = folio
  if (reference === null || order.status === 'absent') return null
  if (order.status === 'cancelled') return { code: 'order_cancelled', order: order.orderId }
  const left = orderLinesLeft(order, folio, invoiceId)
  for (const { orderLine, quantity } of lines) {
    if (orderLine === undefined) continue
    const ordered = order.lines[orderLine]
    if (ordered === undefined) {
      return { code: 'order_line_not_found', line: orderLine, lines: order.lines.length }
    }
    const refusal = quantityRefusal(
      { line: orderLine, quantity },
      ordered.quantity,
      left[orderLine]?.quantity ?? '0',
    )
    if (refusal !== null) return refusal
  }
  return null
}

function billNumberClaim(content: InvoiceContent): BillNumberClaim | Refusal | null {
  if (content.direction === 'out') return null
  if (content.supplierReference === undefined) return { code: 'supplier_reference_missing' }
  if (content.party === null) return null
  const { party, supplierReference, invoiceId: document } = content
  return { party, supplierReference, document }
}

/** J1 with J3 for customers; J33 for suppliers, reverse charge included. */
function invoiceEntry(content: InvoiceContent, number: string, postingDate: string): Entry {
  const { books, direction, invoiceId, lines, taxes, totals } = content
  const postings =
    direction === 'out'
      ? [
          debit('receivable', totals.gross, { document: invoiceId }),
          ...lines.map(({ kind, net }) => credit(REVENUE_ACCOUNTS[kind], net)),
          ...taxPostings('credit', 'output-tax', taxes),
        ]
      : [
          ...lines.map(({ net }) => debit('purchases', net)),
          ...taxes.flatMap((tax) =>
            tax.reverseCharge === true
              ? selfAssessed('debit', tax, taxOnTop(tax.base, tax.ratePercent))
              : taxPostings('debit', 'input-tax', [tax]),
          ),
          credit('payable', totals.gross, { document: invoiceId }),
        ]
  return entryOf({ books, number, postingDate, postings })
}
