/**
 * A store as the ledger sees it, whatever the platform: what can be read of its orders, and the few things it is told.
 * Amounts are money in the order's own currency; times are UTC with milliseconds. An adapter parses all it is given and
 * throws for nothing that a store or the net may do: every answer is a value.
 */
import type { Money } from '../money/money.js'

export interface Store {
  /** The order with all that hangs on it, in one state; `null`: the store has none of this id. */
  readOrder(order: string, options: CallOptions): Promise<Read<PlatformOrder | null>>
  /** Orders changed at or after an instant, the one longest unchanged first, a page at a time. */
  changedOrders(
    asked: Readonly<{ since: string; page: number; pageSize: number }>,
    options: CallOptions,
  ): Promise<Read<Readonly<{ orders: readonly ChangedOrder[]; isLast: boolean }>>>
  /** Changes nothing at the store. */
  quoteRefund(
    asked: Readonly<{ order: string; currency: string; items: readonly RefundItem[] }>,
    options: CallOptions,
  ): Promise<Read<RefundQuote>>
  /** All refunds of an order, the oldest first. */
  refunds(
    asked: Readonly<{ order: string; currency: string }>,
    options: CallOptions,
  ): Promise<Read<readonly PlatformRefund[]>>
  /** Gives money back. Sent at most once: what becomes of it without an answer is unknown. */
  refund(asked: RefundRequest, options: SendOptions): Promise<Sent<PlatformRefund>>
  /** What the store still has open of an order, and what it says of its payment. */
  payment(order: string, options: CallOptions): Promise<Read<OrderPayment | null>>
  /** Records money that was received elsewhere, as a manual capture. */
  recordCapture(
    asked: CaptureRecord,
    options: SendOptions,
  ): Promise<Sent<Readonly<{ transaction: string | null }>>>
  /** Moves an order that waits for its payment on, which by the store's own sense is paid then. */
  confirmPayment(order: string, options: SendOptions): Promise<Sent<null>>
  /** What the store's credentials open; for whoever saves them. */
  check(options: CallOptions): Promise<Read<Readonly<{ name: string | null }>>>
  close(): Promise<void>
}

/** When a call is given up, by the clock of whoever asks: an instant of its monotonic milliseconds, no duration. */
export type CallOptions = Readonly<{ deadlineMs: number; signal?: AbortSignal }>

/**
 * `mayLeave` is asked at the moment before the first byte is written, once the connection stands: where it says no,
 * nothing is written and the answer is `not_sent`.
 */
export type SendOptions = CallOptions & Readonly<{ mayLeave: () => boolean }>

/** Why a question has no answer. Nothing was changed by it, so that it can be asked again. */
export type Failure = Readonly<{
  reason:
    | 'not_authorised'
    | 'not_found'
    /** The store refuses what was asked: asking again brings the same. */
    | 'refused'
    /** The store wants fewer requests; `retryAfterMs` says when, where it does. */
    | 'limited'
    /** The address may not be connected to: it is of a network that is not allowed. */
    | 'address_not_allowed'
    /** No connection, no answer in time, or an answer of a server that is out of order. */
    | 'unavailable'
    /** Something answered that does not speak as the platform does. */
    | 'not_understood'
  /** HTTP status, where there was one. */
  status: number | null
  /** For people, in the platform's own words where it has some; never a credential. */
  detail: string
  retryAfterMs: number | null
}>

export type Read<Value> = Readonly<
  { outcome: 'read'; value: Value } | ({ outcome: 'failed' } & Failure)
>

/** What became of something that was sent. */
export type Sent<Value> = Readonly<
  | { outcome: 'done'; value: Value }
  /** The store said no, and did nothing: it does not offer this at all, or takes nothing more now. */
  | ({ outcome: 'refused' } & Failure)
  /** Nothing left this process. */
  | { outcome: 'not_sent'; detail: string }
  /** It may have been done. */
  | { outcome: 'unknown'; status: number | null; detail: string }
>

export type ChangedOrder = Readonly<{ order: string; modifiedAt: string }>

export type PlatformContact = Readonly<{
  name?: string
  address?: string
  email?: string
  phone?: string
  country?: string
}>

