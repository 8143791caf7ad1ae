/** The interface of one store: its two versions, its lists, and what its replies mean. */
import { z } from 'zod'
import { type ExactJson, exactJsonText } from '../exact-json.js'
import type { ForPeople } from '../for-people.js'
import type { OrderLanes } from '../order-lanes.js'
import { compareDecimal } from '../../money/quantity.js'
import type { CallOptions, Failure, Read, SendOptions, Sent } from '../platform.js'
import type { StoreConnection } from '../store-connection.js'
import { type Reading, readOf, sentOf } from './answers.js'
import { listOf } from './wire.js'

export type Api = Readonly<{
  get: <Value>(path: string, reading: Reading<Value>, options: CallOptions) => Promise<Read<Value>>
  /** A question that has a body. */
  ask: <Value>(asked: Asked<Value>, options: CallOptions) => Promise<Read<Value>>
  /** Changes the order, after whatever else changes it here. */
  send: <Value>(
    asked: Asked<Value> & Readonly<{ order: string }>,
    options: SendOptions,
  ) => Promise<Sent<Value>>
  /** What a store said, for people. */
  words: ForPeople
}>

type Asked<Value> = Readonly<{
  method: 'POST' | 'PUT'
  path: string
  body: ExactJson
  reading: Reading<Value>
}>

export function apiOf(connection: StoreConnection, lanes: OrderLanes, words: ForPeople): Api {
  return {
    get: async (path, reading, options) =>
      readOf(await connection.ask({ method: 'GET', path, body: null }, options), reading, words),
    ask: async ({ method, path, body, reading }, options) =>
      readOf(
        await connection.ask({ method, path, body: exactJsonText(body) }, options),
        reading,
        words,
      ),
    send: ({ order, method, path, body, reading }, options) =>
      lanes(order, {
        options,
        begin: async () =>
          sentOf(
            await connection.send({ method, path, body: exactJsonText(body) }, options),
            reading,
            words,
          ),
        late: () => ({ outcome: 'not_sent', detail: 'another write on this order is under way' }),
      }),
    words,
  }
}

const PAGE_SIZE = 250
/** An order of five thousand lines; no list of an order is longer. */
const PAGES_MAX = 20

type Page<Item> = Readonly<{ items: readonly Item[]; isLast: boolean }>

/** All of a list of V2: bare, without a word on how long it is, and without content where it is empty. */
export function getList<Item>(
  api: Api,
  path: string,
  item: z.ZodType<Item>,
  options: CallOptions,
): Promise<Read<readonly Item[]>> {
  const list = listOf(item)
  const reading = (json: unknown): Page<Item> => {
    const items = list.parse(json)
    return { items, isLast: items.length < PAGE_SIZE }
  }
  return getPages(api, path, reading, options)
}

/** All of a list of V3: it stands in `data`, and says how many pages there are. */
export function getData<Item>(
  api: Api,
  path: string,
  item: z.ZodType<Item>,
  options: CallOptions,
): Promise<Read<readonly Item[]>> {
  const list = listOf(item)
  const reading = (json: unknown): Page<Item> => {
    const { data, meta } = listOfV3.parse(json) ?? {}
    const { current_page: page = '1', total_pages: pages = '1' } = meta?.pagination ?? {}
    return { items: list.parse(data ?? null), isLast: compareDecimal(page, pages) >= 0 }
  }
  return getPages(api, path, reading, options)
}

const wireCount = z.string().regex(/^\d{1,9}$/)
const listOfV3 = z
  .object({
    data: z.unknown(),
    meta: z
      .object({
        pagination: z
          .object({ current_page: wireCount.optional(), total_pages: wireCount.optional() })
          .optional(),
      })
      .optional()
      // An empty object is at times written as an empty list.
      .catch(undefined),
  })
  .nullable()

async function getPages<Item>(
  api: Api,
  path: string,
  reading: Reading<Page<Item>>,
  options: CallOptions,
): Promise<Read<readonly Item[]>> {
  const items: Item[] = []
  const mark = path.includes('?') ? '&' : '?'
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const read = await api.get(`${path}${mark}page=${page}&limit=${PAGE_SIZE}`, reading, options)
    if (read.outcome === 'failed') return read
    items.push(...read.value.items)
    if (read.value.isLast) return { outcome: 'read', value: items }
  }
  return failedRead('not_understood', `a list of more than ${PAGES_MAX} pages`)
}

/** What V3 answers with stands in `data`. */
export function dataOf<Value>(schema: z.ZodType<Value>): Reading<Value> {
  const answer = z.object({ data: z.unknown() })
  return (json) => schema.parse(answer.parse(json).data)
}

/** Something that the store was not asked, or that its answers did not come to. */
export function failedRead(
  reason: Failure['reason'],
  detail: string,
): Readonly<{ outcome: 'failed' } & Failure> {
  return { outcome: 'failed', reason, status: null, detail, retryAfterMs: null }
}
