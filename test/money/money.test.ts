import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCurrency, minorUnitDigits } from '../../src/money/currency.js'
import {
  accumulated,
  AmountTooLarge,
  compare,
  CurrencyMismatch,
  equals,
  excess,
  extended,
  isMoney,
  isNegative,
  isPositive,
  isZero,
  larger,
  minorUnits,
  minus,
  money,
  negate,
  plus,
  proportion,
  shareTax,
  smaller,
  split,
  sum,
  taxOnTop,
  taxWithin,
  zero,
} from '../../src/money/money.js'
import { moneySchema } from '../../src/events/text.js'

/** The oracle: precision of its own, and no rounding in between. */
const Big = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_UP })
const CURRENCIES = ['JPY', 'EUR', 'KWD'] as const
const of = (currency: string) => (amount: string) => ({ amount, currency })
const [eur, jpy, kwd] = [of('EUR'), of('JPY'), of('KWD')]

const anyMoney = (currency: string, unitsMax = 10n ** 12n) =>
  fc.bigInt({ min: -unitsMax, max: unitsMax }).map((units) => ({
    amount: new Big(units.toString())
      .dividedBy(new Big(10).pow(minorUnitDigits(currency)))
      .toFixed(minorUnitDigits(currency))
      .replace(/^-(?=[0.]+$)/, ''),
    currency,
  }))

describe('canonical text', () => {
  test.each([
    ['0', 'JPY'],
    ['-1', 'JPY'],
    ['0.00', 'EUR'],
    ['0.01', 'EUR'],
    ['-12.30', 'EUR'],
    ['999999999999999.99', 'EUR'],
    ['0.001', 'KWD'],
    ['-999999999999999.999', 'KWD'],
  ])('%s %s is money', (amount, currency) => {
    expect(isMoney(amount, currency)).toBe(true)
    expect(moneySchema.parse({ amount, currency })).toEqual({ amount, currency })
    expect(money(amount, currency)).toEqual({ amount, currency })
  })

  test.each([
    ['minus zero', '-0.00', 'EUR'],
    ['minus zero without digits', '-0', 'JPY'],
    ['a missing digit', '1.5', 'EUR'],
    ['no digits', '1', 'EUR'],
    ['a digit too many', '1.000', 'EUR'],
    ['digits of a currency without any', '1.0', 'JPY'],
    ['two digits of three', '1.00', 'KWD'],
    ['a leading zero', '01.00', 'EUR'],
    ['no zero before the point', '.50', 'EUR'],
    ['nothing after the point', '1.', 'JPY'],
    ['a plus', '+1.00', 'EUR'],
    ['an exponent', '1e2', 'JPY'],
    ['a thousands separator', '1,000.00', 'EUR'],
    ['a comma', '1,00', 'EUR'],
    ['a space', ' 1.00', 'EUR'],
    ['a line end', '1.00\n', 'EUR'],
    ['NaN', 'NaN', 'JPY'],
    ['Infinity', 'Infinity', 'JPY'],
    ['hexadecimal', '0x10', 'JPY'],
    ['other digits', '١.٠٠', 'EUR'],
    ['nothing', '', 'JPY'],
    ['sixteen digits before the point', '1000000000000000.00', 'EUR'],
    ['a currency that is none', '1.00', 'XTS'],
    ['a lower-case currency', '1.00', 'eur'],
    ['a name of an object', '1.00', 'constructor'],
  ])('%s is none', (_what, amount, currency) => {
    expect(isMoney(amount, currency)).toBe(false)
    expect(moneySchema.safeParse({ amount, currency }).success).toBe(false)
  })

  test('text that lacks digits is filled up, text that has too many is refused', () => {
    expect(money('12', 'EUR')).toEqual(eur('12.00'))
    expect(money('-0', 'EUR')).toEqual(eur('0.00'))
    expect(money('12.5', 'KWD')).toEqual(kwd('12.500'))
    expect(() => money('0.001', 'EUR')).toThrow(RangeError)
    expect(() => money('0.5', 'JPY')).toThrow(RangeError)
  })

  test.each([
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    '0b1',
    '1e3',
    '',
    ' 1',
    '1 ',
    '+1',
    '1.',
    '.1',
  ])('hostile text %j is never made money', (text) => {
    expect(() => money(text, 'JPY')).toThrow(RangeError)
  })

  test('currencies are those of ISO 4217 with their digits', () => {
    expect(CURRENCIES.map(minorUnitDigits)).toEqual([0, 2, 3])
    expect(['XAU', 'XTS', 'DEM', '', 'EURO', 'toString'].filter(isCurrency)).toEqual([])
    expect(() => minorUnitDigits('XTS')).toThrow(RangeError)
  })
})

