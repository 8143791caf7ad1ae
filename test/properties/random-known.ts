/** What a random folio knows: the ids that answers gave, and what it asks for next with them. */
import type { FolioCommand } from '../../commands/command.js'
import { amountText, type RandomTerms } from './random-lines.js'
import type { Random } from './random.js'

export type Request = Readonly<{ command: FolioCommand; input: unknown }>

/** Documents of all folios of a log: a credit of one may settle an invoice of another. */
export type Pool = { credits: string[]; invoices: string[]; instances: string[] }

export type Known = {
  direction: 'out' | 'in'
  /** Of the folio's documents; often another one than the books'. */
  terms: RandomTerms
  isForeign: boolean
  pool: Pool
  /** What the store calls the order, should it come from one. */
  instance: string
  platformOrderId: string
  orders: string[]
  invoices: string[]
  notes: string[]
  payments: string[]
  /** Overpayments and prepayments. */
  advances: string[]
  allocations: { allocationId: string; invoiceId: string }[]
  approvals: string[]
  shipments: string[]
  /** Invoices and notes that were given a number. */
  posted: string[]
  /** Quantities and prices of the first lines: notes ask for these, for less and for more. */
  lines: readonly Readonly<{ quantity: string; unitPrice: string }>[]
  total: bigint
}

export const PARTIES = [
  '3f0c2a58-5a4f-4c1e-9d6e-0d7c1f6f2b11',
  '8b1f7f3e-9a57-4f2b-8a11-5c1f2e3d4b5a',
] as const
export const NOWHERE = '00000000-0000-4000-8000-000000000000'
export const DAYS = [
  '2025-11-30',
  '2025-12-31',
  '2026-01-01',
  '2026-06-15',
  '2026-11-21',
  '2026-11-22',
] as const

export type Maker = (random: Random, known: Known) => Request | null

export function newKnown(
  random: Random,
  pool: Pool,
  terms: RandomTerms,
  isForeign: boolean,
): Known {
  return {
    direction: 'out',
    terms,
    isForeign,
    pool,
    instance: random.pick(pool.instances),
    platformOrderId: `${random.whole(1, 1_000_000_000)}`,
    orders: [],
    invoices: [],
    notes: [],
    payments: [],
    advances: [],
    allocations: [],
    approvals: [],
    shipments: [],
    posted: [],
    lines: [],
    total: 0n,
  }
}

/** Takes from an answer what later requests can name. */
export function remember(known: Known, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return
  const said = answer as Readonly<Record<string, unknown>>
  const { pool } = known
  const invoiceId = said['invoiceId']
  const creditNoteId = said['creditNoteId']
  remembered(known.orders, said['orderId'])
  remembered(known.invoices, invoiceId)
  remembered(known.notes, creditNoteId)
  remembered(known.payments, said['paymentId'])
  remembered(known.payments, memberOf(said['payment'], 'paymentId'))
  remembered(known.shipments, said['shipmentId'])
  remembered(known.shipments, said['rest'])
  remembered(known.approvals, memberOf(said['approval'], 'approvalId'))
  remembered(known.invoices, memberOf(said['carried'], 'invoice'))
  for (const advance of ['overpayment', 'prepayment'] as const) {
    const documentId = memberOf(said[advance], 'documentId')
    remembered(known.advances, documentId)
    remembered(pool.credits, documentId)
  }
  for (const note of Array.isArray(said['creditNotes']) ? said['creditNotes'] : [])
    remembered(known.notes, note)
  rememberAllocation(known, said)
  rememberOpening(known, said)
  if ('number' in said) {
    remembered(known.posted, invoiceId ?? creditNoteId)
    remembered(pool.invoices, invoiceId)
    remembered(pool.credits, creditNoteId)
  }
  const gross = memberOf(said['totals'], 'gross')
  const amount = memberOf(gross, 'amount')
  if (typeof amount === 'string') known.total = BigInt(amount.replace(/[.-]/g, ''))
}

function rememberAllocation(
  known: Known,
  { allocation, invoice }: Readonly<Record<string, unknown>>,
) {
  const [allocationId, invoiceId] = [
    memberOf(allocation, 'allocationId'),
    memberOf(invoice, 'invoiceId'),
  ]
  if (typeof allocationId === 'string' && typeof invoiceId === 'string')
    known.allocations.push({ allocationId, invoiceId })
}

function rememberOpening(known: Known, { documents }: Readonly<Record<string, unknown>>): void {
  for (const document of Array.isArray(documents) ? documents : []) {
    const id = memberOf(document, 'documentId')
    const isInvoice = typeof id === 'string' && /-i\d+$/.test(id)
    remembered(isInvoice ? known.invoices : known.advances, id)
    remembered(known.posted, id)
    remembered(isInvoice ? known.pool.invoices : known.pool.credits, id)
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

function remembered(ids: string[], id: unknown): void {
  if (typeof id === 'string' && !ids.includes(id)) ids.push(id)
}

/** Commands of every input and answer, in one list. */
export function ask(command: Pick<FolioCommand, 'name'>, input: unknown): Request {
  return { command: command as FolioCommand, input }
}

/** Mostly those that the request makes sense for; sometimes all. */
export function posted(random: Random, known: Known, ids: readonly string[]): readonly string[] {
  return random.chance(0.1) ? ids : ids.filter((id) => known.posted.includes(id))
}

export function drafts(random: Random, known: Known, ids: readonly string[]): readonly string[] {
  return random.chance(0.1) ? ids : ids.filter((id) => !known.posted.includes(id))
}

export function isTooEarly(random: Random, ids: readonly string[]): boolean {
  return ids.length === 0 && random.chance(0.97)
}

export function oneOf(random: Random, ids: readonly string[], kind: string): string {
  if (ids.length === 0 || random.chance(0.02)) return `${NOWHERE}-${kind}`
  // The newest is the one that waits for something.
  const id = random.chance(0.5) ? (ids.at(-1) ?? '') : random.pick(ids)
  // An id of the same folio and another kind, or one that is not there yet.
  return random.chance(0.02)
    ? id.replace(/-[a-z]+\d+$/, random.pick(['-i2', '-c9', '-p1', '-o1']))
    : id
}

/** Around what the last document asked: parts of it, all of it, too much, a unit, nothing, less than nothing. */
export function amount(random: Random, { total, terms: { currency, digits } }: Known) {
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

export function day(random: Random): Record<string, string> {
  return random.chance(0.3) ? { documentDate: random.pick(DAYS) } : {}
}

export function posting(random: Random): Record<string, string> {
  return random.chance(0.15) ? { postingDate: random.pick(DAYS) } : {}
}

export function date(random: Random, chance = 0.4): Record<string, string> {
  return random.chance(chance) ? { date: random.pick(DAYS) } : {}
}

/** For a document in another currency mostly the table's rate, sometimes one of its own; a wrong one now and then. */
export function rate(random: Random, { isForeign }: Known): Record<string, string> {
  if (random.chance(0.02)) return { exchangeRate: random.pick(['0', '-1', '2', '1']) }
  if (!isForeign || random.chance(0.6)) return {}
  return {
    exchangeRate: random.pick(['0.9', '0.92', '1.1', '0.006123', '151.73', '3.25', '0.000001']),
  }
}
