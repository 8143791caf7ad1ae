/** The forms of values: amounts, times and texts. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { forPeople } from '../../src/platforms/for-people.js'
import { instantOf, rfc2822 } from '../../src/platforms/instants.js'
import { cutTo, Mending } from '../../src/platforms/mended-text.js'
import { NotUnderstood, understood } from '../../src/platforms/understanding.js'
import {
  amountOrNothing,
  amountText,
  exactMoney,
  isRounded,
  moneyNumber,
  roundedMoney,
} from '../../src/platforms/wire-amount.js'

describe('amounts', () => {
  test.each([
    ['69.8400', '69.84'],
    ['-0.00', '0'],
    ['1e3', '1000'],
    ['1.5E-7', '0.00000015'],
    ['007', '7'],
  ])('%s is %s', (wire, text) => {
    expect(amountText.parse(wire)).toBe(text)
  })

  test.each(['', 'x', '1,5', '1e999', '1e99', '1234567890123456', '0x1', ' 1', 'NaN', '--1'])(
    '%j is none',
    (wire) => {
      expect(amountText.safeParse(wire).success).toBe(false)
    },
  )

  test.each([null, undefined, ''])('%j is nothing', (wire) => {
    expect(amountOrNothing.parse(wire)).toBe('0')
  })

  test.each([
    ['69.84', 'EUR', '69.84', false],
    ['69.845', 'EUR', '69.85', true],
    ['-69.845', 'EUR', '-69.85', true],
    ['69.844', 'EUR', '69.84', true],
    ['69.5', 'JPY', '70', true],
    ['1.2345', 'KWD', '1.235', true],
    ['1.234', 'KWD', '1.234', false],
    ['119.35000000000001', 'EUR', '119.35', false],
    ['119.34999999999999', 'EUR', '119.35', false],
  ])('%s %s is shown as %s; it was rounded: %s', (text, currency, amount, was) => {
    expect(roundedMoney(text, currency)).toEqual({ amount, currency })
    expect(isRounded(text, currency)).toBe(was)
    const exact = understood(() => exactMoney(text, currency))
    expect(exact.isUnderstood).toBe(!was)
  })

  test('a number has no digits but those that count', () => {
    expect(moneyNumber({ amount: '10.20', currency: 'EUR' })).toEqual({ number: '10.2' })
    expect(moneyNumber({ amount: '-0.10', currency: 'EUR' })).toEqual({ number: '-0.1' })
  })
})

describe('times', () => {
  test.each([
    ['Tue, 20 Nov 2012 00:00:00 +0000', '2012-11-20T00:00:00.000Z'],
    ['20 Nov 2012 02:00:00 +0200', '2012-11-20T00:00:00.000Z'],
    ['Tue, 20 Nov 2012 00:00:00 GMT', '2012-11-20T00:00:00.000Z'],
    ['2022-06-16T16:44:15+00:00', '2022-06-16T16:44:15.000Z'],
    ['2022-06-16T16:44:15.1234Z', '2022-06-16T16:44:15.123Z'],
    ['2022-06-16T16:44:15-0700', '2022-06-16T23:44:15.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOf(text)).toBe(instant)
  })

  test.each([
    '',
    '2012-11-20',
    '2012-11-20T00:00:00',
    'Tue, 20 Nov 2012 00:00:00',
    '0',
    'now',
    '2012-13-20T00:00:00Z',
    'Tue, 20 Nov 2012 25:00:00 +0000',
  ])('%j is none', (text) => {
    expect(instantOf(text)).toBeNull()
  })

  test('an instant is written to its second', () => {
    expect(rfc2822('2012-11-20T00:00:00.999Z')).toBe('Tue, 20 Nov 2012 00:00:00 +0000')
  })
})

describe('texts', () => {
  test('are cut at a character, never within', () => {
    expect(cutTo('ab😀', 3)).toBe('ab')
    expect(cutTo('ab😀', 4)).toBe('ab😀')
    expect(cutTo('abc', 2)).toBe('ab')
  })

  test('that were mended are remembered', () => {
    const mending = new Mending()
    expect(mending.text(null, 5)).toBe('')
    expect(mending.text('fine', 5)).toBe('fine')
    expect(mending.isRepaired).toBe(false)
    expect(mending.text('a\u0000', 5)).toBe('a')
    expect(mending.isRepaired).toBe(true)
  })

  test('for people are one line, without secrets and without tricks', () => {
    const words = forPeople(['s3cret-token', ''])
    expect(words(' a\n\tb\u202ec\u0007d ')).toBe('a b c d')
    expect(words('x s3cret-token y s3cret-token')).toBe('x [hidden] y [hidden]')
    expect(words(`${'x'.repeat(495)} s3cret-token`)).not.toContain('s3c')
    expect(words('x'.repeat(1_000))).toHaveLength(500)
  })
})

describe('what does not fit', () => {
  test('is told by its place, never by its value', () => {
    const read = understood(() =>
      z.object({ a: z.object({ b: amountText }) }).parse({ a: { b: 'Jane' } }),
    )
    expect(read).toEqual({ isUnderstood: false, detail: 'a.b: is no amount' })
  })

  test('is the store’s; what else is thrown is ours', () => {
    const throwing = (error: Error) => () =>
      understood(() => {
        throw error
      })
    expect(throwing(new NotUnderstood('x'))()).toEqual({ isUnderstood: false, detail: 'x' })
    expect(throwing(new RangeError('x'))()).toMatchObject({ isUnderstood: false })
    expect(throwing(new TypeError('x'))).toThrow(TypeError)
  })
})
