/**
 * What somebody may ask of one folio, sensible or not: documents, money, notes and refunds in any order, with wrong ids,
 * too much of everything and negative amounts among them. It knows only what answers told it.
 */
import type { FolioCommand } from '../../commands/command.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { amountText, randomLine, randomLines, type RandomTerms } from './random-lines.js'
import type { Random } from './random.js'

export type Request = Readonly<{ command: FolioCommand; input: unknown }>

/** The ids that answers gave, by kind, and the lines that were asked for. */
export type Known = {
  direction: 'out' | 'in'
  /** What the store calls the order, should it come from one. */
  platformOrderId: string
  orders: string[]
  invoices: string[]
  notes: string[]
  payments: string[]
  overpayments: string[]
  /** Invoices and notes that were given a number. */
  posted: string[]
  /** Quantities and prices of the first lines: notes ask for these, for less and for more. */
  lines: readonly Readonly<{ quantity: string; unitPrice: string }>[]
  total: bigint
}

const PARTIES = [
  '3f0c2a58-5a4f-4c1e-9d6e-0d7c1f6f2b11',
  '8b1f7f3e-9a57-4f2b-8a11-5c1f2e3d4b5a',
] as const
const NOWHERE = '00000000-0000-4000-8000-000000000000'
const DAYS = [
  '2025-11-30',
  '2025-12-31',
  '2026-01-01',
  '2026-06-15',
  '2026-11-21',
  '2026-11-22',
] as const

type Maker = (random: Random, known: Known, terms: RandomTerms) => Request | null

/** An order, an invoice, a bill or an ad-hoc note: what a folio begins with. */
export function randomOpening(random: Random, known: Known, terms: RandomTerms): Request {
  const kind = random.pick([
    'order',
    'order',
    'import',
    'invoice',
    'invoice',
    'bill',
    'ad hoc',
  ] as const)
  known.direction = kind === 'bill' || (kind === 'ad hoc' && random.chance(0.3)) ? 'in' : 'out'
  const lines = randomLines(random, terms, known.direction)
  known.lines = lines
  const common = {
    party: random.chance(0.6) ? random.pick(PARTIES) : null,
    billTo: random.chance(0.3) ? { name: 'Ada “the” Lovelace', email: 'ada@example.com' } : null,
    prices: random.pick(['tax_included', 'tax_excluded'] as const),
    lines,
  }
  const order = { ...common, number: '1001', placedOn: '2025-11-01', shipTo: null }
  if (kind === 'order') return ask(placeOrder, order)
  if (kind === 'import')
    return ask(importOrder, { ...order, ...platform(random, known, '2026-01-01') })
  if (kind === 'ad hoc') {
    const { direction } = known
    return ask(draftCreditNote, { ...common, direction, reason: 'Goodwill', ...day(random) })
  }
  return ask(draftInvoice, {
    ...common,
    direction: known.direction,
    ...(kind === 'bill' && random.chance(0.95)
      ? { supplierReference: `B-${random.whole(1, random.chance(0.1) ? 3 : 1_000_000)}` }
      : {}),
    ...(random.chance(0.02) ? { currency: 'USD' } : {}),
    ...day(random),
  })
}

export function randomRequest(random: Random, known: Known, terms: RandomTerms): Request {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const request = random.pick(MAKERS)(random, known, terms)
    if (request !== null) return request
  }
  return ask(postInvoice, { invoiceId: `${NOWHERE}-i1` })
}

/** Most makers have nothing to ask before there is a document of their kind. */
const ATTEMPTS_MAX = 50

/** Takes from an answer what later requests can name. */
export function remember(known: Known, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return
  const { orderId, invoiceId, creditNoteId, paymentId, payment, overpayment, totals } =
    answer as Readonly<Record<string, unknown>>
  remembered(known.orders, orderId)
  remembered(known.invoices, invoiceId)
  remembered(known.notes, creditNoteId)
  remembered(known.payments, paymentId)
  remembered(known.payments, (payment as { paymentId?: unknown } | undefined)?.paymentId)
  remembered(
    known.overpayments,
    (overpayment as { documentId?: unknown } | null | undefined)?.documentId,
  )
  if ('number' in answer) remembered(known.posted, invoiceId ?? creditNoteId)
  const gross = (totals as { gross?: { amount: string } } | null | undefined)?.gross
  if (gross !== undefined) known.total = BigInt(gross.amount.replace(/[.-]/g, ''))
}

