/**
 * Requests made from the OpenAPI document, `FOLIO_REQUESTS` of them, valid ones and broken ones: whatever comes, the
 * answer is one that the document describes and fits its schema, none is a 500, and what is refused leaves no trace.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApiDocument } from '../../src/http/openapi/document.js'
import { readBooks } from '../cli/books.js'
import { anyValueOf, resolved } from '../openapi/any-value.js'
import { brokenBody } from '../openapi/broken.js'
import { createRandom } from '../properties/random.js'
import { testDatabase, type TestDatabase } from '../support/postgres.js'
import { type Json, servedLedger, type ServedLedger } from '../support/served-ledger.js'

const REQUESTS = Number.parseInt(process.env['FOLIO_REQUESTS'] ?? '1500', 10)
const SEED = Number.parseInt(process.env['FOLIO_SEED'] ?? '20261122', 10)
const TIMEOUT_MS = 120_000 + REQUESTS * 60
/** Known ids are asked for again and again, so that commands meet documents in all states. */
const POOL_MAX = 60

const document: Json = openApiDocument()
const random = createRandom(SEED)
const ids: string[] = ['3f0c2a58-5a4f-5c1e-9d6e-0d7c1f6f2b11-i1']

let database: TestDatabase
let served: ServedLedger

beforeAll(async () => {
  database = await testDatabase()
  served = await servedLedger(database)
})
afterAll(async () => {
  await served.stop()
  await database.drop()
})

const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  allowUnionTypes: true,
  keywords: ['components'],
})
addFormats.default(ajv)
const validators = new Map<string, ValidateFunction>()

type Sent = Readonly<{
  operation: Json
  method: string
  path: string
  url: string
  init: Omit<RequestInit, 'body'> & { body?: string }
}>

test(
  `${REQUESTS} generated requests are answered as the document says (seed ${SEED})`,
  async () => {
    const counts = new Map<string, number>()
    for (let count = 0; count < REQUESTS; count += 1) {
      const sent = random.chance(0.8) ? command() : read()
      const head = (await served.ledger.store.head()) ?? 0n
      const response = await fetch(`${served.address}${sent.url}`, sent.init)
      const text = await response.text()
      const where = `${sent.method} ${sent.url} ${sent.init.body?.slice(0, 2_000) ?? ''} → ${response.status} ${text.slice(0, 2_000)}`
      if (response.status >= 500) console.log(await standOfProjections())
      expect(response.status, where).toBeLessThan(500)
      const body = expectDescribed(sent, response, text, where)
      if (response.status === 200) collectIds(body)
      else await expectNothingAppended(head, where)
      const outcome = `${response.status} ${body?.code ?? ''}`
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    if (REQUESTS > 1_500) console.log(JSON.stringify(Object.fromEntries([...counts].sort())))
    for (const status of ['200', '400', '409', '422'])
      expect([...counts.keys()].some((outcome) => outcome.startsWith(status))).toBe(true)
    await served.stop()
    const { violations } = await readBooks(database.connectionString, served.masterKey)
    expect(violations).toEqual([])
  },
  TIMEOUT_MS,
)

/** Which kinds of documents a member names, by the letters of their ids. */
const DOCUMENT_KINDS: Readonly<Record<string, RegExp>> = {
  orderId: /-o\d+$/,
  invoiceId: /-i\d+$/,
  creditNoteId: /-c\d+$/,
  paymentId: /-p\d+$/,
  documentId: /-(?:c|ovp)\d+$/,
  document: /-[ic]\d+$/,
  taskId: /-t\d+$/,
}

const OPERATIONS = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
  Object.entries<Json>(item).map(([method, operation]) => ({ path, method, operation })),
)
const COMMANDS = OPERATIONS.filter(
  ({ method, path }) => method === 'post' && path.startsWith('/commands/'),
)
const READS = OPERATIONS.filter(({ method }) => method === 'get')

const GENERATED = new Map(
  COMMANDS.map(({ path, operation }) => [
    path,
    anyValueOf(operation.requestBody.content['application/json'].schema, document, {
      membersNamed,
      sharedNamed,
    }),
  ]),
)

/** Names that the ledger knows, so that most requests come further than the first rule. */
function membersNamed(name: string): fc.Arbitrary<unknown> | null {
  const kind = DOCUMENT_KINDS[name]
  if (kind !== undefined) {
    return fc.nat().map((index) => {
      const known = ids.filter((id) => kind.test(id))
      return known[index % Math.max(known.length, 1)] ?? ids[0]
    })
  }
  if (name === 'books') return fc.constant('main')
  if (name === 'account') return fc.constantFrom('bank', 'cash', 'cheques', 'sales', 'gateway-x')
  if (name === 'currency') return fc.constantFrom('GBP', 'GBP', 'GBP', 'GBP', 'EUR')
  if (/[dD]ate$|On$/.test(name)) return fc.constantFrom('2026-11-01', '2026-11-22', '2026-11-21')
  if (name === 'unitPrice') return fc.constantFrom('10', '9.99', '0.005', '120.50', '-3', '99999')
  if (name === 'quantity') return fc.constantFrom('1', '2', '0.5', '-1', '3.000')
  if (name === 'ratePercent') return fc.constantFrom('0', '20', '17.5', '5')
  if (name === 'direction') return fc.constantFrom('out', 'out', 'out', 'in')
  return null
}

