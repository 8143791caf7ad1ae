/** Facts of a small ledger in pounds, valid by their schemas; a story shows only the values that matter to it. */
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import type { LedgerLog, StreamEnd } from '../../src/event-store/log.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import type { Direction, Posting } from '../../src/events/parts.js'
import { minus, type Money, money, plus } from '../../src/money/money.js'
import { testSubjectKeys } from './subject-keys.js'

export const gbp = (amount: string): Money => money(amount, 'GBP')

export const INSTANCE = '5b0a3ac9-3f0e-5d39-9bb6-0b5d4b9b1a01'
export const PARTY = '0b9f3d8e-7c1a-4f5e-8a53-1f0b1c2d3e4f'

/** The id of the n-th folio of a story. */
export function folioId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

export const folioStream = (number: number): string => `folio-${folioId(number)}`
export const orderId = (folio: number): string => `${folioId(folio)}-o1`
export const invoiceId = (folio: number, invoice = 1): string => `${folioId(folio)}-i${invoice}`
export const noteId = (folio: number, note = 1): string => `${folioId(folio)}-c${note}`
export const paymentId = (folio: number, payment = 1): string => `${folioId(folio)}-p${payment}`
export const overpaymentId = (folio: number, payment = 1): string => `${folioId(folio)}-v${payment}`

const CHART = {
  bank: 'bank',
  cash: 'cash',
  'outstanding-receipts': 'outstanding',
  'outstanding-payments': 'outstanding',
  receivable: 'receivable',
  payable: 'payable',
  'customer-prepayments': 'prepayment',
  'supplier-prepayments': 'prepayment',
  'output-tax': 'tax',
  'input-tax': 'tax',
  sales: 'revenue',
  purchases: 'expense',
  'payment-fees': 'expense',
} as const

export const BOOKS_STREAM = 'books-default'

export function booksOpened(): LedgerFact[] {
  return [
    {
      type: 'BooksOpened',
      data: {
        books: 'default',
        name: 'A Shop Ltd',
        currency: 'GBP',
        timeZone: 'Europe/London',
        rounding: 'per_line',
      },
    },
    ...Object.entries(CHART).map(([account, type]): LedgerFact => ({
      type: 'AccountOpened',
      data: { books: 'default', account, name: account, type, booksCurrency: 'GBP' },
    })),
  ]
}

export type OrderOptions = Readonly<{
  folio: number
  total?: string
  date?: string
  billToName?: string
}>

export function orderPlaced({
  folio,
  total = '120.00',
  date = '2026-03-01',
  billToName = 'Ada Byron',
}: OrderOptions): FactOfType<'OrderPlaced'> {
  return {
    type: 'OrderPlaced',
    data: {
      ...orderContent({ folio, total, date, billToName }),
      orderId: orderId(folio),
      books: 'default',
      totals: totalsOf(gbp(total)),
    },
  }
}

export function orderImported(
  options: OrderOptions &
    Readonly<{ status?: string; paymentStatus?: string; modifiedAt?: string }>,
): FactOfType<'OrderImported'> {
  const { folio, total = '120.00', date = '2026-03-01', billToName = 'Ada Byron' } = options
  return {
    type: 'OrderImported',
    data: {
      ...orderContent({ folio, total, date, billToName }),
      orderId: orderId(folio),
      books: 'default',
      totals: totalsOf(gbp(total)),
      instance: INSTANCE,
      platformOrderId: `${folio}`,
      modifiedAt: options.modifiedAt ?? '2026-03-01T10:00:00.000Z',
      status: options.status ?? 'Pending',
      paymentStatus: options.paymentStatus ?? 'captured',
    },
  }
}

function orderContent({ folio, total, date, billToName }: Required<OrderOptions>) {
  return {
    number: `${1000 + folio}`,
    placedOn: date,
    party: PARTY,
    billTo: { name: billToName, email: 'ada@example.com' },
    shipTo: null,
    currency: 'GBP',
    exchangeRate: '1',
    prices: 'tax_included' as const,
    lines: [orderLine(total)],
    payments: [],
  }
}

export type InvoiceOptions = Readonly<{
  folio: number
  invoice?: number
  total?: string
  number?: string
  date?: string
  direction?: Direction
  billToName?: string
  /** The invoice belongs to the folio's order, placed by hand or imported. */
  order?: 'placed' | 'imported'
}>

/** A draft may lack a rate; none in a story does, and a posted document must not. */
type Rated<Content> = Content & Readonly<{ exchangeRate: string }>