function remembered(ids: string[], id: unknown): void {
  if (typeof id === 'string' && !ids.includes(id)) ids.push(id)
}

const invoicesOrder: Maker = (random, known) => {
  const [orderId] = known.orders
  if (orderId === undefined) return null
  return ask(invoiceOrder, { orderId, ...day(random), ...some(random, known, 'line', 'lines') })
}

const postsInvoice: Maker = (random, known) => {
  const ids = drafts(random, known, known.invoices)
  if (isTooEarly(random, ids)) return null
  return ask(postInvoice, { invoiceId: oneOf(random, ids, 'i1'), ...posting(random) })
}

const pays: Maker = (random, known, terms) => {
  const ids = posted(random, known, known.invoices)
  if (isTooEarly(random, ids)) return null
  const online = random.chance(0.25)
  const account = random.pick(
    online ? (['gateway-shop', 'gateway-shop', 'bank'] as const) : MONEY_ACCOUNTS,
  )
  return ask(registerPayment, {
    invoiceId: oneOf(random, ids, 'i1'),
    account,
    amount: amount(random, known, terms),
    ...(random.chance(0.5) ? { date: random.pick(DAYS) } : {}),
    ...(online ? { online: { gateway: 'shop', transaction: `t-${random.whole(1, 6)}` } } : {}),
  })
}

const reconciles: Maker = (random, known, terms) => {
  if (known.payments.length === 0) return null
  return ask(reconcilePayment, {
    paymentId: oneOf(random, known.payments, 'p1'),
    ...(random.chance(0.3)
      ? { charges: amount(random, { ...known, total: known.total / 20n }, terms) }
      : {}),
    ...(random.chance(0.1) ? { statementAmount: amount(random, known, terms) } : {}),
    ...(random.chance(0.3)
      ? { account: random.pick(['bank', 'bank-direct', 'cash'] as const) }
      : {}),
  })
}

const draftsNote: Maker = (random, known) => {
  const ids = posted(random, known, known.invoices)
  if (isTooEarly(random, ids)) return null
  return ask(draftCreditNote, {
    invoiceId: oneOf(random, ids, 'i1'),
    reason: 'Returned',
    invoiceableAgain: random.chance(0.2),
    ...day(random),
    ...some(random, known, 'invoiceLine', 'lines'),
  })
}

const postsNote: Maker = (random, known) => {
  const ids = drafts(random, known, known.notes)
  if (isTooEarly(random, ids)) return null
  return ask(postCreditNote, { creditNoteId: oneOf(random, ids, 'c1'), ...posting(random) })
}

const refunds: Maker = (random, known, terms) => {
  const credits = [...posted(random, known, known.notes), ...known.overpayments]
  if (isTooEarly(random, credits)) return null
  const others = [...known.invoices, ...known.payments, ...known.orders]
  const documents = random.chance(0.03) ? others : credits
  return ask(refundCredit, {
    documentId: oneOf(random, documents, 'c1'),
    ...(random.chance(0.6) ? { amount: amount(random, known, terms) } : {}),
    ...(random.chance(0.8) ? { account: random.pick(MONEY_ACCOUNTS) } : {}),
    ...(random.chance(0.5) ? { date: random.pick(DAYS) } : {}),
  })
}

const discards: Maker = (random, known) => {
  const documents = drafts(random, known, [...known.invoices, ...known.notes])
  if (isTooEarly(random, documents)) return null
  return ask(discardDraft, { document: oneOf(random, documents, 'i1') })
}

const edits: Maker = (random, known, terms) => {
  const isNote = random.chance(0.5)
  const ids = drafts(random, known, isNote ? known.notes : known.invoices)
  if (isTooEarly(random, ids)) return null
  return ask(editDraft, {
    document: oneOf(random, ids, 'i1'),
    ...(random.chance(0.3) ? { documentDate: random.pick(DAYS) } : {}),
    ...(random.chance(0.3) ? { lines: [randomLine(random, terms, known.direction)] } : {}),
    ...(random.chance(0.3) ? some(random, known, 'invoiceLine', 'invoiceLines') : {}),
  })
}

