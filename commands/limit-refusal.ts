import { APPEND_BYTES_MAX, AppendTooLarge } from '../src/event-store/event-store.js'
import { AMOUNT_INTEGER_DIGITS_MAX, AmountTooLarge } from '../src/money/money.js'
import type { Refusal } from './refusal.js'

/** Figures that are each within their limits can come to more together: that is refused, not broken. */
export function limitRefusal(reason: unknown): Refusal | null {
  if (reason instanceof AmountTooLarge) {
    const { currency } = reason
    return { code: 'amount_too_large', currency, integerDigitsMax: AMOUNT_INTEGER_DIGITS_MAX }
  }
  if (reason instanceof AppendTooLarge) {
    return { code: 'document_too_large', bytes: reason.bytes, bytesMax: APPEND_BYTES_MAX }
  }
  return null
}
