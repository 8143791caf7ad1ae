import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import express from 'express'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import {
  BOOKS_COMMANDS,
  FOLIO_COMMANDS,
  INSTANCE_COMMANDS,
  SUBJECT_COMMANDS,
} from '../../commands/registry.js'
import {
  daySchema,
  decimalSchema,
  documentIdSchema,
  instantSchema,
  moneySchema,
  ratePercentSchema,
  slugSchema,
  text,
  uuidSchema,
} from '../../src/events/text.js'
import { apiPage } from '../../src/http/api-page.js'
import { LISTS } from '../../src/http/lists.js'
import { openApiDocument } from '../../src/http/openapi/document.js'
import { commandInputs } from '../../src/http/openapi/command-operations.js'
import { jsonSchemas } from '../../src/http/openapi/components.js'
import { PROBLEMS, REFUSAL_STATUS } from '../../src/http/problem.js'
import { serve, type Serving } from '../../src/http/serve.js'

const COMMANDS = [...BOOKS_COMMANDS, ...FOLIO_COMMANDS, ...INSTANCE_COMMANDS, ...SUBJECT_COMMANDS]
const STORES = [
  'PUT /instances/{id}/credentials',
  'DELETE /instances/{id}/credentials',
  'GET /instances/{id}/connection',
  'GET /credit-notes/{id}/refund-quote',
  'POST /webhooks/bigcommerce/{instance}',
]
const SYSTEM = ['/projections', '/health/live', '/health/ready', '/openapi.json']

/** What a test reads of the document is judged by its expectations. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any

const document: Json = JSON.parse(JSON.stringify(openApiDocument()))
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item as object).map(([method, operation]) => ({ path, method, operation })),
)

const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  keywords: ['components'],
})
addFormats.default(ajv)

/** A schema of the document, as one that can be asked. */
function validator(schema: object): ValidateFunction {
  return ajv.compile({ ...schema, components: document.components })
}

const shared = (name: string) => validator({ $ref: `#/components/schemas/${name}` })

test('it is an OpenAPI 3.1 document', async () => {
  const result = await new Validator({ strict: false }).validate(structuredClone(document))
  expect(result).toMatchObject({ valid: true })
  expect(document.openapi).toBe('3.1.1')
})

test('it is the same whenever it is made', () => {
  expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(document))
})

test('every schema in it compiles, and every reference leads somewhere', () => {
  const schemas = schemasIn({ ...document, components: { ...document.components, schemas: {} } })
  const named = Object.keys(document.components.schemas)
  for (const name of named) shared(name)
  for (const schema of schemas) validator(schema)
  expect(named.length).toBeGreaterThan(COMMANDS.length * 3)
  expect(schemas.length).toBeGreaterThan(100)
})

test('every command and every list is in it, and nothing else', () => {
  const commands = COMMANDS.map(({ name }) => `POST /commands/${name}`)
  const lists = LISTS.flatMap(({ path, find }) => [
    `GET ${path}`,
    ...(find === undefined ? [] : [`GET ${path}/{id}`]),
  ])
  const system = SYSTEM.map((path) => `GET ${path}`)
  expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
    [...commands, ...lists, ...STORES, ...system].sort(),
  )
})

test('every operation has a name of its own, a summary and a tag that is explained', () => {
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  const tags = document.tags.map(({ name }: { name: string }) => name)
  for (const { operation } of operations) {
    expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/)
    expect(operation.summary.length).toBeGreaterThan(3)
    expect(tags).toEqual(expect.arrayContaining(operation.tags))
  }
})

test('every query parameter is described', () => {
  const parameters = operations.flatMap(({ operation }) => operation.parameters)
  const queried = parameters.filter((parameter) => parameter.in === 'query')
  expect(queried.length).toBeGreaterThan(50)
  expect(queried.filter(({ description }) => description === undefined)).toEqual([])
})

test('every problem is in it, under its status, but for those that belong to no address', () => {
  const codes = new Map<string, number>()
  for (const { content } of Object.values<Json>(document.components.responses)) {
    const { status, code } = content['application/problem+json'].schema.allOf[1].properties
    for (const one of code.enum) codes.set(one, status.const)
  }
  const statuses = Object.entries({ ...PROBLEMS }).map(([code, { status }]) => [code, status])
  const all = { ...Object.fromEntries(statuses), ...REFUSAL_STATUS }
  const ofNoAddress = Object.entries(all).filter(([code]) => !codes.has(code))
  expect(Object.fromEntries(codes)).toEqual(
    Object.fromEntries(Object.entries(all).filter(([code]) => codes.has(code))),
  )
  expect(ofNoAddress.map(([code]) => code).sort()).toEqual([
    'expectation_not_met',
    'headers_too_large',
    'malformed_http',
    'method_not_allowed',
    'request_too_slow',
  ])
})

