/** What credit notes make of a folio. */
import type { CreditLine } from '../events/parts.js'
import { minus, negate, plus } from '../money/money.js'
import { minusDecimal } from '../money/quantity.js'
import { withBooked } from './amounts.js'
import { postedCreditNote, withUse } from './credit.js'
import { withCredited } from './crediting.js'
import { movedOf } from './evolve-payments.js'
import {
  type Folio,
  type FolioEventOf,
  postedInvoiceOf,
  postedNoteOf,
  withCreditNote,
  withInvoice,
} from './folio.js'
import { withoutSettlement, withSettlement } from './invoice.js'

export function afterCreditNote(folio: Folio, event: FolioEventOf<'CreditNotePosted'>): Folio {
  const { entry, ...content } = event.data
  const postedAfter = [...folio.creditNotes.values()].filter(
    ({ status }) => status === 'posted' || status === 'voided',
  ).length
  const posted = withCreditNote(
    folio,
    content.creditNoteId,
    postedCreditNote(content, { entry, postedAfter }),
  )
  if (content.invoice === null) return posted
  const { invoiceId } = content.invoice
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  return withInvoice(posted, invoiceId, {
    ...invoice,
    creditedGross: plus(invoice.creditedGross, content.totals.gross),
    credited: withCredited(invoice.credited, content.lines, content.prices),
    booked: withBooked(invoice.booked, entry),
  })
}

/** The opposite of its own entry, and of what it settled. */
export function afterVoid(folio: Folio, event: FolioEventOf<'CreditNoteVoided'>): Folio {
  const { creditNoteId, invoiceId, entry, settled } = event.data
  const note = postedNoteOf(folio, creditNoteId, event)
  const voided = withCreditNote(folio, creditNoteId, { ...note, status: 'voided' })
  if (invoiceId === null) return voided
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  const { content } = note
  const uncredited = {
    ...invoice,
    creditedGross: minus(invoice.creditedGross, content.totals.gross),
    credited: withCredited(invoice.credited, content.lines.map(opposite), content.prices),
    booked: withBooked(invoice.booked, entry),
  }
  const named = entry.postings.some(({ document }) => document === invoiceId)
  if (!named) return withInvoice(voided, invoiceId, uncredited)
  const back = movedOf(entry, invoiceId, content.direction === 'out' ? 'in' : 'out', event)
  return withInvoice(
    voided,
    invoiceId,
    withoutSettlement(uncredited, 'settled', { ...back, amount: settled }),
  )
}

export function afterSettlement(folio: Folio, event: FolioEventOf<'CreditSettled'>): Folio {
  const { creditNoteId, invoiceId, entry } = event.data
  const note = postedNoteOf(folio, creditNoteId, event)
  const invoice = postedInvoiceOf(folio, invoiceId, event)
  const { direction } = note.content
  const ofInvoice = movedOf(entry, invoiceId, direction, event)
  const ofNote = movedOf(entry, creditNoteId, direction === 'out' ? 'in' : 'out', event)
  const settled = {
    ...withUse(note, 'settled', { ...ofNote, tax: null }),
    settlements: [...note.settlements, entry],
  }
  return withInvoice(
    withCreditNote(folio, creditNoteId, settled),
    invoiceId,
    withSettlement(invoice, 'settled', ofInvoice),
  )
}

function opposite(line: CreditLine): CreditLine {
  return {
    ...line,
    quantity: minusDecimal('0', line.quantity),
    net: negate(line.net),
    taxAmount: negate(line.taxAmount),
    gross: negate(line.gross),
  }
}
