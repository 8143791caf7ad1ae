import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import { type PostedInvoice, pricingTerms } from '../../src/aggregates/invoice.js'
import { creditedBaseOf, creditedNets } from '../../src/aggregates/crediting.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  type CreditLine,
  type Entry,
  type Posting,
  type TaxTotal,
  totalsSchema,
} from '../../src/events/parts.js'
import { daySchema, documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import { isZero, minus, plus, smaller, taxOnTop, zero } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { credit, debit, entryOf, REVENUE_ACCOUNTS, selfAssessed, taxPostings } from '../entry.js'
import { firstFact } from '../first-fact.js'
import type { Refusal } from '../refusal.js'
import { linkedNote, noteTotalRefusal } from './credit-note-draft.js'

/**
 * Confirms a draft credit note (L5). Its amounts are worked out anew from what the invoice has left now, for other
 * notes may have come between; what is still due on its own invoice is settled in the same append (L11).
 */
export const postCreditNote = folioCommand({
  name: 'post-credit-note',
  area: 'credit',
  summary:
    'Confirms a draft credit note: it gets its number and entry, and settles its own invoice first',
  rows: ['L5', 'L6', 'L11', 'L21'],
  input: z.strictObject({
    creditNoteId: documentIdSchema,
    postingDate: daySchema
      .optional()
      .describe("Number and period follow it; the document's own date unless given."),
  }),
  output: z.strictObject({
    creditNoteId: documentIdSchema,
    number: text(40).meta({ examples: ['RINV/2026/00003'] }),
    totals: totalsSchema,
    remaining: moneySchema.describe('What is left to refund after its own invoice was settled.'),
  }),
  document: ({ creditNoteId }) => creditNoteId,
  books: () => DEFAULT_BOOKS,
  decide({ creditNoteId, postingDate }, { folio }) {
    const draft = folio.creditNotes.get(creditNoteId)
    if (draft === undefined) return refuse({ code: 'document_not_found', document: creditNoteId })
    if (draft.status !== 'draft') {
      return refuse({ code: 'document_not_draft', document: creditNoteId, status: draft.status })
    }
    const date = postingDate ?? draft.content.documentDate
    const invoice = invoiceOf(draft.content, folio)
    if (invoice !== null && date < invoice.postingDate) {
      const { postingDate: invoiceDate } = invoice
      return refuse({ code: 'credit_note_before_invoice', invoiceDate, date })
    }
    const content = repriced(draft.content, invoice)
    if ('code' in content) return refuse(content)
    const refusal = noteTotalRefusal(content)
    if (refusal !== null) return refuse(refusal)
    const series = content.direction === 'out' ? 'RINV' : 'RBILL'
    return acceptNumbered(
      [{ series, document: creditNoteId, postingDate: date }],
      (number = '') => [
        {
          type: 'CreditNotePosted',
          data: { ...content, entry: creditNoteEntry(content, invoice, number, date) },
        },
        ...(invoice === null ? [] : settlement(content, invoice, number, date)),
      ],
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

function invoiceOf({ invoice: reference }: CreditNoteContent, folio: Folio): PostedInvoice | null {
  const invoice = reference === null ? undefined : folio.invoices.get(reference.invoiceId)
  return invoice?.status === 'posted' ? invoice : null
}

function repriced(
  content: CreditNoteContent,
  invoice: PostedInvoice | null,
): CreditNoteContent | Refusal {
  if (invoice === null) return content
  const requests = content.lines.flatMap(({ invoiceLine, quantity, unitPrice }) =>
    invoiceLine === undefined ? [] : [{ invoiceLine, quantity, unitPrice }],
  )
  return linkedNote(invoice, requests, content)
}

/** J7 for customers, J34 for suppliers: accounts and codes of the invoice's lines, the other way round. */
function creditNoteEntry(
  content: CreditNoteContent,
  invoice: PostedInvoice | null,
  number: string,
  postingDate: string,
): Entry {
  const { books, direction, creditNoteId, lines, taxes, totals } = content
  const postings =
    direction === 'out'
      ? [
          ...revenueTakenBack(content, invoice).map(({ kind, net }) =>
            debit(REVENUE_ACCOUNTS[kind], net),
          ),
          ...taxPostings('debit', 'output-tax', taxes),
          credit('receivable', totals.gross, { document: creditNoteId }),
        ]
      : [
          debit('payable', totals.gross, { document: creditNoteId }),
          ...lines.map(({ net }) => credit('purchases', net)),
          ...taxes.flatMap((tax) => inputTaxPostings(tax, invoice)),
        ]
  return entryOf({ books, number, postingDate, postings })
}

/** By line, as the note shows it; by the invoice's lines where their nets move together (L6). */
function revenueTakenBack(
  { lines, prices, rounding }: CreditNoteContent,
  invoice: PostedInvoice | null,
): Pick<CreditLine, 'kind' | 'net'>[] {
  if (invoice === null || rounding === 'per_line' || prices === 'tax_excluded') return lines
  const { content, credited } = invoice
  const nets = creditedNets({ lines: content.lines, credited, terms: pricingTerms(content) }, lines)
  return content.lines.map(({ kind, net }, index) => ({
    kind,
    net: nets[index] ?? zero(net.currency),
  }))
}

/** Under reverse charge the tax taken back is cumulative too, so that a full credit leaves nothing (L6). */
function inputTaxPostings(tax: TaxTotal, invoice: PostedInvoice | null): Posting[] {
  if (tax.reverseCharge !== true) return taxPostings('credit', 'input-tax', [tax])
  if (invoice === null) return selfAssessed('credit', tax, taxOnTop(tax.base, tax.ratePercent))
  const { lines } = invoice.content
  const before = creditedBaseOf({ tax }, { lines, credited: invoice.credited }, tax.base.currency)
  const amount = minus(
    taxOnTop(plus(before, tax.base), tax.ratePercent),
    taxOnTop(before, tax.ratePercent),
  )
  return selfAssessed('credit', tax, amount)
}

/** J8, J35: what the invoice still asks, as far as the note reaches, under the note's own number. */
function settlement(
  { books, creditNoteId, direction, totals }: CreditNoteContent,
  { content, due }: PostedInvoice,
  number: string,
  postingDate: string,
): LedgerFact[] {
  const amount = smaller(totals.gross, due)
  if (isZero(amount)) return []
  const { invoiceId } = content
  const control = direction === 'out' ? 'receivable' : 'payable'
  const [note, invoice] = [{ document: creditNoteId }, { document: invoiceId }]
  const postings =
    direction === 'out'
      ? [debit(control, amount, note), credit(control, amount, invoice)]
      : [debit(control, amount, invoice), credit(control, amount, note)]
  const entry = entryOf({ books, number, postingDate, postings })
  return [{ type: 'CreditSettled', data: { creditNoteId, invoiceId, amount, entry } }]
}
