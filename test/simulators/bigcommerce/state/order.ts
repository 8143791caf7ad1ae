/** What the simulated store keeps of an order. Amounts are whole minor units of the order's currency. */
import type { Amount, Side } from './amounts.js'

export type TaxRate = Readonly<{ name: string; taxClass: string; ratePercent: string }>

export type Address = Readonly<{
  first_name: string
  last_name: string
  company: string
  street_1: string
  street_2: string
  city: string
  state: string
  zip: string
  country: string
  country_iso2: string
  phone: string
  email: string
}>

export type Discount = Readonly<{
  id: string
  name: string
  code: string | null
  target: 'order' | 'product'
  /** On the side that the order's prices are kept on. */
  units: number
}>

export type OrderProduct = Readonly<{
  id: number
  productId: number
  variantId: number
  /** 0: nothing to ship. */
  addressId: number
  name: string
  sku: string
  type: 'physical' | 'digital' | 'giftcertificate'
  quantity: number
  rates: readonly TaxRate[]
  unit: Amount
  /** Of the whole line, before discounts and after them. */
  total: Amount
  discounted: Amount
  discounts: readonly Discount[]
  /** Of the whole line. */
  wrapping: Amount
  wrappingName: string
}>

export type OrderAddress = Readonly<{
  id: number
  contact: Address
  method: string
  rates: readonly TaxRate[]
  shipping: Amount
  handling: Amount
}>

export type OrderFee = Readonly<{ id: number; name: string; cost: Amount }>

/** How a part of an order was paid: by a gateway or an offline method, by store credit or by a gift certificate. */
export type PaidPart = Readonly<{
  provider: string
  description: string
  units: number
  kind: 'gateway' | 'offline' | 'store_credit' | 'gift_certificate'
}>

/** What never changes of an order. */
export type OrderBase = Readonly<{
  id: number
  customerId: number
  createdAtMs: number
  currency: string
  displayCurrency: string
  storeCurrency: string
  exchangeRate: string
  side: Side
  products: readonly OrderProduct[]
  addresses: readonly OrderAddress[]
  fees: readonly OrderFee[]
  subtotal: Amount
  shipping: Amount
  handling: Amount
  wrapping: Amount
  total: Amount
  discountUnits: number
  couponUnits: number
  storeCreditUnits: number
  giftCertificateUnits: number
  billing: Address
  parts: readonly PaidPart[]
  /** What the gateway can give back by itself. */
  gatewayRefunds: 'any' | 'once' | 'full_only' | 'none'
  isSettled: boolean
  channelId: number
  source: string
  externalSource: string | null
  externalId: string | null
  externalMerchantId: string | null
  customerLocale: string
}>

/** What changes of an order, as its readers see it. */
export type OrderFace = Readonly<{
  statusId: number
  paymentStatus: string
  modifiedAtMs: number
  shippedAtMs: number | null
  paymentMethod: string
  paymentProviderId: string | number
  staffNotes: string
  customerMessage: string
  externalOrderId: string
  isDeleted: boolean
}>

export type Transaction = Readonly<{
  id: number
  event: string
  method: string
  gateway: string
  units: number
  currency: string
  gatewayTransactionId: string
  createdAtMs: number
  isTest: boolean
  status: 'ok' | 'error'
  reference: number | null
  displayName: string | null
  customMethod: string | null
  /** Readers do not see it before. */
  visibleAtMs: number
}>

export type RefundItemType = 'PRODUCT' | 'GIFT_WRAPPING' | 'SHIPPING' | 'HANDLING' | 'ORDER' | 'FEE'

export type Adjustment = Readonly<{ amount: number; description?: string | undefined }>

export type RefundedItem = Readonly<{
  type: RefundItemType
  id: number
  quantity: number | null
  reason: string
  adjustments: readonly Adjustment[]
  /** As asked, on the side that it was asked on; `null` for what is asked by quantity. */
  asked: number | null
  gross: number
  tax: number
}>

export type RefundPayment = Readonly<{
  id: number
  provider: string
  units: number
  offline: boolean
  transaction: number | null
  /** The provider's words when it declined. */
  declined: string | null
}>

export type Refund = Readonly<{
  id: number
  order: number
  createdAtMs: number
  visibleAtMs: number
  items: readonly RefundedItem[]
  payments: readonly RefundPayment[]
  units: number
  tax: number
  isOverridden: boolean
  isTaxAdjustment: boolean
  /** Of the order, before it. */
  before: Readonly<{ statusId: number; paymentStatus: string }>
}>

export type Shipment = Readonly<{
  id: number
  addressId: number
  createdAtMs: number
  trackingNumber: string
  provider: string
  method: string
  items: readonly Readonly<{ product: number; quantity: number }>[]
}>

export type Order = {
  readonly base: OrderBase
  /** The newest last; readers see the last one that is visible to them. */
  faces: { visibleAtMs: number; face: OrderFace }[]
  refunds: Refund[]
  transactions: Transaction[]
  shipments: Shipment[]
  /** The line of the journal that its last effect stands on. */
  line: number
}
