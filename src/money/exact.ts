import { Decimal } from 'decimal.js'

/** decimal.js with 60 digits, for its default of 20 would round large sums in silence; half away from zero (L6). */
export const Exact = Decimal.clone({
  precision: 60,
  rounding: Decimal.ROUND_HALF_UP,
  toExpNeg: -60,
  toExpPos: 60,
})

export type Exact = Decimal
