/**
 * Hostile input against the whole ledger: each gets the answer that docs/http.md names, nothing of it is kept, no other
 * client notices. What is hostile on the wire itself is in `serve.test.ts`.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Client, clientOf, servedLedger, type ServedLedger } from '../support/served-ledger.js'
import { openSocket, rawAnswer, type RawSocket } from './raw-socket.js'

const SLOW_SOCKETS = 500

let served: ServedLedger
let client: Client
let head: bigint | null

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
  head = await served.ledger.store.head()
})
afterEach(async () => {
  expect(await served.ledger.store.head()).toBe(head)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect((await client.get('/invoices')).status).toBe(200)
})
afterAll(async () => {
  await served.close()
})

const note = (line: string, more = '') =>
  `{"reason":"x","lines":[{"kind":"item","description":"","quantity":"1","unitPrice":"1","tax":{"code":"n","ratePercent":"0"}${line}}]${more}}`

async function post(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
  name = 'draft-credit-note',
): Promise<[number, string, string | undefined]> {
  const response = await fetch(`${served.address}/commands/${name}`, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${served.keys.accountant}`,
      'content-type': 'application/json',
      'idempotency-key': `hostile-${(keys += 1)}`,
      ...headers,
    },
  })
  const problem = (await response.json()) as { code: string; errors?: { pointer: string }[] }
  return [response.status, problem.code, problem.errors?.[0]?.pointer]
}
let keys = 0

test.each<[string, string | Buffer, number, string, string?]>([
  ['40 kB of nested arrays', '['.repeat(20_000) + ']'.repeat(20_000), 400, 'json_too_deep'],
  ['40 kB of nested objects', '{"a":'.repeat(8_000), 400, 'json_too_deep'],
  ['a key twice', '{"reason":"a","reason":"b"}', 400, 'json_key_doubled'],
  ['a key twice, once in escapes', '{"reason":"a","\\u0072eason":"b"}', 400, 'json_key_doubled'],
  ['__proto__', note('', ',"__proto__":{"polluted":true}'), 400, 'malformed_request', '/__proto__'],
  [
    '__proto__ in a line',
    note(',"__proto__":{"polluted":true}'),
    400,
    'malformed_request',
    '/lines/0/__proto__',
  ],
  [
    'constructor.prototype',
    note('', ',"constructor":{"prototype":{"polluted":true}}'),
    400,
    'malformed_request',
    '/constructor',
  ],
  ['U+0000', note('').replace('"x"', '"a\\u0000b"'), 400, 'malformed_request', '/reason'],
  ['a lone surrogate', note('').replace('"x"', '"\\ud800"'), 400, 'malformed_request', '/reason'],
  [
    'half a pair the other way round',
    note('').replace('"x"', '"\\udfff\\ud800"'),
    400,
    'malformed_request',
    '/reason',
  ],
  ['bytes that are no UTF-8', Buffer.from('{"reason":"\xff"}', 'latin1'), 400, 'text_not_utf8'],
  ['a byte order mark', `\ufeff${note('')}`, 400, 'malformed_json'],
  ['nothing', '', 400, 'malformed_json'],
  ['half of it', note('').slice(0, 50), 400, 'malformed_json'],
  ['more than one value', '{} {}', 400, 'malformed_json'],
  ['a comment', '{/* */}', 400, 'malformed_json'],
  ['null', 'null', 400, 'malformed_request', ''],
  ['a megabyte and a byte', JSON.stringify('x'.repeat(1_048_575)), 413, 'body_too_large'],
  [
    'a thousand lines and one',
    `{"reason":"x","lines":[${'{},'.repeat(1_000)}{}]}`,
    400,
    'malformed_request',
  ],
])('%s', async (_what, body, status, code, pointer) => {
  const answer = await post(body)
  expect(answer.slice(0, 2)).toEqual([status, code])
  if (pointer !== undefined) expect(answer[2]).toBe(pointer)
})

