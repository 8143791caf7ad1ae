/** `GET /<list>`: parse, wait where asked to, query, answer as JSON or as a page. */
import { type Request, Router } from 'express'
import type { z } from 'zod'
import { type ReadDatabase, TOTAL_EXACT_MAX } from '../queries/list-page.js'
import type { pageParameters } from '../queries/parameters.js'
import type { Cell, List } from './list.js'
import { type NavigationItem, tablePage } from './page.js'
import { wantsPage } from './problem-page.js'
import {
  type Asked,
  orMissing,
  parseQuery,
  reached,
  type ReadSources,
  setPosition,
} from './read-request.js'

export function listRoutes(
  list: List,
  sources: ReadSources,
  navigation: readonly NavigationItem[],
): Router {
  const router = Router()
  router.get(list.path, async (request, response) => {
    const asked = { request, response, navigation }
    const parameters = parseQuery(list.parameters, asked)
    if (parameters === null) return
    if (!(await reached(list.projection, parameters.minPosition, sources, response))) return
    await orMissing(response, () => sendList(list, sources.db, { ...asked, parameters }))
  })
  return router
}

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
  const found = await list.page(db, parameters)
  const { rows, total, totalIsExact, next, position } = found
  const extra = (await list.extra?.(db, parameters, found)) ?? {}
  setPosition(response, position)
  if (wantsPage(request)) {
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