function sharedNamed(name: string): fc.Arbitrary<unknown> | null {
  if (name !== 'Money') return null
  const amount = fc.constantFrom('1.00', '0.01', '10.00', '99.99', '240.00', '0.00', '-1.00')
  return amount.map((value) => ({ amount: value, currency: 'GBP' }))
}

function sampled<Value>(arbitrary: fc.Arbitrary<Value>): Value {
  const [value] = fc.sample(arbitrary, { numRuns: 1, seed: random.whole(0, 2 ** 30) })
  return value as Value
}

function command(): Sent {
  const { path, method, operation } = random.pick(COMMANDS)
  const value = sampled(GENERATED.get(path) ?? fc.constant({}))
  const body = random.chance(0.7) ? JSON.stringify(value) : sampled(brokenBody(value))
  const key = random.chance(0.9)
    ? `key-${random.whole(0, REQUESTS * 2)}`
    : random.pick(['', 'ü', 'a b'])
  const headers: Record<string, string> = {
    authorization: `Bearer ${random.chance(0.95) ? served.keys.administrator : random.pick(Object.values(served.keys))}`,
    'content-type': random.chance(0.95)
      ? 'application/json'
      : random.pick(['text/plain', 'application/json; charset=utf-7', 'application/xml']),
    ...(random.chance(0.97) ? { 'idempotency-key': encodeURI(key) === key ? key : 'a b' } : {}),
    ...(random.chance(0.1) ? { 'if-match': random.pick(['"0"', '"1"', '*', 'W/"1"', '7']) } : {}),
  }
  return { operation, method, path, url: path, init: { method: 'POST', headers, body } }
}

function read(): Sent {
  const { path, method, operation } = random.pick(READS)
  const id = random.chance(0.8)
    ? random.pick(ids)
    : random.pick(['%00', 'x', 'ä', 'main:bank', 'cash'])
  const query = new URLSearchParams()
  for (const parameter of operation.parameters ?? []) {
    const {
      name,
      in: place,
      schema,
    } = parameter.$ref === undefined ? parameter : resolved(parameter.$ref, document)
    if (place !== 'query' || name === 'minPosition' || random.chance(0.7)) continue
    query.set(
      name,
      random.chance(0.7)
        ? String(
            sampled(
              anyValueOf(schema, document, { membersNamed: () => null, sharedNamed: () => null }),
            ),
          )
        : random.pick(['', '0', '-1', '%00', 'nonsense', '\u0000', '9'.repeat(30)]),
    )
  }
  const concrete = path.replaceAll(/\{[^}]+\}/g, id)
  const url = query.size === 0 ? concrete : `${concrete}?${query.toString()}`
  const authorization = `Bearer ${served.keys.administrator}`
  const headers = { authorization, accept: 'application/json' }
  return { operation, method, path, url, init: { headers, redirect: 'manual' } }
}

/** The status stands in the description of the operation, and the body fits what it says there. */
function expectDescribed(
  { operation, path, method }: Sent,
  response: Response,
  text: string,
  where: string,
): Json {
  const named = operation.responses[String(response.status)]
  expect(named, where).toBeDefined()
  const description = named.$ref === undefined ? named : resolved(named.$ref, document)
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  if (response.status >= 400) expect(type, where).toBe('application/problem+json')
  if (!type.endsWith('json')) return null
  const body: Json = JSON.parse(text)
  const name = `${method} ${path} ${response.status}`
  const validate =
    validators.get(name) ??
    ajv.compile({ ...description.content[type].schema, components: document.components })
  validators.set(name, validate)
  expect(validate(body) ? null : validate.errors, where).toBeNull()
  return body
}

/** A number that was taken for what a limit refused in the end is explained in its series; nothing else may be new. */
async function expectNothingAppended(head: bigint, where: string): Promise<void> {
  const later = await served.ledger.store.readAll({ after: head === 0n ? null : head, limit: 100 })
  expect(
    later.filter(({ stream }) => !stream.startsWith('series-')).map(({ stream }) => stream),
    where,
  ).toEqual([])
}

/** Why one of them stands still, for whoever has to find out. */
async function standOfProjections(): Promise<string> {
  const headers = { authorization: `Bearer ${served.keys.administrator}` }
  return (await fetch(`${served.address}/projections`, { headers })).text()
}

function collectIds(value: unknown): void {
  if (typeof value === 'string' && /^[0-9a-f-]{36}-[a-z]{1,3}\d+$/.test(value)) {
    if (!ids.includes(value)) ids.unshift(value)
    ids.length = Math.min(ids.length, POOL_MAX)
  } else if (value !== null && typeof value === 'object') Object.values(value).forEach(collectIds)
}
