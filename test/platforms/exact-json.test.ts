import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactJsonText, numberText, parseExactJson } from '../../src/platforms/exact-json.js'

describe('reading', () => {
  test.each([
    ['80.350', '80.350'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['-0.10', '-0.10'],
    ['1e3', '1e3'],
    ['[1,-2.50,3E-2]', ['1', '-2.50', '3E-2']],
    ['{"a":1.10,"b":"1.10"}', { a: '1.10', b: '1.10' }],
    [String.raw`{"a 1":"x\"2\\","b\\":3}`, { 'a 1': String.raw`x"2\ `.trim(), 'b\\': '3' }],
    ['{"a":null,"b":true,"c":false}', { a: null, b: true, c: false }],
    [' [ 1 , 2 ] ', ['1', '2']],
  ])('%s keeps its digits', (text, value) => {
    expect(parseExactJson(text)).toEqual(value)
  })

  test.each(['', '01', '1.', '.5', '{1:2}', '[1 2]', '-', 'NaN', '1,', '"a', '1e', '+1'])(
    '%j is no JSON',
    (text) => {
      expect(() => parseExactJson(text)).toThrow(SyntaxError)
    },
  )

  test('any JSON is read as JSON.parse reads it, but for its numbers', () => {
    const asText = (value: unknown): unknown => {
      if (typeof value === 'number') return JSON.stringify(value)
      if (Array.isArray(value)) return value.map(asText)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asText(inner)]))
    }
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseExactJson(text)).toEqual(asText(JSON.parse(text)))
      }),
      { numRuns: 2_000 },
    )
  })

  test('long texts, many escapes and deep nests take no stack', () => {
    expect(parseExactJson(JSON.stringify('a'.repeat(5_000_000)))).toHaveLength(5_000_000)
    expect(parseExactJson(`"${'\\\\'.repeat(2_500_000)}"`)).toHaveLength(2_500_000)
    expect(Array.isArray(parseExactJson('['.repeat(1e6) + ']'.repeat(1e6)))).toBe(true)
  })

  test('a member named __proto__ is one like others', () => {
    const read = parseExactJson('{"__proto__":{"polluted":1}}') as object
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })
})

describe('writing', () => {
  test('a number has just the digits that it was given', () => {
    const value = {
      amount: numberText('999999999999999.99'),
      items: [numberText('-10.20'), 'a "b"', true, null],
      'left out': undefined,
    }
    expect(exactJsonText(value)).toBe(
      '{"amount":999999999999999.99,"items":[-10.20,"a \\"b\\"",true,null]}',
    )
  })

  test.each(['', '01', '1e3', '1.', 'NaN', '1 ', '1,2', '"1"'])('%j is no number', (text) => {
    expect(() => numberText(text)).toThrow(RangeError)
  })
})
