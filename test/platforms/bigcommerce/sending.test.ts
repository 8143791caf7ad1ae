/** When a request leaves, over which connection, and when it is given up. */
import { getEventListeners, setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openAt, sending, storeWith, TOKEN, within } from '../support/open-store.js'
import { socketServer } from '../support/socket-server.js'
import { type Answer, json, noContent, routes } from '../support/store-server.js'

const confirmed = json(200, { id: 1, status_id: 11 })
const changed = { since: '2026-01-01T00:00:00.000Z', page: 1, pageSize: 10 }

describe('whoever sends is asked', () => {
  test('once, when the connection stands, and not a byte is written where they say no', async () => {
    const server = await socketServer(() => undefined)
    const store = openAt(`http://slow.test:${server.port}/stores/abc123`, {
      resolve: async () => {
        await delay(200)
        return [{ address: '127.0.0.1', family: 4 }]
      },
    })
    const began = performance.now()
    const askedAt: number[] = []
    const sent = await store.confirmPayment(
      '1',
      sending(5_000, () => {
        askedAt.push(performance.now() - began)
        return false
      }),
    )
    expect(sent).toEqual({ outcome: 'not_sent', detail: 'it was no longer to leave' })
    expect(askedAt).toHaveLength(1)
    expect(askedAt[0]).toBeGreaterThan(190)
    await delay(50)
    expect(server.connections()).toBe(1)
    expect(server.received()).toBe('')
  })

  test('and the request is written in the same breath where they say yes', async () => {
    const { store, server } = await storeWith(confirmed)
    let wasWrittenBefore: boolean | null = null
    const options = sending(5_000, () => {
      wasWrittenBefore = server.asked.length > 0
      return true
    })
    expect(await store.confirmPayment('1', options)).toEqual({ outcome: 'done', value: null })
    expect(wasWrittenBefore).toBe(false)
    expect(server.asked).toHaveLength(1)
  })

  test('and what fails while they are asked did not leave', async () => {
    const server = await socketServer(() => undefined)
    const options = sending(5_000, () => {
      throw new Error('the log is away')
    })
    const sent = await openAt(server.address).confirmPayment('1', options)
    expect(sent).toEqual({ outcome: 'not_sent', detail: 'the log is away' })
    await delay(20)
    expect(server.received()).toBe('')
  })
})

test('a write goes over a connection of its own: a kept one may be dead', async () => {
  const { store, server } = await storeWith((response, asked) => {
    if (asked.method === 'GET') noContent(response, asked)
    else confirmed(response, asked)
  })
  await store.changedOrders(changed, within())
  const before = server.connections()
  await store.confirmPayment('1', sending())
  await store.confirmPayment('1', sending())
  expect(server.connections()).toBe(before + 2)
  const connections = server.asked.map(({ method, headers }) => [method, headers.connection])
  expect(connections).toEqual([
    ['GET', 'keep-alive'],
    ['PUT', 'close'],
    ['PUT', 'close'],
  ])
})

test('a kept connection that the store has just ended costs a write nothing', async () => {
  const { store, server } = await storeWith((response, asked) => {
    if (asked.method !== 'GET') {
      confirmed(response, asked)
      return
    }
    noContent(response, asked)
    // Ended behind the answer, without a word of it in the headers.
    setImmediate(() => response.socket?.end())
  })
  for (let round = 0; round < 50; round += 1) {
    await store.changedOrders(changed, within())
    expect(await store.confirmPayment('1', sending())).toEqual({ outcome: 'done', value: null })
  }
  expect(server.asked.filter(({ method }) => method === 'PUT')).toHaveLength(50)
})

test('every request says who asks, and asks for what it can read', async () => {
  const { store, server } = await storeWith(noContent, {
    userAgent: 'Folio/0.1.0 (test)',
    correlation: () => '00000000-0000-4000-8000-000000000001',
  })
  await store.changedOrders(changed, within())
  await store.confirmPayment('1', sending())
  for (const { headers } of server.asked) {
    expect(headers).toMatchObject({
      'x-auth-token': TOKEN,
      accept: 'application/json',
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Folio/0.1.0 (test)',
      'x-correlation-id': '00000000-0000-4000-8000-000000000001',
    })
  }
})

test('a token that no header can carry was not sent, and is not told', async () => {
  const { store, server } = await storeWith(noContent, { accessToken: `${TOKEN}\r\nx: y` })
  const [read, sent] = [
    await store.changedOrders(changed, within()),
    await store.confirmPayment('1', sending()),
  ]
  expect(read).toMatchObject({ outcome: 'failed', reason: 'unavailable' })
  expect(sent).toMatchObject({ outcome: 'not_sent' })
  expect(JSON.stringify([read, sent])).not.toContain(TOKEN)
  expect(server.asked).toEqual([])
})

