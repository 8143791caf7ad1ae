import { z } from 'zod'
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { AccountType } from '../../src/events/books-events.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { directionSchema } from '../../src/events/parts.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
  uuidSchema,
} from '../../src/events/text.js'
import { compare, isPositive, minus, smaller, zero } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { acceptNumbered, type Decision, refuse } from '../decision.js'
import { nextOverpaymentId, nextPaymentId, nextPrepaymentId } from '../document-id.js'
import { exchangeRate } from '../exchange.js'
import { firstFact } from '../first-fact.js'
import { postedInvoiceIn } from '../invoice/posted-invoice.js'
import { exchangeRateInput } from '../line-input.js'
import { HAND_ACCOUNT_TYPES, moneyAccount, moneyPlace, STORE_CREDIT } from '../money-account.js'
import { askedDay, happenedDay } from '../posting-day.js'
import type { Refusal } from '../refusal.js'
import { flowOf, type Movement, registeredPayment } from './payment-entry.js'
import { prepayment } from './prepayment.js'

const moneyInput = {
  account: slugSchema,
  amount: moneySchema,
  date: daySchema.optional().describe('Today unless given; never in the future.'),
  exchangeRate: exchangeRateInput
    .optional()
    .describe("Books currency for one unit; the day's rate of the table unless given (L20)."),
  reference: text(200).optional(),
  online: z
    .strictObject({ gateway: text(100), transaction: text(200) })
    .optional()
    .describe('Money that a gateway took, already captured; authorised money is none (L13).'),
}

const forInvoice = z.strictObject({ invoiceId: documentIdSchema, ...moneyInput })
const forOrder = z.strictObject({
  orderId: documentIdSchema.describe('The order that it was paid for, ahead of its invoice.'),
  ...moneyInput,
})
const forParty = z.strictObject({
  books: slugSchema.default(DEFAULT_BOOKS),
  direction: directionSchema.default('out'),
  party: uuidSchema.describe('Whom it belongs to, where it is for no order.'),
  ...moneyInput,
})
type MoneyInput = Readonly<z.infer<z.ZodObject<typeof moneyInput>>>

const GATEWAY_ONLY: readonly AccountType[] = ['gateway']
const advanceSchema = z.strictObject({
  documentId: documentIdSchema,
  number: text(40).meta({ examples: ['OVP/2026/00001'] }),
  amount: moneySchema,
})

/**
 * Money for a posted invoice or bill, or ahead of one: what goes beyond the due amount becomes an overpayment, what
 * comes before any invoice a prepayment (L4, L13).
 */
export const registerPayment = folioCommand({
  name: 'register-payment',
  area: 'payment',
  summary:
    'Registers money for a posted invoice or bill (beyond what is due an overpayment), or a prepayment of an order or party',
  rows: ['L4', 'L10', 'L13', 'L18', 'L20'],
  input: z.union([forInvoice, forOrder, forParty]),
  output: z.strictObject({
    paymentId: documentIdSchema,
    number: text(40).meta({ examples: ['PAY/2026/00001'] }),
    applied: moneySchema.describe('What of the amount settles the invoice.'),
    overpayment: advanceSchema.nullable().describe('What is beyond it: a credit of its own.'),
    prepayment: advanceSchema
      .nullable()
      .describe('What came before any invoice: a credit of its own.'),
  }),
  document: (asked) =>
    'invoiceId' in asked ? asked.invoiceId : 'orderId' in asked ? asked.orderId : null,
  books: (asked) => ('party' in asked ? asked.books : DEFAULT_BOOKS),
  decide(asked, context) {
    if ('invoiceId' in asked) return invoicePaid(asked, context)
    if ('party' in asked) {
      const { direction, party } = asked
      const movement = movementOf(asked, { direction }, context)
      if ('code' in movement) return refuse(movement)
      return prepaid(movement, { direction, party, order: null }, context)
    }
    const { order } = context.folio
    if (order.status === 'absent' || order.orderId !== asked.orderId) {
      return refuse({ code: 'order_not_found', order: asked.orderId })
    }
    const { orderId, number, party, currency } = order
    const movement = movementOf(asked, { direction: 'out', currency }, context)
    if ('code' in movement) return refuse(movement)
    return prepaid(movement, { direction: 'out', party, order: { orderId, number } }, context)
  },
  answer: (facts) => {
    const { type, data } = firstFact(facts, 'PaymentRegistered', 'PrepaymentRegistered')
    const { paymentId, entry, amount } = data
    const paid = { paymentId, number: entry.number }
    if (type === 'PrepaymentRegistered') {
      const none = zero(amount.currency)
      return {
        ...paid,
        applied: none,
        overpayment: null,
        prepayment: { ...data.prepayment, amount },
      }
    }
    const { applied, overpayment = null } = data
    return { ...paid, applied, overpayment, prepayment: null }
  },
})

