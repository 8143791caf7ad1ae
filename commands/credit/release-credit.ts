import { z } from 'zod'
import { daySchema, documentIdSchema, moneySchema, text } from '../../src/events/text.js'
import type { Allocation } from '../../src/aggregates/allocation.js'
import { creditIn, type Folio } from '../../src/aggregates/folio.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { compare } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextJournalId } from '../document-id.js'
import { entryOf, opposite } from '../entry.js'
import { firstFact } from '../first-fact.js'
import { invoiceOf } from '../invoice/posted-invoice.js'
import { askedDay, type PostingDay } from '../posting-day.js'
import { usesOf } from '../payment/reverse-payment.js'
import type { Refusal } from '../refusal.js'
import { isBound, moneyLeftIn } from './money-in-folio.js'

const input = z.strictObject({
  invoiceId: documentIdSchema.describe('The invoice or bill that the credit settled.'),
  allocationId: documentIdSchema.describe('As `allocate-credit` answered it, or `/allocations`.'),
  reason: text(500),
  date: daySchema
    .optional()
    .describe("Today unless given; not before the allocation's, not in the future."),
})
type Input = z.infer<typeof input>

type Applied = Extract<Allocation['state'], { entry: unknown }>

/**
 * Takes an allocation back (L7, J9): the invoice is due again, and the credit can be used again. What a credit note
 * settled of its own invoice (J8) is no allocation and stays.
 */
export const releaseCredit = folioCommand({
  name: 'release-credit',
  area: 'credit',
  summary: 'Takes the allocation of a credit back from the invoice or bill that it settled',
  rows: ['L7', 'L12'],
  input,
  output: z.strictObject({
    allocationId: documentIdSchema,
    number: text(40)
      .meta({ examples: ['JRN/2026/00008'] })
      .describe('Of the entry that takes it back.'),
    amount: moneySchema,
    date: daySchema,
    documentId: documentIdSchema.describe('The credit that can be used again.'),
    invoiceId: documentIdSchema.describe('The invoice that is due again.'),
  }),
  document: ({ invoiceId }) => invoiceId,
  books: () => DEFAULT_BOOKS,
  decide(asked, context) {
    const { folio, folioId } = context
    const allocation = folio.allocations.get(asked.allocationId)
    if (allocation?.invoiceId !== asked.invoiceId) {
      return refuse({ code: 'allocation_not_found', allocation: asked.allocationId })
    }
    const { state } = allocation
    if (state.at !== 'applied') {
      const code = 'allocation_not_applied'
      return refuse({ code, allocation: asked.allocationId, state: state.at })
    }
    const used = moneyRefusal(state, folio)
    if (used !== null) return refuse(used)
    const date = asked.date ?? context.today
    const day = releaseDay(date, state, context)
    if ('code' in day) return refuse(day)
    const document = nextJournalId(folioId, folio)
    return acceptNumbered([{ series: 'JRN', document, postingDate: day.postingDate }], (number) => [
      reversal(asked, state, { folio, number, date, day }),
    ])
  },
  answer: (facts) => {
    const { allocationId, documentId, invoiceId, amount, date, entry } = firstFact(
      facts,
      'AllocationReversed',
    ).data
    return { allocationId, number: entry.number, amount, date, documentId, invoiceId }
  },
})

/**
 * A credit of another sale counts here as money that came in (L12). What was given back of it, or waits or is on its way
 * elsewhere, cannot be taken back as well.
 */
function moneyRefusal({ credit }: Applied, folio: Folio): Refusal | null {
  const { allocationId, documentId, amount, direction } = credit
  if (creditIn(folio, documentId) !== null) return null
  const left = moneyLeftIn(folio, { direction, currency: amount.currency })
  if (compare(amount, left) <= 0) return null
  const usedBy = [...folio.advances.keys(), ...folio.creditNotes.keys()].flatMap((credited) =>
    isBound(folio, credited) ? usesOf({ documentId: credited }, folio) : [],
  )
  return { code: 'allocated_money_given_back', allocation: allocationId, left, amount, usedBy }
}

function releaseDay(
  date: string,
  { date: allocationDate }: Applied,
  { books, today }: FolioContext,
): PostingDay | Refusal {
  if (date < allocationDate) return { code: 'release_before_allocation', allocationDate, date }
  if (date > today) return { code: 'date_in_future', date, today }
  return askedDay(date, books)
}

function reversal(
  { allocationId, invoiceId, reason }: Input,
  { credit, entry: applied }: Applied,
  {
    folio,
    number,
    date,
    day,
  }: Readonly<{ folio: Folio; number: string; date: string; day: PostingDay }>,
): FactOfType<'AllocationReversed'> {
  const { number: invoiceNumber } = invoiceOf(folio, invoiceId)
  const { documentId, amount, books } = credit
  const entry = entryOf({ books, number, ...day, postings: opposite(applied.postings) })
  const data = { allocationId, documentId, invoiceId, invoiceNumber, amount, date, reason, entry }
  return { type: 'AllocationReversed', data }
}
