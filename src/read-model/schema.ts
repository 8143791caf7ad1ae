/**
 * What can be read: the tables of the read models, and those of the engine that fills them. Projections fold into rows
 * of these types, queries read them; nobody else knows their columns. Row keys are camelCase here, columns snake_case.
 */

/** A column's type in PostgreSQL; `null` says that it may be missing. `jsonb` holds a list of texts. */
type BaseType = 'text' | 'numeric' | 'date' | 'timestamptz' | 'integer' | 'boolean' | 'jsonb'
export type ColumnType = BaseType | `${BaseType} null`

type BaseValue = {
  text: string
  /** Decimal text with the digits it was written with. */
  numeric: string
  /** `2026-11-22` */
  date: string
  /** `2026-11-22T17:05:00.000Z` */
  timestamptz: string
  integer: number
  boolean: boolean
  jsonb: readonly string[]
}
type ColumnValue<Type extends ColumnType> = Type extends `${infer Base extends BaseType} null`
  ? BaseValue[Base] | null
  : Type extends BaseType
    ? BaseValue[Type]
    : never

export type Columns = Readonly<Record<string, ColumnType>>

/** Every list is read by its `sortKey` alone, which therefore ends in the row's id. */
export type Table<
  C extends Columns = Columns,
  Key extends keyof C & string = keyof C & string,
> = Readonly<{
  columns: C
  key: readonly Key[]
  /** Secondary indexes, made after a rebuild has filled the table. */
  indexes: readonly (readonly (keyof C & string)[])[]
}>
export type RowOf<T extends Table> = Readonly<{
  [Name in keyof T['columns']]: ColumnValue<T['columns'][Name]>
}>
export type KeyOf<T extends Table> = Pick<RowOf<T>, T['key'][number] & keyof RowOf<T>>

export function table<const C extends Columns, const Key extends keyof C & string>(
  definition: Table<C, Key>,
): Table<C, Key> {
  return definition
}

/** Whether the document belongs to a platform's order, and to which store's. */
const origin = { instance: 'text null', synced: 'boolean' } as const

/** L1: `totals` are the order's own, `invoiced` the sum of its posted customer invoices. */
export const orderListTable = table({
  key: ['orderId'],
  columns: {
    orderId: 'text',
    books: 'text',
    number: 'text',
    orderDate: 'date',
    billToName: 'text null',
    party: 'text null',
    currency: 'text',
    total: 'numeric',
    invoiced: 'numeric',
    /** Open or Cancelled, in the ledger. */
    status: 'text',
    /** Why its workflow carries it no further (L28); none for orders placed by hand. */
    waits: 'text null',
    /** The order that it took the place of, as its store numbers it (L16). */
    replaces: 'text null',
    platformOrderId: 'text null',
    platformStatus: 'text null',
    /** As the store showed it last, or as its refunds and its capture leave it since (B5). */
    paymentStatus: 'text null',
    /** Given back at the store and not declined, here or there (B5). */
    refundedAtStore: 'numeric',
    /** The refunds of it: `<amount that stands> <id at the store>` each. */
    storeRefunds: 'jsonb',
    /** Bypasses the ledger's own *order refunded already* (B6). */
    forceRefund: 'boolean',
    ...origin,
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['instance', 'sortKey']],
})
export type OrderRow = RowOf<typeof orderListTable>

/** M1, and bills. Amounts are in the document's currency; how the status follows from them: V. */
export const invoiceListTable = table({
  key: ['invoiceId'],
  columns: {
    invoiceId: 'text',
    books: 'text',
    direction: 'text',
    number: 'text null',
    billToName: 'text null',
    party: 'text null',
    invoiceDate: 'date',
    dueDate: 'date',
    currency: 'text',
    taxExcluded: 'numeric',
    total: 'numeric',
    due: 'numeric',
    settledByPayment: 'numeric',
    /** By its own credit notes. */
    settledByCredit: 'numeric',
    /** By credits of other documents, which count like payments. */
    settledByAllocation: 'numeric',
    /** Ids of payments not yet matched with the bank. */
    awaited: 'jsonb',
    status: 'text',
    orderId: 'text null',
    orderNumber: 'text null',
    supplierReference: 'text null',
    ...origin,
    sortKey: 'text',
  },
  indexes: [
    ['direction', 'sortKey'],
    ['instance', 'sortKey'],
  ],
})
export type InvoiceRow = RowOf<typeof invoiceListTable>

