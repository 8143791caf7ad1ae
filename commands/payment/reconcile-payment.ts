import { z } from 'zod'
import { type Amounts, booksPart } from '../../src/aggregates/amounts.js'
import { atPlace } from '../../src/aggregates/at-place.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { Payment } from '../../src/aggregates/payment.js'
import type { Entry } from '../../src/events/parts.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
} from '../../src/events/text.js'
import {
  compare,
  equals,
  isNegative,
  minus,
  type Money,
  plus,
  zero,
} from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextReconciliationId } from '../document-id.js'
import { credit, debit, entryOf } from '../entry.js'
import { firstFact } from '../first-fact.js'
import { moneyAccount } from '../money-account.js'
import { happenedDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'

const input = z.strictObject({
  paymentId: documentIdSchema,
  date: daySchema.optional().describe('The day on the statement; today unless given.'),
  charges: moneySchema
    .optional()
    .describe(
      'What the bank kept. The statement then shows less of money received, or more of money paid.',
    ),
  statementAmount: moneySchema
    .optional()
    .describe('To be compared with payment and charges; worked out from them where left out.'),
  account: slugSchema
    .optional()
    .describe('The bank account that a cheque was cleared to; a bank payment stays on its own.'),
  reference: text(200).optional(),
})

/** Matches a payment or refund with the bank's statement, or clears a cheque: no longer in payment (L4). */
export const reconcilePayment = folioCommand({
  name: 'reconcile-payment',
  area: 'payment',
  summary: 'Matches a payment or refund with the bank statement, or clears a cheque',
  rows: ['L4', 'L10', 'L22'],
  input,
  output: z.strictObject({
    paymentId: documentIdSchema,
    number: text(40).meta({ examples: ['JRN/2026/00001'] }),
  }),
  document: ({ paymentId }) => paymentId,
  books: () => DEFAULT_BOOKS,
  decide(asked, { folio, folioId, books, today }) {
    const payment = folio.payments.get(asked.paymentId)
    if (payment === undefined)
      return refuse({ code: 'payment_not_found', payment: asked.paymentId })
    if (payment.reversed) {
      return refuse({ code: 'payment_reversed_already', payment: payment.paymentId })
    }
    if (payment.matching !== 'awaited') {
      const { paymentId, matching } = payment
      return refuse({ code: 'payment_awaits_no_match', payment: paymentId, matching })
    }
    const date = asked.date ?? today
    if (date > today) return refuse({ code: 'date_in_future', date, today })
    const bank = bankAccountRefusal(payment, asked.account, books)
    if (bank !== null) return refuse(bank)
    const { currency } = payment.amount
    const account = moneyAccount(asked.account ?? payment.account, {
      books,
      allowed: ['bank'],
      currency,
      // Money of another currency was judged when it was registered, with its rate (N3).
      isRateGiven: true,
    })
    if ('code' in account) return refuse(account)
    const charges = asked.charges ?? zero(currency)
    const statementAmount = statementAmountOf(payment, charges, asked.statementAmount)
    if ('code' in statementAmount) return refuse(statementAmount)

    const reconciliationId = nextReconciliationId(folioId, folio)
    const { paymentId, invoiceId, documentId, flow } = payment
    // A line of a statement has happened, whatever is closed here (L10).
    const day = happenedDay(date, books)
    return acceptNumbered(
      [{ series: 'JRN', document: reconciliationId, postingDate: day.postingDate }],
      (number) => [
        {
          type: 'PaymentReconciled',
          data: {
            reconciliationId,
            paymentId,
            invoiceId,
            documentId,
            flow,
            account: account.account,
            date,
            statementAmount,
            ...(asked.charges === undefined ? {} : { charges }),
            ...(asked.reference === undefined ? {} : { reference: asked.reference }),
            entry: matchEntry(
              { books: books.books, number, ...day },
              { payment, bank: account.account, statementAmount, charges },
            ),
          },
        },
      ],
    )
  },
  answer: (facts) => {
    const { paymentId, entry } = firstFact(facts, 'PaymentReconciled').data
    return { paymentId, number: entry.number }
  },
})

/** A cheque may be cleared to any bank account; money of a bank account shows on its own statement. */
function bankAccountRefusal(
  { account: expected }: Payment,
  account: string | undefined,
  books: OpenBooks,
): Refusal | null {
  const isBank = books.accounts.get(expected)?.type === 'bank'
  if (!isBank || account === undefined || account === expected) return null
  return { code: 'bank_account_differs', account, expected }
}

function statementAmountOf(
  payment: Payment,
  charges: Money,
  asked: Money | undefined,
): Money | Refusal {
  const { amount, flow } = payment
  for (const given of [charges, asked ?? amount]) {
    if (given.currency !== amount.currency) {
      return { code: 'currency_differs', expected: amount.currency, given: given.currency }
    }
  }
  if (isNegative(charges)) return { code: 'amount_not_positive', amount: charges }
  if (flow === 'received' && compare(charges, amount) > 0) {
    return { code: 'charges_exceed_payment', charges, amount }
  }
  const expected = flow === 'received' ? minus(amount, charges) : plus(amount, charges)
  if (asked !== undefined && !equals(asked, expected)) {
    return { code: 'statement_amount_differs', expected, given: asked }
  }
  return expected
}

/** J16 and J18 for money received, J17 for money paid. */
function matchEntry(
  at: Omit<Entry, 'postings'>,
  match: Readonly<{ payment: Payment; bank: string; statementAmount: Money; charges: Money }>,
): Entry {
  const { payment, bank, statementAmount, charges } = match
  const { amount, flow, heldIn } = payment
  const held = heldAmounts(payment)
  const fees = { booksAmount: booksPart(held, charges) }
  const total = { booksAmount: held.booksAmount }
  const postings =
    flow === 'received'
      ? [
          debit(bank, statementAmount, { booksAmount: minus(held.booksAmount, fees.booksAmount) }),
          debit('payment-fees', charges, fees),
          credit(heldIn, amount, total),
        ]
      : [
          debit(heldIn, amount, total),
          debit('payment-fees', charges, fees),
          credit(bank, statementAmount, { booksAmount: plus(held.booksAmount, fees.booksAmount) }),
        ]
  return entryOf({ ...at, postings })
}

/** What the payment's own entry put where it waits: it leaves with the same figures. */
function heldAmounts({ amount, heldIn, entry }: Payment): Amounts {
  const held = entry.postings.filter(({ account }) => account === heldIn)
  return { amount, booksAmount: atPlace(held, 0).booksAmount }
}
