/** `GET /projections`: how each read model stands to the log (R5, O5). */
import { Router } from 'express'
import type { CellKind } from './list.js'
import { type NavigationItem, tablePage } from './page.js'
import { READ_PERMISSIONS, rolesAllowed } from './permissions.js'
import { allowed } from './principal.js'
import { wantsPage } from './problem-page.js'

/** Asked anew with every request. */
export type StatusOfProjections = () => Promise<
  readonly Readonly<{
    name: string
    version: number | null
    codeVersion: number
    build: number | null
    position: string | null
    events: string
    lag: Readonly<{ events: number; seconds: number }>
    holder: string | null
    error: string | null
  }>[]
>

const COLUMNS: readonly Readonly<{ key: string; label: string; kind: CellKind }>[] = [
  { key: 'name', label: 'Projection', kind: 'text' },
  { key: 'version', label: 'Version', kind: 'text' },
  { key: 'position', label: 'Position', kind: 'number' },
  { key: 'events', label: 'Events', kind: 'number' },
  { key: 'lagEvents', label: 'Behind (Events)', kind: 'number' },
  { key: 'lagSeconds', label: 'Behind (Seconds)', kind: 'number' },
  { key: 'holder', label: 'Advanced By', kind: 'text' },
  { key: 'error', label: 'Error', kind: 'text' },
]

export function projectionRoutes(
  projections: StatusOfProjections,
  navigation: readonly NavigationItem[],
): Router {
  const router = Router()
  const permission = allowed(rolesAllowed(READ_PERMISSIONS, '/projections'))
  router.get('/projections', permission, async (request, response) => {
    const states = await projections()
    const rows = states.map(({ lag, ...state }) => ({
      ...state,
      lagEvents: lag.events,
      lagSeconds: lag.seconds,
    }))
    if (wantsPage(request)) {
      const page = {
        title: 'Projections',
        path: '/projections',
        columns: COLUMNS,
        rows,
        summary: 'How each read model stands to the log.',
        links: [],
      }
      response.type('html').send(tablePage(page, navigation))
      return
    }
    const columns = COLUMNS.map(({ key, label }) => ({ key, label }))
    response.json({ columns, rows, total: rows.length, totalIsExact: true, next: null })
  })
  return router
}
