import express from 'express'
import { Agent, request as httpRequest } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonBody, jsonOf } from '../../src/http/json-body.js'
import { sendProblem } from '../../src/http/problem.js'
import { doubledHeader } from '../../src/http/request-headers.js'
import { serve, type ServeLimits, type Serving } from '../../src/http/serve.js'
import { answersIn, openSocket, rawAnswer, type RawSocket } from './raw-socket.js'

/** So many clients at once mean harm. */
const SLOW_SOCKETS = Number(process.env['FOLIO_SLOW_SOCKETS'] ?? 500)

/** Longer than a test may take: what ends in spite of it ends for another reason. */
const LONG_MS = 120_000

/** More than the buffers of a connection take in. */
const LARGE = Buffer.alloc(32_000_000, 'a')

let server: Serving
/** The handlers of `/slow` that are at work, each waiting to be told to answer. */
const working: (() => void)[] = []
/** What was done: a request whose client was told no must not be among it. */
const done: string[] = []

beforeEach(() => {
  working.length = 0
  done.length = 0
})
afterEach(async () => {
  for (const answer of working) answer()
  await server.close()
})

async function start(limits: Partial<ServeLimits> = {}): Promise<void> {
  server = await serve({ app: app(), port: 0, limits })
}

function app() {
  const tiny = express()
  tiny.use((request, response, next) => {
    const header = doubledHeader(request)
    if (header === null) next()
    else sendProblem(response, 'header_doubled', { header })
  })
  tiny.get('/', (_request, response) => void response.json({ ok: true }))
  tiny.post('/', jsonBody, (_request, response) => {
    done.push('post')
    response.json(jsonOf(response))
  })
  tiny.get('/large', (_request, response) => void response.end(LARGE))
  tiny.all('/begun', (_request, response) => {
    response.set('Content-Length', '4').write('be')
    working.push(() => response.end('gu'))
  })
  tiny.post('/unread', (_request, response) => void response.status(401).end())
  tiny.get('/slow', (_request, response) => {
    working.push(() => {
      if (response.headersSent) return
      done.push('slow')
      response.json({ slow: true })
    })
  })
  return tiny
}

const HOST = 'Host: localhost\r\n'
const GET = `GET / HTTP/1.1\r\n${HOST}\r\n`
const GET_SLOW = `GET /slow HTTP/1.1\r\n${HOST}\r\n`
const POST = `POST / HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`

async function rawEnd(bytes: string): Promise<string> {
  const socket = await openSocket(server.port)
  socket.send(bytes)
  return socket.ended
}

const handlersAtWork = (count: number) => expect.poll(() => working.length).toBe(count)

