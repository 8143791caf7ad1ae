/** Where a store of BigCommerce is: the path of its interface, `https://api.bigcommerce.com/stores/{hash}`. */
import { type AddressReading, storeAddress } from '../store-address.js'

const API_PATH = /^\/stores\/[A-Za-z0-9]{1,40}$/

/** As its control panel shows it, with a version behind or without. */
export function bigCommerceAddress(
  text: string,
  options: Readonly<{ allowedNetworks: readonly string[] }>,
): AddressReading {
  const read = storeAddress(text.trim(), options)
  if (read.outcome === 'refused') return read
  const address = read.address.replace(/\/v[23]$/, '')
  return API_PATH.test(new URL(address).pathname)
    ? { outcome: 'address', address }
    : { outcome: 'refused', reason: 'not_of_the_platform' }
}

/** The store's own name in its webhooks. */
export function storeHashOf(address: string): string {
  return new URL(address).pathname.replace('/stores/', '')
}
