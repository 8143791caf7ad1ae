import { z } from 'zod'
import { atPlace } from '../../src/aggregates/at-place.js'
import type { PostedContent } from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import { totalsSchema } from '../../src/events/parts.js'
import { daySchema, documentIdSchema, text } from '../../src/events/text.js'
import { isNegative, isZero } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { folioAfter, provisionalNumber } from '../consequences.js'
import { acceptNumbered, type BillNumberClaim, type Decision, refuse } from '../decision.js'
import { entryOf } from '../entry.js'
import { exchangeRate } from '../exchange.js'
import { firstFact } from '../first-fact.js'
import { exchangeRateInput } from '../line-input.js'
import { askedDay, type PostingDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'
import { invoicePostings, withDiscountsApart } from './invoice-entry.js'
import { quantityRefusal } from './invoice-order.js'
import { orderLinesLeft } from './order-lines-left.js'
import { platformTotalRefusal } from './platform-total.js'
import { settledOnPosting } from './settled-on-posting.js'

/** Confirms a draft: number, due date, balanced entry (L3; J1 to J6, J33). */
export const postInvoice = folioCommand({
  name: 'post-invoice',
  area: 'invoice',
  summary: 'Confirms a draft invoice or bill: it gets its number and its journal entry',
  rows: ['L3', 'L10', 'L13', 'L18', 'L19', 'L20', 'L21'],
  input: z.strictObject({
    invoiceId: documentIdSchema,
    postingDate: daySchema
      .optional()
      .describe("Number and period follow it; the document's own date unless given."),
    exchangeRate: exchangeRateInput
      .optional()
      .describe("The draft's own unless given; that of the table on its date where it has none."),
  }),
  output: z.strictObject({
    invoiceId: documentIdSchema,
    number: text(40).meta({ examples: ['INV/2026/00064'] }),
    dueDate: daySchema,
    totals: totalsSchema,
  }),
  document: ({ invoiceId }) => invoiceId,
  books: () => DEFAULT_BOOKS,
  decide({ invoiceId, postingDate, exchangeRate: given }, context) {
    const { folio, books, instance } = context
    const draft = folio.invoices.get(invoiceId)
    if (draft === undefined) return refuse({ code: 'document_not_found', document: invoiceId })
    if (draft.status !== 'draft') {
      return refuse({ code: 'document_not_draft', document: invoiceId, status: draft.status })
    }
    const { content } = draft
    const refusal =
      totalRefusal(content) ??
      orderRefusal(content, folio) ??
      platformTotalRefusal(content, folio, instance)
    if (refusal !== null) return refuse(refusal)
    const claim = billNumberClaim(content)
    if (claim !== null && 'code' in claim) return refuse(claim)
    const day = askedDay(postingDate ?? content.documentDate, books)
    if ('code' in day) return refuse(day)
    const { currency, documentDate: date } = content
    const rate = exchangeRate({ currency, date, given: given ?? content.exchangeRate }, books)
    if (typeof rate === 'object') return refuse(rate)
    return posted({ ...content, exchangeRate: rate }, { day, claim, context })
  },
  answer: (facts) => {
    const { invoiceId, entry, dueDate, totals } = firstFact(facts, 'InvoicePosted').data
    return { invoiceId, number: entry.number, dueDate, totals }
  },
})

function posted(
  draft: PostedContent<InvoiceContent>,
  {
    day,
    claim,
    context,
  }: Readonly<{ day: PostingDay; claim: BillNumberClaim | null; context: FolioContext }>,
): Decision {
  const { folio, books } = context
  const content = withDiscountsApart(draft, books)
  const { invoiceId, direction } = content
  const postings = invoicePostings(content, books)
  const fact = (number: string): FactOfType<'InvoicePosted'> => {
    const entry = entryOf({ books: books.books, number, ...day, postings })
    return { type: 'InvoicePosted', data: { ...content, entry } }
  }
  const request = {
    series: direction === 'out' ? 'INV' : 'BILL',
    document: invoiceId,
    postingDate: day.postingDate,
  } as const
  const following = settledOnPosting(fact(provisionalNumber(request, 0)), { day, context })
  const requests = following.flatMap((step) => step.request ?? [])
  return acceptNumbered(
    [request, ...requests],
    (number, ...others) => {
      const facts: LedgerFact[] = [fact(number)]
      let next = folioAfter(folio, facts)
      for (const step of following) {
        const place = step.request === null ? null : requests.indexOf(step.request)
        const settled = step.fact(place === null ? number : atPlace(others, place), next)
        facts.push(settled)
        next = folioAfter(next, [settled])
      }
      return facts
    },
    claim,
  )
}

/** A zero total is refused by hand; that of an order posts, is paid at once and counts as invoiced. */
function totalRefusal({ totals, order }: InvoiceContent): Refusal | null {
  if (isNegative(totals.gross)) return { code: 'total_negative', total: totals.gross }
  if (isZero(totals.gross) && order === null) return { code: 'total_zero' }
  return null
}

/** The order may have been invoiced otherwise or changed since the draft was made; cancelling it discards its drafts. */
function orderRefusal({ invoiceId, lines }: InvoiceContent, folio: Folio): Refusal | null {
  const { order } = folio
  if (order.status === 'absent') return null
  const left = orderLinesLeft(order, folio, invoiceId)
  for (const { orderLine, quantity } of lines) {
    if (orderLine === undefined) continue
    const lineLeft = left[orderLine]
    if (lineLeft === undefined) {
      return { code: 'order_line_not_found', line: orderLine, lines: order.lines.length }
    }
    const refusal = quantityRefusal({ line: orderLine, quantity }, lineLeft)
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