/**
 * L12: what became of a credit. `remaining` is the sum of its postings; `reserved` is held for an invoice of another
 * folio, waits for approval or is under way to a store, and `available`, the rest, can still be refunded or allocated.
 */
const creditUse = {
  refunded: 'numeric',
  allocated: 'numeric',
  reserved: 'numeric',
  remaining: 'numeric',
  available: 'numeric',
  /** What holds it: `<allocation, approval or sync task> <amount>` each. */
  held: 'jsonb',
} as const

/** L5. */
export const creditNoteListTable = table({
  key: ['creditNoteId'],
  columns: {
    creditNoteId: 'text',
    books: 'text',
    direction: 'text',
    number: 'text null',
    /** The invoice it takes back; none for an ad-hoc note. */
    invoiceId: 'text null',
    invoiceNumber: 'text null',
    billToName: 'text null',
    party: 'text null',
    documentDate: 'date',
    postingDate: 'date null',
    reason: 'text',
    currency: 'text',
    taxExcluded: 'numeric',
    total: 'numeric',
    ...creditUse,
    /** The refund at its store, as the store names it (B4). */
    platformRefundId: 'text null',
    /** Requested, Refunded, Declined, or Recorded: there, and no money of it moved through the store (B10). */
    platformRefundStatus: 'text null',
    /** What the store only recorded, less what was paid out here since. */
    recordedOnly: 'numeric',
    /** Of that what the note still has (B10). */
    toBePaid: 'numeric',
    /** Draft, Open, Settled or Voided. */
    status: 'text',
    orderId: 'text null',
    orderNumber: 'text null',
    ...origin,
    sortKey: 'text',
  },
  indexes: [
    ['direction', 'sortKey'],
    ['instance', 'sortKey'],
  ],
})
export type CreditNoteRow = RowOf<typeof creditNoteListTable>

/** L13, L15: money that came before an invoice asked for it, or beyond what one asked. */
export const prepaymentListTable = table({
  key: ['documentId'],
  columns: {
    documentId: 'text',
    books: 'text',
    /** Prepayment or Overpayment. */
    kind: 'text',
    direction: 'text',
    number: 'text',
    party: 'text null',
    orderId: 'text null',
    orderNumber: 'text null',
    date: 'date',
    /** The payment it came with; none for what was there when the books were taken over. */
    paymentId: 'text null',
    currency: 'text',
    amount: 'numeric',
    ...creditUse,
    /** Open, Settled or Reversed. */
    status: 'text',
    gateway: 'text null',
    transaction: 'text null',
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['status', 'sortKey']],
})
export type PrepaymentRow = RowOf<typeof prepaymentListTable>

/** L4, N5: money in and out. */
export const paymentListTable = table({
  key: ['paymentId'],
  columns: {
    /** Of a refund that a store made: its order's id and the store's own, joined by a colon. */
    paymentId: 'text',
    books: 'text',
    /** Payment, Prepayment or Refund. */
    kind: 'text',
    number: 'text',
    date: 'date',
    direction: 'text',
    flow: 'text',
    account: 'text',
    party: 'text null',
    documentId: 'text',
    documentNumber: 'text',
    currency: 'text',
    amount: 'numeric',
    /**
     * In Payment until matched with the bank, then Paid; Reversed when it bounced or was wrong; Declined where a store
     * could not give it back after all (B8).
     */
    status: 'text',
    reconciledOn: 'date null',
    reference: 'text null',
    instance: 'text null',
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['direction', 'sortKey']],
})
export type PaymentRow = RowOf<typeof paymentListTable>

/** The chart of accounts. `balance` is debits less credits in the books' currency. */
export const accountListTable = table({
  key: ['books', 'account'],
  columns: {
    books: 'text',
    account: 'text',
    name: 'text',
    type: 'text',
    /** The only currency it takes, if there is one. */
    onlyCurrency: 'text null',
    currency: 'text',
    balance: 'numeric',
    closed: 'boolean',
    sortKey: 'text',
  },
  indexes: [['sortKey']],
})
export type AccountRow = RowOf<typeof accountListTable>

/**
 * L8: what a document still asks, or has left to give: the sum of the postings that name it, counted positive on the
 * side it was opened on. Settled documents stay, with nothing open.
 */
