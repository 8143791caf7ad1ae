import { z } from 'zod'
import { directionSchema, totalsSchema } from '../../src/events/parts.js'
import { documentIdSchema, slugSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { nextInvoiceId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import {
  invoiceContent,
  invoiceLinesInput,
  invoicePartiesInput,
  invoiceTermsInput,
  isRefusal,
} from './invoice-draft.js'

/** A customer invoice or vendor bill of its own, without an order; it opens a folio (L2, M4). */
export const draftInvoice = folioCommand({
  name: 'draft-invoice',
  area: 'invoice',
  summary: 'Drafts a customer invoice or vendor bill without an order',
  rows: ['L2', 'M4'],
  input: z.strictObject({
    books: slugSchema.default(DEFAULT_BOOKS),
    direction: directionSchema.default('out'),
    ...invoicePartiesInput,
    ...invoiceTermsInput,
    ...invoiceLinesInput,
  }),
  output: z.strictObject({ invoiceId: documentIdSchema, totals: totalsSchema }),
  document: () => null,
  books: ({ books }) => books,
  decide(asked, { folio, folioId, books, today }) {
    const { currency = books.currency, ...rest } = asked
    const content = invoiceContent(
      { ...rest, currency, invoiceId: nextInvoiceId(folioId, folio), order: null },
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
