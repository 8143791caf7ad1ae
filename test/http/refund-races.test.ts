/**
 * Many ask for the same money at once, over HTTP, through one server and through two. `FOLIO_ROUNDS` says how often; the
 * judge at the end reads the log alone.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBooks } from '../cli/books.js'
import { createRandom } from '../properties/random.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type Answered, type Client, clientOf, servedLedger } from '../support/served-ledger.js'
import type { ServedLedger } from '../support/served-ledger.js'

const ROUNDS = Number.parseInt(process.env['FOLIO_ROUNDS'] ?? '20', 10)
const CALLERS = 32
const SEED = Number.parseInt(process.env['FOLIO_SEED'] ?? '20261122', 10)
const TIMEOUT_MS = 60_000 + ROUNDS * 1_000

let database: TestDatabase
let servers: readonly ServedLedger[]
let clients: readonly Client[]

beforeAll(async () => {
  database = await testDatabase()
  const first = await servedLedger(database)
  const second = await servedLedger(database, first.masterKey)
  servers = [first, second]
  // The keys of the second are those that hold: each server made the six names anew.
  clients = [first, second].map(({ address }) => clientOf({ address, keys: second.keys }))
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  const { violations, unexplainedNumbers } = await readBooks(
    database.connectionString,
    servers[0]?.masterKey ?? Buffer.alloc(0),
  )
  await database.drop()
  expect(violations).toEqual([])
  expect(unexplainedNumbers).toEqual([])
}, TIMEOUT_MS)

const amountOf = (cents: number) => ({
  amount: `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
  currency: 'GBP',
})
const centsOf = ({ amount }: { amount: string }) => Number(amount.replace('.', ''))

async function creditNote(client: Client, cents: number): Promise<string> {
  const { creditNoteId } = await client.must('draft-credit-note', {
    reason: 'Return',
    lines: [
      {
        kind: 'item',
        description: '',
        quantity: '1',
        unitPrice: String(cents / 100),
        tax: { code: 'none', ratePercent: '0' },
      },
    ],
  })
  await client.must('post-credit-note', { creditNoteId })
  return creditNoteId
}

const refund = (client: Client | undefined, documentId: string, cents: number, key?: string) =>
  (client as Client).command(
    'refund-credit',
    { documentId, amount: amountOf(cents), account: 'cash' },
    key === undefined ? {} : { key },
  )

const remainingOf = async (client: Client, documentId: string): Promise<number> => {
  const { body } = await client.get(`/credit-notes/${documentId}`)
  return centsOf({ amount: body.remaining })
}

describe.each([
  ['one server', 1],
  ['two servers', 2],
])('through %s', (_name, count) => {
  test(
    `${CALLERS} refunds of one credit at once, ${ROUNDS} times: never exceeded, exact, losers told why (seed ${SEED})`,
    async () => {
      const random = createRandom(SEED + count)
      const [client] = clients as [Client]
      let won = 0
      let lost = 0
      for (let round = 0; round < ROUNDS; round += 1) {
        const total = random.whole(1, 100_000)
        const documentId = await creditNote(client, total)
        const asked = Array.from({ length: CALLERS }, () => random.whole(1, Math.ceil(total / 8)))
        const answers = await Promise.all(
          asked.map((cents, index) => refund(clients[index % count], documentId, cents)),
        )
        let paid = 0
        for (const [index, { status, body }] of answers.entries()) {
          if (status === 200) {
            expect(centsOf(body.answer.payment.amount)).toBe(asked[index])
            paid += asked[index] ?? 0
            won += 1
            continue
          }
          expect(status, JSON.stringify(body)).toBe(409)
          expect(body.code).toBe('refund_exceeds_remaining_credit')
          expect(centsOf(body.requested)).toBe(asked[index])
          expect(centsOf(body.remaining)).toBeLessThan(asked[index] ?? 0)
          lost += 1
        }
        expect(paid).toBeLessThanOrEqual(total)
        expect(await remainingOf(client, documentId)).toBe(total - paid)
      }
      if (ROUNDS > 20) console.log(`${won} refunds won, ${lost} lost`)
      expect([won > 0, lost > 0]).toEqual([true, true])
    },
    TIMEOUT_MS,
  )

  test('one refund sent 200 times at once, half of them under one key: paid once', async () => {
    const [client] = clients as [Client]
    const documentId = await creditNote(client, 50_000)
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index): Promise<[string, Answered]> => {
        const shares = index % 2 === 0
        const key = shares ? `shared-${count}` : `fresh-${count}-${index}`
        return [
          shares ? 'shared' : 'fresh',
          await refund(clients[(index % 3) % count], documentId, 50_000, key),
        ]
      }),
    )
    const paid = answers.filter(([, { status }]) => status === 200)
    const payments = new Set(paid.map(([, { body }]) => body.answer.payment.paymentId))
    expect(payments.size).toBe(1)
    expect(new Set(paid.map(([, { text }]) => text)).size).toBe(1)
    // All that were paid share the key, or it is the one fresh key that won.
    expect(new Set(paid.map(([which]) => which)).size).toBe(1)
    if (paid[0]?.[0] === 'fresh') expect(paid).toHaveLength(1)
    for (const [which, { status, body, headers }] of answers) {
      if (status === 200) continue
      expect(status).toBe(409)
      if (body.code === 'idempotency_key_in_flight') {
        expect([which, headers.get('retry-after'), body.retryable]).toEqual(['shared', '1', true])
      } else {
        expect(body).toMatchObject({
          code: 'refund_exceeds_remaining_credit',
          remaining: amountOf(0),
          requested: amountOf(50_000),
        })
      }
    }
    const again = await refund(client, documentId, 50_000, `shared-${count}`)
    if (paid[0]?.[0] === 'shared') {
      expect([again.status, again.text]).toEqual([200, paid[0][1].text])
      expect(again.headers.get('idempotent-replayed')).toBe('true')
    } else {
      expect(again.status).toBe(409)
    }
    expect(await remainingOf(client, documentId)).toBe(0)
  })
})