describe('sums', () => {
  test('sums beyond twenty digits are exact', () => {
    const most = eur('999999999999999.99')
    const many = Array.from({ length: 5000 }, (_, index) => (index % 2 === 0 ? most : negate(most)))
    expect(sum([...many, eur('0.01')], 'EUR')).toEqual(eur('0.01'))
    expect(sum([...many.slice(0, 4999), negate(most), eur('0.01')], 'EUR')).toEqual(eur('0.01'))
  })

  test('what does not fit is damage, at the limit and one unit past it', () => {
    expect(plus(eur('999999999999999.98'), eur('0.01'))).toEqual(eur('999999999999999.99'))
    expect(() => plus(eur('999999999999999.99'), eur('0.01'))).toThrow(AmountTooLarge)
    expect(() => minus(jpy('-999999999999999'), jpy('1'))).toThrow(AmountTooLarge)
    expect(() => extended('999999999999', '999999999999', 'EUR')).toThrow(AmountTooLarge)
    expect(() => extended('10000000000', '1000000', 'KWD')).toThrow(AmountTooLarge)
  })

  test('no result is minus zero', () => {
    expect(negate(eur('0.00'))).toEqual(eur('0.00'))
    expect(minus(eur('0.10'), eur('0.10'))).toEqual(eur('0.00'))
    expect(extended('-0.001', '1', 'EUR')).toEqual(eur('0.00'))
    expect(taxOnTop(eur('-0.01'), '10')).toEqual(eur('0.00'))
    expect(taxWithin(jpy('-1'), '10')).toEqual(jpy('0'))
    expect(zero('JPY')).toEqual(jpy('0'))
  })

  test('two currencies never meet', () => {
    for (const meet of [plus, minus, compare, smaller, larger, accumulated, excess]) {
      expect(() => meet(eur('1.00'), kwd('1.000'))).toThrow(CurrencyMismatch)
    }
    expect(() => sum([eur('1.00')], 'KWD')).toThrow(CurrencyMismatch)
    expect(equals(jpy('1'), { amount: '1', currency: 'KRW' })).toBe(false)
  })

  test('a running total may have more digits than an amount, and so may what it exceeds', () => {
    const most = eur('999999999999999.99')
    const total = accumulated(most, eur('0.02'))
    expect(total).toEqual(eur('1000000000000000.01'))
    expect(excess(total, eur('-0.01'))).toEqual(eur('1000000000000000.02'))
    expect(excess(eur('1.00'), eur('2.50'))).toEqual(eur('-1.50'))
    expect(() => plus(most, eur('0.02'))).toThrow(AmountTooLarge)
  })

  test('minor units are so many of the smallest that the currency has', () => {
    expect([minorUnits(3, 'EUR'), minorUnits(3, 'JPY'), minorUnits(0, 'KWD')]).toEqual([
      eur('0.03'),
      jpy('3'),
      kwd('0.000'),
    ])
  })

  test('signs are told from the text', () => {
    expect([eur('-0.01'), eur('0.00'), eur('0.01')].map(isNegative)).toEqual([true, false, false])
    expect([eur('-0.01'), eur('0.00'), eur('0.01')].map(isZero)).toEqual([false, true, false])
    expect([eur('-0.01'), eur('0.00'), eur('0.01')].map(isPositive)).toEqual([false, false, true])
  })

  test('sums agree with the oracle and stay canonical', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...CURRENCIES)
          .chain((currency) => fc.tuple(fc.constant(currency), fc.array(anyMoney(currency)))),
        ([currency, values]) => {
          const exact = values.reduce((left, { amount }) => left.plus(amount), new Big(0))
          const total = sum(values, currency)
          expect(new Big(total.amount).equals(exact)).toBe(true)
          expect(isMoney(total.amount, currency)).toBe(true)
        },
      ),
    )
  })
})

