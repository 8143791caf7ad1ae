import { z } from 'zod'
import { atPlace } from '../../src/aggregates/at-place.js'
import { availableCredit, type PostedCreditNote } from '../../src/aggregates/credit.js'
import { placeOnInvoice } from '../../src/aggregates/crediting.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import { daySchema, documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import type { CreditLine } from '../../src/events/parts.js'
import { laterDay } from '../../src/events/day.js'
import { equals, minus } from '../../src/money/money.js'
import { isZeroDecimal, minusDecimal, plusDecimal } from '../../src/money/quantity.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextJournalId } from '../document-id.js'
import { entryOf, opposite } from '../entry.js'
import { firstFact } from '../first-fact.js'
import { orderLinesLeft } from '../invoice/order-lines-left.js'
import { invoiceOf } from '../invoice/posted-invoice.js'
import { usesAtStore, usesOf } from '../payment/reverse-payment.js'
import { askedDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'

/**
 * Takes a posted note back with the opposite of its entry, and of what it settled of its own invoice (J41), which is
 * due again. Only of a note on which nothing else hangs.
 */
export const voidCreditNote = folioCommand({
  name: 'void-credit-note',
  area: 'credit',
  summary: 'Voids a posted credit note on which nothing hangs',
  rows: ['L5', 'L9', 'L10'],
  input: z.strictObject({
    creditNoteId: documentIdSchema,
    reason: text(500),
    date: daySchema.optional().describe("Today unless given; not before the note's own."),
  }),
  output: z.strictObject({
    creditNoteId: documentIdSchema,
    number: text(40).meta({ examples: ['JRN/2026/00001'] }),
    settled: moneySchema.describe('What its invoice asks again.'),
  }),
  document: ({ creditNoteId }) => creditNoteId,
  books: () => DEFAULT_BOOKS,
  decide({ creditNoteId, reason, date: asked }, { folio, folioId, books, today }) {
    const note = folio.creditNotes.get(creditNoteId)
    if (note === undefined) return refuse({ code: 'document_not_found', document: creditNoteId })
    if (note.status !== 'posted') {
      return refuse({ code: 'document_not_posted', document: creditNoteId, status: note.status })
    }
    const date = asked ?? today
    const refusal = voidRefusal(note, folio, { date, today })
    if (refusal !== null) return refuse(refusal)
    const day = askedDay(date, books)
    if ('code' in day) return refuse(day)
    const { settled, settlements, content } = note
    const postings = [note.entry, ...settlements].flatMap((entry) => opposite(entry.postings))
    return acceptNumbered(
      [{ series: 'JRN', document: nextJournalId(folioId, folio), postingDate: day.postingDate }],
      (number) => [
        {
          type: 'CreditNoteVoided',
          data: {
            creditNoteId,
            invoiceId: content.invoice?.invoiceId ?? null,
            settled,
            reason,
            entry: entryOf({ books: books.books, number, ...day, postings }),
          },
        },
      ],
    )
  },
  answer: (facts) => {
    const { creditNoteId, entry, settled } = firstFact(facts, 'CreditNoteVoided').data
    return { creditNoteId, number: entry.number, settled }
  },
})

function voidRefusal(
  note: PostedCreditNote,
  folio: Folio,
  { date, today }: Readonly<{ date: string; today: string }>,
): Refusal | null {
  const { content, settled, settlements } = note
  const postingDate = settlements.reduce(
    (latest, entry) => laterDay(latest, entry.postingDate),
    note.postingDate,
  )
  const { creditNoteId } = content
  if (date > today) return { code: 'date_in_future', date, today }
  if (date < postingDate) return { code: 'void_before_credit_note', postingDate, date }
  const free = minus(content.totals.gross, settled)
  const usedBy = equals(availableCredit(note), free)
    ? [
        ...laterNotes(note, folio),
        ...invoicedAgain(note, folio),
        ...usesAtStore(creditNoteId, folio),
      ]
    : usesOf({ documentId: creditNoteId }, folio)
  return usedBy.length === 0
    ? null
    : { code: 'credit_note_in_use', creditNote: creditNoteId, usedBy }
}

/** Their taxes and discounts were worked out on top of it (L6): they are voided first. */
function laterNotes({ content, postedAfter }: PostedCreditNote, { creditNotes }: Folio): string[] {
  const invoiceId = content.invoice?.invoiceId
  return [...creditNotes.values()].flatMap((later) =>
    later.status === 'posted' &&
    invoiceId !== undefined &&
    later.content.invoice?.invoiceId === invoiceId &&
    later.postedAfter > postedAfter
      ? [later.content.creditNoteId]
      : [],
  )
}

/** Invoices and drafts over what the note gave free to be invoiced again, and would take away from them (L2). */
function invoicedAgain({ content }: PostedCreditNote, folio: Folio): string[] {
  const { order } = folio
  if (!content.invoiceableAgain || content.invoice === null || order.status === 'absent') return []
  const own = invoiceOf(folio, content.invoice.invoiceId)
  const left = orderLinesLeft(order, folio)
  const missing = new Set<number>()
  for (const [orderLine, quantity] of givenFree(content.lines, own)) {
    const rest = minusDecimal(left[orderLine]?.quantity ?? '0', quantity)
    const isShort = !isZeroDecimal(rest) && rest.startsWith('-') !== quantity.startsWith('-')
    if (isShort) missing.add(orderLine)
  }
  return [...folio.invoices.values()].flatMap((invoice) =>
    invoice.status !== 'discarded' &&
    invoice.content.invoiceId !== own.content.invoiceId &&
    invoice.content.lines.some(({ orderLine = -1 }) => missing.has(orderLine))
      ? [invoice.content.invoiceId]
      : [],
  )
}

/** By line of the order: the quantities that the note took back. */
function givenFree(lines: readonly CreditLine[], invoice: PostedInvoice): Map<number, string> {
  const quantities = new Map<number, string>()
  for (const line of lines) {
    const { orderLine } = atPlace(invoice.content.lines, placeOnInvoice(line))
    if (orderLine === undefined || line.byAmount === true) continue
    quantities.set(orderLine, plusDecimal(quantities.get(orderLine) ?? '0', line.quantity))
  }
  return quantities
}
