import { z } from 'zod'
import {
  contactSchema,
  directionSchema,
  LINES_MAX,
  partySchema,
  pricesSchema,
  totalsSchema,
} from '../../src/events/parts.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
} from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { nextCreditNoteId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import { postedInvoiceIn } from '../invoice/posted-invoice.js'
import { currencyInput, decimalInput, exchangeRateInput, lineInput } from '../line-input.js'
import { adHocNote, linkedNote, noteTotalRefusal } from './credit-note-draft.js'

/** Whole quantities of an invoice's line, at the invoiced unit price or a lower one. */
export const lineRequestSchema = z.strictObject({
  invoiceLine: z.int().min(0).describe('Counted from 0.'),
  quantity: decimalInput,
  unitPrice: decimalInput.optional(),
})

const termsInput = {
  reason: text(500),
  documentDate: daySchema.optional().describe('Today unless given.'),
  invoiceableAgain: z
    .boolean()
    .default(false)
    .describe('Whether the quantity may be invoiced again (L2).'),
  supplierReference: text(100)
    .optional()
    .describe("The supplier's own number of a note that came in."),
}

const linkedInput = z
  .strictObject({
    invoiceId: documentIdSchema,
    lines: z
      .array(lineRequestSchema)
      .min(1)
      .max(LINES_MAX)
      .optional()
      .describe('Left out, and no amount given: everything that the invoice still has to credit.'),
    amount: moneySchema
      .optional()
      .describe(
        'Money alone, tax included: it is split over the lines, and no quantity comes back (L14).',
      ),
    ...termsInput,
  })
  .refine(({ lines, amount }) => lines === undefined || amount === undefined, {
    message: 'takes lines or an amount, not both',
    path: ['amount'],
  })

const adHocInput = z.strictObject({
  books: slugSchema.default(DEFAULT_BOOKS),
  direction: directionSchema.default('out'),
  party: partySchema.default(null),
  billTo: contactSchema.nullable().default(null),
  currency: currencyInput.optional(),
  exchangeRate: exchangeRateInput
    .optional()
    .describe('Books currency for one unit; that of the table on its day unless given (L20).'),
  prices: pricesSchema.default('tax_excluded'),
  lines: z.array(lineInput).min(1).max(LINES_MAX),
  ...termsInput,
})

/** A draft on a posted invoice, or a credit of its own, which opens a folio (L5). */
export const draftCreditNote = folioCommand({
  name: 'draft-credit-note',
  area: 'credit',
  summary: 'Drafts a credit note on an invoice, in full or in part, or an ad-hoc one',
  rows: ['L5', 'L6', 'L14', 'L20'],
  input: z.union([linkedInput, adHocInput]),
  output: z.strictObject({ creditNoteId: documentIdSchema, totals: totalsSchema }),
  document: (asked) => ('invoiceId' in asked ? asked.invoiceId : null),
  books: (asked) => ('books' in asked ? asked.books : DEFAULT_BOOKS),
  decide(asked, { folio, folioId, books, today }) {
    const { reason, invoiceableAgain, supplierReference, documentDate = today } = asked
    const creditNoteId = nextCreditNoteId(folioId, folio)
    const terms = { creditNoteId, reason, invoiceableAgain, supplierReference, documentDate }
    if ('invoiceId' in asked) {
      const invoice = postedInvoiceIn(folio, asked.invoiceId)
      if ('code' in invoice) return refuse(invoice)
      return drafted(linkedNote(invoice, asked.amount ?? asked.lines, terms))
    }
    const { currency = books.currency, exchangeRate } = asked
    const { direction, party, billTo, prices, lines } = asked
    const content = adHocNote(
      { books: asked.books, direction, party, billTo, prices, lines, currency, exchangeRate },
      terms,
      books,
    )
    return drafted(content)
  },
  answer: (facts) => {
    const { creditNoteId, totals } = firstFact(facts, 'CreditNoteDrafted').data
    return { creditNoteId, totals }
  },
})

function drafted(content: ReturnType<typeof linkedNote>) {
  if ('code' in content) return refuse(content)
  const refusal = noteTotalRefusal(content)
  if (refusal !== null) return refuse(refusal)
  return accept({ type: 'CreditNoteDrafted', data: content })
}