function invoicePaid(asked: z.infer<typeof forInvoice>, context: FolioContext): Decision {
  const { folio, folioId, books } = context
  const invoice = postedInvoiceIn(folio, asked.invoiceId)
  if ('code' in invoice) return refuse(invoice)
  const { direction, currency } = invoice.content
  const movement = movementOf(asked, { direction, currency }, context)
  if ('code' in movement) return refuse(movement)
  const { amount, paymentId, day } = movement
  const refusal = storeCreditRefusal(movement, invoice)
  if (refusal !== null) return refuse(refusal)
  const isBeyond = isPositive(minus(amount, smaller(amount, invoice.due)))
  const overpaymentId = nextOverpaymentId(folioId, folio)
  const { postingDate } = day
  return acceptNumbered(
    [
      { series: 'PAY', document: paymentId, postingDate },
      ...(isBeyond ? [{ series: 'OVP', document: overpaymentId, postingDate } as const] : []),
    ],
    (number, overpaymentNumber = '') => [
      registeredPayment(movement, invoice, { number, overpaymentId, overpaymentNumber }, books),
    ],
  )
}

function prepaid(
  movement: Movement,
  whose: Parameters<typeof prepayment>[1],
  { folio, folioId, books }: FolioContext,
): Decision {
  const documentId = nextPrepaymentId(folioId, folio)
  const { paymentId, day } = movement
  const { postingDate } = day
  return acceptNumbered(
    [
      { series: 'PAY', document: paymentId, postingDate },
      { series: 'PRE', document: documentId, postingDate },
    ],
    (number, prepaymentNumber): LedgerFact[] => [
      prepayment(movement, whose, { number, documentId, prepaymentNumber }, books),
    ],
  )
}

/** The money as it will be booked, or why it cannot be registered at all. */
function movementOf(
  asked: MoneyInput,
  {
    direction,
    currency = asked.amount.currency,
  }: Readonly<{ direction: 'out' | 'in'; currency?: string }>,
  { folio, folioId, books, today }: FolioContext,
): Movement | Refusal {
  const { amount, online, reference, date = today } = asked
  if (amount.currency !== currency) {
    return { code: 'currency_differs', expected: currency, given: amount.currency }
  }
  if (!isPositive(amount)) return { code: 'amount_not_positive', amount }
  if (date > today) return { code: 'date_in_future', date, today }
  const known = online === undefined ? null : registeredBefore(online, folio)
  if (known !== null) return known
  const account = moneyAccount(asked.account, {
    books,
    allowed: allowedTypes(asked, books),
    currency,
    isRateGiven: asked.exchangeRate !== undefined,
  })
  if ('code' in account) return account
  const rate = exchangeRate({ currency, date, given: asked.exchangeRate }, books)
  if (typeof rate === 'object') return rate
  // What a gateway captured has happened, whatever is closed here; what a person enters is asked for (L10).
  const day = online === undefined ? askedDay(date, books) : happenedDay(date, books)
  if ('code' in day) return day
  const place = moneyPlace(account, flowOf(direction))
  const paymentId = nextPaymentId(folioId, folio)
  return { paymentId, place, amount, rate, date, day, reference, online }
}

/** Store credit is a liability that customers spend on what is due; other liabilities are not money (J26). */
function allowedTypes(asked: MoneyInput, books: OpenBooks): readonly AccountType[] {
  if (asked.online !== undefined) return GATEWAY_ONLY
  const isSpent = asked.account === STORE_CREDIT && 'invoiceId' in asked
  return isSpent && books.accounts.has(STORE_CREDIT)
    ? [...HAND_ACCOUNT_TYPES, 'liability']
    : HAND_ACCOUNT_TYPES
}

function storeCreditRefusal(
  { place, amount }: Movement,
  { content, due }: PostedInvoice,
): Refusal | null {
  if (place.account !== STORE_CREDIT) return null
  if (content.direction === 'in') {
    return { code: 'store_credit_of_customers_only', invoice: content.invoiceId }
  }
  if (compare(amount, due) <= 0) return null
  return { code: 'store_credit_exceeds_due', due, requested: amount }
}

function registeredBefore(
  { gateway, transaction }: Readonly<{ gateway: string; transaction: string }>,
  { payments }: Folio,
): Refusal | null {
  const known = [...payments.values()].find(
    ({ online }) => online?.gateway === gateway && online.transaction === transaction,
  )
  if (known === undefined) return null
  return { code: 'gateway_transaction_registered', transaction, payment: known.paymentId }
}
