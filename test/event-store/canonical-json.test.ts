import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/event-store/canonical-json.js'

const RUNS = 5_000
const SAMPLES = join(import.meta.dirname, '..', 'fixtures', 'events')

/** Keys that objects reorder, or that set no key, among others. */
const anyKey = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    'a',
    'b',
    'B',
    '10',
    '9',
    '0',
    '01',
    '-1',
    '4294967295',
    '__proto__',
    'ä',
    '\u{1F600}',
    '\ufb33',
  ),
)

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(anyKey, tie('value')), { maxLength: 5 }).map((members) => {
      const made: Record<string, unknown> = {}
      for (const [key, inner] of members) {
        Object.defineProperty(made, key, { value: inner, enumerable: true, configurable: true })
      }
      return made
    }),
  ),
}))

test('whatever JSON there is gets the text of the library', () => {
  fc.assert(
    fc.property(value, (any) => {
      expect(canonicalJson(any)).toBe(canonicalize(any))
    }),
    { numRuns: RUNS },
  )
})

test.each(readdirSync(SAMPLES))('so does every stored form of an event: %s', (name) => {
  const sample: unknown = JSON.parse(readFileSync(join(SAMPLES, name), 'utf8'))
  expect(canonicalJson(sample)).toBe(canonicalize(sample))
})

test('members that are not there leave no trace, and nothing at all is no JSON', () => {
  expect(canonicalJson({ b: undefined, a: [undefined, 1] })).toBe(
    canonicalize({ b: undefined, a: [undefined, 1] }),
  )
  expect(() => canonicalJson(undefined)).toThrow(TypeError)
})