export const openItemsTable = table({
  key: ['documentId', 'account'],
  columns: {
    documentId: 'text',
    account: 'text',
    books: 'text',
    direction: 'text',
    /** Invoice, Bill, Credit Note, Prepayment or Overpayment. */
    kind: 'text',
    number: 'text',
    party: 'text null',
    documentDate: 'date',
    /** debit or credit: the side it was opened on. */
    side: 'text',
    currency: 'text',
    amountOpen: 'numeric',
    booksCurrency: 'text',
    booksAmountOpen: 'numeric',
    isOpen: 'boolean',
    sortKey: 'text',
  },
  indexes: [
    ['isOpen', 'sortKey'],
    ['party', 'sortKey'],
  ],
})
export type OpenItemRow = RowOf<typeof openItemsTable>

/** R4: debits and credits of an account since the books were opened, in their currency. */
export const trialBalanceTable = table({
  key: ['books', 'account'],
  columns: {
    books: 'text',
    account: 'text',
    name: 'text',
    type: 'text',
    currency: 'text',
    debit: 'numeric',
    credit: 'numeric',
    balance: 'numeric',
    sortKey: 'text',
  },
  indexes: [['sortKey']],
})
export type TrialBalanceRow = RowOf<typeof trialBalanceTable>

/** R4, L8: the same by the currency of the documents, in that and in the books'. */
export const trialBalanceByCurrencyTable = table({
  key: ['books', 'account', 'currency'],
  columns: {
    books: 'text',
    account: 'text',
    currency: 'text',
    debit: 'numeric',
    credit: 'numeric',
    balance: 'numeric',
    booksCurrency: 'text',
    booksDebit: 'numeric',
    booksCredit: 'numeric',
    booksBalance: 'numeric',
    sortKey: 'text',
  },
  indexes: [['sortKey']],
})
export type TrialBalanceByCurrencyRow = RowOf<typeof trialBalanceByCurrencyTable>

/**
 * R4: base and tax of a month by code and rate, in the currency of the documents and in the books'. Credit notes and
 * what was taken back reduce both.
 */
export const taxSummaryTable = table({
  key: ['books', 'period', 'kind', 'code', 'ratePercent', 'currency'],
  columns: {
    books: 'text',
    /** The month of the posting date, `2026-11`. */
    period: 'text',
    /** output: owed; input: deducted. */
    kind: 'text',
    code: 'text',
    ratePercent: 'text',
    currency: 'text',
    base: 'numeric',
    tax: 'numeric',
    booksCurrency: 'text',
    booksBase: 'numeric',
    booksTax: 'numeric',
    sortKey: 'text',
  },
  indexes: [['sortKey']],
})
export type TaxSummaryRow = RowOf<typeof taxSummaryTable>

/** N6: refunds above the threshold of whoever asked for them. Amounts are in the document's currency. */
export const approvalListTable = table({
  key: ['approvalId'],
  columns: {
    approvalId: 'text',
    books: 'text',
    documentId: 'text',
    documentKind: 'text',
    documentNumber: 'text',
    direction: 'text',
    party: 'text null',
    /** How it is to be given back, by the command that asked: refund_credit or refund_order_on_platform. */
    refundKind: 'text',
    currency: 'text',
    amount: 'numeric',
    /** Given back of the document before, waiting, and with this. */
    documentSum: 'numeric',
    threshold: 'numeric',
    /** Waiting, Approved or Declined. */
    status: 'text',
    requestedBy: 'text',
    role: 'text',
    requestedOn: 'date',
    decidedBy: 'text null',
    decidedOn: 'date null',
    /** Why it was declined. */
    reason: 'text null',
    sortKey: 'text',
  },
  indexes: [['status', 'sortKey']],
})
export type ApprovalRow = RowOf<typeof approvalListTable>

/** A6: who was forgotten, without a name; a subject is a party, or the folio of a sale without one. */
export const forgottenSubjectsTable = table({
  key: ['subject'],
  columns: {
    subject: 'text',
    keys: 'integer',
    documents: 'integer',
    sortKey: 'text',
  },
  indexes: [['sortKey']],
})
export type ForgottenSubjectRow = RowOf<typeof forgottenSubjectsTable>

