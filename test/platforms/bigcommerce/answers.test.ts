/** What each answer means (P2): for a question, whether asking again may help; for a write, whether it was done. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Read, Sent } from '../../../src/platforms/platform.js'
import { openAt, sending, storeWith, TOKEN, within } from '../support/open-store.js'
import { socketServer } from '../support/socket-server.js'
import { type Answer, json, text } from '../support/store-server.js'

type Meaning = Readonly<{
  read: Partial<Extract<Read<never>, { outcome: 'failed' }>>
  sent: Partial<Sent<never>>
}>

const v2 = (status: number, message = 'No.'): Answer => json(status, [{ status, message }])

const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
const gzipBomb: Answer = (response) => {
  response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
  response.end(bomb)
}

const ANSWERS: readonly [what: string, answer: Answer, meaning: Meaning][] = [
  ['400', v2(400), refusal('refused', 400)],
  ['401', v2(401), refusal('not_authorised', 401)],
  ['403', v2(403), refusal('not_authorised', 403)],
  ['404', v2(404), refusal('not_found', 404)],
  ['405', v2(405), refusal('not_found', 405)],
  ['406', v2(406), refusal('refused', 406)],
  ['409', v2(409), refusal('refused', 409)],
  ['413', v2(413), refusal('refused', 413)],
  ['415', v2(415), refusal('refused', 415)],
  ['422', v2(422), refusal('refused', 422)],
  ['429', v2(429), refusal('limited', 429)],
  ['408', v2(408), doubt('unavailable', 408)],
  ['423', v2(423), doubt('unavailable', 423)],
  ['499', v2(499), doubt('unavailable', 499)],
  ['500', v2(500), doubt('unavailable', 500)],
  ['501', v2(501), doubt('unavailable', 501)],
  ['502', text(502, '<html><h1>Bad Gateway</h1></html>'), doubt('unavailable', 502)],
  ['503', v2(503), doubt('unavailable', 503)],
  ['504', v2(504), doubt('unavailable', 504)],
  ['507', v2(507), doubt('unavailable', 507)],
  ['a redirect', text(302, '', { location: 'https://example.org/' }), doubt('not_understood', 302)],
  ['HTML instead of JSON', text(200, '<p>Down for maintenance'), doubt('not_understood', 200)],
  ['half of a JSON', text(200, '[{"id": 1'), doubt('not_understood', 200)],
  ['another JSON', json(200, { hello: 'you' }), doubt('not_understood', 200)],
  ['deep JSON', text(200, '['.repeat(1e5) + ']'.repeat(1e5)), doubt('not_understood', 200)],
  ['a gzip bomb', gzipBomb, doubt('not_understood', 200)],
  ['a huge body', hugeBody(), doubt('not_understood', 200)],
  ['a reset', (response) => response.socket?.resetAndDestroy(), doubt('unavailable', null)],
  ['an end without an answer', (response) => response.destroy(), doubt('unavailable', null)],
  [
    'half a body',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('[')
      setTimeout(() => response.socket?.destroy(), 20)
    },
    doubt('unavailable', 200),
  ],
  ['no answer in time', () => undefined, doubt('unavailable', null)],
  ['a slow body', slowBody(), doubt('unavailable', 200)],
]

function refusal(reason: NonNullable<Meaning['read']['reason']>, status: number): Meaning {
  return { read: { reason, status }, sent: { outcome: 'refused', reason, status } }
}

function doubt(reason: NonNullable<Meaning['read']['reason']>, status: number | null): Meaning {
  return { read: { reason, status }, sent: { outcome: 'unknown', status } }
}

/** A gigabyte, a chunk at a time, for as long as somebody takes it. */
function hugeBody(): Answer {
  const chunk = Buffer.alloc(1024 * 1024, '[')
  return (response) => {
    response.writeHead(200)
    let sent = 0
    const more = (): void => {
      if (sent >= 1024 || response.destroyed) return
      sent += 1
      response.write(chunk, () => setImmediate(more))
    }
    more()
  }
}

function slowBody(): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  }
}