export type PlatformOrder = Readonly<{
  order: string
  /** As people name it. */
  number: string
  placedAt: string
  modifiedAt: string
  /** The platform's standard word, whatever the store calls it. */
  status: string
  /** In lower case, as it came. Empty: none. */
  paymentStatus: string
  customer: string | null
  billTo: PlatformContact | null
  shipTo: PlatformContact | null
  paymentMethod: string | null
  gateway: string | null
  currency: string
  /** The store's own currency, and how much of it one unit of the order's is: decimal text of at most 12 digits after the point. */
  exchangeRate: Readonly<{ currency: string; rate: string }> | null
  prices: 'tax_included' | 'tax_excluded'
  lines: readonly PlatformOrderLine[]
  totals: Readonly<{ net: Money; tax: Money; gross: Money }>
  storeCredit: Money
  giftCertificates: Money
  /** Money that the store says it has: captured and not a test. */
  payments: readonly PlatformPayment[]
  /** Texts that were not well-formed, or longer than the ledger holds, and were mended. */
  isRepaired: boolean
  /** A total or a payment had digits below the currency's unit, and was rounded half away from zero. */
  isRounded: boolean
}>

export type PlatformOrderLine = Readonly<{
  kind: 'item' | 'shipping' | 'handling' | 'wrapping' | 'fee' | 'gift_certificate'
  /** What the platform calls it by when it is refunded. */
  platformLine: string
  sku?: string
  description: string
  /** Decimal text. */
  quantity: string
  /** Of one, before `discount`, in the order's tax mode: decimal text of at most 6 digits after the point. */
  unitPrice: string
  discount?: Money
  tax: Readonly<{ code: string; ratePercent: string; reason?: string }>
  /** What the platform charged on the whole line. */
  platformTax: Money
}>

export type PlatformPayment = Readonly<{
  method: string
  gateway: string
  /** As its gateway names it, else as the store does; `null`: neither does. */
  transaction: string | null
  /** As the store names it, which it was known by if its gateway named it only later. */
  storeTransaction: string | null
  amount: Money
  isOffline: boolean
}>

/** What a refund gives back, in the platform's own names for its lines. */
export type RefundItem = Readonly<
  | { kind: 'item'; platformLine: string; quantity: number; lessBy?: Money }
  | { kind: 'wrapping'; platformLine: string; quantity: number }
  | { kind: 'shipping' | 'handling' | 'fee'; platformLine: string; amount: Money }
  /** Of the order as a whole, without tax of its own. */
  | { kind: 'order'; amount: Money }
>

export type RefundQuote = Readonly<{
  /** Taxes included. */
  total: Money
  tax: Money
  /** Each is one complete way to pay it, of payments that go together. */
  methods: readonly (readonly RefundPayment[])[]
}>

export type RefundPayment = Readonly<{
  provider: string
  description: string
  amount: Money
  /** Only recorded: no money moves through the platform. */
  isOffline: boolean
}>

export type RefundRequest = Readonly<{
  order: string
  currency: string
  items: readonly RefundItem[]
  /** With the marker in it; stands in the refund's history at the store. */
  reason: string
  payments: readonly RefundPayment[]
  /** In place of what the store would reckon. */
  override: Readonly<{ total: Money; tax: Money }> | null
}>

export type PlatformRefund = Readonly<{
  refund: string
  order: string
  createdAt: string
  /** Of the whole and of its items, each once. */
  reasons: readonly string[]
  total: Money
  tax: Money
  items: readonly PlatformRefundItem[]
  payments: readonly (RefundPayment &
    Readonly<{ isDeclined: boolean; declinedMessage: string | null }>)[]
}>

export type PlatformRefundItem = Readonly<{
  kind: RefundItem['kind'] | 'other'
  platformLine: string
  quantity: number | null
  /** What was asked for, where the platform says it. */
  amount: Money | null
}>

export type OrderPayment = Readonly<{
  status: string
  paymentStatus: string
  modifiedAt: string
  currency: string
  total: Money
  storeCredit: Money
  giftCertificates: Money
  captured: Money
  /** Manual captures, ours among them. */
  captures: readonly Readonly<{ transaction: string; reference: string | null; amount: Money }>[]
}>

export type CaptureRecord = Readonly<{
  order: string
  amount: Money
  /** Ours: it is found again by it. */
  reference: string
}>