/** M2. */
export const shipmentListTable = table({
  key: ['shipmentId'],
  columns: {
    shipmentId: 'text',
    books: 'text',
    /** Planned, or Delivered once the goods left. */
    status: 'text',
    plannedFor: 'date null',
    number: 'text null',
    shippedAt: 'timestamptz null',
    orderId: 'text',
    orderNumber: 'text',
    orderDate: 'date',
    shipToName: 'text null',
    party: 'text null',
    customerEmail: 'text null',
    customerPhone: 'text null',
    totalQuantity: 'numeric',
    ...origin,
    sortKey: 'text',
  },
  indexes: [
    ['status', 'sortKey'],
    ['instance', 'sortKey'],
  ],
})
export type ShipmentRow = RowOf<typeof shipmentListTable>

/** M3. `refunded` is the grand total in the order's currency. */
export const creditMemoListTable = table({
  key: ['creditMemoId'],
  columns: {
    creditMemoId: 'text',
    books: 'text',
    number: 'text',
    createdAt: 'timestamptz',
    orderId: 'text',
    orderNumber: 'text',
    orderedAt: 'timestamptz',
    billToName: 'text null',
    refundStatus: 'text',
    currency: 'text',
    refunded: 'numeric',
    ...origin,
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['instance', 'sortKey']],
})
export type CreditMemoRow = RowOf<typeof creditMemoListTable>

/** L7: a credit on an invoice, of one folio or two. */
export const allocationListTable = table({
  key: ['allocationId'],
  columns: {
    allocationId: 'text',
    books: 'text',
    direction: 'text',
    party: 'text null',
    documentId: 'text',
    documentNumber: 'text',
    invoiceId: 'text',
    invoiceNumber: 'text',
    date: 'date',
    currency: 'text',
    amount: 'numeric',
    /** Reserved, Applied, Refused or Released. */
    status: 'text',
    /** Of the entry that applied it, on the invoice's folio. */
    number: 'text null',
    /** Of the entry that took it back. */
    releaseNumber: 'text null',
    releasedOn: 'date null',
    /** The code of the rule that stood against it. */
    refusal: 'text null',
    /** Both folios have recorded how it ended; else the next step is still to be taken. */
    isFinished: 'boolean',
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['isFinished', 'sortKey'], ['invoiceId'], ['documentId']],
})
export type AllocationRow = RowOf<typeof allocationListTable>

/** The `year` of a series that is never reset: a part of the row's key, so it is never missing. */
export const NEVER_RESET = 0

/** Connected stores (L28, L29). */
export const instanceListTable = table({
  key: ['instance'],
  columns: {
    instance: 'text',
    books: 'text',
    platform: 'text',
    name: 'text',
    address: 'text',
    startDate: 'date null',
    charges: 'text',
    roundingUnitsPerLine: 'integer',
    /** Of each payment method, as JSON: how far, when, and over which account. */
    workflows: 'jsonb',
    /** Orders paid here are marked as paid at the store (P1), told first in this way (P5). */
    markOrdersPaid: 'boolean',
    markPaidBy: 'text',
    /** A refund that the store reckons differently: override or refuse (B3). */
    refundDifference: 'text',
    /** Credit notes over refunds made at the store: posted or draft (B9). */
    storeRefunds: 'text',
    sortKey: 'text',
  },
  indexes: [['sortKey']],
})
export type InstanceRow = RowOf<typeof instanceListTable>

/** S1, S3: what stores are to be told, and what a person is to see to; a row a task, whatever becomes of it. */
export const syncTaskListTable = table({
  key: ['taskId'],
  columns: {
    taskId: 'text',
    books: 'text',
    instance: 'text',
    orderId: 'text',
    orderNumber: 'text',
    platformOrderId: 'text',
    /** Refund, Mark as paid, or Declined refund. */
    kind: 'text',
    /** What is given back. */
    documentId: 'text null',
    documentNumber: 'text null',
    currency: 'text',
    /** To be given back; received, where the order is to be marked as paid; declined. */
    amount: 'numeric',
    /** Due, In flight, Unknown, Waits for a person; at its end Done, Refused, Withdrawn or Dismissed. */
    state: 'text',
    /** Nothing of it is sent before. */
    notBefore: 'timestamptz null',
    /** Until then the last attempt can still show at the store; only while one is open or unknown. */
    shutUntil: 'timestamptz null',
    /** Over its whole life. */
    attempts: 'integer',
    /** Since it began, or since a person took it up again. */
    failures: 'integer',
    /** What came to nothing last, in one word and in the store's. */
    setback: 'text null',
    detail: 'text null',
    /** What the store has that could be it. */
    candidates: 'jsonb',
    /** What it brought about, as the store names it. */
    remoteId: 'text null',
    requestedBy: 'text',
    requestedAt: 'timestamptz',
    changedAt: 'timestamptz',
    /** Why it was withdrawn, or what a person said of it, and who. */
    reason: 'text null',
    by: 'text null',
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['state', 'instance'], ['instance', 'sortKey'], ['orderId', 'sortKey']],
})
export type SyncTaskRow = RowOf<typeof syncTaskListTable>

