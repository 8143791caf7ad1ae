/** What a test says of an order that it wants; all else has a sensible value. Amounts are decimal text. */
import { z } from 'zod'
import { currencySchema } from '../contract/values.js'

const amount = z.string().regex(/^\d+(?:\.\d+)?$/)
const rate = z.strictObject({
  name: z.string().default('VAT'),
  taxClass: z.string().default('Default Tax Class'),
  ratePercent: amount,
})

const contact = z.strictObject({
  first_name: z.string().default('Jane'),
  last_name: z.string().default('Doe'),
  company: z.string().default(''),
  street_1: z.string().default('1 Main Street'),
  street_2: z.string().default(''),
  city: z.string().default('Berlin'),
  state: z.string().default('Berlin'),
  zip: z.string().default('10115'),
  country: z.string().default('Germany'),
  country_iso2: z.string().default('DE'),
  phone: z.string().default('030 1234567'),
  email: z.string().default('jane@example.com'),
})

const product = z.strictObject({
  name: z.string().default('Linen towel'),
  sku: z.string().default('TOWEL'),
  type: z.enum(['physical', 'digital', 'giftcertificate']).default('physical'),
  /** Of one, on the side that the order's prices are kept on. */
  price: amount.default('10.00'),
  quantity: z.int().positive().default(1),
  /** The order's unless given; none: exempt. */
  taxes: z.array(rate).optional(),
  /** Off this line. */
  discount: amount.optional(),
  /** Of the whole line. */
  wrapping: amount.optional(),
  /** The first unless given. */
  address: z.int().nonnegative().default(0),
})

const address = z.strictObject({
  contact: contact.prefault({}),
  shipping: amount.default('0'),
  handling: amount.default('0'),
  method: z.string().default('Flat rate'),
  /** Of shipping and handling; the order's unless given. */
  taxes: z.array(rate).optional(),
})

export const seedOrderSchema = z.strictObject({
  id: z.int().positive().optional(),
  createdAt: z.iso.datetime({ offset: true }).optional(),
  /** 0: a guest. */
  customerId: z.int().nonnegative().default(7),
  /** The store's unless given. */
  currency: currencySchema.optional(),
  displayCurrency: currencySchema.optional(),
  /** From the store's currency to the order's. */
  exchangeRate: z
    .string()
    .regex(/^\d+\.\d{10}$/)
    .default('1.0000000000'),
  prices: z.enum(['tax_included', 'tax_excluded']).default('tax_included'),
  taxes: z.array(rate).prefault([{ ratePercent: '20' }]),
  products: z
    .array(product)
    .min(1)
    .prefault([{ quantity: 2 }]),
  /** For one address; see `addresses`. */
  shipping: amount.default('5.00'),
  handling: amount.default('0'),
  addresses: z.array(address).optional(),
  fees: z
    .array(
      z.strictObject({
        name: z.string().default('Service'),
        cost: amount,
        taxes: z.array(rate).optional(),
      }),
    )
    .default([]),
  /** By hand, off the whole order. */
  discount: amount.default('0'),
  coupon: z.strictObject({ code: z.string(), amount }).optional(),
  /** How much of the total each of them paid. */
  storeCredit: amount.default('0'),
  giftCertificate: amount.default('0'),
  payment: z
    .strictObject({
      method: z.string().default('Credit Card'),
      gateway: z.string().default('braintree'),
      status: z
        .enum(['captured', 'authorized', 'pending', 'paid', 'declined', 'void', ''])
        .default('captured'),
      /** An offline gateway (bank deposit, cheque, …) unless said otherwise moves no money by itself. */
      isOffline: z.boolean().optional(),
      isTest: z.boolean().default(false),
      /** Some gateways leave no transactions. */
      hasTransactions: z.boolean().optional(),
      refunds: z.enum(['any', 'once', 'full_only', 'none']).default('any'),
      /** Gateways settle after a day or so; before that no refund is possible. */
      isSettled: z.boolean().default(true),
    })
    .prefault({}),
  statusId: z.int().min(0).max(14).optional(),
  billing: contact.prefault({}),
  staffNotes: z.string().default(''),
  customerMessage: z.string().default(''),
  externalOrderId: z.string().default(''),
  externalId: z.string().nullable().default(null),
  externalSource: z.string().nullable().default(null),
  externalMerchantId: z.string().nullable().default(null),
  channelId: z.int().positive().default(1),
  source: z.string().default('www'),
  customerLocale: z.string().default('en'),
  /** Everything was sent in one parcel for each address. */
  isShipped: z.boolean().default(false),
})

export type SeedOrder = z.input<typeof seedOrderSchema>
export type SeedOrderSpec = z.output<typeof seedOrderSchema>