describe.each(ANSWERS)('%s', (_what, answer, meaning) => {
  test('to a question', async () => {
    const { store, server } = await storeWith(answer)
    const asked = { since: '2026-01-01T00:00:00.000Z', page: 1, pageSize: 10 }
    const read = await store.changedOrders(asked, within(1_000))
    expect(read).toMatchObject({ outcome: 'failed', ...meaning.read })
    expect(server.asked).toHaveLength(1)
  })

  test('to a write: and it is never sent again', async () => {
    const { store, server } = await storeWith(answer)
    const sent = await store.confirmPayment('1', sending(1_000))
    expect(sent).toMatchObject(meaning.sent)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.asked).toHaveLength(1)
  })
})

describe('no connection', () => {
  test('refused: nothing was sent', async () => {
    const store = openAt('http://127.0.0.1:9/stores/abc123')
    expect(await store.check(within())).toMatchObject({
      reason: 'unavailable',
      status: null,
      detail: expect.stringMatching(/^nobody listens there \(ECONNREFUSED/),
    })
    expect(await store.confirmPayment('1', sending())).toMatchObject({ outcome: 'not_sent' })
  })

  test('no TLS where it is spoken to in TLS: nothing was sent', async () => {
    const { server } = await storeWith(json(200, []))
    const store = openAt(server.address.replace('http:', 'https:'))
    expect(await store.check(within())).toMatchObject({ reason: 'unavailable', status: null })
    expect(await store.confirmPayment('1', sending())).toMatchObject({ outcome: 'not_sent' })
    expect(server.asked).toEqual([])
  })

  test('something that is no HTTP answers', async () => {
    const { address } = await socketServer((socket) => socket.end('220 smtp.example.org ESMTP\r\n'))
    const store = openAt(address)
    expect(await store.check(within())).toMatchObject({ reason: 'not_understood' })
    expect(await store.confirmPayment('1', sending())).toMatchObject({ outcome: 'unknown' })
  })
})

test('a compressed body is not opened, however small', async () => {
  const small = gzipSync(JSON.stringify([]))
  const { store } = await storeWith((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(small)
  })
  const asked = { since: '2026-01-01T00:00:00.000Z', page: 1, pageSize: 10 }
  expect(await store.changedOrders(asked, within())).toMatchObject({
    reason: 'not_understood',
    detail: 'answered with a compressed body, which was not asked for',
  })
})

test('memory stays flat whatever is answered', async () => {
  const { store } = await storeWith((response, asked) =>
    (asked.path.includes('page=1') ? hugeBody() : gzipBomb)(response, asked),
  )
  const asked = { since: '2026-01-01T00:00:00.000Z', pageSize: 10 }
  const before = process.memoryUsage.rss()
  for (let round = 0; round < 10; round += 1) {
    for (const page of [1, 2]) await store.changedOrders({ ...asked, page }, within())
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024)
})

test('an answer that repeats the credentials does not bring them into the open', async () => {
  const answers = [
    json(400, [{ status: 400, message: `token ${TOKEN} is wrong`, details: { token: TOKEN } }]),
    json(422, { status: 422, title: TOKEN, errors: { [TOKEN]: TOKEN } }),
    text(403, `<html>x-auth-token: ${TOKEN}</html>`),
    text(200, `x-auth-token: ${TOKEN}`),
    json(200, { [TOKEN]: 1 }),
  ]
  for (const answer of answers) {
    const { store } = await storeWith(answer)
    const found = [
      await store.check(within()),
      await store.readOrder('1', within()),
      await store.payment('1', within()),
      await store.confirmPayment('1', sending()),
    ]
    expect(JSON.stringify(found)).not.toContain(TOKEN)
  }
})

test('what is said is one line of bounded length', async () => {
  const { store } = await storeWith(v2(400, `a\r\nb\u0000c\ud800 ${'x'.repeat(5_000)}`))
  const read = await store.check(within())
  const detail = read.outcome === 'failed' ? read.detail : ''
  expect(detail).toMatch(/^a b c\ufffd x+$/)
  expect(detail).toHaveLength(500)
})
