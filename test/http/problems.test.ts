import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { type Response } from 'express'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { type Refusal, REFUSAL_TITLES, type RefusalCode } from '../../commands/refusal.js'
import { problemCatalogue } from '../../scripts/problem-catalogue.js'
import {
  type ProblemCode,
  type ProblemHead,
  problemHead,
  PROBLEMS,
  REFUSAL_STATUS,
  type RefusalMember,
  sendProblem,
  sendRefusal,
} from '../../src/http/problem.js'
import {
  explainedProblem,
  PROBLEM_EXPLANATIONS,
  PROBLEM_GROUPS,
  REFUSAL_EXPLANATIONS,
} from '../../src/http/problem-explanations.js'
import { problemRoutes } from '../../src/http/problem-routes.js'
import { serve, type Serving } from '../../src/http/serve.js'

const REFUSAL_CODES = Object.keys(REFUSAL_TITLES) as RefusalCode[]
const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[]
const CODES = [...REFUSAL_CODES, ...PROBLEM_CODES]
const DOCS = join(import.meta.dirname, '..', '..', 'docs', 'problems.md')
const JSON_ASKED = { accept: 'application/json' }
const PAGE_ASKED = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let server: Serving
/** What the next request to /answer is answered with. */
let answer: (response: Response) => void

beforeAll(async () => {
  const app = express()
  app.use(problemRoutes([{ path: '/invoices', title: 'Invoices' }]))
  app.get('/answer', (_request, response) => answer(response))
  server = await serve({ app, port: 0 })
})
afterAll(() => server.close())