/** B9: the refunds that stores have, made here or there, and what of them waits. */
export const platformRefundListTable = table({
  key: ['instance', 'platformRefundId'],
  columns: {
    instance: 'text',
    platformRefundId: 'text',
    books: 'text',
    platformOrderId: 'text',
    orderId: 'text',
    orderNumber: 'text',
    createdAt: 'timestamptz',
    currency: 'text',
    amount: 'numeric',
    /** The document that it gives back. */
    documentId: 'text null',
    documentNumber: 'text null',
    /** Held, Recorded, Refunded (money left through the store), or Declined. */
    status: 'text',
    /** Why it belongs to no document yet. */
    held: 'text null',
    /** What the store only recorded (B10); its document says what of that is still to be paid. */
    toBePaid: 'numeric',
    /** Of the order, with this refund. */
    paymentStatus: 'text',
    /** answer, read_back, pull or person; a held one was pulled, or is not what was asked for. */
    knownBy: 'text null',
    /** The task that it answers. */
    taskId: 'text null',
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['status', 'sortKey'], ['instance', 'sortKey'], ['orderId', 'sortKey']],
})
export type PlatformRefundRow = RowOf<typeof platformRefundListTable>

/** How many numbers of a series were given out, and what became of them. `open`: neither used nor voided yet. */
export const numberSeriesTable = table({
  key: ['books', 'series', 'year'],
  columns: {
    books: 'text',
    series: 'text',
    /** Of the posting date, or {@link NEVER_RESET}. */
    year: 'integer',
    next: 'integer',
    taken: 'integer',
    used: 'integer',
    voided: 'integer',
    open: 'integer',
    sortKey: 'text',
  },
  indexes: [['sortKey']],
})
export type NumberSeriesRow = RowOf<typeof numberSeriesTable>

/** R4: numbers that stand on no document, and why. A number's row goes when its document is posted with it. */
export const unusedNumbersTable = table({
  key: ['books', 'number'],
  columns: {
    books: 'text',
    /** `INV/2026/00064` */
    number: 'text',
    series: 'text',
    year: 'integer null',
    /** The document it was taken for. */
    document: 'text',
    /** The day it was the permission for. */
    postingDate: 'date null',
    /** Open, Released (given back by its document) or Voided (for good). */
    status: 'text',
    reason: 'text null',
    changedAt: 'timestamptz',
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['status', 'sortKey']],
})
export type UnusedNumberRow = RowOf<typeof unusedNumbersTable>

/** Where everything of the read side lives in PostgreSQL. */
export const READ_MODEL_SCHEMA = 'read_model'

/** `building`: filled beside the live one; `live`: what queries read; `kept`: the one before, for comparison. */
export type BuildState = 'building' | 'live' | 'kept'

/** One filling of a projection's table. `position`, `eventId`: the last event that is in it. */
export type ProjectionBuild = Readonly<{
  name: string
  build: number
  version: number
  state: BuildState
  tableName: string
  logIdentity: string
  position: string | null
  eventId: string | null
  events: string
  error: string | null
  updatedAt: string
}>

/** What {@link READ_MODEL_SCHEMA} holds beside the tables of the builds. */
export type ReadModelTables = {
  'read_model.projection_builds': ProjectionBuild
  /** Which build queries read: switching is one row in one transaction. */
  'read_model.projection_live': Readonly<{ name: string; build: number }>
  'read_model.projection_leases': Readonly<{
    name: string
    holder: string
    token: string
    expiresAt: string
  }>
}
