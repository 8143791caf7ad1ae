/**
 * What follows from a decision within its own append, whatever the command: no invoice is due while a note of its own
 * has credit that is not reserved (L11, J8), and the order's store is told of what it must hear (P3). The settlement stands under the number of what caused it; where that has
 * none, or counts for an earlier day than the note, under one of its own.
 */
import { booksPart } from '../src/aggregates/amounts.js'
import { atPlace } from '../src/aggregates/at-place.js'
import { availableCredit, partOfCredit, type PostedCreditNote } from '../src/aggregates/credit.js'
import { evolveFolio } from '../src/aggregates/evolve-folio.js'
import type { Folio, FolioEvent } from '../src/aggregates/folio.js'
import { openDue, type PostedInvoice } from '../src/aggregates/invoice.js'
import { laterDay } from '../src/events/day.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import type { Entry } from '../src/events/parts.js'
import type { SeriesName } from '../src/events/series-events.js'
import { isPositive, type Money, smaller } from '../src/money/money.js'
import type { FolioContext } from './command.js'
import type { Accepted, Decision, NumberRequest } from './decision.js'
import { nextJournalId } from './document-id.js'
import { credit, debit, entryOf } from './entry.js'
import { withExchangeDifference } from './exchange.js'
import { invoiceOf } from './invoice/posted-invoice.js'
import { syncConsequences } from './platform/sync-consequences.js'
import { happenedDay, type PostingDay } from './posting-day.js'

type Settlement = Readonly<{ note: PostedCreditNote; invoice: PostedInvoice; amount: Money }>
type Context = Pick<
  FolioContext,
  'folio' | 'folioId' | 'books' | 'today' | 'instance' | 'principal'
>

export function withConsequences(decision: Decision, context: Context): Decision {
  if (decision.outcome === 'refused') return decision
  // A refund that is withdrawn frees credit, which may settle an invoice, which may complete the order.
  return withSync(withSettlements(withSync(decision, context), context), context)
}

/** What is to be told to the order's store, and what not any more; it takes no number. */
function withSync(decision: Accepted, context: Context): Accepted {
  if (context.instance === null) return decision
  const facts = decision.events(decision.numbers.map(provisionalNumber))
  // A decision that changes nothing changes nothing here either.
  if (facts.length === 0) return decision
  const following = syncConsequences({ ...context, folio: folioAfter(context.folio, facts) })
  if (following.length === 0) return decision
  return { ...decision, events: (numbers) => [...decision.events(numbers), ...following] }
}

function withSettlements(decision: Accepted, context: Context): Accepted {
  if (!mayHaveNotes(context.folio, decision)) return decision
  const facts = decision.events(decision.numbers.map(provisionalNumber))
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

/** Whether a posted note stands in the folio, or comes to stand there: every one takes a number of its own series. */
function mayHaveNotes({ creditNotes }: Folio, { numbers }: Accepted): boolean {
  return creditNotes.size > 0 || numbers.some(({ series }) => NOTE_SERIES.includes(series))
}

const NOTE_SERIES: readonly SeriesName[] = ['RINV', 'RBILL']

/** Each posted note of a due invoice, as long as both last. */
function settlementsIn(folio: Folio): readonly Settlement[] {
  const settlements: Settlement[] = []
  let next = folio
  for (const note of folio.creditNotes.values()) {
    if (note.status !== 'posted' || note.content.invoice === null) continue
    const invoice = invoiceOf(next, note.content.invoice.invoiceId)
    const amount = smaller(availableCredit(note), invoice.due)
    if (!isPositive(amount)) continue
    const settlement = { note, invoice, amount }
    settlements.push(settlement)
    next = folioAfter(next, [settlementFact(settlement, UNNUMBERED)])
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
  const entries = entriesOf(facts)
  // The last entry of the append is what caused them.
  const trigger = entries.at(-1)
  const dated = settlements.map((settlement) => {
    const { postingDate } = settlement.note
    const day = happenedDay(laterDay(trigger?.postingDate ?? today, postingDate), books)
    return { settlement, day, sharesNumber: day.postingDate === trigger?.postingDate }
  })
  const own = dated.filter(({ sharesNumber }) => !sharesNumber)
  const requests = own.map(({ day: { postingDate } }, index): NumberRequest => {
    return { series: 'JRN', document: nextJournalId(folioId, folio, index), postingDate }
  })
  return {
    ...decision,
    numbers: [...decision.numbers, ...requests],
    events: (numbers) => {
      const decided = decision.events(numbers.slice(0, decision.numbers.length))
      const numberOf = (each: (typeof dated)[number]) =>
        each.sharesNumber
          ? atPlace(entriesOf(decided), entries.length - 1).number
          : atPlace(numbers, decision.numbers.length + own.indexOf(each))
      return [
        ...decided,
        ...dated.map((each) =>
          settlementFact(each.settlement, { ...each.day, number: numberOf(each) }),
        ),
      ]
    },
  }
}

function entriesOf(facts: readonly LedgerFact[]): readonly Entry[] {
  return facts.flatMap(({ data }) => ('entry' in data ? [data.entry] : []))
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