describe('rounding is half away from zero', () => {
  test.each([
    ['0.5', jpy('1')],
    ['-0.5', jpy('-1')],
    ['1.5', jpy('2')],
    ['2.5', jpy('3')],
    ['-2.5', jpy('-3')],
    ['0.499999', jpy('0')],
    ['-0.499999', jpy('0')],
    ['0.005', eur('0.01')],
    ['-0.005', eur('-0.01')],
    ['0.004999', eur('0.00')],
    ['1.005', eur('1.01')],
    ['0.0005', kwd('0.001')],
    ['-0.0005', kwd('-0.001')],
    ['0.000499', kwd('0.000')],
  ])('%s is %o', (price, expected) => {
    expect(extended('1', price, expected.currency)).toEqual(expected)
  })

  test('taxes on top and within', () => {
    expect(taxOnTop(eur('279.16'), '20')).toEqual(eur('55.83'))
    expect(taxOnTop(eur('0.10'), '17.5')).toEqual(eur('0.02'))
    expect(taxOnTop(eur('-0.10'), '25')).toEqual(eur('-0.03'))
    expect(taxOnTop(jpy('5'), '10')).toEqual(jpy('1'))
    expect(taxOnTop(kwd('0.025'), '20')).toEqual(kwd('0.005'))
    expect(taxWithin(eur('120.00'), '20')).toEqual(eur('20.00'))
    expect(taxWithin(eur('0.03'), '20')).toEqual(eur('0.01'))
    expect(taxWithin(eur('-119.00'), '19')).toEqual(eur('-19.00'))
    expect(taxWithin(eur('100.00'), '0')).toEqual(eur('0.00'))
  })

  test('a tax within a gross amount agrees with the tax on top of its exact net amount', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURRENCIES).chain((currency) => anyMoney(currency)),
        fc.constantFrom('0', '5', '5.5', '7', '17.5', '19', '20', '25', '0.000001', '250'),
        (gross, rate) => {
          const digits = minorUnitDigits(gross.currency)
          const net = new Big(gross.amount).times(100).dividedBy(new Big(rate).plus(100))
          const tax = new Big(gross.amount).minus(net).toDecimalPlaces(digits)
          expect(new Big(taxWithin(gross, rate).amount).equals(tax)).toBe(true)
        },
      ),
    )
  })

  test('a proportion is rounded once', () => {
    expect(proportion(eur('10.00'), '1', '3')).toEqual(eur('3.33'))
    expect(proportion(eur('10.00'), '2', '3')).toEqual(eur('6.67'))
    expect(proportion(eur('-10.00'), '2', '3')).toEqual(eur('-6.67'))
    expect(proportion(eur('0.01'), '1', '2')).toEqual(eur('0.01'))
    expect(proportion(eur('10.00'), '-1', '-3')).toEqual(eur('3.33'))
    expect(proportion(jpy('100'), '0.5', '3')).toEqual(jpy('17'))
  })
})