export function invoiceDrafted(options: InvoiceOptions): FactOfType<'InvoiceDrafted'> {
  return { type: 'InvoiceDrafted', data: invoiceContent(options) }
}

export function invoicePosted(options: InvoiceOptions): FactOfType<'InvoicePosted'> {
  const { folio, direction = 'out', date = '2026-03-01' } = options
  const content = invoiceContent(options)
  const { gross, net, tax } = content.totals
  const control = { document: content.invoiceId }
  const postings =
    gross.amount === '0.00'
      ? []
      : direction === 'out'
        ? [
            posting('receivable', 'debit', gross, control),
            posting('sales', 'credit', net),
            posting('output-tax', 'credit', tax, { tax: { ...VAT, base: net } }),
          ]
        : [
            posting('purchases', 'debit', net),
            posting('input-tax', 'debit', tax, { tax: { ...VAT, base: net } }),
            posting('payable', 'credit', gross, control),
          ]
  const number = options.number ?? `${direction === 'out' ? 'INV' : 'BILL'}/2026/${numbered(folio)}`
  return { type: 'InvoicePosted', data: { ...content, entry: entry(number, date, postings) } }
}

function invoiceContent(options: InvoiceOptions): Rated<FactOfType<'InvoiceDrafted'>['data']> {
  const { folio, invoice = 1, total = '120.00', date = '2026-03-01', direction = 'out' } = options
  return {
    invoiceId: invoiceId(folio, invoice),
    books: 'default',
    direction,
    order: options.order === undefined ? null : orderReference(folio, options.order),
    party: PARTY,
    billTo: { name: options.billToName ?? 'Ada Byron' },
    documentDate: date,
    dueDate: date,
    currency: 'GBP',
    exchangeRate: '1',
    prices: 'tax_included',
    rounding: 'per_line',
    lines: [pricedLine(total)],
    taxes: [{ ...VAT, base: totalsOf(gbp(total)).net, amount: totalsOf(gbp(total)).tax }],
    totals: totalsOf(gbp(total)),
  }
}

export type PaymentOptions = Readonly<{
  folio: number
  payment?: number
  invoice?: number
  amount?: string
  /** Beyond what settles the invoice. */
  over?: string
  account?: 'bank' | 'cash'
  direction?: Direction
  date?: string
}>

export function paymentRegistered(options: PaymentOptions): FactOfType<'PaymentRegistered'> {
  const {
    folio,
    payment = 1,
    amount = '120.00',
    over,
    account = 'bank',
    direction = 'out',
  } = options
  const applied = gbp(amount)
  const paid = over === undefined ? applied : plus(applied, gbp(over))
  const document = invoiceId(folio, options.invoice)
  const incoming = direction === 'out'
  const heldIn = heldInOf(account, incoming)
  const [moneySide, controlSide] = incoming
    ? (['debit', 'credit'] as const)
    : (['credit', 'debit'] as const)
  const beyond =
    over === undefined
      ? []
      : [
          posting(
            incoming ? 'customer-prepayments' : 'supplier-prepayments',
            controlSide,
            gbp(over),
            {
              document: overpaymentId(folio, payment),
            },
          ),
        ]
  const postings = [
    posting(heldIn, moneySide, paid),
    posting(incoming ? 'receivable' : 'payable', controlSide, applied, { document }),
    ...beyond,
  ]
  return {
    type: 'PaymentRegistered',
    data: {
      ...movement({ ...options, paid, heldIn, flow: incoming ? 'received' : 'paid', postings }),
      invoiceId: document,
      invoiceNumber: `INV/2026/${numbered(folio)}`,
      applied,
      ...(over === undefined
        ? {}
        : {
            overpayment: {
              documentId: overpaymentId(folio, payment),
              number: `OVP/2026/${numbered(folio)}`,
              amount: gbp(over),
            },
          }),
    },
  }
}

export type ReconciliationOptions = Readonly<{
  folio: number
  payment?: number
  invoice?: number | null
  amount?: string
  /** What the bank kept. */
  charges?: string
  flow?: 'received' | 'paid'
  date?: string
}>

