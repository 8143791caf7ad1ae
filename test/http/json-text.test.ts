import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  JSON_DEPTH_MAX,
  JSON_MEMBERS_MAX,
  JSON_VALUES_MAX,
  parseJson,
} from '../../src/http/json-text.js'

/** So many random texts. */
const TEXTS = Number(process.env['FOLIO_JSON_TEXTS'] ?? 2_000)

function problemOf(text: string): unknown {
  const parsed = parseJson(text)
  return 'problem' in parsed ? { problem: parsed.problem, ...parsed.details } : 'no problem'
}

test.each([
  ['{"a": [1, -0.5e+3, true, false, null, "x\\n\\u00e9"]}'],
  [' \t\r\n[ ] '],
  ['{}'],
  ['"text"'],
  ['0'],
  ['{"":{"":1}}'],
  ['[{"a":1},{"a":1}]'],
  ['{"a":{"a":{"a":[]}}}'],
])('what is JSON is read as JSON.parse reads it: %s', (text) => {
  expect(parseJson(text)).toEqual({ value: JSON.parse(text) })
})

test.each([
  ['', 1, 1],
  ['   ', 1, 4],
  ['\ufeff{}', 1, 1],
  ['{', 1, 2],
  ['[1,]', 1, 4],
  ['[1 2]', 1, 4],
  ['[1}', 1, 3],
  ['{"a":1]', 1, 7],
  ['{"a" 1}', 1, 6],
  ['{"a":1,}', 1, 8],
  ['{a:1}', 1, 2],
  ["{'a':1}", 1, 2],
  ['{"a":}', 1, 6],
  [']', 1, 1],
  [',', 1, 1],
  ['[1]]', 1, 4],
  ['{} {}', 1, 4],
  ['01', 1, 2],
  ['1.', 1, 2],
  ['.5', 1, 1],
  ['+1', 1, 1],
  ['-', 1, 1],
  ['1e', 1, 2],
  ['0x10', 1, 2],
  ['NaN', 1, 1],
  ['Infinity', 1, 1],
  ['True', 1, 1],
  ['nul', 1, 1],
  ['"abc', 1, 5],
  ['"a\\"', 1, 5],
  ['"\\x"', 1, 2],
  ['"\\u123g"', 1, 2],
  ['"\\u123"', 1, 2],
  ['"a\nb"', 1, 3],
  ['"\u0000"', 1, 2],
  ['[1]\u00a0', 1, 4],
  ['{\n  "a": 1,\n  oops\n}', 3, 3],
  ['/* */ {}', 1, 1],
])(
  'what is no JSON is told with its place, and nothing of it is repeated: %j',
  (text, line, column) => {
    const parsed = parseJson(text)
    expect(parsed).toMatchObject({ problem: 'malformed_json', details: { line, column } })
    expect(JSON.stringify(parsed)).not.toContain('oops')
  },
)

test('whatever JSON.parse takes is taken, and whatever it does not take is not', () => {
  const unmade = fc
    .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom(...Array.from('{}[]",:\\0-1.eu \n')))
    .map(([text, place, character]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + character + text.slice(at + (place % 2))
    })
  fc.assert(
    fc.property(fc.oneof(fc.json({ maxDepth: 4 }), unmade), (text) => {
      const parsed = parseJson(text)
      if ('problem' in parsed && parsed.problem === 'json_key_doubled') return
      expect('value' in parsed ? parsed : null).toEqual(parsedOrNull(text))
    }),
    { numRuns: TEXTS },
  )
})

function parsedOrNull(text: string): unknown {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}

test('nesting is taken up to a depth', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(parseJson(nested(JSON_DEPTH_MAX))).toHaveProperty('value')
  expect(problemOf(nested(JSON_DEPTH_MAX + 1))).toEqual({
    problem: 'json_too_deep',
    depthMax: 32,
    pointer: '/0'.repeat(32),
  })
  expect(problemOf('{"a":'.repeat(33))).toMatchObject({ problem: 'json_too_deep' })
})

test.each([
  ['{"a":1,"a":2}', '/a'],
  ['{"a":1,"\\u0061":2}', '/a'],
  ['{"\\/":1,"/":2}', '/~1'],
  ['{"a":{"b":[0,{"c":1,"d":2,"c":3}]}}', '/a/b/1/c'],
  ['{"":1,"":2}', '/'],
  ['{"__proto__":1,"__proto__":2}', '/__proto__'],
  ['{"\\ud83d\\ude00":1,"😀":2}', '/😀'],
])('a key twice in one object is told with its place: %s', (text, pointer) => {
  expect(problemOf(text)).toEqual({ problem: 'json_key_doubled', pointer })
})

test('a place is told within a limit, however long its keys are', () => {
  const key = 'k'.repeat(100_000)
  expect(problemOf(`{"${key}":1,"${key}":2}`)).toEqual({
    problem: 'json_key_doubled',
    pointer: `/${'k'.repeat(499)}`,
  })
})

test('an object has up to a number of members', () => {
  const members = (count: number) => Array.from({ length: count }, (_, n) => `"k${n}":0`).join()
  expect(parseJson(`{${members(JSON_MEMBERS_MAX)}}`)).toHaveProperty('value')
  expect(problemOf(`[{${members(JSON_MEMBERS_MAX + 1)}}]`)).toEqual({
    problem: 'json_too_many_members',
    pointer: '/0',
    membersMax: 200,
  })
})

test('a body has up to a number of values', () => {
  const zeros = (count: number) => `[${'0,'.repeat(count - 1)}0]`
  expect(parseJson(zeros(JSON_VALUES_MAX - 1))).toHaveProperty('value')
  expect(problemOf(zeros(JSON_VALUES_MAX))).toEqual({
    problem: 'json_too_many_values',
    pointer: '',
    valuesMax: 50_000,
  })
})

test('__proto__ is a key like any other, which a strict schema refuses', () => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  const parsed = parseJson('{"a":1,"__proto__":{"polluted":true},"constructor":{"prototype":{}}}')
  if ('problem' in parsed) throw new Error(parsed.problem)
  expect(Object.keys(parsed.value as object)).toEqual(['a', '__proto__', 'constructor'])
  const { error } = z.strictObject({ a: z.int() }).safeParse(parsed.value)
  expect(error?.issues).toMatchObject([
    { code: 'unrecognized_keys', keys: ['__proto__', 'constructor'] },
  ])
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

const MEBIBYTE = 1_048_576
const filled = (unit: string) => unit.repeat(Math.floor(MEBIBYTE / unit.length))

test.each([
  ['opening brackets', filled('[')],
  ['empty arrays', `[${filled('[],')}[]]`],
  ['empty objects', `[${filled('{},')}{}]`],
  ['one string', `"${filled('a')}"`],
  ['escapes', `"${filled('\\u0061')}"`],
  ['one number', filled('1')],
  ['zeros', `[${filled('0,')}0]`],
  ['blanks', filled(' ')],
  ['lines', `${filled('\n')}x`],
  ['small objects', `[${filled('{"a":1,"b":"x"},')}0]`],
  ['escaped keys', `[${filled('{"\\u0061":1},')}0]`],
  [
    'objects with as many keys as they may have',
    `[${`{${Array.from({ length: 200 }, (_, n) => `"${n}":0`).join()}},`.repeat(600)}0]`,
  ],
])('a mebibyte of %s is judged in milliseconds', (_, text) => {
  const start = process.cpuUsage()
  parseJson(text)
  const { user } = process.cpuUsage(start)
  // Ten times what the slowest takes, for machines that are busy.
  expect(user / 1_000).toBeLessThan(250)
})