describe('an amount', () => {
  test.each([
    ['as a number', '12.3'],
    ['as a number with an exponent', '1e3'],
    ['with an exponent', '"1e3"'],
    ['in hexadecimal', '"0x10"'],
    ['that is none', '"NaN"'],
    ['without an end', '"Infinity"'],
    ['with a plus', '"+1.00"'],
    ['with zeros before it', '"001.00"'],
    ['with blanks', '" 1.00"'],
    ['with a comma', '"1,00"'],
    ['in other digits', '"１.00"'],
    ['below a penny', '"1.001"'],
    ['without pence', '"1"'],
    ['beyond all bounds', `"${'9'.repeat(40)}.00"`],
    ['minus nothing', '"-0.00"'],
  ])('%s', async (_what, amount) => {
    const body = `{"documentId":"3f0c2a58-5a4f-5c1e-9d6e-0d7c1f6f2b11-c1","amount":{"amount":${amount},"currency":"GBP"}}`
    const [status, code, pointer] = await post(body, {}, 'refund-credit')
    expect([status, code]).toEqual([400, 'malformed_request'])
    expect(pointer).toMatch(/^\/amount/)
  })
})

test.each([
  [
    'charset utf-7',
    { 'content-type': 'application/json; charset=utf-7' },
    'unsupported_media_type',
  ],
  [
    'charset utf-16',
    { 'content-type': 'application/json; charset=utf-16' },
    'unsupported_media_type',
  ],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'unsupported_media_type'],
  [
    'plain text, as a foreign page could send it',
    { 'content-type': 'text/plain' },
    'unsupported_media_type',
  ],
  ['gzip', { 'content-encoding': 'gzip' }, 'unsupported_content_encoding'],
])('%s', async (_what, headers, code) => {
  expect((await post(note(''), headers)).slice(0, 2)).toEqual([415, code])
})

describe('on the wire', () => {
  const port = () => Number(new URL(served.address).port)
  const request = (headers: readonly string[], body = '{}') =>
    [
      'POST /commands/draft-credit-note HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${served.keys.accountant}`,
      'Content-Type: application/json',
      'Connection: close',
      ...headers,
      '',
      body,
    ].join('\r\n')
  const codeOf = async (text: string) => {
    const { status, body } = await rawAnswer(port(), text)
    return [status, (JSON.parse(body) as { code: string }).code]
  }

  test.each([
    [
      'two lengths',
      ['Idempotency-Key: k', 'Content-Length: 2', 'Content-Length: 3'],
      'malformed_http',
    ],
    [
      'a length and chunks',
      ['Idempotency-Key: k', 'Content-Length: 2', 'Transfer-Encoding: chunked'],
      'malformed_http',
    ],
    [
      'two keys',
      ['Idempotency-Key: a', 'Idempotency-Key: b', 'Content-Length: 2'],
      'header_doubled',
    ],
    [
      'two authorizations',
      ['Idempotency-Key: a', 'Authorization: Bearer x', 'Content-Length: 2'],
      'header_doubled',
    ],
    [
      'two revisions',
      ['Idempotency-Key: a', 'If-Match: "1"', 'If-Match: "2"', 'Content-Length: 2'],
      'header_doubled',
    ],
  ])('%s', async (_what, headers, code) => {
    expect(await codeOf(request(headers))).toEqual([400, code])
  })

  test(`${SLOW_SOCKETS} clients that say half and wait do not keep others from being served`, async () => {
    const sockets: RawSocket[] = []
    try {
      for (let index = 0; index < SLOW_SOCKETS; index += 1) {
        const socket = await openSocket(port())
        const isHeaders = index % 2 === 0
        socket.send(
          isHeaders
            ? 'POST /commands/draft-credit-note HTTP/1.1\r\nHost: localhost\r\n'
            : request(['Idempotency-Key: k', 'Content-Length: 1000'], '{'),
        )
        sockets.push(socket)
      }
      const answers = await Promise.all(Array.from({ length: 50 }, () => client.get('/accounts')))
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
      expect(sockets.filter((socket) => socket.isOpen())).toHaveLength(SLOW_SOCKETS)
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  })
})