describe.each(CODES)('%s', (code) => {
  test('has a status, a title and an explanation of two sentences or more', () => {
    const { status, title, type } = problemHead(code)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(type).toBe(`/problems/${code}`)
    const { rule, next, members } = explainedProblem(code) ?? expect.fail('is not explained')
    expect(sentencesOf(`${rule} ${next}`)).toBeGreaterThanOrEqual(2)
    for (const text of [rule, next, ...Object.values(members)]) expect(text).toMatch(/^[A-Z`].*\.$/)
  })

  test('has a page for people and one for programs at its own address', async () => {
    const head = problemHead(code)
    const page = await fetch(`${server.address}${head.type}`, { headers: PAGE_ASKED })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const html = await page.text()
    expect(html).toContain(`<code>${code}</code>, status ${head.status}`)
    expect(html).toContain('<h2>What to Do</h2>')
    const json = await fetch(`${server.address}${head.type}`, { headers: JSON_ASKED })
    expect(json.status).toBe(200)
    expect(await json.json()).toMatchObject({ ...head, next: explainedProblem(code)?.next })
  })
})

test('there is no explanation without a problem', () => {
  expect(Object.keys(REFUSAL_EXPLANATIONS).toSorted()).toEqual(REFUSAL_CODES.toSorted())
  expect(Object.keys(PROBLEM_EXPLANATIONS).toSorted()).toEqual(PROBLEM_CODES.toSorted())
  expect(Object.keys(REFUSAL_STATUS).toSorted()).toEqual(REFUSAL_CODES.toSorted())
  expect(PROBLEM_GROUPS.flatMap(({ problems }) => problems)).toHaveLength(CODES.length)
  expect(new Set(CODES).size).toBe(CODES.length)
})

test('docs/problems.md is what the code says; `npm run problems:catalogue` writes it anew', () => {
  expect(readFileSync(DOCS, 'utf8')).toBe(problemCatalogue())
})

test('docs/problems.md has one section and one row a problem, and none beside', () => {
  const text = readFileSync(DOCS, 'utf8')
  const sections = [...text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)
  expect(sections.toSorted()).toEqual(CODES.toSorted())
  const rows = [...text.matchAll(/^\| \[`(\w+)`\]\(#\1\) \| (\d+) \| (yes|no) \| (.*) \|$/gm)]
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    PROBLEM_GROUPS.flatMap(({ problems }) => problems).map(({ code, status, retryable, title }) => [
      code,
      `${status}`,
      retryable ? 'yes' : 'no',
      title,
    ]),
  )
})

test('the index lists them all, with the rule for the status', async () => {
  const json = await fetch(`${server.address}/problems`, { headers: JSON_ASKED })
  const index = (await json.json()) as { problems: ProblemHead[]; statusRule: object }
  expect(index.problems.map(({ code }) => code).toSorted()).toEqual(CODES.toSorted())
  expect(Object.keys(index.statusRule)).toEqual(['409', '412', '422'])
  const html = await (await fetch(`${server.address}/problems`, { headers: PAGE_ASKED })).text()
  for (const code of CODES) expect(html).toContain(`<a href="/problems/${code}">`)
})

test.each(['no_such_problem', '__proto__', 'constructor', '%3Cscript%3E'])(
  'there is no problem %s',
  async (code) => {
    const json = await fetch(`${server.address}/problems/${code}`, { headers: JSON_ASKED })
    expect(json.status).toBe(404)
    expect(json.headers.get('content-type')).toContain('application/problem+json')
    expect(await json.json()).toMatchObject({ type: '/problems/not_found', code: 'not_found' })
    const page = await fetch(`${server.address}/problems/${code}`, { headers: PAGE_ASKED })
    expect(page.status).toBe(404)
    expect(await page.text()).not.toContain('<script')
  },
)

test('a refusal is answered by its own status with its figures', async () => {
  const remaining = { amount: '40.00', currency: 'GBP' }
  const requested = { amount: '40.01', currency: 'GBP' }
  answer = (response) =>
    sendRefusal(response, { code: 'refund_exceeds_remaining_credit', remaining, requested })
  const { response, body } = await ask()
  expect(response.status).toBe(409)
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(response.headers.get('retry-after')).toBeNull()
  expect(body).toEqual({
    type: '/problems/refund_exceeds_remaining_credit',
    title: 'Amount refunded exceeds the remaining credit',
    status: 409,
    code: 'refund_exceeds_remaining_credit',
    retryable: false,
    remaining,
    requested,
  })
})

test.each<[Refusal, object]>([
  [
    { code: 'document_not_draft', document: 'd', status: 'posted' },
    { status: 409, type: '/problems/document_not_draft', documentStatus: 'posted' },
  ],
  [
    { code: 'outstanding_accounts_only_for_bank', account: 'till', type: 'cash' },
    { status: 422, type: '/problems/outstanding_accounts_only_for_bank', accountType: 'cash' },
  ],
])('a figure takes no place that every problem has for itself: %o', async (refusal, members) => {
  answer = (response) => sendRefusal(response, refusal)
  const { response, body } = await ask()
  expect(body).toMatchObject(members)
  expect(response.status).toBe((members as ProblemHead).status)
})

test('what a problem is sent with does not overwrite what it says of itself', async () => {
  answer = (response) =>
    sendProblem(response, 'not_found', { code: 'x', status: 200, type: 'x', detail: 'Not here.' })
  const { response, body } = await ask()
  expect(response.status).toBe(404)
  expect(body).toEqual({ ...problemHead('not_found'), detail: 'Not here.' })
})

test.each<[RefusalCode | ProblemCode]>([
  ['idempotency_key_in_flight'],
  ['folio_busy'],
  ['rate_limited'],
  ['too_many_commands'],
  ['storage_unavailable'],
  ['outcome_unknown'],
  ['read_model_behind'],
  ['read_model_missing'],
  ['request_too_slow'],
])('%s may be asked again unchanged', (code) => {
  expect(problemHead(code).retryable).toBe(true)
})

test('ten are: everything else is answered the same until something changes', () => {
  expect(CODES.filter((code) => problemHead(code).retryable)).toHaveLength(10)
})

test('whoever may ask again is told when, unless the answer says otherwise already', async () => {
  answer = (response) => sendRefusal(response, { code: 'folio_busy', attempts: 20 })
  const busy = await ask()
  expect(busy.response.status).toBe(409)
  expect(busy.response.headers.get('retry-after')).toBe('1')
  expect(busy.body).toMatchObject({ retryable: true, attempts: 20 })
  answer = (response) => {
    response.set('Retry-After', '30')
    sendProblem(response, 'rate_limited')
  }
  expect((await ask()).response.headers.get('retry-after')).toBe('30')
})

test('412 is for If-Match alone', () => {
  expect(REFUSAL_CODES.filter((code) => REFUSAL_STATUS[code] === 412)).toEqual(['revision_differs'])
})

test('no figure and no code means two things (the compiler says so)', () => {
  type Reserved = keyof ProblemHead | 'detail' | 'errors' | 'instance'
  expectTypeOf<Extract<RefusalMember<RefusalCode>, Reserved>>().toBeNever()
  expectTypeOf<Extract<RefusalCode, ProblemCode>>().toBeNever()
  expectTypeOf<RefusalMember<'document_not_draft'>>().toEqualTypeOf<'document' | 'documentStatus'>()
  expectTypeOf<RefusalMember<'total_zero'>>().toBeNever()
})

async function ask() {
  const response = await fetch(`${server.address}/answer`)
  return { response, body: (await response.json()) as Record<string, unknown> }
}

function sentencesOf(text: string): number {
  return text.match(/[.:](?= |$)/g)?.length ?? 0
}
