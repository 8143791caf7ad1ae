import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { priceDocument, type PricingTerms, roundedTogether } from '../../src/aggregates/pricing.js'
import type { Line } from '../../src/events/parts.js'
import { minorUnitDigits } from '../../src/money/currency.js'
import { anyLines, type Charged, exactTaxOf, roundTo } from './any-lines.js'

const line = (
  unitPrice: string,
  { quantity = '1', rate = '20', ...more }: Partial<Line> & { rate?: string } = {},
): Line => ({
  kind: 'item',
  description: 'Goods',
  quantity,
  unitPrice,
  tax: { code: `GB-${rate}`, ratePercent: rate },
  ...more,
})
const terms = (changes: Partial<PricingTerms> = {}): PricingTerms => ({
  prices: 'tax_excluded',
  rounding: 'per_line',
  currency: 'GBP',
  ...changes,
})
const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const taxesOf = (lines: readonly { taxAmount: { amount: string } }[]) =>
  lines.map(({ taxAmount }) => taxAmount.amount)

const FOUR = ['68.33', '68.33', '57.5', '85'].map((price) => line(price))

describe('rounding', () => {
  test('globally four lines at 20 % come to 334.99', () => {
    const { lines, taxes, totals } = priceDocument(FOUR, terms({ rounding: 'global' }))
    expect(totals).toEqual({ net: gbp('279.16'), tax: gbp('55.83'), gross: gbp('334.99') })
    expect(taxes).toEqual([
      { code: 'GB-20', ratePercent: '20', base: gbp('279.16'), amount: gbp('55.83') },
    ])
    expect(taxesOf(lines)).toEqual(['13.67', '13.66', '11.50', '17.00'])
  })

  test('per line the same four lines come to one unit more', () => {
    const { lines, totals } = priceDocument(FOUR, terms())
    expect(taxesOf(lines)).toEqual(['13.67', '13.67', '11.50', '17.00'])
    expect(totals).toEqual({ net: gbp('279.16'), tax: gbp('55.84'), gross: gbp('335.00') })
  })

  test.each([
    ['JPY', '99', { net: '99', tax: '10', gross: '109' }],
    ['EUR', '9.95', { net: '9.95', tax: '1.00', gross: '10.95' }],
    ['KWD', '9.955', { net: '9.955', tax: '0.996', gross: '10.951' }],
  ])('%s has the digits of its unit', (currency, price, { net, tax, gross }) => {
    const { totals } = priceDocument([line(price, { rate: '10' })], terms({ currency }))
    const of = (amount: string) => ({ amount, currency })
    expect(totals).toEqual({ net: of(net), tax: of(tax), gross: of(gross) })
  })
})

describe('prices', () => {
  test('that include tax are the gross amount', () => {
    const included = terms({ prices: 'tax_included' })
    const { lines } = priceDocument([line('9.99', { quantity: '3' })], included)
    expect(lines[0]).toMatchObject({
      net: gbp('24.97'),
      taxAmount: gbp('5.00'),
      gross: gbp('29.97'),
    })
  })

  test('have more digits than the currency, rounded by line', () => {
    const { lines } = priceDocument([line('0.333333', { quantity: '3', rate: '0' })], terms())
    expect(lines[0]?.net).toEqual(gbp('1.00'))
  })

  test('less a discount are taxed after it', () => {
    const { totals } = priceDocument(
      [line('10', { quantity: '3', discount: gbp('5.00') })],
      terms(),
    )
    expect(totals).toEqual({ net: gbp('25.00'), tax: gbp('5.00'), gross: gbp('30.00') })
  })

  test('of a discount line take tax back', () => {
    const { lines, totals } = priceDocument([line('100'), line('-10')], terms())
    expect(lines[1]).toMatchObject({ net: gbp('-10.00'), taxAmount: gbp('-2.00') })
    expect(totals).toEqual({ net: gbp('90.00'), tax: gbp('18.00'), gross: gbp('108.00') })
  })

  test('globally keep each line near its own tax, also under a discount that takes nearly all', () => {
    const { lines, totals } = priceDocument(
      [line('100', { rate: '50' }), line('-99.99', { rate: '50' })],
      terms({ rounding: 'global' }),
    )
    expect(taxesOf(lines)).toEqual(['50.00', '-49.99'])
    expect(totals.tax).toEqual(gbp('0.01'))
  })
})

