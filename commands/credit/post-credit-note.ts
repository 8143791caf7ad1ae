import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import { totalsSchema } from '../../src/events/parts.js'
import { daySchema, documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import { minus } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { entryOf } from '../entry.js'
import { exchangeRate as exchangeRateOf } from '../exchange.js'
import { firstFact } from '../first-fact.js'
import { invoiceOf } from '../invoice/posted-invoice.js'
import { exchangeRateInput } from '../line-input.js'
import { askedDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'
import { linkedNote, noteTotalRefusal, takenBackBy } from './credit-note-draft.js'
import { creditNotePostings } from './credit-note-entry.js'

/**
 * Confirms a draft credit note (L5). Its amounts are worked out anew from what the invoice has left now, for other
 * notes may have come between; what is still due on its own invoice is settled in the same append (L11).
 */
export const postCreditNote = folioCommand({
  name: 'post-credit-note',
  area: 'credit',
  summary:
    'Confirms a draft credit note: it gets its number and entry, and settles its own invoice first',
  rows: ['L5', 'L6', 'L10', 'L11', 'L14', 'L20', 'L21'],
  input: z.strictObject({
    creditNoteId: documentIdSchema,
    postingDate: daySchema
      .optional()
      .describe("Number and period follow it; the document's own date unless given."),
    exchangeRate: exchangeRateInput
      .optional()
      .describe("Of an ad-hoc note without one; a note on an invoice takes its invoice's (L20)."),
  }),
  output: z.strictObject({
    creditNoteId: documentIdSchema,
    number: text(40).meta({ examples: ['RINV/2026/00003'] }),
    totals: totalsSchema,
    remaining: moneySchema.describe('What is left to refund after its own invoice was settled.'),
  }),
  document: ({ creditNoteId }) => creditNoteId,
  books: () => DEFAULT_BOOKS,
  decide({ creditNoteId, postingDate, exchangeRate: given }, { folio, books }) {
    const draft = folio.creditNotes.get(creditNoteId)
    if (draft === undefined) return refuse({ code: 'document_not_found', document: creditNoteId })
    if (draft.status !== 'draft') {
      return refuse({ code: 'document_not_draft', document: creditNoteId, status: draft.status })
    }
    const date = postingDate ?? draft.content.documentDate
    const { invoice: reference } = draft.content
    const invoice = reference === null ? null : invoiceOf(folio, reference.invoiceId)
    if (invoice !== null && date < invoice.postingDate) {
      const { postingDate: invoiceDate } = invoice
      return refuse({ code: 'credit_note_before_invoice', invoiceDate, date })
    }
    const content =
      invoice === null
        ? draft.content
        : linkedNote(invoice, takenBackBy(draft.content), draft.content)
    if ('code' in content) return refuse(content)
    const refusal = noteTotalRefusal(content)
    if (refusal !== null) return refuse(refusal)
    const rate = noteRate(content, invoice, given, books)
    if (typeof rate === 'object') return refuse(rate)
    const day = askedDay(date, books)
    if ('code' in day) return refuse(day)
    const note = { ...content, exchangeRate: rate }
    const postings = creditNotePostings(note, invoice, books)
    return acceptNumbered(
      [
        {
          series: content.direction === 'out' ? 'RINV' : 'RBILL',
          document: creditNoteId,
          postingDate: day.postingDate,
        },
      ],
      (number) => {
        const entry = entryOf({ books: books.books, number, ...day, postings })
        return [{ type: 'CreditNotePosted', data: { ...note, entry } }]
      },
    )
  },
  answer: (facts) => {
    const { creditNoteId, entry, totals } = firstFact(facts, 'CreditNotePosted').data
    const settled = facts[1]
    const remaining =
      settled?.type === 'CreditSettled' ? minus(totals.gross, settled.data.amount) : totals.gross
    return { creditNoteId, number: entry.number, totals, remaining }
  },
})

/** A note takes its invoice's rate, whatever is given (L20). */
function noteRate(
  { currency, documentDate: date, exchangeRate }: CreditNoteContent,
  invoice: PostedInvoice | null,
  given: string | undefined,
  books: OpenBooks,
): string | Refusal {
  if (invoice !== null) return invoice.content.exchangeRate
  return exchangeRateOf({ currency, date, given: given ?? exchangeRate }, books)
}
