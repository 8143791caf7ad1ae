import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  contactSchema,
  LINES_MAX,
  lineSchema,
  partySchema,
  pricesSchema,
} from '../../src/events/parts.js'
import { daySchema, documentIdSchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import type { Refusal } from '../refusal.js'
import { adHocNote, linkedNote, noteTotalRefusal } from '../credit/credit-note-draft.js'
import { lineRequestSchema } from '../credit/draft-credit-note.js'
import { invoiceContent, isRefusal } from './invoice-draft.js'

const input = z.strictObject({
  document: documentIdSchema,
  party: partySchema.optional(),
  billTo: contactSchema.nullable().optional(),
  supplierReference: text(100).optional(),
  documentDate: daySchema.optional(),
  dueDate: daySchema.optional(),
  note: text(2000).optional(),
  reason: text(500).optional(),
  invoiceableAgain: z.boolean().optional(),
  prices: pricesSchema.optional(),
  /** All lines anew: of an invoice without an order, or of an ad-hoc note. */
  lines: z.array(lineSchema).min(1).max(LINES_MAX).optional(),
  /** All lines anew: of a note on an invoice. */
  invoiceLines: z.array(lineRequestSchema).min(1).max(LINES_MAX).optional(),
})
type Input = z.infer<typeof input>

/** Changes a draft; what is left out stays. Posted documents are never edited (V). */
export const editDraft = folioCommand({
  name: 'edit-draft',
  summary: 'Changes a draft invoice or credit note; what is left out stays as it is',
  rows: ['L2', 'L5', 'M4'],
  input,
  document: ({ document }) => document,
  books: () => DEFAULT_BOOKS,
  decide(asked, { folio, books, today }) {
    const { document } = asked
    const draft = folio.invoices.get(document) ?? folio.creditNotes.get(document)
    if (draft === undefined) return refuse({ code: 'document_not_found', document })
    if (draft.status !== 'draft') {
      return refuse({ code: 'document_not_draft', document, status: draft.status })
    }
    const fact =
      'invoiceId' in draft.content
        ? editedInvoice(asked, draft.content, { books, today })
        : editedNote(asked, draft.content, { folio, books })
    return isRefusal(fact) ? refuse(fact) : accept(fact)
  },
  answer: ([edited]) =>
    edited?.type === 'InvoiceDraftEdited' || edited?.type === 'CreditNoteDraftEdited'
      ? { totals: edited.data.totals }
      : null,
})

/** The lines of an order's invoice follow the order: discard the draft and invoice other quantities instead. */
function editedInvoice(
  asked: Input,
  content: InvoiceContent,
  context: Readonly<{ books: OpenBooks; today: string }>,
): LedgerFact | Refusal {
  const ofOrder = content.order !== null && (asked.lines ?? asked.prices) !== undefined
  if (asked.invoiceLines !== undefined || ofOrder) {
    return { code: 'lines_follow_their_source', document: content.invoiceId }
  }
  const { document: _document, reason: _reason, invoiceableAgain: _again, ...changes } = asked
  const { invoiceLines: _lines, ...given } = definedOf(changes)
  const edited = invoiceContent({ ...content, ...given }, context)
  return isRefusal(edited) ? edited : { type: 'InvoiceDraftEdited', data: edited }
}

function editedNote(
  asked: Input,
  content: CreditNoteContent,
  { folio, books }: Readonly<{ folio: Folio; books: OpenBooks }>,
): LedgerFact | Refusal {
  const { creditNoteId } = content
  const given = definedOf(asked)
  const { reason, documentDate, invoiceableAgain } = { ...content, ...given }
  const terms = { creditNoteId, reason, documentDate, invoiceableAgain }
  const invoice =
    content.invoice === null ? undefined : folio.invoices.get(content.invoice.invoiceId)
  const foreign = invoice === undefined ? asked.invoiceLines : (asked.lines ?? asked.prices)
  if (foreign !== undefined) {
    return { code: 'lines_follow_their_source', document: creditNoteId }
  }
  const { books: slug, direction, currency } = content
  const { party, billTo, prices, supplierReference } = { ...content, ...given }
  const edited =
    invoice?.status === 'posted'
      ? linkedNote(invoice, asked.invoiceLines ?? requestsOf(content), terms)
      : adHocNote(
          {
            books: slug,
            direction,
            currency,
            party,
            billTo,
            prices,
            supplierReference,
            lines: asked.lines ?? content.lines,
          },
          terms,
          books,
        )
  if (isRefusal(edited)) return edited
  return noteTotalRefusal(edited) ?? { type: 'CreditNoteDraftEdited', data: edited }
}

function requestsOf({ lines }: CreditNoteContent) {
  return lines.flatMap(({ invoiceLine, quantity, unitPrice }) =>
    invoiceLine === undefined ? [] : [{ invoiceLine, quantity, unitPrice }],
  )
}

function definedOf<Given extends object>(
  given: Given,
): { [Key in keyof Given]?: Exclude<Given[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as never
}
