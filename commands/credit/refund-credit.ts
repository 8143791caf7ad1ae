import { z } from 'zod'
import type { Account, OpenBooks } from '../../src/aggregates/books.js'
import {
  type Overpayment,
  type PostedCreditNote,
  remainingCredit,
} from '../../src/aggregates/credit.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { Direction, Entry } from '../../src/events/parts.js'
import type { CreditKind, Flow } from '../../src/events/payment-events.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
} from '../../src/events/text.js'
import { compare, isPositive, minus, type Money } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextPaymentId } from '../document-id.js'
import { credit, debit, entryOf } from '../entry.js'
import { firstFact } from '../first-fact.js'
import { HAND_ACCOUNT_TYPES, moneyAccount, moneyPlace } from '../money-account.js'
import type { Refusal } from '../refusal.js'

const input = z.strictObject({
  documentId: documentIdSchema.describe('The credit note or overpayment.'),
  amount: moneySchema.optional().describe('The whole remaining credit unless given.'),
  date: daySchema
    .optional()
    .describe("Today unless given; not before the document's, not in the future."),
  account: slugSchema
    .optional()
    .describe('Bank, cash or cheque; the one that the money came in over unless given.'),
  reference: text(200).optional().describe('`REFUND-<number>` unless given.'),
})
type Input = z.infer<typeof input>

/** One credit document, whatever its kind, as a refund sees it. */
type Credit = Readonly<{
  kind: CreditKind
  number: string
  direction: Direction
  party: string | null
  instance: string | undefined
  date: string
  remaining: Money
  /** Where its money came from, newest first. */
  paidOver: readonly string[]
}>

const REFUNDABLE_KINDS: readonly CreditKind[] = ['credit_note', 'prepayment', 'overpayment']

/** Pays out, or receives, the remaining credit of a document; the payment is posted in one step (N1 to N5). */
export const refundCredit = folioCommand({
  name: 'refund-credit',
  area: 'credit',
  summary:
    'Pays out (or receives back) the remaining credit of a credit note, prepayment or overpayment',
  rows: ['N1', 'N2', 'N3', 'N4', 'N5', 'L12'],
  input,
  output: z.strictObject({
    payment: z.strictObject({
      paymentId: documentIdSchema,
      number: text(40).meta({ examples: ['PAY/2026/00002'] }),
      amount: moneySchema,
      account: slugSchema,
      reference: text(200)
        .meta({ examples: ['REFUND-RINV/2026/00003'] })
        .optional(),
    }),
    document: z.strictObject({
      documentId: documentIdSchema,
      remaining: moneySchema.describe('What it has left after this refund.'),
      href: z.string().describe('Where it can be read.'),
    }),
  }),
  document: ({ documentId }) => documentId,
  books: () => DEFAULT_BOOKS,
  decide(asked, { folio, folioId, books, today }) {
    const found = creditOf(asked.documentId, folio)
    if ('code' in found) return refuse(found)
    const amount = asked.amount ?? found.remaining
    const date = asked.date ?? today
    const refusal = refundRefusal(asked, { found, amount, date, today })
    if (refusal !== null) return refuse(refusal)
    const account = refundAccount(asked.account, found, books)
    if ('code' in account) return refuse(account)

    const flow: Flow = found.direction === 'out' ? 'paid' : 'received'
    const place = moneyPlace(account, flow)
    const paymentId = nextPaymentId(folioId, folio)
    return acceptNumbered(
      [{ series: 'PAY', document: paymentId, postingDate: date }],
      (number = '') => [
        {
          type: 'CreditRefunded',
          data: {
            paymentId,
            direction: found.direction,
            flow,
            party: found.party,
            ...place,
            amount,
            date,
            reference: asked.reference ?? `REFUND-${found.number}`,
            documentId: asked.documentId,
            documentKind: found.kind,
            documentNumber: found.number,
            ...(found.instance === undefined ? {} : { instance: found.instance }),
            remaining: minus(found.remaining, amount),
            entry: refundEntry(
              { books: books.books, number, postingDate: date },
              { found, documentId: asked.documentId, heldIn: place.heldIn, amount },
            ),
          },
        },
      ],
    )
  },
  answer: (facts) => {
    const refunded = firstFact(facts, 'CreditRefunded').data
    const { paymentId, entry, amount, account, reference } = refunded
    const { documentId, documentKind, remaining } = refunded
    const payment = { paymentId, number: entry.number, amount, account, reference }
    const href = `/${documentKind === 'credit_note' ? 'credit-notes' : 'open-items'}/${documentId}`
    return { payment, document: { documentId, remaining, href } }
  },
})

