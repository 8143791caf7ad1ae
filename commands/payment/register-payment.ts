import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { AccountType } from '../../src/events/books-events.js'
import type { Entry } from '../../src/events/parts.js'
import type { Flow } from '../../src/events/payment-events.js'
import {
  daySchema,
  documentIdSchema,
  moneySchema,
  slugSchema,
  text,
} from '../../src/events/text.js'
import { isPositive, isZero, minus, type Money, smaller } from '../../src/money/money.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { acceptNumbered, refuse } from '../decision.js'
import { nextOverpaymentId, nextPaymentId } from '../document-id.js'
import { credit, debit, entryOf } from '../entry.js'
import { firstFact } from '../first-fact.js'
import { HAND_ACCOUNT_TYPES, moneyAccount, moneyPlace } from '../money-account.js'
import type { Refusal } from '../refusal.js'

const input = z.strictObject({
  invoiceId: documentIdSchema,
  account: slugSchema,
  amount: moneySchema,
  date: daySchema.optional().describe('Today unless given; never in the future.'),
  reference: text(200).optional(),
  online: z
    .strictObject({ gateway: text(100), transaction: text(200) })
    .optional()
    .describe('Money that a gateway took, already captured; authorised money is none (L13).'),
})
type Input = z.infer<typeof input>

const GATEWAY_ONLY: readonly AccountType[] = ['gateway']

/** Money for a posted invoice or bill; what goes beyond the due amount becomes an overpayment (L4). */
export const registerPayment = folioCommand({
  name: 'register-payment',
  area: 'payment',
  summary:
    'Registers money for a posted invoice or bill; money beyond what is due becomes an overpayment',
  rows: ['L4'],
  input,
  output: z.strictObject({
    paymentId: documentIdSchema,
    number: text(40).meta({ examples: ['PAY/2026/00001'] }),
    applied: moneySchema.describe('What of the amount settles the invoice.'),
    overpayment: z
      .strictObject({
        documentId: documentIdSchema,
        number: text(40).meta({ examples: ['OVP/2026/00001'] }),
        amount: moneySchema,
      })
      .nullable()
      .describe('What is beyond it: a credit document of its own.'),
  }),
  document: ({ invoiceId }) => invoiceId,
  books: () => DEFAULT_BOOKS,
  decide(asked, { folio, folioId, books, today }) {
    const invoice = folio.invoices.get(asked.invoiceId)
    if (invoice === undefined)
      return refuse({ code: 'document_not_found', document: asked.invoiceId })
    if (invoice.status !== 'posted') {
      return refuse({
        code: 'document_not_posted',
        document: asked.invoiceId,
        status: invoice.status,
      })
    }
    const refusal = paymentRefusal(asked, { folio, invoice, today })
    if (refusal !== null) return refuse(refusal)
    const { currency } = invoice.content
    const allowed = asked.online === undefined ? HAND_ACCOUNT_TYPES : GATEWAY_ONLY
    const account = moneyAccount(asked.account, { books, allowed, currency })
    if ('code' in account) return refuse(account)

    const { direction, party, books: slug } = invoice.content
    const flow: Flow = direction === 'out' ? 'received' : 'paid'
    const place = moneyPlace(account, flow)
    const applied = smaller(asked.amount, invoice.due)
    const excess = minus(asked.amount, applied)
    const paymentId = nextPaymentId(folioId, folio)
    const overpaymentId = nextOverpaymentId(folioId, folio)
    const date = asked.date ?? today
    const needed = [{ series: 'PAY', document: paymentId, postingDate: date } as const]
    const beyond = isZero(excess)
      ? []
      : [{ series: 'OVP', document: overpaymentId, postingDate: date } as const]
    return acceptNumbered([...needed, ...beyond], (number = '', overpaymentNumber = '') => [
      {
        type: 'PaymentRegistered',
        data: {
          paymentId,
          direction,
          flow,
          party,
          ...place,
          amount: asked.amount,
          date,
          ...(asked.reference === undefined ? {} : { reference: asked.reference }),
          invoiceId: asked.invoiceId,
          invoiceNumber: invoice.number,
          applied,
          ...(isZero(excess)
            ? {}
            : {
                overpayment: {
                  documentId: overpaymentId,
                  number: overpaymentNumber,
                  amount: excess,
                },
              }),
          ...(asked.online === undefined ? {} : { online: asked.online }),
          entry: paymentEntry(
            { books: slug, number, postingDate: date, flow },
            { heldIn: place.heldIn, amount: asked.amount },
            { invoiceId: asked.invoiceId, applied, overpaymentId, excess },
          ),
        },
      },
    ])
  },
  answer: (facts) => {
    const { paymentId, entry, applied, overpayment } = firstFact(facts, 'PaymentRegistered').data
    return { paymentId, number: entry.number, applied, overpayment: overpayment ?? null }
  },
})

function paymentRefusal(
  { amount, date, online }: Input,
  { folio, invoice, today }: Readonly<{ folio: Folio; invoice: PostedInvoice; today: string }>,
): Refusal | null {
  if (amount.currency !== invoice.content.currency) {
    return { code: 'currency_differs', expected: invoice.content.currency, given: amount.currency }
  }
  if (!isPositive(amount)) return { code: 'amount_not_positive', amount }
  if (date !== undefined && date > today) return { code: 'date_in_future', date, today }
  const known = [...folio.payments.values()].find(
    (payment) =>
      online !== undefined &&
      payment.online?.gateway === online.gateway &&
      payment.online.transaction === online.transaction,
  )
  if (online !== undefined && known !== undefined) {
    return {
      code: 'gateway_transaction_registered',
      transaction: online.transaction,
      payment: known.paymentId,
    }
  }
  return null
}

/** J13, J14, J15 for money received; J36, J37 for money paid. */
function paymentEntry(
  {
    books,
    number,
    postingDate,
    flow,
  }: Pick<Entry, 'books' | 'number' | 'postingDate'> & { flow: Flow },
  { heldIn, amount }: Readonly<{ heldIn: string; amount: Money }>,
  use: Readonly<{ invoiceId: string; applied: Money; overpaymentId: string; excess: Money }>,
): Entry {
  const postings =
    flow === 'received'
      ? [
          debit(heldIn, amount),
          credit('receivable', use.applied, { document: use.invoiceId }),
          credit('customer-prepayments', use.excess, { document: use.overpaymentId }),
        ]
      : [
          debit('payable', use.applied, { document: use.invoiceId }),
          debit('supplier-prepayments', use.excess, { document: use.overpaymentId }),
          credit(heldIn, amount),
        ]
  return entryOf({ books, number, postingDate, postings })
}