describe('at its deadline a call ends, and the socket with it', () => {
  const stages: [what: string, answer: Answer, status: number | null][] = [
    ['before headers', () => undefined, null],
    ['within the headers', (response) => response.socket?.write('HTTP/1.1 200 OK\r\n'), null],
    [
      'within a body that drips',
      (response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write(' '), 10)
        response.on('close', () => clearInterval(timer))
      },
      200,
    ],
  ]
  test.each(stages)('%s', async (_what, answer, status) => {
    let closed = 0
    const { store } = await storeWith((response, asked) => {
      response.on('close', () => (closed += 1))
      answer(response, asked)
    })
    const began = performance.now()
    const [read, sent] = await Promise.all([
      store.changedOrders(changed, within(300)),
      store.confirmPayment('1', sending(300)),
    ])
    expect(performance.now() - began).toBeGreaterThan(290)
    expect(performance.now() - began).toBeLessThan(600)
    expect(read).toMatchObject({
      reason: 'unavailable',
      status,
      detail: 'it did not answer in time',
    })
    expect(sent).toEqual({ outcome: 'unknown', status, detail: 'it did not answer in time' })
    await delay(50)
    expect(closed).toBe(2)
  })

  test('while its connection is made: nothing was sent, then or later', async () => {
    const server = await socketServer(() => undefined)
    const store = openAt(`http://slow.test:${server.port}/stores/abc123`, {
      resolve: async () => {
        await delay(300)
        return [{ address: '127.0.0.1', family: 4 }]
      },
    })
    const began = performance.now()
    const [read, sent] = await Promise.all([
      store.changedOrders(changed, within(100)),
      store.confirmPayment('1', sending(100)),
    ])
    expect(performance.now() - began).toBeLessThan(250)
    expect(read).toMatchObject({ outcome: 'failed', reason: 'unavailable' })
    expect(sent).toMatchObject({ outcome: 'not_sent' })
    await delay(400)
    expect(server.received()).toBe('')
  })

  test('that has passed: it is not begun', async () => {
    const { store, server } = await storeWith(noContent)
    expect(await store.changedOrders(changed, within(-1))).toMatchObject({ outcome: 'failed' })
    expect(await store.confirmPayment('1', sending(-1))).toMatchObject({ outcome: 'not_sent' })
    expect(server.connections()).toBe(0)
  })
})

describe('a call that is called off', () => {
  test('before it left was not sent', async () => {
    const { store, server } = await storeWith(confirmed)
    const signal = AbortSignal.abort()
    expect(await store.confirmPayment('1', { ...sending(), signal })).toMatchObject({
      outcome: 'not_sent',
    })
    expect(await store.changedOrders(changed, { ...within(), signal })).toMatchObject({
      outcome: 'failed',
      reason: 'unavailable',
    })
    expect(server.asked).toEqual([])
  })

  test('under a signal that many share: none of them leaves a listener behind', async () => {
    const { store } = await storeWith((response, asked) => {
      if (asked.method === 'GET') noContent(response, asked)
      else confirmed(response, asked)
    })
    const { signal } = new AbortController()
    setMaxListeners(0, signal)
    const calls = Array.from({ length: 20 }, (_, nth) => [
      store.changedOrders(changed, { ...within(), signal }),
      store.confirmPayment(`${nth}`, { ...sending(), signal }),
      store.confirmPayment('late', { ...sending(-1), signal }),
    ]).flat()
    expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(10)
    await Promise.all(calls)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('after it left is unknown', async () => {
    const calledOff = new AbortController()
    const { store } = await storeWith(() => setTimeout(() => calledOff.abort(), 20))
    const options = { ...sending(), signal: calledOff.signal }
    expect(await store.confirmPayment('1', options)).toMatchObject({ outcome: 'unknown' })
  })
})

test('a store that is closed ends what is under way, and begins nothing more', async () => {
  const { store, server } = await storeWith((response, asked) => {
    setTimeout(() => confirmed(response, asked), 50)
  })
  const under = store.confirmPayment('1', sending())
  await delay(20)
  const closed = store.close()
  expect(await store.confirmPayment('2', sending())).toMatchObject({ outcome: 'not_sent' })
  expect(await store.changedOrders(changed, within())).toMatchObject({ outcome: 'failed' })
  expect(await under).toEqual({ outcome: 'done', value: null })
  await closed
  expect(server.asked).toHaveLength(1)
})

describe('writes on one order', () => {
  function slowly(): Readonly<{ answer: Answer; most: () => number }> {
    let [now, most] = [0, 0]
    const answer: Answer = (response, asked) => {
      now += 1
      most = Math.max(most, now)
      setTimeout(() => {
        now -= 1
        json(200, { id: Number(asked.path.split('/').at(-1)), data: { id: 5 } })(response, asked)
      }, 30)
    }
    return { answer, most: () => most }
  }

  test('go one after another, whatever they are', async () => {
    const { answer, most } = slowly()
    const { store, server } = await storeWith(
      routes({ 'PUT /v2/orders/1': answer, 'POST /v3/orders/1/transactions': answer }),
    )
    const capture = {
      order: '1',
      amount: { amount: '1.00', currency: 'EUR' },
      reference: 'ours',
    }
    const sent = await Promise.all(
      [1, 2, 3].flatMap(() => [
        store.confirmPayment('1', sending()),
        store.recordCapture(capture, sending()),
      ]),
    )
    expect(sent.map(({ outcome }) => outcome)).toEqual(Array(6).fill('done'))
    expect(server.asked).toHaveLength(6)
    expect(most()).toBe(1)
  })

  test('do not wait for those on another', async () => {
    const { answer, most } = slowly()
    const { store } = await storeWith(answer)
    await Promise.all(['1', '2', '3'].map((order) => store.confirmPayment(order, sending())))
    expect(most()).toBe(3)
  })

  test('are not sent when their turn does not come by their deadline', async () => {
    const { store, server } = await storeWith((response, asked) => {
      setTimeout(() => confirmed(response, asked), 300)
    })
    const first = store.confirmPayment('1', sending())
    const second = store.confirmPayment('1', sending(100))
    const third = store.confirmPayment('1', sending())
    expect(await second).toMatchObject({ outcome: 'not_sent' })
    expect(server.asked).toHaveLength(1)
    expect([await first, await third]).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }])
    expect(server.asked).toHaveLength(2)
  })
})