describe('tax codes', () => {
  test('have a row each, in the order they appear, also where the tax is 0', () => {
    const { taxes } = priceDocument(
      [
        line('10', { rate: '0' }),
        line('10'),
        line('5', { rate: '0' }),
        line('1', { tax: { code: 'GB-20', ratePercent: '17.5' } }),
      ],
      terms(),
    )
    expect(
      taxes.map(({ code, ratePercent, base, amount }) => [code, ratePercent, base, amount]),
    ).toEqual([
      ['GB-0', '0', gbp('15.00'), gbp('0.00')],
      ['GB-20', '20', gbp('10.00'), gbp('2.00')],
      ['GB-20', '17.5', gbp('1.00'), gbp('0.18')],
    ])
  })

  test('under reverse charge ask for nothing and keep their rate', () => {
    const tax = { code: 'RC', ratePercent: '20', reverseCharge: true as const }
    for (const prices of ['tax_included', 'tax_excluded'] as const) {
      const { taxes, totals } = priceDocument([line('100', { tax })], terms({ prices }))
      expect(totals).toEqual({ net: gbp('100.00'), tax: gbp('0.00'), gross: gbp('100.00') })
      expect(taxes).toEqual([{ ...tax, base: gbp('100.00'), amount: gbp('0.00') }])
    }
  })
})

test('a code at one rate has a row with and one without reverse charge, rounded apart', () => {
  const reverse = { code: 'GB-20', ratePercent: '20', reverseCharge: true as const }
  const lines = [line('10'), line('5', { tax: reverse }), line('1')]
  for (const rounding of ['per_line', 'global'] as const) {
    expect(priceDocument(lines, terms({ rounding })).taxes).toEqual([
      { code: 'GB-20', ratePercent: '20', base: gbp('11.00'), amount: gbp('2.20') },
      { ...reverse, base: gbp('5.00'), amount: gbp('0.00') },
    ])
  }
})

test('lines of one tax code are rounded together where a document rounds globally, else each alone', () => {
  const lines = [
    line('1'),
    line('2', { rate: '5' }),
    line('3'),
    line('4', { platformTax: gbp('1.00') }),
  ]
  expect(roundedTogether(lines, 'per_line')).toEqual([[0], [1], [2], [3]])
  expect(roundedTogether(lines, 'global')).toEqual([[0, 2], [1], [3]])
})

test('whatever the lines: they add up, and every tax is what an oracle of its own makes of it', () => {
  fc.assert(
    fc.property(anyLines({ negative: true }), ({ lines, terms }) => {
      const document = priceDocument(lines, terms)
      const digits = minorUnitDigits(terms.currency)
      const round = (value: Decimal) => roundTo(value, digits)
      const bases = lines.map(({ quantity, unitPrice, discount }) =>
        round(new Decimal(quantity).times(unitPrice)).minus(discount?.amount ?? 0),
      )
      document.lines.forEach(({ net, taxAmount, gross }, index) => {
        expect(new Decimal(net.amount).plus(taxAmount.amount).equals(gross.amount)).toBe(true)
        const base = terms.prices === 'tax_excluded' ? net : gross
        expect(bases[index]?.equals(base.amount)).toBe(true)
      })
      for (const figure of ['net', 'gross'] as const) {
        expect(
          total(document.lines.map((each) => each[figure])).equals(document.totals[figure].amount),
        ).toBe(true)
      }
      expect(
        total(document.taxes.map(({ amount }) => amount)).equals(document.totals.tax.amount),
      ).toBe(true)
      expect(total(document.taxes.map(({ base }) => base)).equals(document.totals.net.amount)).toBe(
        true,
      )
      for (const row of document.taxes) {
        const indexes = lines.flatMap(({ tax }, index) => (tax.code === row.code ? [index] : []))
        const charged: Charged[] = indexes.map((index) => ({
          base: bases[index]!,
          tax: lines[index]!.tax,
        }))
        const expected =
          terms.rounding === 'per_line'
            ? charged.reduce(
                (sum, one) => sum.plus(round(exactTaxOf([one], terms.prices))),
                new Decimal(0),
              )
            : round(exactTaxOf(charged, terms.prices))
        expect(expected.equals(row.amount.amount)).toBe(true)
      }
    }),
  )
})

function total(amounts: readonly { amount: string }[]): Decimal {
  return amounts.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0))
}
