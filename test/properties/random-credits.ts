/** Money, notes, refunds, approvals and allocations of a random folio. */
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { approveRefund } from '../../commands/credit/approve-refund.js'
import { declineRefund } from '../../commands/credit/decline-refund.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import {
  amount,
  ask,
  date,
  day,
  drafts,
  isTooEarly,
  type Known,
  type Maker,
  oneOf,
  PARTIES,
  posted,
  posting,
  rate,
  type Request,
} from './random-known.js'
import { amountText } from './random-lines.js'
import type { Random } from './random.js'

const pays: Maker = (random, known) => {
  const ids = posted(random, known, known.invoices)
  if (isTooEarly(random, ids)) return null
  return ask(registerPayment, {
    invoiceId: oneOf(random, ids, 'i1'),
    ...money(random, known),
  })
}

const prepaysOrder: Maker = (random, known) => {
  const [orderId] = known.orders
  if (orderId === undefined) return null
  return ask(registerPayment, { orderId, ...money(random, known) })
}

function prepaysParty(random: Random, known: Known): Request {
  const { direction } = known
  return ask(registerPayment, { direction, party: random.pick(PARTIES), ...money(random, known) })
}

function money(random: Random, known: Known): Record<string, unknown> {
  const online = random.chance(0.25)
  const account = random.pick(
    online ? (['gateway-shop', 'gateway-shop', 'bank'] as const) : MONEY_ACCOUNTS,
  )
  return {
    account,
    amount: amount(random, known),
    ...date(random),
    ...rate(random, known),
    ...(online ? { online: { gateway: 'shop', transaction: `t-${random.whole(1, 6)}` } } : {}),
  }
}

const reconciles: Maker = (random, known) => {
  if (known.payments.length === 0) return null
  return ask(reconcilePayment, {
    paymentId: oneOf(random, known.payments, 'p1'),
    ...(random.chance(0.3)
      ? { charges: amount(random, { ...known, total: known.total / 20n }) }
      : {}),
    ...(random.chance(0.1) ? { statementAmount: amount(random, known) } : {}),
    ...(random.chance(0.3)
      ? { account: random.pick(['bank', 'bank-direct', 'cash'] as const) }
      : {}),
  })
}

const reverses: Maker = (random, known) => {
  if (known.payments.length === 0) return null
  const paymentId = oneOf(random, known.payments, 'p1')
  return ask(reversePayment, { paymentId, reason: 'It bounced', ...date(random, 0.2) })
}

const draftsNote: Maker = (random, known) => {
  const ids = posted(random, known, known.invoices)
  if (isTooEarly(random, ids)) return null
  const what = random.chance(0.3)
    ? { amount: amount(random, known) }
    : some(random, known, 'invoiceLine', 'lines')
  return ask(draftCreditNote, {
    invoiceId: oneOf(random, ids, 'i1'),
    reason: 'Returned',
    invoiceableAgain: random.chance(0.3),
    ...day(random),
    ...what,
  })
}

const postsNote: Maker = (random, known) => {
  const ids = drafts(random, known, known.notes)
  if (isTooEarly(random, ids)) return null
  return ask(postCreditNote, { creditNoteId: oneOf(random, ids, 'c1'), ...posting(random) })
}

const voids: Maker = (random, known) => {
  const ids = posted(random, known, known.notes)
  if (ids.length === 0) return null
  const creditNoteId = oneOf(random, ids, 'c1')
  return ask(voidCreditNote, { creditNoteId, reason: 'Made in error', ...date(random, 0.1) })
}

function creditsOf(random: Random, known: Known): readonly string[] {
  return [...posted(random, known, known.notes), ...known.advances]
}

const refunds: Maker = (random, known) => {
  const credits = creditsOf(random, known)
  if (isTooEarly(random, credits)) return null
  const others = [...known.invoices, ...known.payments, ...known.orders]
  const documents = random.chance(0.03) ? others : credits
  return ask(refundCredit, {
    documentId: oneOf(random, documents, 'c1'),
    ...(random.chance(0.6) ? { amount: amount(random, known) } : {}),
    ...(random.chance(0.8) ? { account: random.pick(MONEY_ACCOUNTS) } : {}),
    ...date(random),
    ...rate(random, known),
  })
}

const approves: Maker = (random, known) => {
  if (known.approvals.length === 0) return null
  const approvalId = oneOf(random, known.approvals, 'ap1')
  return random.chance(0.75)
    ? ask(approveRefund, { approvalId })
    : ask(declineRefund, { approvalId, reason: 'Not this one' })
}

const allocates: Maker = (random, known) => {
  const own = creditsOf(random, known)
  const credits = random.chance(0.15) ? known.pool.credits : own
  const invoices = random.chance(0.4) ? known.invoices : known.pool.invoices.slice(-40)
  if (credits.length === 0 || invoices.length === 0) return null
  return ask(allocateCredit, {
    documentId: oneOf(random, credits, 'c1'),
    invoiceId: oneOf(random, invoices, 'i1'),
    ...(random.chance(0.5) ? { amount: amount(random, known) } : {}),
    ...date(random, 0.15),
  })
}

