import { APPEND_BYTES_MAX, AppendTooLarge } from '../src/event-store/event-store.js'
import { AMOUNT_INTEGER_DIGITS_MAX, AmountTooLarge } from '../src/money/money.js'
import type { Refused } from './decision.js'

/**
 * Figures that are each within their limits can come to more together: that is refused, not broken. Whatever else was
 * thrown goes on.
 */
export function refusedByLimit(reason: unknown): Refused {
  if (reason instanceof AmountTooLarge) {
    const { currency } = reason
    const integerDigitsMax = AMOUNT_INTEGER_DIGITS_MAX
    return { outcome: 'refused', refusal: { code: 'amount_too_large', currency, integerDigitsMax } }
  }
  if (reason instanceof AppendTooLarge) {
    const { bytes } = reason
    const bytesMax = APPEND_BYTES_MAX
    return { outcome: 'refused', refusal: { code: 'document_too_large', bytes, bytesMax } }
  }
  throw reason
}