test.each([
  ['two Content-Lengths', `${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
  ['two Content-Lengths that differ', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
  [
    'a length and chunks',
    `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'chunks and a length',
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`,
  ],
  ['a blank before the colon', `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
  [
    'two transfer encodings',
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
  ],
  ['an unknown transfer encoding', `${POST}Transfer-Encoding: gzip\r\n\r\n{}`],
  ['a length with a sign', `${POST}Content-Length: +2\r\n\r\n{}`],
  ['a chunk without a size', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ['bare line feeds', 'GET / HTTP/1.1\nHost: localhost\n\n'],
  ['a bare line feed', 'GET / HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n'],
  ['a folded header', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
  ['U+0000 in a header', `GET / HTTP/1.1\r\n${HOST}X: a\u0000b\r\n\r\n`],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
  ['another method', `STEAL / HTTP/1.1\r\n${HOST}\r\n`],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['TLS', Buffer.from('16030100f8010000f4', 'hex')],
  ['another version', `GET / HTTP/3.7\r\n${HOST}\r\n`],
])('%s is answered as no HTTP, and the connection ends', async (_, bytes) => {
  await start()
  const { status, headers, body } = await rawAnswer(server.port, bytes)
  expect(status).toBe(400)
  expect(headers).toMatchObject({ connection: 'close', 'content-length': `${body.length}` })
  expect(headers['content-type']).toContain('application/problem+json')
  expect(JSON.parse(body)).toMatchObject({
    type: '/problems/malformed_http',
    code: 'malformed_http',
    status: 400,
    detail: expect.stringMatching(/^[A-Z].*\.$/),
  })
  expect(done).toEqual([])
})

test.each([
  ['one header', `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['an address', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`],
  [
    'a megabyte of headers',
    `GET / HTTP/1.1\r\n${HOST}${`X: ${'a'.repeat(1_000)}\r\n`.repeat(1_000)}`,
  ],
  ['very many headers', `GET / HTTP/1.1\r\n${HOST}${'a:\r\n'.repeat(3_000)}\r\n`],
])('%s that is too large is answered as such', async (_, bytes) => {
  await start()
  const { status, headers, body } = await rawAnswer(server.port, bytes)
  expect(status).toBe(431)
  expect(headers['connection']).toBe('close')
  expect(JSON.parse(body)).toMatchObject({ code: 'headers_too_large' })
})

test('an expectation that is not known is not met', async () => {
  await start()
  const answer = await rawAnswer(server.port, `${POST}Expect: more\r\nContent-Length: 2\r\n\r\n{}`)
  expect(answer.status).toBe(417)
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'expectation_not_met' })
  expect(done).toEqual([])
})

test.each([
  ['Idempotency-Key: a'],
  ['Authorization: Bearer a'],
  ['If-Match: "1"'],
  ['Host: localhost'],
])('two lines of %s are refused by name', async (line) => {
  await start()
  const lines = `${line}\r\n${line.replace(/:.*/, ': b')}\r\n`
  const answer = await rawAnswer(
    server.port,
    `POST / HTTP/1.1\r\n${line.startsWith('Host') ? '' : HOST}Connection: close\r\n${lines}\r\n`,
  )
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body)).toMatchObject({
    code: 'header_doubled',
    header: line.replace(/:.*/, '').toLowerCase(),
  })
})

test('what is no HTTP does not answer for the request before it, which is answered, and nothing after it is done', async () => {
  await start()
  const socket = await openSocket(server.port)
  socket.send(`${GET_SLOW}nonsense\r\n\r\n${POST}Content-Length: 2\r\n\r\n{}`)
  await handlersAtWork(1)
  socket.send('more nonsense\r\n\r\n')
  await (await fetch(server.address)).text()
  expect(socket.received()).toBe('')
  working[0]?.()
  const answers = answersIn(await socket.ended)
  expect(answers).toMatchObject([{ status: 200, body: '{"slow":true}' }])
  expect(done).toEqual(['slow'])
})

test('what is no HTTP does not get into an answer that has begun', async () => {
  await start({ keepAliveTimeoutMs: LONG_MS })
  const socket = await openSocket(server.port)
  socket.send(`GET /begun HTTP/1.1\r\n${HOST}\r\n`)
  await handlersAtWork(1)
  socket.send('nonsense\r\n\r\n')
  await (await fetch(server.address)).text()
  working[0]?.()
  expect(answersIn(await socket.ended)).toMatchObject([{ status: 200, body: 'begu' }])
})

test('a body that breaks off does not get into an answer that has begun', async () => {
  await start()
  const socket = await openSocket(server.port)
  socket.send(`POST /begun HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`)
  await handlersAtWork(1)
  socket.send('nonsense\r\n')
  expect((await socket.ended).split('HTTP/1.1')).toHaveLength(2)
})

test('a body that breaks off behind its answer is not answered again', async () => {
  await start({ keepAliveTimeoutMs: LONG_MS, unreadBodyTimeoutMs: LONG_MS })
  const socket = await openSocket(server.port)
  socket.send(`POST /unread HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`)
  await expect.poll(socket.received).toContain('401')
  socket.send('nonsense\r\n')
  expect(answersIn(await socket.ended)).toMatchObject([{ status: 401 }])
})