const releases: Maker = (random, known) => {
  const allocation = known.allocations.at(-1)
  if (allocation === undefined) return null
  const { allocationId, invoiceId } = random.chance(0.6)
    ? allocation
    : random.pick(known.allocations)
  return ask(releaseCredit, {
    invoiceId: random.chance(0.05) ? oneOf(random, known.invoices, 'i1') : invoiceId,
    allocationId,
    reason: 'The wrong invoice',
    ...date(random, 0.15),
  })
}

export const CREDIT_MAKERS = {
  prepaysParty,
  all: [
    ...Array<Maker>(7).fill(pays),
    prepaysOrder,
    prepaysOrder,
    ...Array<Maker>(3).fill(reconciles),
    ...Array<Maker>(3).fill(reverses),
    ...Array<Maker>(6).fill(draftsNote),
    ...Array<Maker>(6).fill(postsNote),
    voids,
    voids,
    ...Array<Maker>(6).fill(refunds),
    ...Array<Maker>(3).fill(approves),
    ...Array<Maker>(6).fill(allocates),
    ...Array<Maker>(2).fill(releases),
  ] as readonly Maker[],
}

/**
 * What chance seldom brings together: an invoice paid twice over, credited, refunded, and then its payment bounces, so
 * that what came beyond it is all that the folio still has (L12).
 */
export const BOUNCED_AFTER_REFUND: readonly Maker[] = [
  (_random, { invoices: [invoiceId] }) => ask(postInvoice, { invoiceId }),
  paysInFull,
  paysInFull,
  (_random, { invoices: [invoiceId] }) => ask(draftCreditNote, { invoiceId, reason: 'Returned' }),
  (_random, { notes: [creditNoteId] }) => ask(postCreditNote, { creditNoteId }),
  (_random, { notes: [documentId] }) => ask(refundCredit, { documentId, account: 'cash' }),
  (_random, { payments: [paymentId] }) => ask(reversePayment, { paymentId, reason: 'It bounced' }),
  (_random, { advances: [documentId] }) => ask(refundCredit, { documentId, account: 'cash' }),
]

function paysInFull(_random: Random, { invoices: [invoiceId], total, terms }: Known): Request {
  const { currency, digits } = terms
  const asked = { amount: amountText(total, digits), currency }
  return ask(registerPayment, { invoiceId, account: 'cash', amount: asked })
}

const MONEY_ACCOUNTS = [
  ...['bank', 'bank', 'bank', 'bank', 'cash', 'cash', 'cheques', 'cheques'],
  ...['bank-direct', 'bank-two', 'bank-home', 'store-credit', 'store-credit'],
  ...['bank-closed', 'bank-foreign', 'gateway-shop', 'receivable', 'no-such-account'],
]

/** Some lines, by quantities up to a little more than there is, at the price or another one; or all of them. */
export function some(
  random: Random,
  known: Known,
  key: 'line' | 'invoiceLine',
  as: string,
): Record<string, unknown> {
  if (random.chance(0.3)) return {}
  const lines = known.lines.flatMap(({ quantity, unitPrice }, index) => {
    if (random.chance(0.4)) return []
    const part = random.pick([
      quantity,
      quantity,
      partOf(random, quantity),
      partOf(random, quantity),
      '1',
      '0',
      '-1',
      '99',
    ])
    const price = random.pick([
      unitPrice,
      lower(random, unitPrice),
      '0',
      '0.01',
      '-1',
      `${unitPrice}1`.slice(0, 12),
    ])
    const line = random.chance(0.02) ? 999 : index
    const withPrice = key === 'invoiceLine' && random.chance(0.25)
    return [
      {
        [key]: line,
        quantity: canonical(part),
        ...(withPrice ? { unitPrice: canonical(price) } : {}),
      },
    ]
  })
  return lines.length === 0 ? {} : { [as]: lines }
}

/** Half of it, a third of it, one of it: in thousandths. */
function partOf(random: Random, quantity: string): string {
  const thousandths = BigInt(Math.round(+quantity * 1000))
  const part = thousandths / BigInt(random.whole(2, 3))
  const whole = random.chance(0.7) ? (part / 1000n) * 1000n || thousandths : part
  return amountText(whole, 3)
}

function lower(random: Random, price: string): string {
  return amountText((BigInt(Math.round(+price * 100)) * BigInt(random.whole(10, 100))) / 100n, 2)
}

/** `1.50` → `1.5`, `-0` → `0`: what schemas take. */
function canonical(text: string): string {
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return /^-?0*$/.test(short.replace('.', '')) ? '0' : short
}
