import { z } from 'zod'
import { documentIdSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'

/** A draft never had a number; discarding it leaves no trace in the books (V). */
export const discardDraft = folioCommand({
  name: 'discard-draft',
  area: 'invoice',
  summary: 'Discards a draft invoice or credit note',
  rows: ['L2'],
  input: z.strictObject({ document: documentIdSchema }),
  output: z.strictObject({}),
  document: ({ document }) => document,
  books: () => DEFAULT_BOOKS,
  decide({ document }, { folio }) {
    const invoice = folio.invoices.get(document)
    const draft = invoice ?? folio.creditNotes.get(document)
    if (draft === undefined) return refuse({ code: 'document_not_found', document })
    if (draft.status === 'discarded') return accept()
    if (draft.status !== 'draft') {
      return refuse({ code: 'document_not_draft', document, status: draft.status })
    }
    return invoice === undefined
      ? accept({ type: 'CreditNoteDraftDiscarded', data: { creditNoteId: document } })
      : accept({ type: 'InvoiceDraftDiscarded', data: { invoiceId: document } })
  },
  answer: () => ({}),
})