test('who was told no may go on for a while, and is not heard', async () => {
  await start({ lingerMs: LONG_MS, headersTimeoutMs: 100, checkIntervalMs: 20 })
  const nonsense = await openSocket(server.port, { keepsSending: true })
  const late = await openSocket(server.port, { keepsSending: true })
  nonsense.send('nonsense\r\n')
  late.send(POST)
  await expect.poll(nonsense.received).toContain('malformed_http')
  await expect.poll(late.received).toContain('request_too_slow')
  late.send('Content-Length: 2\r\n\r\n{}')
  for (let times = 0; times < 3; times += 1) {
    nonsense.send('nonsense\r\n')
    await (await fetch(server.address)).text()
  }
  expect(nonsense.isOpen()).toBe(true)
  expect(done).toEqual([])
  nonsense.destroy()
  late.destroy()
})

test('who was told no and goes on for long is cut', async () => {
  await start({ lingerMs: 50 })
  const socket = await openSocket(server.port, { keepsSending: true })
  const cut = expect.poll(() => {
    socket.send('nonsense\r\n')
    return socket.isOpen()
  })
  await cut.toBe(false)
  expect(socket.received()).toContain('malformed_http')
})

test('a body that ends after its time is not done', async () => {
  await start({ headersTimeoutMs: 100, requestTimeoutMs: 100, checkIntervalMs: 20 })
  const socket = await openSocket(server.port, { keepsSending: true })
  socket.send(`${POST}Content-Length: 2\r\n\r\n{`)
  await expect.poll(socket.received).toContain('request_too_slow')
  socket.send('}')
  await (await fetch(server.address)).text()
  expect(done).toEqual([])
  socket.destroy()
})

test('a connection on which nothing happens for long ends, whatever is under way', async () => {
  await start({ silenceTimeoutMs: 100 })
  expect(await rawEnd(GET_SLOW)).toBe('')
})

test('a body that breaks off is answered once, and never done', async () => {
  await start()
  const answer = await rawAnswer(
    server.port,
    `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nnonsense\r\n`,
  )
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed_http' })
  expect(done).toEqual([])
})

test('a client that is gone before its answer hurts nobody', async () => {
  await start()
  for (const bytes of [GET_SLOW, 'nonsense\r\n\r\n', `${POST}Content-Length: 9\r\n\r\n{`, '']) {
    const socket = await openSocket(server.port)
    socket.send(bytes)
    socket.destroy()
    await socket.ended
  }
  for (const answer of working) answer()
  expect((await fetch(server.address)).status).toBe(200)
})

test.each([
  ['says nothing', ''],
  ['does not end its headers', `GET / HTTP/1.1\r\n${HOST}`],
  ['does not end its body', `${POST}Content-Length: 9\r\n\r\n{`],
])('who %s is told that it takes too long', async (_, bytes) => {
  await start({ headersTimeoutMs: 300, requestTimeoutMs: 400, checkIntervalMs: 50 })
  const { status, headers, body } = await rawAnswer(server.port, bytes)
  expect(status).toBe(408)
  expect(headers['connection']).toBe('close')
  expect(JSON.parse(body)).toMatchObject({ code: 'request_too_slow' })
  expect(done).toEqual([])
})

test('work that takes longer than a request may take to arrive is answered', async () => {
  await start({ headersTimeoutMs: 50, requestTimeoutMs: 100, checkIntervalMs: 20 })
  const slow = fetch(`${server.address}/slow`)
  await handlersAtWork(1)
  // Another client is cut meanwhile, so the time is over.
  await rawAnswer(server.port, '')
  working[0]?.()
  expect((await slow).status).toBe(200)
})

test('who has its answer and still sends a body is cut, without a second answer', async () => {
  await start({ unreadBodyTimeoutMs: 100, keepAliveTimeoutMs: LONG_MS })
  const socket = await openSocket(server.port)
  socket.send(`POST /unread HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\n{`)
  expect(answersIn(await socket.ended)).toMatchObject([{ status: 401 }])
})

test('who sends the rest of an unread body keeps the connection', async () => {
  await start({ unreadBodyTimeoutMs: LONG_MS })
  const socket = await openSocket(server.port)
  socket.send(`POST /unread HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n{`)
  await expect.poll(socket.received).toContain('401')
  socket.send(`}${GET}`)
  await expect.poll(socket.received).toContain('{"ok":true}')
  socket.destroy()
})