const changesOrder: Maker = (random, known, terms) => {
  const [orderId] = known.orders
  if (orderId === undefined) return null
  if (random.chance(0.75)) return null
  if (random.chance(0.5)) return ask(cancelOrder, { orderId, reason: 'Changed their mind' })
  return ask(importOrder, {
    number: '1001',
    placedOn: '2025-11-01',
    party: null,
    billTo: null,
    shipTo: null,
    prices: 'tax_excluded',
    lines: randomLines(random, terms, 'out'),
    ...platform(random, known, random.pick(DAYS)),
  })
}

const MAKERS: readonly Maker[] = [
  ...Array<Maker>(4).fill(invoicesOrder),
  ...Array<Maker>(6).fill(postsInvoice),
  ...Array<Maker>(7).fill(pays),
  ...Array<Maker>(3).fill(reconciles),
  ...Array<Maker>(6).fill(draftsNote),
  ...Array<Maker>(6).fill(postsNote),
  ...Array<Maker>(7).fill(refunds),
  discards,
  edits,
  edits,
  changesOrder,
]

const MONEY_ACCOUNTS = [
  ...[
    'bank',
    'bank',
    'bank',
    'bank',
    'cash',
    'cash',
    'cheques',
    'cheques',
    'bank-direct',
    'bank-two',
  ],
  ...['bank-closed', 'bank-foreign', 'gateway-shop', 'receivable', 'no-such-account'],
]

/** Commands of every input and answer, in one list. */
function ask(command: Pick<FolioCommand, 'name'>, input: unknown): Request {
  return { command: command as FolioCommand, input }
}

/** Mostly those that the request makes sense for; sometimes all. */
function posted(random: Random, known: Known, ids: readonly string[]): readonly string[] {
  return random.chance(0.1) ? ids : ids.filter((id) => known.posted.includes(id))
}

function drafts(random: Random, known: Known, ids: readonly string[]): readonly string[] {
  return random.chance(0.1) ? ids : ids.filter((id) => !known.posted.includes(id))
}

function isTooEarly(random: Random, ids: readonly string[]): boolean {
  return ids.length === 0 && random.chance(0.97)
}

function oneOf(random: Random, ids: readonly string[], kind: string): string {
  if (ids.length === 0 || random.chance(0.02)) return `${NOWHERE}-${kind}`
  // The newest is the one that waits for something.
  const id = random.chance(0.5) ? (ids.at(-1) ?? '') : random.pick(ids)
  // An id of the same folio and another kind, or one that is not there yet.
  return random.chance(0.02)
    ? id.replace(/-[a-z]+\d+$/, random.pick(['-i2', '-c9', '-p1', '-o1']))
    : id
}

/** Some lines, by quantities up to a little more than there is, at the price or another one; or all of them. */
function some(
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

/** Around what the last document asked: parts of it, all of it, too much, a unit, nothing, less than nothing. */
function amount(random: Random, { total }: Known, { currency, digits }: RandomTerms) {
  const value = random.pick([
    total,
    total,
    total / 2n,
    total / 3n,
    (total * BigInt(random.whole(1, 150))) / 100n,
    total + BigInt(random.whole(1, 5000)),
    1n,
    ...(random.chance(0.3) ? [0n, -1n, -total] : []),
  ])
  if (random.chance(0.01)) return { amount: '1.00', currency: currency === 'EUR' ? 'USD' : 'EUR' }
  return { amount: amountText(value, digits), currency }
}

function day(random: Random): Record<string, string> {
  return random.chance(0.3) ? { documentDate: random.pick(DAYS) } : {}
}

function posting(random: Random): Record<string, string> {
  return random.chance(0.15) ? { postingDate: random.pick(DAYS) } : {}
}

function platform(random: Random, { platformOrderId }: Known, modified: string) {
  return {
    instance: '5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69',
    platformOrderId,
    modifiedAt: `${modified}T0${random.whole(0, 9)}:00:00.000Z`,
    status: 'Awaiting Fulfillment',
    paymentStatus: 'captured',
  }
}