test('every schema that has a name is used', () => {
  const used = new Set(JSON.stringify(document).match(/#\/components\/schemas\/\w+/g))
  const named = Object.keys(document.components.schemas)
  expect(named.filter((name) => !used.has(`#/components/schemas/${name}`))).toEqual([])
})

test('a shared schema is the same for requests and answers', () => {
  const answers = jsonSchemas('output', {})
  expect(commandInputs()).toMatchObject(answers)
  expect(Object.keys(answers).length).toBeGreaterThan(15)
})

test.each(COMMANDS.map(({ name, input }) => ({ name, input })))(
  'the example of $name fits its schema, read either way',
  ({ name, input }) => {
    const { schema, example } =
      document.paths[`/commands/${name}`].post.requestBody.content['application/json']
    expect(input.safeParse(example).error?.issues).toBeUndefined()
    const fits = validator(schema)
    fits(example)
    expect(fits.errors).toBeNull()
    expect(fits({ ...example, surprise: 1 })).toBe(false)
  },
)

describe('the patterns take what the rules take, and hardly more', () => {
  const digits = (max: number) => fc.stringMatching(new RegExp(`^-?\\d{1,${max}}(\\.\\d{1,7})?$`))
  const near = fc.oneof(
    digits(17),
    digits(3),
    fc.constantFrom(
      '0',
      '-0',
      '00',
      '1.0',
      '-0.00',
      '-0.000',
      '-0.01',
      '-0.010',
      '-0.5',
      '.5',
      '1.',
      '1e3',
      '+1',
      '0x1f',
      'NaN',
      ' 1',
      '',
    ),
  )
  const currency = fc.constantFrom('GBP', 'JPY', 'KWD', 'gbp', 'GB', 'XXXX', '')
  const days = fc.oneof(
    fc.date({ noInvalidDate: true }).map((day) => day.toISOString().slice(0, 10)),
    fc.stringMatching(/^(18|19|20)\d\d-[01]\d-[0-3]\d$/),
  )
  const hex = fc.stringMatching(/^[0-9a-fA-F]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  const cases: readonly [string, z.ZodType, fc.Arbitrary<unknown>][] = [
    ['Decimal', decimalSchema, near],
    ['Percent', ratePercentSchema, near],
    ['Day', daySchema, days],
    ['Uuid', uuidSchema, fc.oneof(fc.uuid(), hex)],
    ['Slug', slugSchema, fc.stringMatching(/^[a-z0-9-]{0,61}$/)],
    [
      'DocumentId',
      documentIdSchema,
      fc.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[a-z]{1,4}\d{0,7}$/),
    ],
    ['Instant', instantSchema, fc.date({ noInvalidDate: true }).map((day) => day.toISOString())],
  ]

  test.each(cases)('%s: exactly', (name, schema, values) => {
    const fits = shared(name)
    fc.assert(
      fc.property(values, (value) => {
        expect(fits(value)).toBe(schema.safeParse(value).success)
      }),
      { numRuns: 2_000 },
    )
  })

  test('Money: whatever is money, and of what is none only the digits of another currency', () => {
    const fits = shared('Money')
    const money = fc.record({ amount: near, currency })
    fc.assert(
      fc.property(money, (value) => {
        const asAnother = ['GBP', 'JPY', 'KWD'].map((other) => ({ ...value, currency: other }))
        const isMoney = [value, ...asAnother].some((one) => moneySchema.safeParse(one).success)
        if (moneySchema.safeParse(value).success) expect(fits(value)).toBe(true)
        if (fits(value)) expect(isMoney).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  test('text: whatever is text, and of what is none only what JSON hardly carries', () => {
    const rule = text(20)
    const { $schema: _dialect, ...schema } = rule.toJSONSchema()
    const fits = validator(schema)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 22 }), (value) => {
        if (rule.safeParse(value).success) expect(fits(value)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
    expect(fits('a\u0000b')).toBe(false)
    expect(fits('')).toBe(false)
    expect(fits('a'.repeat(21))).toBe(false)
  })
})

describe('the page', () => {
  let server: Serving
  beforeAll(async () => {
    const app = express()
    app.use(apiPage())
    app.use((_request, response) => void response.status(404).send('not ours'))
    server = await serve({ app, port: 0 })
  })
  afterAll(() => server.close())
  const get = (path: string, init: RequestInit = {}) => fetch(`${server.address}${path}`, init)

  test('the description is served as it is', async () => {
    const response = await get('/openapi.json')
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toEqual(document)
  })

  test('all that the page loads is served from here, under a policy of its own', async () => {
    const page = await get('/docs')
    expect(page.url).toBe(`${server.address}/docs/`)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'",
    )
    expect(policy).toContain("connect-src 'self'")
    const html = await page.text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file)
    expect(files.length).toBeGreaterThanOrEqual(6)
    expect(html).not.toMatch(/<script(?! src=)/)
    for (const file of files) {
      expect(file).toMatch(/^\.\//)
      const response = await get(`/docs/${file}`)
      expect(response.status, file).toBe(200)
      expect(response.headers.get('content-security-policy')).toBe(policy)
    }
    const start = await (await get('/docs/swagger-ui-init.js')).text()
    expect(start).toContain('"swaggerUrl": "/openapi.json"')
    expect(start).toContain('"validatorUrl": null')
  })

  test.each(['/docs/index.html', '/docs/swagger-initializer.js', '/docs/package.json', '/docs/x'])(
    '%s is none of its files',
    async (path) => {
      expect(await (await get(path)).text()).toBe('not ours')
    },
  )

  test('it is only read', async () => {
    expect(await (await get('/docs/', { method: 'POST' })).text()).toBe('not ours')
  })
})

/** Every value of a member `schema`, wherever it stands. */
function schemasIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'schema' ? [member as object] : key === 'example' ? [] : schemasIn(member),
  )
}
