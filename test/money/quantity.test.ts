import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalSchema, ratePercentSchema } from '../../src/events/text.js'
import {
  canonicalDecimal,
  compareDecimal,
  inverseRate,
  isZeroDecimal,
  minusDecimal,
  plusDecimal,
} from '../../src/money/quantity.js'

test.each([
  ['006.50', '6.5'],
  ['-0', '0'],
  ['-0.000', '0'],
  ['10', '10'],
  ['0.000001', '0.000001'],
  ['999999999999.999999', '999999999999.999999'],
  ['-1.50', '-1.5'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalDecimal(text)).toBe(canonical)
  expect(decimalSchema.safeParse(canonical).success).toBe(true)
})

test.each(['1.50', '01', '-0', '+1', '1e3', '1.', '.5', '', ' 1', 'NaN', '0x1', '1,5', '1\n'])(
  '%j is not canonical, so it is malformed',
  (text) => {
    expect(decimalSchema.safeParse(text).success).toBe(false)
  },
)

test('at most twelve digits before and six after the point', () => {
  expect(decimalSchema.safeParse('999999999999.999999').success).toBe(true)
  expect(decimalSchema.safeParse('1000000000000').success).toBe(false)
  expect(decimalSchema.safeParse('0.0000001').success).toBe(false)
})

test('a rate is not negative', () => {
  expect(ratePercentSchema.safeParse('0').success).toBe(true)
  expect(ratePercentSchema.safeParse('-0.1').success).toBe(false)
})

test('sums of parts come back to the whole, in canonical text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })),
      (thousandths) => {
        const texts = thousandths.map((value) => canonicalDecimal((value / 1000).toFixed(3)))
        const whole = texts.reduce(plusDecimal, '0')
        expect(texts.reduce(minusDecimal, whole)).toBe('0')
        expect(canonicalDecimal(whole)).toBe(whole)
      },
    ),
  )
})

test('comparison is by value', () => {
  expect(compareDecimal('2', '10')).toBe(-1)
  expect(compareDecimal('-2', '-10')).toBe(1)
  expect(compareDecimal('1.0', '1')).toBe(0)
  expect(isZeroDecimal('-0.0')).toBe(true)
})

test.each([
  ['1', '1'],
  ['4', '0.25'],
  ['0.8', '1.25'],
  ['3', '0.333333333333'],
  ['1.5', '0.666666666667'],
  ['0.000001', '1000000'],
])('the rate %s is %s the other way round', (rate, inverse) => {
  expect(inverseRate(rate)).toBe(inverse)
})