export function paymentReconciled(options: ReconciliationOptions): FactOfType<'PaymentReconciled'> {
  const {
    folio,
    payment = 1,
    amount = '120.00',
    charges,
    flow = 'received',
    date = '2026-03-05',
  } = options
  const full = gbp(amount)
  const arrived = charges === undefined ? full : minus(full, gbp(charges))
  const postings =
    flow === 'received'
      ? [
          posting('bank', 'debit', arrived),
          ...(charges === undefined ? [] : [posting('payment-fees', 'debit', gbp(charges))]),
          posting('outstanding-receipts', 'credit', full),
        ]
      : [posting('outstanding-payments', 'debit', full), posting('bank', 'credit', full)]
  return {
    type: 'PaymentReconciled',
    data: {
      reconciliationId: `${folioId(folio)}-m${payment}`,
      paymentId: paymentId(folio, payment),
      invoiceId: options.invoice === null ? null : invoiceId(folio, options.invoice),
      documentId: null,
      flow,
      account: 'bank',
      date,
      statementAmount: arrived,
      ...(charges === undefined ? {} : { charges: gbp(charges) }),
      entry: entry(`JRN/2026/${numbered(folio)}`, date, postings),
    },
  }
}

export type NoteOptions = Readonly<{
  folio: number
  note?: number
  total?: string
  direction?: Direction
  /** The invoice of the folio that it takes back; `null` for an ad-hoc note. */
  invoice?: number | null
  date?: string
  order?: 'placed' | 'imported'
}>

export function creditNoteDrafted(options: NoteOptions): FactOfType<'CreditNoteDrafted'> {
  return { type: 'CreditNoteDrafted', data: noteContent(options) }
}

export function creditNotePosted(options: NoteOptions): FactOfType<'CreditNotePosted'> {
  const { folio, note = 1, direction = 'out', date = '2026-03-10' } = options
  const content = noteContent(options)
  const { gross, net, tax } = content.totals
  const control = { document: content.creditNoteId }
  const postings =
    direction === 'out'
      ? [
          posting('sales', 'debit', net),
          posting('output-tax', 'debit', tax, { tax: { ...VAT, base: net } }),
          posting('receivable', 'credit', gross, control),
        ]
      : [
          posting('payable', 'debit', gross, control),
          posting('purchases', 'credit', net),
          posting('input-tax', 'credit', tax, { tax: { ...VAT, base: net } }),
        ]
  const number = `${direction === 'out' ? 'RINV' : 'RBILL'}/2026/${numbered(folio * 10 + note)}`
  return { type: 'CreditNotePosted', data: { ...content, entry: entry(number, date, postings) } }
}

function noteContent(options: NoteOptions): Rated<FactOfType<'CreditNoteDrafted'>['data']> {
  const {
    folio,
    note = 1,
    total = '120.00',
    direction = 'out',
    invoice = 1,
    date = '2026-03-10',
  } = options
  return {
    creditNoteId: noteId(folio, note),
    books: 'default',
    direction,
    invoice:
      invoice === null
        ? null
        : { invoiceId: invoiceId(folio, invoice), number: `INV/2026/${numbered(folio)}` },
    order: options.order === undefined ? null : orderReference(folio, options.order),
    party: PARTY,
    billTo: { name: 'Ada Byron' },
    documentDate: date,
    reason: 'returned',
    currency: 'GBP',
    exchangeRate: '1',
    prices: 'tax_included',
    rounding: 'per_line',
    lines: [{ ...pricedLine(total), ...(invoice === null ? {} : { invoiceLine: 0 }) }],
    taxes: [{ ...VAT, base: totalsOf(gbp(total)).net, amount: totalsOf(gbp(total)).tax }],
    totals: totalsOf(gbp(total)),
    invoiceableAgain: false,
  }
}

export function creditSettled(
  options: Readonly<{
    folio: number
    note?: number
    invoice?: number
    amount: string
    direction?: Direction
  }>,
): FactOfType<'CreditSettled'> {
  const { folio, note = 1, amount, direction = 'out' } = options
  const noteSide = direction === 'out' ? 'debit' : 'credit'
  const invoiceSide = direction === 'out' ? 'credit' : 'debit'
  const control = direction === 'out' ? 'receivable' : 'payable'
  const document = invoiceId(folio, options.invoice)
  return {
    type: 'CreditSettled',
    data: {
      creditNoteId: noteId(folio, note),
      invoiceId: document,
      amount: gbp(amount),
      entry: entry(`RINV/2026/${numbered(folio * 10 + note)}`, '2026-03-10', [
        posting(control, noteSide, gbp(amount), { document: noteId(folio, note) }),
        posting(control, invoiceSide, gbp(amount), { document }),
      ]),
    },
  }
}

export type RefundOptions = Readonly<{
  folio: number
  payment?: number
  amount: string
  remaining?: string
  account?: 'bank' | 'cash'
  document?: 'credit_note' | 'overpayment'
  note?: number
  /** Of a prepayment, which is refunded like an overpayment. */
  documentId?: string
}>

