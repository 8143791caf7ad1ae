/**
 * Exact sums over a file's prices, on whole numbers only.
 *
 * The file states unit prices with up to four decimals of a pound, so a price is held in
 * ten-thousandths and an amount in pennies; both are bigint and nothing is ever a float.
 */

/** Ten-thousandths of a pound in a penny. */
const priceUnitsPerPenny = 100n

/** What a line comes to, in pennies: quantity times price, rounded half away from zero. */
export const lineAmount = (quantity: bigint, unitPrice: bigint): bigint => {
  const exact = quantity * unitPrice
  const half = exact < 0n ? -priceUnitsPerPenny / 2n : priceUnitsPerPenny / 2n
  return (exact + half) / priceUnitsPerPenny
}

/** Whether a price is a whole number of pennies, so that every quantity of it is exact. */
export const isWholePennies = (unitPrice: bigint): boolean => unitPrice % priceUnitsPerPenny === 0n

/** A decimal text of up to four decimals as ten-thousandths; the text is known to be decimal. */
export const priceOf = (text: string): bigint => {
  const [whole = '', part = ''] = text.split('.')
  return BigInt(whole + part.padEnd(4, '0'))
}

/** Pennies as decimal text with two decimals. */
export const amountText = (pennies: bigint): string => decimalText(pennies, 2)

/** Ten-thousandths as canonical decimal text, without trailing zeros, as the ledger wants prices. */
export const priceText = (unitPrice: bigint): string =>
  decimalText(unitPrice, 4).replace(/\.?0+$/, '')

const decimalText = (units: bigint, decimals: number): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const cut = digits.length - decimals
  return `${units < 0n ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`
}