/** Only credit notes, prepayments and overpayments, posted; anything else is refused by name (N2). */
function creditOf(documentId: string, folio: Folio): Credit | Refusal {
  const overpayment = folio.overpayments.get(documentId)
  if (overpayment !== undefined) return overpaymentCredit(overpayment, folio)
  const note = folio.creditNotes.get(documentId)
  if (note === undefined) {
    const kind = otherKind(documentId, folio)
    if (kind === null) return { code: 'document_not_found', document: documentId }
    return {
      code: 'document_not_refundable',
      document: documentId,
      kind,
      refundable: REFUNDABLE_KINDS,
    }
  }
  if (note.status !== 'posted') {
    return { code: 'document_not_posted', document: documentId, status: note.status }
  }
  return noteCredit(note, folio)
}

function overpaymentCredit(overpayment: Overpayment, folio: Folio): Credit {
  const { number, direction, party, date, paymentId } = overpayment
  const payment = folio.payments.get(paymentId)
  return {
    kind: 'overpayment',
    number,
    direction,
    party,
    instance: undefined,
    date,
    remaining: remainingCredit(overpayment),
    paidOver: payment === undefined ? [] : [payment.account],
  }
}

function noteCredit(note: PostedCreditNote, folio: Folio): Credit {
  const { direction, party, order, documentDate, invoice } = note.content
  const payments = [...folio.payments.values()].filter(
    ({ invoiceId }) => invoiceId !== null && invoiceId === invoice?.invoiceId,
  )
  return {
    kind: 'credit_note',
    number: note.number,
    direction,
    party,
    instance: order?.instance,
    date: documentDate > note.postingDate ? documentDate : note.postingDate,
    remaining: remainingCredit(note),
    paidOver: payments.map(({ account }) => account).reverse(),
  }
}

function otherKind(documentId: string, folio: Folio): string | null {
  const invoice = folio.invoices.get(documentId)
  if (invoice !== undefined) return 'invoice'
  if (folio.payments.has(documentId)) return 'payment'
  return folio.order.status !== 'absent' && folio.order.orderId === documentId ? 'order' : null
}

function refundRefusal(
  { documentId }: Input,
  {
    found,
    amount,
    date,
    today,
  }: Readonly<{ found: Credit; amount: Money; date: string; today: string }>,
): Refusal | null {
  const { remaining } = found
  if (amount.currency !== remaining.currency) {
    return { code: 'currency_differs', expected: remaining.currency, given: amount.currency }
  }
  if (!isPositive(remaining)) {
    return isPositive(amount)
      ? { code: 'refund_exceeds_remaining_credit', remaining, requested: amount }
      : { code: 'nothing_left_to_refund', document: documentId }
  }
  if (!isPositive(amount)) return { code: 'amount_not_positive', amount }
  if (compare(amount, remaining) > 0) {
    return { code: 'refund_exceeds_remaining_credit', remaining, requested: amount }
  }
  if (date < found.date) return { code: 'refund_before_document', documentDate: found.date, date }
  if (date > today) return { code: 'date_in_future', date, today }
  return null
}

/** The named account, or the one that the money came in over; with none to choose from it says what to open (N3). */
function refundAccount(
  asked: string | undefined,
  found: Credit,
  books: OpenBooks,
): Account | Refusal {
  const terms = { books, allowed: HAND_ACCOUNT_TYPES, currency: found.remaining.currency }
  if (asked !== undefined) return moneyAccount(asked, terms)
  for (const account of found.paidOver) {
    const usable = moneyAccount(account, terms)
    if (!('code' in usable)) return usable
  }
  const candidates = [...books.accounts.keys()].filter(
    (account) => !('code' in moneyAccount(account, terms)),
  )
  return candidates.length === 0
    ? { code: 'no_money_account', create: HAND_ACCOUNT_TYPES }
    : { code: 'account_not_named', allowed: HAND_ACCOUNT_TYPES, candidates }
}

/** J19 and J20 for customers; J39 for suppliers. */
function refundEntry(
  at: Pick<Entry, 'books' | 'number' | 'postingDate'>,
  refund: Readonly<{ found: Credit; documentId: string; heldIn: string; amount: Money }>,
): Entry {
  const { found, documentId, heldIn, amount } = refund
  const ofNote = found.kind === 'credit_note'
  const postings =
    found.direction === 'out'
      ? [
          debit(ofNote ? 'receivable' : 'customer-prepayments', amount, { document: documentId }),
          credit(heldIn, amount),
        ]
      : [
          debit(heldIn, amount),
          credit(ofNote ? 'payable' : 'supplier-prepayments', amount, { document: documentId }),
        ]
  return entryOf({ ...at, postings })
}
