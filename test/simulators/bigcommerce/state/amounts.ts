/**
 * Amounts as the simulated store keeps them: whole minor units of a currency, so that sums are exact. The ledger's own
 * money is not used here on purpose: one mistake in it would agree with itself.
 */

/** Net and tax always add up to gross. */
export type Amount = Readonly<{ net: number; tax: number; gross: number }>

/** Which side of an amount is asked for; the other follows from the tax. */
export type Side = 'net' | 'gross'

export const NOTHING: Amount = { net: 0, tax: 0, gross: 0 }

export function plus(...amounts: readonly Amount[]): Amount {
  return amounts.reduce(
    (sum, { net, tax, gross }) => ({
      net: sum.net + net,
      tax: sum.tax + tax,
      gross: sum.gross + gross,
    }),
    NOTHING,
  )
}

/** What a price comes to with its tax, rounded to the unit, half away from zero. */
export function charged(units: number, side: Side, ratePercent: number): Amount {
  const rate = Math.round(ratePercent * 10_000)
  if (side === 'net') {
    const tax = Math.round((units * rate) / 1_000_000)
    return { net: units, tax, gross: units + tax }
  }
  const tax = Math.round((units * rate) / (1_000_000 + rate))
  return { net: units - tax, tax, gross: units }
}

/** `whole × part ÷ of`: shares taken as differences of it add up to the whole, however they are cut. */
export function share(whole: number, part: number, of: number): number {
  return of === 0 ? 0 : Math.round((whole * part) / of)
}

/** Splits by weight; the parts add up to the whole, for each is a difference of running shares. */
export function split(whole: number, weights: readonly number[]): number[] {
  const of = weights.reduce((sum, weight) => sum + weight, 0)
  let before = 0
  return weights.map((weight) => {
    const part = share(whole, before + weight, of) - share(whole, before, of)
    before += weight
    return part
  })
}

const DIGITS: Readonly<Record<string, number>> = {
  JPY: 0,
  KRW: 0,
  VND: 0,
  CLP: 0,
  ISK: 0,
  KWD: 3,
  BHD: 3,
  TND: 3,
  JOD: 3,
  OMR: 3,
}

export function digitsOf(currency: string): number {
  return DIGITS[currency] ?? 2
}

/** A V2 amount: text with four decimals, `1999` of EUR is `19.9900`. */
export function v2Amount(units: number, currency: string): string {
  const digits = digitsOf(currency)
  const text = Math.abs(units)
    .toString()
    .padStart(digits + 1, '0')
  const point = text.length - digits
  const sign = units < 0 ? '-' : ''
  return `${sign}${text.slice(0, point)}.${text.slice(point).padEnd(4, '0')}`
}

/** A V3 amount: a number, `1999` of EUR is `19.99`. */
export function v3Amount(units: number, currency: string): number {
  const digits = digitsOf(currency)
  return Number((units / 10 ** digits).toFixed(digits))
}

/** The units of a V3 number; `null`: it has more digits than the currency. */
export function unitsOf(value: number, currency: string): number | null {
  const digits = digitsOf(currency)
  const units = Math.round(value * 10 ** digits)
  return Number.isSafeInteger(units) && v3Amount(units, currency) === value ? units : null
}

/** The units of decimal text such as `19.99`; throws for more digits than the currency has. */
export function unitsOfText(text: string, currency: string): number {
  const digits = digitsOf(currency)
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === '' || /[1-9]/.test(fraction.slice(digits))) {
    throw new RangeError(`${JSON.stringify(text)} is no amount of ${currency}`)
  }
  return Number(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`)
}
