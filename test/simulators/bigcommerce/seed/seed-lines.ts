/** The lines of a seeded order: each with its tax, discounts shared out among the products. */
import { charged, NOTHING, plus, type Side, split, unitsOfText } from '../state/amounts.js'
import type { Discount, OrderAddress, OrderFee, OrderProduct, TaxRate } from '../state/order.js'
import type { SeedOrderSpec } from './seed-input.js'

export type Ids = (kind: 'product' | 'address' | 'fee') => number

export type SeededLines = Readonly<{
  products: readonly OrderProduct[]
  addresses: readonly OrderAddress[]
  fees: readonly OrderFee[]
  discountUnits: number
  couponUnits: number
}>

export function seedLines(
  spec: SeedOrderSpec,
  { currency, side, ids }: Readonly<{ currency: string; side: Side; ids: Ids }>,
): SeededLines {
  const units = (text: string): number => unitsOfText(text, currency)
  const cost = (text: string, rates: readonly TaxRate[]) =>
    charged(units(text), side, percentOf(rates))

  const needsAddress = spec.products.some(({ type }) => type === 'physical')
  const { shipping, handling, billing } = spec
  const asked =
    spec.addresses ??
    (needsAddress ? [{ ...ONE_ADDRESS, contact: billing, shipping, handling }] : [])
  const addresses = asked.map((address) => {
    const rates = address.taxes ?? spec.taxes
    return {
      id: ids('address'),
      contact: address.contact,
      method: address.method,
      rates,
      shipping: cost(address.shipping, rates),
      handling: cost(address.handling, rates),
    }
  })

  const discountUnits = units(spec.discount)
  const couponUnits = spec.coupon === undefined ? 0 : units(spec.coupon.amount)
  const lineUnits = spec.products.map(({ price, quantity }) => units(price) * quantity)
  const manual = split(discountUnits, lineUnits)
  const coupon = split(couponUnits, lineUnits)
  const products = spec.products.map((product, index): OrderProduct => {
    const rates = product.taxes ?? spec.taxes
    const whole = lineUnits[index] ?? 0
    const discounts = [
      discount('manual-discount', 'Manual Discount', null, 'order', manual[index] ?? 0),
      discount('total-coupon', 'Coupon', spec.coupon?.code ?? null, 'order', coupon[index] ?? 0),
      discount('product-discount', 'On sale', null, 'product', units(product.discount ?? '0')),
    ].filter(({ units }) => units > 0)
    const off = discounts.reduce((sum, { units }) => sum + units, 0)
    if (off > whole) throw new RangeError('A line cannot be discounted below nothing.')
    const address = product.type === 'physical' ? addresses[product.address] : { id: 0 }
    if (address === undefined) throw new RangeError(`There is no address ${product.address}.`)
    const id = ids('product')
    return {
      id,
      productId: 3_000 + index,
      variantId: 4_000 + index,
      addressId: address.id,
      name: product.name,
      sku: product.sku,
      type: product.type,
      quantity: product.quantity,
      rates,
      unit: cost(product.price, rates),
      total: charged(whole, side, percentOf(rates)),
      discounted: charged(whole - off, side, percentOf(rates)),
      discounts,
      wrapping: product.wrapping === undefined ? NOTHING : cost(product.wrapping, rates),
      wrappingName: product.wrapping === undefined ? '' : 'Gift paper',
    }
  })

  const fees = spec.fees.map(({ name, cost: text, taxes }) => ({
    id: ids('fee'),
    name,
    cost: cost(text, taxes ?? spec.taxes),
  }))
  const ofProducts = spec.products.reduce((sum, { discount }) => sum + units(discount ?? '0'), 0)
  return { products, addresses, fees, discountUnits: discountUnits + ofProducts, couponUnits }
}

/** All that is to be paid. */
export function totalOf({ products, addresses, fees }: SeededLines) {
  const shipping = plus(...addresses.map((address) => address.shipping))
  const handling = plus(...addresses.map((address) => address.handling))
  const wrapping = plus(...products.map((product) => product.wrapping))
  const total = plus(
    ...products.map(({ discounted }) => discounted),
    shipping,
    handling,
    wrapping,
    ...fees.map(({ cost }) => cost),
  )
  return {
    subtotal: plus(...products.map((line) => line.total)),
    shipping,
    handling,
    wrapping,
    total,
  }
}

const ONE_ADDRESS = { method: 'Flat rate', taxes: undefined }

function percentOf(rates: readonly TaxRate[]): number {
  return rates.reduce((sum, { ratePercent }) => sum + Number(ratePercent), 0)
}

function discount(
  id: string,
  name: string,
  code: string | null,
  target: Discount['target'],
  units: number,
): Discount {
  return { id, name, code, target, units }
}