describe('parts', () => {
  test.each([
    [eur('0.05'), ['1', '1', '1'], ['0.02', '0.02', '0.01']],
    [eur('-0.05'), ['1', '1', '1'], ['-0.01', '-0.02', '-0.02']],
    [eur('100.00'), ['1', '1', '1'], ['33.34', '33.33', '33.33']],
    [jpy('100'), ['3', '3', '1'], ['43', '43', '14']],
    [kwd('0.001'), ['1', '9'], ['0.000', '0.001']],
    [eur('7.00'), ['0', '5', '0'], ['0.00', '7.00', '0.00']],
    [eur('0.00'), ['1', '2'], ['0.00', '0.00']],
    [eur('1.00'), ['-1', '-1', '-1'], ['0.34', '0.33', '0.33']],
  ])('%o by %j', (amount, weights, expected) => {
    expect(split(amount, weights).map((part) => part.amount)).toEqual(expected)
  })

  test('weights of nothing split nothing', () => {
    expect(() => split(eur('1.00'), [])).toThrow(RangeError)
    expect(() => split(eur('1.00'), ['1', '-1'])).toThrow(RangeError)
  })

  test('they add up, and each is within one unit of the exact part', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURRENCIES).chain((currency) => anyMoney(currency, 10n ** 15n - 1n)),
        fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 30 }),
        (amount, naturals) => {
          const weights = naturals.map((weight) => weight.toString())
          const total = naturals.reduce((left, right) => left + right, 0)
          fc.pre(total > 0)
          const unit = new Big(10).pow(-minorUnitDigits(amount.currency))
          const parts = split(amount, weights)
          expect(sum(parts, amount.currency)).toEqual(amount)
          parts.forEach((part, index) => {
            const exact = new Big(amount.amount).times(weights[index]!).dividedBy(total)
            expect(exact.minus(part.amount).abs().lt(unit)).toBe(true)
          })
        },
      ),
    )
  })

  test('a tax shared out stays near each exact tax, however small a discount makes the sum', () => {
    const amounts = [eur('100.00'), eur('-99.99')]
    const shares = shareTax(eur('0.01'), amounts, { ratePercent: '50', charged: 'on_top' })
    expect(shares).toEqual([eur('50.00'), eur('-49.99')])
  })

  test('a tax far from the exact one moves each share by its size, and turns none round', () => {
    const shares = (tax: string, amounts: string[]) =>
      shareTax(eur(tax), amounts.map(eur), { ratePercent: '20', charged: 'on_top' }).map(
        ({ amount }) => amount,
      )
    expect(shares('5.00', ['100.00', '50.00', '0.00'])).toEqual(['3.33', '1.67', '0.00'])
    expect(shares('0.00', ['100.00', '0.05'])).toEqual(['0.00', '0.00'])
    // One unit less than the exact 20.00: the line of nothing must not pay it back.
    expect(shares('19.99', ['100.00', '0.00'])).toEqual(['19.99', '0.00'])
    expect(shares('5.00', ['100.00', '-90.00'])).toEqual(['21.58', '-16.58'])
    expect(shares('0.03', ['0.00', '0.00'])).toEqual(['0.02', '0.01'])
  })

  test('equal remainders are equal, however long the parts', () => {
    // 333.3…, 33.3… and 733.3… units: cut off anywhere, the shortest would keep the most.
    const parts = split(eur('11.00'), ['10', '1', '22'])
    expect(parts.map(({ amount }) => amount)).toEqual(['3.34', '0.33', '7.33'])
  })

  test('parts of weights of both signs lie between nothing and their weight', () => {
    const parts = split(eur('0.50'), ['1.00', '-0.20', '0.20'])
    expect(parts.map(({ amount }) => amount)).toEqual(['0.50', '-0.10', '0.10'])
    expect(split(eur('0.01'), ['0.03', '-0.01']).map(({ amount }) => amount)).toEqual([
      '0.02',
      '-0.01',
    ])
  })

  test('tax shares add up and are within one unit of the exact tax, with amounts of any sign', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...CURRENCIES)
          .chain((currency) =>
            fc.array(anyMoney(currency, 10n ** 9n), { minLength: 1, maxLength: 20 }),
          ),
        fc.constantFrom('0', '5.5', '19', '20', '50'),
        fc.constantFrom('on_top' as const, 'within' as const),
        (amounts, ratePercent, charged) => {
          const { currency } = amounts[0]!
          const whole = sum(amounts, currency)
          const tax = (charged === 'on_top' ? taxOnTop : taxWithin)(whole, ratePercent)
          const shares = shareTax(tax, amounts, { ratePercent, charged })
          expect(sum(shares, currency)).toEqual(tax)
          const divisor = charged === 'on_top' ? new Big(100) : new Big(ratePercent).plus(100)
          const unit = new Big(10).pow(-minorUnitDigits(currency))
          shares.forEach((share, index) => {
            const exact = new Big(amounts[index]!.amount).times(ratePercent).dividedBy(divisor)
            expect(exact.minus(share.amount).abs().lte(unit)).toBe(true)
          })
        },
      ),
    )
  })
})
