/**
 * Clients ask a server that is killed again and again (`FOLIO_KILLS`), and ask the same with the same key until they get
 * a final answer. What was accepted stands in the log once, and nothing else does; the judge reads the log alone.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pristineFolders, removeWorkFolder, workFolder } from '../embedded-postgres/folders.js'
import { createRandom } from '../properties/random.js'
import { type Books, folderBooks } from './books.js'
import { endAllFolio, folio, type Running, startFolio } from './folio.js'

const KILLS = Number.parseInt(process.env['FOLIO_KILLS'] ?? '3', 10)
const COMMANDS = KILLS * 100
const CLIENTS = 16
const SEED = Number.parseInt(process.env['FOLIO_SEED'] ?? '20261122', 10)
const TIMEOUT_MS = 120_000 + KILLS * 20_000
const RETRY_MS = 25
const REQUEST_TIMEOUT_MS = 10_000
/** A killed process comes back in seconds; a client that waits longer than this is stuck. */
const TRIES_MAX = 4_000

let folder: string
let data: string

beforeAll(async () => {
  folder = await workFolder()
  data = await (await pristineFolders(folder))()
}, TIMEOUT_MS)
afterAll(async () => {
  await endAllFolio()
  await removeWorkFolder(folder)
})

type Final = Readonly<{ key: string; command: string; status: number; body: Body; tries: number }>
type Body = Readonly<{ answer?: Record<string, unknown>; code?: string; revision?: number }>

test(
  `${COMMANDS} commands through a server that is killed ${KILLS} times: lost 0, doubled 0 (seed ${SEED})`,
  async () => {
    const random = createRandom(SEED)
    const { key: apiKey } = (
      await folio([
        'key',
        'create',
        '--role',
        'accountant',
        '--name',
        'clients',
        '--data',
        data,
        '--json',
      ])
    ).json() as { key: string }
    const port = 20_000 + random.branch(process.pid).whole(0, 20_000)
    let server = await startServer(port)
    const finals: Final[] = []
    const clients = Array.from({ length: CLIENTS }, (_, client) =>
      work(client, {
        apiKey,
        address: `http://127.0.0.1:${port}`,
        random: random.branch(client),
        finals,
      }),
    )
    const working = Promise.all(clients)
    const moments = Array.from({ length: KILLS }, () => random.whole(0, COMMANDS - CLIENTS * 2))
    for (const moment of moments.sort((left, right) => left - right)) {
      await reached(() => finals.length >= moment, working)
      await pause(random.whole(0, 40))
      await server.kill('SIGKILL')
      server = await startServer(port)
    }
    await working
    expect((await server.kill('SIGTERM')).code).toBe(0)
    const released = await folio(['doctor', '--release-numbers', '--data', data])
    expect(released.code, released.stdout).toBe(0)

    const books = await folderBooks(data)
    expect(books.violations).toEqual([])
    expect(books.unexplainedNumbers).toEqual([])
    expect(finals.length).toBeGreaterThanOrEqual(COMMANDS)
    expectOnceInLog(finals, books)
    const retried = finals.filter(({ tries }) => tries > 1)
    if (KILLS > 3) {
      console.log(
        `${finals.length} commands, ${finals.filter(({ status }) => status === 200).length} accepted, ` +
          `${retried.length} of them asked more than once`,
      )
    }
    expect(retried.length).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)

async function startServer(port: number): Promise<Running> {
  const server = startFolio(['start', '--port', String(port), '--data', data])
  await server.said(/serves (http\S+)/)
  return server
}

async function reached(isSo: () => boolean, working: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const end = () => {
    over.abort()
  }
  void working.then(end, end)
  while (!isSo() && !over.signal.aborted) await pause(5)
}

type Worker = Readonly<{
  apiKey: string
  address: string
  random: ReturnType<typeof createRandom>
  finals: Final[]
}>

/** Credit notes, each refunded in parts until nothing is left and once more, which must be refused. */
async function work(client: number, { apiKey, address, random, finals }: Worker): Promise<void> {
  let count = 0
  const ask = async (command: string, body: object): Promise<Body> => {
    count += 1
    const key = `client-${client}-${count}`
    const final = await untilFinal({ apiKey, address, command, key, body: JSON.stringify(body) })
    finals.push(final)
    return final.body
  }
  while (finals.length < COMMANDS) {
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
function expectOnceInLog(finals: readonly Final[], { events }: Books): void {
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
