/**
 * What follows from a decision within its own append, whatever the command: no invoice is due while a note of its own
 * has credit that is not reserved (L11, J8). The settlement stands under the number of what caused it; where that has
 * none, or counts for an earlier day than the note, under one of its own.
 */
import { booksPart } from '../src/aggregates/amounts.js'
import { availableCredit, partOfCredit, type PostedCreditNote } from '../src/aggregates/credit.js'
import { evolveFolio } from '../src/aggregates/evolve-folio.js'
import type { Folio, FolioEvent } from '../src/aggregates/folio.js'
import { openDue, type PostedInvoice } from '../src/aggregates/invoice.js'
import { laterDay } from '../src/events/day.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import { isPositive, type Money, smaller } from '../src/money/money.js'
import type { FolioContext } from './command.js'
import type { Accepted, Decision, NumberRequest } from './decision.js'
import { nextJournalId } from './document-id.js'
import { credit, debit, entryOf } from './entry.js'
import { withExchangeDifference } from './exchange.js'
import { askedDay, happenedDay, type PostingDay } from './posting-day.js'

type Settlement = Readonly<{ note: PostedCreditNote; invoice: PostedInvoice; amount: Money }>
type Context = Pick<FolioContext, 'folio' | 'folioId' | 'books' | 'today'>

export function withConsequences(decision: Decision, context: Context): Decision {
  if (decision.outcome === 'refused') return decision
  const facts = decision.events(decision.numbers.map(provisionalNumber))
  if (facts.length === 0 || !mayHaveNotes(context.folio, facts)) return decision
  const after = folioAfter(context.folio, facts)
  const settlements = settlementsIn(after)
  if (settlements.length === 0) return decision
  return settled(decision, facts, settlements, { ...context, folio: after })
}

/** The folio as it will be; numbers may still be provisional. */
export function folioAfter(folio: Folio, facts: readonly LedgerFact[]): Folio {
  return facts.reduce<Folio>(
    (next, fact) => evolveFolio(next, { ...fact, stream: 'decided', revision: 0 } as FolioEvent),
    folio,
  )
}

/** Stands for a number until it is taken; nothing is decided by it. */
export function provisionalNumber({ series }: NumberRequest, index: number): string {
  return `${series}/provisional/${index}`
}

function mayHaveNotes({ creditNotes }: Folio, facts: readonly LedgerFact[]): boolean {
  return creditNotes.size > 0 || facts.some(({ type }) => type === 'CreditNotePosted')
}

/** Each posted note of a due invoice, as long as both last. */
function settlementsIn(folio: Folio): readonly Settlement[] {
  const settlements: Settlement[] = []
  let next = folio
  for (const { invoices, creditNotes } of [folio]) {
    for (const note of creditNotes.values()) {
      if (note.status !== 'posted' || note.content.invoice === null) continue
      const invoice = next.invoices.get(note.content.invoice.invoiceId)
      if (invoice?.status !== 'posted' || !invoices.has(invoice.content.invoiceId)) continue
      const amount = smaller(availableCredit(note), invoice.due)
      if (!isPositive(amount)) continue
      const settlement = { note, invoice, amount }
      settlements.push(settlement)
      next = folioAfter(next, [settlementFact(settlement, UNNUMBERED)])
    }
  }
  return settlements
}

const UNNUMBERED = { number: 'JRN/provisional', postingDate: '1900-01-01' }

function settled(
  decision: Accepted,
  facts: readonly LedgerFact[],
  settlements: readonly Settlement[],
  { folio, folioId, books, today }: Context,
): Accepted {
  const trigger = triggerOf(facts)
  const days = settlements.map(({ note }): PostingDay => {
    const day = laterDay(trigger?.postingDate ?? today, note.postingDate)
    const asked = askedDay(day, books)
    return 'code' in asked ? happenedDay(day, books) : asked
  })
  const needsOwn = days.map(({ postingDate }) => postingDate !== trigger?.postingDate)
  const own: NumberRequest[] = []
  const places = needsOwn.map((needed, index) => {
    if (!needed) return null
    const document = nextJournalId(folioId, folio, own.length)
    own.push({ series: 'JRN', document, postingDate: days[index]?.postingDate ?? today })
    return decision.numbers.length + own.length - 1
  })
  return {
    ...decision,
    numbers: [...decision.numbers, ...own],
    events: (numbers) => {
      const decided = decision.events(numbers.slice(0, decision.numbers.length))
      const shared = triggerOf(decided)?.number ?? ''
      return [
        ...decided,
        ...settlements.map((settlement, index) => {
          const place = places[index] ?? null
          const number = place === null ? shared : (numbers[place] ?? '')
          return settlementFact(settlement, { ...(days[index] ?? UNNUMBERED), number })
        }),
      ]
    },
  }
}

/** The entry that the settlements share their number with: the last of the append. */
function triggerOf(facts: readonly LedgerFact[]) {
  const entries = facts.flatMap(({ data }) => ('entry' in data ? [data.entry] : []))
  return entries.at(-1) ?? null
}

/** J8, J35. */
function settlementFact(
  { note, invoice, amount }: Settlement,
  at: PostingDay & Readonly<{ number: string }>,
): LedgerFact {
  const { books, creditNoteId, direction } = note.content
  const { invoiceId } = invoice.content
  const control = direction === 'out' ? 'receivable' : 'payable'
  const ofNote = {
    document: creditNoteId,
    booksAmount: partOfCredit(note, amount).booksAmount,
  }
  const ofInvoice = { document: invoiceId, booksAmount: booksPart(openDue(invoice), amount) }
  const postings = withExchangeDifference(
    direction === 'out'
      ? [debit(control, amount, ofNote), credit(control, amount, ofInvoice)]
      : [debit(control, amount, ofInvoice), credit(control, amount, ofNote)],
  )
  const entry = entryOf({ books, ...at, postings })
  return { type: 'CreditSettled', data: { creditNoteId, invoiceId, amount, entry } }
}
