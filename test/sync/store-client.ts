/** Asks a ledger that may be killed at any moment: the same key again and again, until there is a final answer. */
import { setTimeout as pause } from 'node:timers/promises'

export type Answer = Readonly<{ status: number; body: Record<string, unknown> }>

export type RetryingClient = Readonly<{
  command: (name: string, body: unknown, key: string) => Promise<Answer>
  must: (name: string, body: unknown, key: string) => Promise<Record<string, unknown>>
  get: (path: string) => Promise<Answer>
  put: (path: string, body: unknown) => Promise<Answer>
}>

const TRIES_MAX = 600
const RETRY_MS = 100
const TIMEOUT_MS = 20_000
const AGAIN: ReadonlySet<number> = new Set([409, 429, 502, 503, 504])

/** `now`: where the ledger is at the moment. */
export function retryingClient(
  now: () => Readonly<{ address: string; key: string }>,
): RetryingClient {
  async function ask(path: string, init: RequestInit): Promise<Answer> {
    let last = ''
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const { address, key } = now()
      try {
        const response = await fetch(`${address}${path}`, {
          ...init,
          headers: { authorization: `Bearer ${key}`, ...(init.headers as object) },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
        const text = await response.text()
        const { status } = response
        const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
        const isRefusal = status === 409 && !/in_flight|busy/.test(text)
        if (!AGAIN.has(status) || isRefusal) return { status, body }
        last = `${status} ${text}`
      } catch (error) {
        last = String(error)
      }
      await pause(RETRY_MS)
    }
    throw new Error(`${path} had no final answer: ${last}`)
  }
  const post = (name: string, body: unknown, key: string) =>
    ask(`/commands/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    })
  return {
    command: post,
    must: async (name, body, key) => {
      const { status, body: answer } = await post(name, body, key)
      if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(answer)}`)
      return answer['answer'] as Record<string, unknown>
    },
    get: (path) => ask(path, { method: 'GET', headers: { accept: 'application/json' } }),
    put: (path, body) =>
      ask(path, {
        method: 'PUT',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
  }
}

/** So many at once, in order. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, item] of queue) await work(item, index)
    }),
  )
}
