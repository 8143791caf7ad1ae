import express from 'express'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { BODY_BYTES_MAX, jsonBody, jsonOf } from '../../src/http/json-body.js'
import { serve, type Serving } from '../../src/http/serve.js'
import { openSocket, rawAnswer } from './raw-socket.js'

let server: Serving
/** What the handler behind was given. */
const given: unknown[] = []
const errors: unknown[] = []

beforeAll(async () => {
  const app = express()
  app.post('/', jsonBody, (_request, response) => {
    given.push(jsonOf(response))
    response.status(204).end()
  })
  const onError: express.ErrorRequestHandler = (error: unknown, _request, response, next) => {
    errors.push(error)
    if (response.headersSent) next(error)
    else response.status(500).end()
  }
  app.use(onError)
  server = await serve({ app, port: 0, limits: { unreadBodyTimeoutMs: 200 } })
})
afterAll(async () => {
  await server.close()
})
beforeEach(() => {
  given.length = 0
  errors.length = 0
})

const JSON_TYPE = { 'content-type': 'application/json' }

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
) {
  const response = await fetch(server.address, { method: 'POST', body, headers })
  const text = await response.text()
  const answer = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: response.status, headers: response.headers, ...answer }
}

test.each([
  ['application/json'],
  ['Application/JSON'],
  ['application/json;charset=utf-8'],
  ['application/json; charset=UTF-8'],
  ['application/json ; Charset="utf-8"'],
])('JSON is read as %s', async (type) => {
  expect(await post('{"name":"Ada Ĳ😀"}', { 'content-type': type })).toMatchObject({ status: 204 })
  expect(given).toEqual([{ name: 'Ada Ĳ😀' }])
})

test.each([
  ['text/plain'],
  ['application/json; charset=utf-7'],
  ['application/json; charset=utf-16'],
  ['application/json; charset=iso-8859-1'],
  ['application/json; charset='],
  ['application/json; charset=utf-8; charset=utf-7'],
  ['application/json; version=1'],
  ['application/json, text/plain'],
  ['application/jsonp'],
  ['application/problem+json'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=x'],
])('nothing is read as %s', async (type) => {
  const answer = await post('{}', { 'content-type': type })
  expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' })
  expect(answer.headers.get('accept')).toBe('application/json')
  expect(given).toEqual([])
})

test('a body without a type is not read', async () => {
  const body = new TextEncoder().encode('{}')
  expect(await post(body, {})).toMatchObject({ status: 415, code: 'unsupported_media_type' })
})

test.each([['gzip'], ['br'], ['deflate'], ['zstd'], ['identity, gzip'], ['x']])(
  'a body that is encoded as %s is not read',
  async (encoding) => {
    const answer = await post(gzipSync('{}'), {
      ...JSON_TYPE,
      'content-encoding': encoding,
    })
    expect(answer).toMatchObject({ status: 415, code: 'unsupported_content_encoding' })
    expect(answer.headers.get('accept-encoding')).toBe('identity')
  },
)

test('identity is no encoding', async () => {
  expect(await post('{}', { ...JSON_TYPE, 'content-encoding': 'Identity' })).toMatchObject({
    status: 204,
  })
})

test.each([
  ['nothing', ''],
  ['blanks', '  '],
  ['a form', 'a=1'],
  ['half an object', '{"a":'],
  ['a byte order mark', '\ufeff{}'],
])('%s is no JSON', async (_, body) => {
  expect(await post(body)).toMatchObject({ status: 400, code: 'malformed_json', line: 1 })
  expect(given).toEqual([])
})

test('a request without any body is no JSON', async () => {
  const answer = await rawAnswer(
    server.port,
    'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n',
  )
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed_json', line: 1, column: 1 })
})

test.each([
  ['latin 1', [0x22, 0xe4, 0x22]],
  ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
  ['half a pair', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ['a character cut off', [0x22, 0xf0, 0x9f, 0x98]],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
])('%s is not UTF-8', async (_, bytes) => {
  expect(await post(new Uint8Array(bytes))).toMatchObject({ status: 400, code: 'text_not_utf8' })
})

test.each([
  ['40 kB of nested arrays', '['.repeat(20_000) + ']'.repeat(20_000), 'json_too_deep'],
  ['a key twice', '{"amount":"1","amount":"2"}', 'json_key_doubled'],
  [
    'a thousand members',
    `{${Array.from({ length: 1_000 }, (__, n) => `"${n}":0`).join()}}`,
    'json_too_many_members',
  ],
  ['a hundred thousand values', `[${'0,'.repeat(100_000)}0]`, 'json_too_many_values'],
])('%s is refused by name', async (_, body, code) => {
  expect(await post(body)).toMatchObject({ status: 400, code })
  expect(given).toEqual([])
})

test('__proto__ comes through as a key, and changes no object', async () => {
  await post('{"__proto__":{"polluted":true}}')
  expect(Object.keys(given[0] as object)).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('a body has up to a mebibyte', async () => {
  const fitting = `"${'a'.repeat(BODY_BYTES_MAX - 2)}"`
  expect(await post(fitting)).toMatchObject({ status: 204 })
  expect(await post(`${fitting} `)).toMatchObject({
    status: 413,
    code: 'body_too_large',
    bytesMax: 1_048_576,
  })
})

test('a body that is announced as too large is answered before it comes', async () => {
  const socket = await openSocket(server.port)
  socket.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n')
  socket.send('Content-Length: 999999999999\r\n\r\n')
  await expect.poll(socket.received).toContain('body_too_large')
  // And it is not waited for.
  expect(await socket.ended).toContain('413')
})

test('a body without an end is answered when it is too large', async () => {
  const socket = await openSocket(server.port)
  socket.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n')
  socket.send('Transfer-Encoding: chunked\r\n\r\n')
  for (let kibibytes = 0; kibibytes < 1_100; kibibytes += 100) {
    socket.send(`19000\r\n${'a'.repeat(102_400)}\r\n`)
  }
  await expect.poll(socket.received).toContain('body_too_large')
  await socket.ended
  expect(given).toEqual([])
})

test('who goes away in the middle of a body is not answered, and nothing fails', async () => {
  const socket = await openSocket(server.port)
  socket.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n')
  socket.send('Content-Length: 100\r\n\r\n{"a":')
  await post('{}')
  socket.destroy()
  await socket.ended
  await post('{}')
  expect(given).toEqual([{}, {}])
  expect(errors).toEqual([])
})