export function creditRefunded(options: RefundOptions): FactOfType<'CreditRefunded'> {
  const { folio, amount, account = 'cash', document = 'credit_note', note = 1 } = options
  const made = document === 'credit_note' ? noteId(folio, note) : overpaymentId(folio, note)
  const { documentId = made } = options
  const heldIn = heldInOf(account, false)
  const control = document === 'credit_note' ? 'receivable' : 'customer-prepayments'
  const postings = [
    posting(control, 'debit', gbp(amount), { document: documentId }),
    posting(heldIn, 'credit', gbp(amount)),
  ]
  return {
    type: 'CreditRefunded',
    data: {
      ...movement({ ...options, account, paid: gbp(amount), heldIn, flow: 'paid', postings }),
      documentId,
      documentKind: document,
      documentNumber: `RINV/2026/${numbered(folio * 10 + note)}`,
      remaining: gbp(options.remaining ?? '0.00'),
    },
  }
}

type Movement = Readonly<{
  folio: number
  payment?: number
  account?: 'bank' | 'cash'
  direction?: Direction
  date?: string
  paid: Money
  heldIn: string
  flow: 'received' | 'paid'
  postings: Posting[]
}>

function movement({ folio, payment = 1, account = 'bank', direction = 'out', ...rest }: Movement) {
  const { paid, heldIn, flow, postings, date = '2026-03-02' } = rest
  return {
    paymentId: paymentId(folio, payment),
    direction,
    flow,
    party: PARTY,
    account,
    heldIn,
    matching: account === 'bank' ? ('awaited' as const) : ('none' as const),
    amount: paid,
    date,
    reference: `PAY-${folio}-${payment}`,
    entry: entry(`PAY/2026/${numbered(folio * 10 + payment)}`, date, postings),
  }
}

function heldInOf(account: 'bank' | 'cash', incoming: boolean): string {
  if (account === 'cash') return 'cash'
  return incoming ? 'outstanding-receipts' : 'outstanding-payments'
}

const VAT = { code: 'standard', ratePercent: '20' }

/** The total with 20 % tax in it. */
function totalsOf(gross: Money) {
  const tax = gbp(
    (BigInt(gross.amount.replace('.', '')) / 6n)
      .toString()
      .padStart(3, '0')
      .replace(/(\d\d)$/, '.$1'),
  )
  return { net: minus(gross, tax), tax, gross }
}

function orderLine(total: string) {
  const unitPrice = total.replace(/\.?0+$/, '') || '0'
  return {
    kind: 'item' as const,
    sku: 'LAMP',
    description: 'A lamp',
    quantity: '1',
    unitPrice,
    tax: VAT,
  }
}

function pricedLine(total: string) {
  const { net, tax, gross } = totalsOf(gbp(total))
  return { ...orderLine(total), net, taxAmount: tax, gross }
}

function orderReference(folio: number, order: 'placed' | 'imported') {
  const placed = { orderId: orderId(folio), number: `${1000 + folio}`, placedOn: '2026-03-01' }
  return order === 'placed'
    ? placed
    : { ...placed, instance: INSTANCE, platformOrderId: `${folio}` }
}

export function posting(
  account: string,
  side: Posting['side'],
  amount: Money,
  more: Pick<Posting, 'document' | 'tax'> = {},
): Posting {
  return { account, side, amount, booksAmount: amount, ...more }
}

export function entry(number: string, postingDate: string, postings: Posting[]) {
  return { books: 'default', number, postingDate, postings }
}

export function numbered(number: number): string {
  return number.toString().padStart(5, '0')
}

export type StoryLog = Readonly<{
  store: EventStore
  log: LedgerLog
  /** Appends at the end of the stream, which nobody else appends to. */
  append(stream: string, ...facts: readonly LedgerFact[]): Promise<bigint>
}>

/** A log over a store of events, in memory unless another is given, with subject keys in memory. */
export function storyLog(store: EventStore = createMemoryEventStore()): StoryLog {
  const log = createLedgerLog(store, testSubjectKeys())
  const ends = new Map<string, StreamEnd>()
  return {
    store,
    log,
    append: async (stream, ...facts) => {
      const appended = await log.append(stream, ends.get(stream) ?? 'no_stream', facts, {
        command: 'story',
        commandKey: 'story',
        fingerprint: 'story',
        principal: 'story',
        correlation: 'story',
        recordedAt: '2026-03-01T10:00:00.000Z',
        decidedUnder: {},
      })
      if (appended.outcome !== 'appended')
        throw new Error(`The story was not appended: ${appended.outcome}`)
      ends.set(stream, appended.end)
      const head = await store.head()
      if (head === null) throw new Error('The log is empty after an append')
      return head
    },
  }
}
