/** `GET /<list>` and `GET /<list>/{id}`: parse, wait where asked to, query, answer as JSON or as a page. */
import { type Request, type Response, Router } from 'express'
import type { z } from 'zod'
import { type ReadDatabase, ReadModelMissing, TOTAL_EXACT_MAX } from '../queries/list-page.js'
import { pageParameters } from '../queries/parameters.js'
import type { Cell, List } from './list.js'
import { documentPage, type NavigationItem, tablePage } from './page.js'
import { type Issue, sendProblem } from './problem.js'

export type WaitFor = (
  position: bigint,
  options: Readonly<{ timeoutMs: number; projections: readonly string[] }>,
) => Promise<Readonly<{ outcome: 'reached' } | { outcome: 'behind'; position: bigint | null }>>

export type ListSources = Readonly<{ db: ReadDatabase; waitFor: WaitFor }>

/** A read that names a position waits so long for it. */
const WAIT_TIMEOUT_MS = 5_000
const ID_LENGTH_MAX = 200

const documentParameters = pageParameters.pick({ minPosition: true })

export function listRoutes(
  list: List,
  sources: ListSources,
  navigation: readonly NavigationItem[],
): Router {
  const router = Router()
  router.get(list.path, async (request, response) => {
    const parameters = parseQuery(list.parameters, request, response)
    if (parameters === null) return
    if (!(await reached(list, sources, parameters.minPosition, response))) return
    await orMissing(response, () =>
      sendList(list, sources.db, { parameters, request, response, navigation }),
    )
  })
  const { find } = list
  if (find === undefined) return router
  router.get(`${list.path}/:id`, async (request, response) => {
    const parameters = parseQuery(documentParameters, request, response)
    if (parameters === null) return
    if (!(await reached(list, sources, parameters.minPosition, response))) return
    await orMissing(response, () =>
      sendDocument({ ...list, find }, sources.db, { request, response, navigation }),
    )
  })
  return router
}

type Asked = Readonly<{
  request: Request
  response: Response
  navigation: readonly NavigationItem[]
}>

async function sendList(
  list: List,
  db: ReadDatabase,
  {
    parameters,
    request,
    response,
    navigation,
  }: Asked & Readonly<{ parameters: z.infer<typeof pageParameters> }>,
): Promise<void> {
  const { rows, total, totalIsExact, next, position } = await list.page(db, parameters)
  const extra = (await list.extra?.(db, parameters)) ?? {}
  setPosition(response, position)
  if (request.accepts(['json', 'html']) === 'html') {
    const amount = totalIsExact ? `${total}` : `more than ${TOTAL_EXACT_MAX}`
    const page = tablePage(
      {
        title: list.title,
        path: list.path,
        columns: list.columns,
        rows,
        summary: `${amount} in all, ${rows.length} on this page, up to position ${position ?? 'none yet'} of the log.`,
        footer: footerOf(extra['totals']),
        links: pageLinks(request, next),
      },
      navigation,
    )
    response.type('html').send(page)
    return
  }
  const columns = list.columns.map(({ key, label }) => ({ key, label }))
  response.json({ columns, rows, total, totalIsExact, next, ...extra })
}

async function sendDocument(
  { title, find }: Pick<List, 'title'> & Required<Pick<List, 'find'>>,
  db: ReadDatabase,
  { request, response, navigation }: Asked,
): Promise<void> {
  const id = String(request.params['id'])
  const usable = id.length <= ID_LENGTH_MAX && id.isWellFormed() && !id.includes('\u0000')
  const { row, position } = usable ? await find(db, id) : { row: null, position: null }
  setPosition(response, position)
  if (row === null) {
    sendProblem(response, 'not_found', {
      detail: `There is no ${id.slice(0, ID_LENGTH_MAX)} among ${title}.`,
    })
    return
  }
  if (request.accepts(['json', 'html']) === 'html') {
    response.type('html').send(documentPage(title, row, navigation))
    return
  }
  response.json(row)
}

/** Every problem of the query string at once, each with its place; `null` when they were sent. */
function parseQuery<Parameters>(
  schema: z.ZodType<Parameters>,
  request: Request,
  response: Response,
): Parameters | null {
  const parsed = schema.safeParse(request.query)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.flatMap((issue): Issue[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointerTo([key]), detail: 'is not taken here' }))
      : [{ pointer: pointerTo(issue.path), detail: issue.message }],
  )
  sendProblem(response, 'malformed_query', { errors })
  return null
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

async function reached(
  { projection }: List,
  { waitFor }: ListSources,
  minPosition: bigint | undefined,
  response: Response,
): Promise<boolean> {
  if (minPosition === undefined) return true
  const waited = await waitFor(minPosition, {
    timeoutMs: WAIT_TIMEOUT_MS,
    projections: [projection],
  })
  if (waited.outcome === 'reached') return true
  response.set('Retry-After', '1')
  sendProblem(response, 'read_model_behind', {
    position: waited.position?.toString() ?? null,
    minPosition: minPosition.toString(),
  })
  return false
}

async function orMissing(response: Response, send: () => Promise<void>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof ReadModelMissing)) throw error
    sendProblem(response, 'read_model_missing', { detail: error.message })
  }
}

/** The rows hold at least everything up to here. */
function setPosition(response: Response, position: string | null): void {
  if (position !== null) response.set('Folio-Position', position)
}

function pageLinks(request: Request, next: string | null) {
  const query = new URLSearchParams(
    Object.entries(request.query).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    ),
  )
  const hrefWith = (after: string | null) => {
    const changed = new URLSearchParams(query)
    changed.delete('after')
    if (after !== null) changed.set('after', after)
    return changed.size === 0 ? request.path : `${request.path}?${changed.toString()}`
  }
  return [
    ...(query.has('after') ? [{ label: 'First page', href: hrefWith(null) }] : []),
    ...(next === null ? [] : [{ label: 'Next page', href: hrefWith(next) }]),
  ]
}

function footerOf(totals: unknown): readonly Readonly<Record<string, Cell>>[] {
  if (!Array.isArray(totals)) return []
  return (totals as readonly Readonly<Record<string, string>>[]).map((total) => ({
    ...total,
    account: `Total ${total['books'] ?? ''}`,
  }))
}