test(`${SLOW_SOCKETS} slow clients are cut, and others do not notice them`, async () => {
  await start({
    headersTimeoutMs: 3_000,
    requestTimeoutMs: 4_000,
    answerTimeoutMs: 2_000,
    checkIntervalMs: 100,
  })
  const alone = await latenciesUntil(Promise.resolve(), 200)
  const startedAt = performance.now()
  const slow = await Promise.all(
    Array.from({ length: SLOW_SOCKETS }, async (_, index) => slowSocket(index)),
  )
  const [reading, sending] = [true, false].map((reads) =>
    slow.filter(({ kind }) => (kind === 'reading') === reads),
  )
  const cut = Promise.all((sending ?? []).map(({ ended }) => ended))
  const beside = await latenciesUntil(cut, 200)
  for (const answer of await cut) expect(answer).toMatch(/^HTTP.1.1 408 /)
  const cutAfterMs = performance.now() - startedAt
  expect(cutAfterMs).toBeLessThan(15_000)
  for (const { resume, ended } of reading ?? []) {
    // Who does not read does not notice the end either, until it looks.
    resume()
    expect((await ended).length).toBeLessThan(LARGE.length)
  }
  expect(done).toEqual([])
  const [before, during] = [median(alone), median(beside)]
  if (process.env['FOLIO_FIGURES'] !== undefined) {
    console.info({ before, during, requests: beside.length, cutAfterMs })
  }
  // A client that waits for a slow one waits for seconds.
  expect(during).toBeLessThan(before * 10 + 20)
})

type SlowSocket = RawSocket & Readonly<{ kind: 'headers' | 'body' | 'reading' }>

/** A byte now and then, or reads nothing of a large answer. */
async function slowSocket(index: number): Promise<SlowSocket> {
  const socket = await openSocket(server.port)
  if (index % 25 === 0) {
    socket.pause()
    socket.send(`GET /large HTTP/1.1\r\n${HOST}\r\n`)
    return { ...socket, kind: 'reading' }
  }
  const kind = index % 2 === 0 ? 'headers' : 'body'
  socket.send(
    kind === 'headers' ? `GET / HTTP/1.1\r\n${HOST}X: ` : `${POST}Content-Length: 99999\r\n\r\n`,
  )
  const drip = setInterval(() => {
    socket.send('1')
  }, 200)
  void socket.ended.then(() => {
    clearInterval(drip)
  })
  return { ...socket, kind }
}

/** Clients that ask, read and ask again: at least so often, and until something has happened. */
async function latenciesUntil(over: Promise<unknown>, requestsMin: number): Promise<number[]> {
  let isOver = false
  void over.then(() => {
    isOver = true
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const latenciesMs: number[] = []
  const client = async () => {
    while (!isOver || latenciesMs.length < requestsMin) {
      const start = performance.now()
      expect(await statusOf(agent)).toBe(200)
      latenciesMs.push(performance.now() - start)
    }
  }
  await Promise.all([client(), client(), client(), client()])
  agent.destroy()
  return latenciesMs
}

function statusOf(agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(server.address, { agent }, (response) => {
      response.resume()
      response.once('end', () => {
        resolve(response.statusCode ?? 0)
      })
    })
      .once('error', reject)
      .end()
  })
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
}

test('more connections than there may be are closed at once, and those there are go on', async () => {
  await start({ connectionsMax: 2 })
  const [first, second] = [await openSocket(server.port), await openSocket(server.port)]
  const third = await openSocket(server.port)
  expect(await third.ended).toBe('')
  for (const socket of [first, second]) {
    socket.send(GET)
    await expect.poll(socket.received).toContain('200 OK')
    socket.destroy()
  }
})

