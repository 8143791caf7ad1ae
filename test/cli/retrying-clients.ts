/** Clients that ask the same with the same key until they get a final answer, whoever is killed meanwhile. */
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import type { createRandom } from '../properties/random.js'
import type { Books } from './books.js'

const CLIENTS = 16
const RETRY_MS = 25
const REQUEST_TIMEOUT_MS = 20_000
/** Whoever was killed comes back in seconds; a client that waits longer than this is stuck. */
const TRIES_MAX = 4_000

export type Final = Readonly<{
  key: string
  command: string
  status: number
  body: Body
  tries: number
}>
type Body = Readonly<{ answer?: Record<string, unknown>; code?: string; revision?: number }>

export type RetryingClients = Readonly<{ finals: readonly Final[]; working: Promise<unknown> }>

/** At least `commands` of them get their final answers, with the key of the principal `clients`. */
export function startClients({
  random,
  ...asked
}: Readonly<{
  apiKey: string
  address: string
  random: ReturnType<typeof createRandom>
  commands: number
}>): RetryingClients {
  const finals: Final[] = []
  const working = Promise.all(
    Array.from({ length: CLIENTS }, (_, client) =>
      work(client, { ...asked, random: random.branch(client), finals }),
    ),
  )
  return { finals, working }
}

/** Fulfilled when so many final answers are there, or all. */
export async function answered({ finals, working }: RetryingClients, count: number): Promise<void> {
  const over = new AbortController()
  const end = () => {
    over.abort()
  }
  void working.then(end, end)
  while (finals.length < count && !over.signal.aborted) await pause(5)
}

/** Moments, in final answers, that leave every client something to do afterwards. */
export function momentsOf(
  random: ReturnType<typeof createRandom>,
  kills: number,
  commands: number,
): readonly number[] {
  return Array.from({ length: kills }, () => random.whole(0, commands - CLIENTS * 2)).sort(
    (left, right) => left - right,
  )
}

type Worker = Readonly<{
  apiKey: string
  address: string
  random: ReturnType<typeof createRandom>
  commands: number
  finals: Final[]
}>

/** Credit notes, each refunded in parts until nothing is left and once more, which must be refused. */
async function work(
  client: number,
  { apiKey, address, random, commands, finals }: Worker,
): Promise<void> {
  let count = 0
  const ask = async (command: string, body: object): Promise<Body> => {
    count += 1
    const key = `client-${client}-${count}`
    const final = await untilFinal({ apiKey, address, command, key, body: JSON.stringify(body) })
    finals.push(final)
    return final.body
  }
  while (finals.length < commands) {
    const cents = random.whole(2, 9_999)
    const draft = await ask('draft-credit-note', {
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
    const documentId = draft.answer?.['creditNoteId']
    await ask('post-credit-note', { creditNoteId: documentId })
    const part = { amount: (random.whole(1, cents - 1) / 100).toFixed(2), currency: 'GBP' }
    await ask('refund-credit', { documentId, account: 'cash', amount: part })
    await ask('refund-credit', { documentId, account: 'cash' })
    const tooMuch = await ask('refund-credit', { documentId, account: 'cash', amount: part })
    expect(tooMuch.code).toBe('refund_exceeds_remaining_credit')
  }
}

async function untilFinal(
  asked: Readonly<{ apiKey: string; address: string; command: string; key: string; body: string }>,
): Promise<Final> {
  const { apiKey, address, command, key, body } = asked
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const response = await fetch(`${address}/commands/${command}`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
    })
      .then(async (answer) => ({ status: answer.status, body: (await answer.json()) as Body }))
      // Nobody there, or gone before the answer came: what became of it is not known.
      .catch(() => null)
    if (response !== null && response.status < 500) {
      const { code } = response.body
      if (code !== 'idempotency_key_in_flight' && code !== 'folio_busy') {
        return { key, command, tries, ...response }
      }
    }
    expect(response?.status ?? 503, JSON.stringify(response?.body)).not.toBe(500)
    await pause(RETRY_MS)
  }
  throw new Error(`${command} ${key} got no final answer`)
}

/** Each accepted key is that of one append to one stream, at the revision it was told; a refused one is nowhere. */
export function expectOnceInLog(finals: readonly Final[], { events }: Books): void {
  const appends = new Map<string, Set<string>>()
  for (const { stream, revision, metadata } of events) {
    if (metadata.principal !== 'key:clients' || !stream.startsWith('folio-')) continue
    const places = appends.get(metadata.commandKey) ?? new Set()
    appends.set(metadata.commandKey, places.add(`${stream}@${revision}`))
  }
  const lost = finals.filter(({ key, status }) => status === 200 && !appends.has(key))
  const doubled = [...appends].filter(([, places]) => places.size > 1)
  const unasked = finals.filter(({ key, status }) => status !== 200 && appends.has(key))
  expect({ lost, doubled, unasked }).toEqual({ lost: [], doubled: [], unasked: [] })
  for (const { key, body, status } of finals) {
    if (status === 200) expect([...(appends.get(key) ?? [])][0]).toMatch(`@${body.revision}`)
  }
}
