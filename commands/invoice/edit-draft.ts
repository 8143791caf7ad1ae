import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  contactSchema,
  type Line,
  LINES_MAX,
  partySchema,
  pricesSchema,
  totalsSchema,
} from '../../src/events/parts.js'
import { daySchema, documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { exchangeRateInput, lineInput } from '../line-input.js'
import type { Refusal } from '../refusal.js'
import {
  adHocNote,
  linkedNote,
  noteTotalRefusal,
  takenBackBy,
} from '../credit/credit-note-draft.js'
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
  lines: z
    .array(lineInput)
    .min(1)
    .max(LINES_MAX)
    .optional()
    .describe('All lines anew: of an invoice without an order, or of an ad-hoc note.'),
  invoiceLines: z
    .array(lineRequestSchema)
    .min(1)
    .max(LINES_MAX)
    .optional()
    .describe('All lines anew: of a note on an invoice.'),
  amount: moneySchema
    .optional()
    .describe('Of a note on an invoice: a sum of money instead of lines (L14).'),
  exchangeRate: exchangeRateInput
    .optional()
    .describe(
      "Books currency for one unit of the document's; a note on an invoice has its invoice's.",
    ),
})
type Input = z.infer<typeof input>

/** Changes a draft; what is left out stays. Posted documents are never edited (V). */
export const editDraft = folioCommand({
  name: 'edit-draft',
  area: 'invoice',
  summary: 'Changes a draft invoice or credit note; what is left out stays as it is',
  rows: ['L2', 'L5', 'M4'],
  input,
  output: z.strictObject({ totals: totalsSchema }),
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
  answer: (facts) => ({
    totals: firstFact(facts, 'InvoiceDraftEdited', 'CreditNoteDraftEdited').data.totals,
  }),
})

type Field = Exclude<keyof Input, 'document'>

const INVOICE_FIELDS: readonly Field[] = [
  'party',
  'billTo',
  'documentDate',
  'dueDate',
  'note',
  'exchangeRate',
]
const NOTE_FIELDS: readonly Field[] = ['reason', 'documentDate', 'invoiceableAgain']
/** What every kind of draft has of its own; the rest follows the order or invoice that it comes from. */
const FIELDS_OF = {
  invoice: [...INVOICE_FIELDS, 'supplierReference', 'prices', 'lines'],
  invoiceOfOrder: INVOICE_FIELDS,
  adHocNote: [
    ...NOTE_FIELDS,
    'party',
    'billTo',
    'supplierReference',
    'prices',
    'lines',
    'exchangeRate',
  ],
  noteOfInvoice: [...NOTE_FIELDS, 'supplierReference', 'invoiceLines', 'amount'],
} as const satisfies Record<string, readonly Field[]>

function foreignField(asked: Input, fields: readonly Field[]): Refusal | null {
  const { document, ...changes } = definedOf(asked)
  const field = Object.keys(changes).find((name) => !(fields as readonly string[]).includes(name))
  return field === undefined
    ? null
    : { code: 'draft_has_no_such_field', document: asked.document, field }
}

/** The lines of an order's invoice follow the order: discard the draft and invoice other quantities instead. */
function editedInvoice(
  asked: Input,
  content: InvoiceContent,
  context: Readonly<{ books: OpenBooks; today: string }>,
): LedgerFact | Refusal {
  const fields = content.order === null ? FIELDS_OF.invoice : FIELDS_OF.invoiceOfOrder
  const refusal = foreignField(asked, fields)
  if (refusal !== null) return refusal
  const { document: _document, ...given } = definedOf(asked)
  const lines: Line[] = given.lines ?? content.lines
  const edited = invoiceContent({ ...content, ...given, lines }, context)
  return isRefusal(edited) ? edited : { type: 'InvoiceDraftEdited', data: edited }
}

function editedNote(
  asked: Input,
  content: CreditNoteContent,
  { folio, books }: Readonly<{ folio: Folio; books: OpenBooks }>,
): LedgerFact | Refusal {
  const fields = content.invoice === null ? FIELDS_OF.adHocNote : FIELDS_OF.noteOfInvoice
  const refusal = foreignField(asked, fields)
  if (refusal !== null) return refusal
  const { document: _document, invoiceLines, amount, ...given } = definedOf(asked)
  const changed = { ...content, ...given }
  const { creditNoteId, reason, documentDate, invoiceableAgain, supplierReference } = changed
  const terms = { creditNoteId, reason, documentDate, invoiceableAgain, supplierReference }
  const invoice =
    content.invoice === null ? undefined : folio.invoices.get(content.invoice.invoiceId)
  const edited =
    invoice?.status === 'posted'
      ? linkedNote(invoice, amount ?? invoiceLines ?? takenBackBy(content), terms)
      : adHocNote(changed, terms, books)
  if (isRefusal(edited)) return edited
  return noteTotalRefusal(edited) ?? { type: 'CreditNoteDraftEdited', data: edited }
}

function definedOf<Given extends object>(
  given: Given,
): { [Key in keyof Given]?: Exclude<Given[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as never
}
