import { expect, test } from 'vitest'
import {
  correlation,
  doubledHeader,
  parseIdempotencyKey,
  parseIfMatch,
  requestId,
} from '../../src/http/request-headers.js'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const sent = (headers: Record<string, string>) => ({ headers: { ...headers } })

test.each([
  ['Authorization', 'authorization'],
  ['Idempotency-Key', 'idempotency-key'],
  ['If-Match', 'if-match'],
  ['Content-Type', 'content-type'],
  ['Content-Length', 'content-length'],
  ['Content-Encoding', 'content-encoding'],
  ['Host', 'host'],
])('%s may not come twice, however it is written', (name, expected) => {
  const once = ['Accept', 'a', name, 'x', 'Accept', 'b', 'X', name]
  expect(doubledHeader({ rawHeaders: once })).toBeNull()
  expect(doubledHeader({ rawHeaders: [...once, name.toUpperCase(), 'x'] })).toBe(expected)
})

test.each([
  ['k'],
  ['"quoted"'],
  ['!~'],
  ['8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['k'.repeat(255)],
])('is an idempotency key: %s', (key) => {
  expect(parseIdempotencyKey(sent({ 'idempotency-key': key }))).toEqual({ value: key })
})

test.each([[''], ['a, b'], ['a b'], [' a'], ['a\t'], ['ä'], ['\u007f'], ['k'.repeat(256)]])(
  'is no idempotency key: %j',
  (key) => {
    expect(parseIdempotencyKey(sent({ 'idempotency-key': key }))).toEqual({
      problem: 'idempotency_key_malformed',
      details: { lengthMax: 255 },
    })
  },
)

test('an idempotency key that is not there is missing', () => {
  expect(parseIdempotencyKey(sent({}))).toEqual({ problem: 'idempotency_key_missing', details: {} })
})

test.each([
  ['"0"', 0],
  ['"12"', 12],
  ['"9999999999"', 9_999_999_999],
])('If-Match %s names a revision', (tag, revision) => {
  expect(parseIfMatch(sent({ 'if-match': tag }))).toEqual({ value: revision })
})

test.each([
  [''],
  ['*'],
  ['W/"12"'],
  ['"12", "13"'],
  ['12'],
  ['""'],
  ['"-1"'],
  ['"007"'],
  ['"1e3"'],
  ['" 1"'],
  ['"12345678901"'],
])('If-Match %j names none', (tag) => {
  expect(parseIfMatch(sent({ 'if-match': tag }))).toMatchObject({ problem: 'if_match_malformed' })
})

test('without If-Match any revision will do', () => {
  expect(parseIfMatch(sent({}))).toEqual({ value: undefined })
})

test.each([['a'], ['req-1.2_3'], ['x'.repeat(100)]])('keeps the request id %s', (id) => {
  expect(requestId(sent({ 'x-request-id': id }))).toBe(id)
})

test.each([[''], ['a b'], ['a, b'], ['<b>'], ['ä'], ['x'.repeat(101)]])(
  'gives a request id of its own for %j, and the same one when asked again',
  (id) => {
    const request = sent({ 'x-request-id': id })
    const given = requestId(request)
    expect(given).toMatch(UUID)
    expect(requestId(request)).toBe(given)
    expect(requestId(sent({}))).toMatch(UUID)
  },
)

test('what is done for a request is tied to the trace of its caller', () => {
  const request = sent({ traceparent: `00-${TRACE}-${SPAN}-01`, 'x-request-id': 'r' })
  expect(correlation(request)).toBe(TRACE)
})

test.each([
  [`ff-${TRACE}-${SPAN}-01`],
  [`00-${'0'.repeat(32)}-${SPAN}-01`],
  [`00-${TRACE}-${'0'.repeat(16)}-01`],
  [`00-${TRACE.toUpperCase()}-${SPAN}-01`],
  [`00-${TRACE}-${SPAN}-01-more`],
  [`00-${TRACE}-${SPAN}`],
  [`00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  [''],
])('a trace that is not well-formed is no trace: %s', (traceparent) => {
  expect(correlation(sent({ traceparent, 'x-request-id': 'r' }))).toBe('r')
})

test('without a trace and a usable id, the correlation is the id that the request was given', () => {
  const request = sent({})
  expect(correlation(request)).toBe(requestId(request))
})