test('closing answers what is under way, says that no more will come, and takes nothing new', async () => {
  await start({ closeGraceMs: LONG_MS })
  const [first, second] = [await openSocket(server.port), await openSocket(server.port)]
  first.send(GET_SLOW)
  second.send(GET_SLOW)
  await handlersAtWork(2)
  const closed = server.close()
  await expect(fetch(server.address)).rejects.toThrow()
  first.send(GET_SLOW)
  second.send(GET_SLOW)
  const last = { status: 200, headers: { connection: 'close' }, body: '{"slow":true}' }
  for (const socket of [first, second]) {
    working.shift()?.()
    expect(answersIn(await socket.ended)).toMatchObject([last])
  }
  await closed
  expect(working).toEqual([])
})

test('closing ends a connection behind an answer that had begun', async () => {
  await start({ closeGraceMs: LONG_MS, keepAliveTimeoutMs: LONG_MS })
  const socket = await openSocket(server.port)
  socket.send(`GET /begun HTTP/1.1\r\n${HOST}\r\n`)
  await expect.poll(socket.received).toContain('be')
  const closed = server.close()
  working[0]?.()
  expect(answersIn(await socket.ended)).toMatchObject([{ status: 200, body: 'begu' }])
  await closed
})

test('closing answers every request of a connection that has sent several', async () => {
  await start()
  const socket = await openSocket(server.port)
  socket.send(GET_SLOW + GET_SLOW)
  await handlersAtWork(2)
  const closed = server.close()
  working[1]?.()
  working[0]?.()
  const answers = answersIn(await socket.ended)
  expect(answers.map(({ headers }) => headers['connection'])).toEqual(['keep-alive', 'close'])
  await closed
})

test('closing sends an answer to its end', async () => {
  await start()
  const socket = await openSocket(server.port)
  socket.pause()
  socket.send(`GET /large HTTP/1.1\r\n${HOST}\r\n`)
  await (await fetch(server.address)).text()
  const closed = server.close()
  socket.resume()
  expect((await socket.ended).length).toBeGreaterThan(LARGE.length)
  await closed
})

test('closing ends at once what is idle, or has not ended its headers', async () => {
  await start({ closeGraceMs: LONG_MS, keepAliveTimeoutMs: LONG_MS })
  const [silent, idle, half] = await Promise.all([1, 2, 3].map(() => openSocket(server.port)))
  idle?.send(GET)
  half?.send(`GET / HTTP/1.1\r\n${HOST}`)
  await expect.poll(() => idle?.received()).toContain('200 OK')
  await server.close()
  await Promise.all([silent?.ended, idle?.ended, half?.ended])
})

test('closing waits shortly for clients that do not end a body or do not read, and for work until it is done', async () => {
  await start({ closeGraceMs: 200, closeTimeoutMs: LONG_MS })
  const [half, reading, slow] = await Promise.all([1, 2, 3].map(() => openSocket(server.port)))
  half?.send(`${POST}Content-Length: 9\r\n\r\n{`)
  reading?.pause()
  reading?.send(`GET /large HTTP/1.1\r\n${HOST}\r\n`)
  slow?.send(GET_SLOW)
  await handlersAtWork(1)
  await (await fetch(server.address)).text()
  const closed = server.close()
  expect(await half?.ended).toBe('')
  working[0]?.()
  expect(answersIn((await slow?.ended) ?? '')).toMatchObject([{ status: 200 }])
  await closed
  reading?.resume()
  expect((await reading?.ended)?.length).toBeLessThan(LARGE.length)
  expect(done).toEqual(['slow'])
})

test('closing takes the rest of a body, and answers', async () => {
  await start({ closeGraceMs: LONG_MS })
  const socket = await openSocket(server.port)
  socket.send(`${POST}Content-Length: 2\r\n\r\n{`)
  await (await fetch(server.address)).text()
  const closed = server.close()
  socket.send('}')
  expect(answersIn(await socket.ended)).toMatchObject([
    { status: 200, headers: { connection: 'close' }, body: '{}' },
  ])
  await closed
})

test('closing ends in any case, and may be asked for twice', async () => {
  await start({ closeTimeoutMs: 200 })
  const socket = await openSocket(server.port)
  socket.send(GET_SLOW)
  await handlersAtWork(1)
  await Promise.all([server.close(), server.close()])
  expect(await socket.ended).toBe('')
})
