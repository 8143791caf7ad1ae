/**
 * Amounts as platforms write them: text or a number (exact-json.ts makes both text), often with more digits than the
 * currency has. Zeros behind the currency's digits say nothing; other digits there are real, and are never lost in
 * silence: what moves money is exact or not understood, what is shown is rounded, and the order says so.
 */
import { z } from 'zod'
import { extended, type Money } from '../money/money.js'
import { canonicalDecimal, proportionDecimal } from '../money/quantity.js'
import { type NumberText, numberText } from './exact-json.js'
import { NotUnderstood } from './understanding.js'

const WIRE_NUMBER = /^-?\d{1,15}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?$/

/** Canonical decimal text. */
export const amountText = z
  .string()
  .regex(WIRE_NUMBER, { message: 'is no amount', abort: true })
  .transform(canonicalDecimal)
  .refine((text) => /^-?\d{1,15}(?:\.\d+)?$/.test(text), { message: 'is out of range' })

/** Left out, empty or null where there is none. */
export const amountOrNothing = z
  .union([amountText, z.literal('').transform(() => '0')])
  .nullish()
  .transform((text) => text ?? '0')

/** Rounded to the currency's unit, half away from zero. */
export function roundedMoney(text: string, currency: string): Money {
  return extended('1', text, currency)
}

export function isRounded(text: string, currency: string): boolean {
  return canonicalDecimal(roundedMoney(text, currency).amount) !== withoutNoise(text)
}

/** Throws {@link NotUnderstood} where the amount has digits that its currency has not. */
export function exactMoney(text: string, currency: string): Money {
  if (isRounded(text, currency)) {
    throw new NotUnderstood(`${text} has more digits than ${currency}`)
  }
  return roundedMoney(text, currency)
}

/** A number of JSON with the digits of the amount. */
export function moneyNumber({ amount }: Money): NumberText {
  return numberText(canonicalDecimal(amount))
}

/** 119.35 comes as 119.35000000000001 where somebody reckoned in binary: beyond six digits is noise. */
export function withoutNoise(text: string): string {
  return proportionDecimal(text, '1', '1')
}
