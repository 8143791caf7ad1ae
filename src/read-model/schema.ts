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
    platformOrderId: 'text null',
    platformStatus: 'text null',
    paymentStatus: 'text null',
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
    settledByCredit: 'numeric',
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

/** L5. `remaining` is what can still be refunded or allocated. */
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
    remaining: 'numeric',
    /** Draft, Open or Settled. */
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

/** L4, N5: money in and out. */
export const paymentListTable = table({
  key: ['paymentId'],
  columns: {
    paymentId: 'text',
    books: 'text',
    /** Payment or Refund. */
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
    /** In Payment until matched with the bank, then Paid. */
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
    /** Invoice, Bill, Credit Note or Overpayment. */
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
  indexes: [['isOpen', 'sortKey']],
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

/** M2. */
export const shipmentListTable = table({
  key: ['shipmentId'],
  columns: {
    shipmentId: 'text',
    books: 'text',
    number: 'text',
    shippedAt: 'timestamptz',
    orderId: 'text',
    orderNumber: 'text',
    orderDate: 'date',
    shipToName: 'text null',
    customerEmail: 'text null',
    customerPhone: 'text null',
    totalQuantity: 'numeric',
    ...origin,
    sortKey: 'text',
  },
  indexes: [['sortKey'], ['instance', 'sortKey']],
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

/** How many numbers of a series were given out, and what became of them. `open`: neither used nor voided yet. */
export const numberSeriesTable = table({
  key: ['books', 'series', 'year'],
  columns: {
    books: 'text',
    series: 'text',
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
