/** `GET /<list>/{id}`: a whole document, with its journal entries and, where there are some, what can be done with it. */
import { type Response, Router } from 'express'
import { pageParameters } from '../queries/parameters.js'
import type { DocumentEntry } from '../documents/read-document.js'
import type { ShipmentLine, Track } from '../events/shipment-events.js'
import { type ShownAction, shownAction } from './actions.js'
import { actionsTable, entriesTable, linesTable, tracksTable } from './document-tables.js'
import type { List } from './list.js'
import { documentPage, type NavigationItem } from './page.js'
import { principalOf } from './principal.js'
import { sendProblem } from './problem.js'
import { wantsPage } from './problem-page.js'
import {
  type Asked,
  orMissing,
  parseQuery,
  reached,
  type ReadSources,
  sendBehind,
  setPosition,
} from './read-request.js'

const ID_LENGTH_MAX = 200

export const documentParameters = pageParameters.pick({ minPosition: true })

export function documentRoutes(
  list: List,
  sources: ReadSources,
  navigation: readonly NavigationItem[],
): Router {
  const router = Router()
  if (list.find === undefined) return router
  router.get(`${list.path}/:id`, async (request, response) => {
    const asked = { request, response, navigation }
    const parameters = parseQuery(documentParameters, asked)
    if (parameters === null) return
    await orMissing(response, () => sendDocument(list, sources, parameters.minPosition, asked))
  })
  return router
}

async function sendDocument(
  list: List,
  sources: ReadSources,
  minPosition: bigint | undefined,
  { request, response, navigation }: Asked,
): Promise<void> {
  const id = String(request.params['id'])
  const isUsable = id.length <= ID_LENGTH_MAX && id.isWellFormed() && !id.includes('\u0000')
  const found = isUsable ? await find(list, id, { sources, minPosition, response }) : null
  if (found === 'answered') return
  if (found === null) {
    sendProblem(response, 'not_found', {
      detail: `There is no ${id.slice(0, ID_LENGTH_MAX)} among ${list.title}.`,
    })
    return
  }
  if (wantsPage(request)) {
    const { lines, tracks, entries, actions, ...members } = found
    const tables = [
      linesTable(lines),
      tracksTable(tracks),
      entriesTable(entries),
      actionsTable(actions),
    ].filter((table) => table !== null)
    response.type('html').send(documentPage(list.title, members, tables, navigation))
    return
  }
  response.json(found)
}

/** A row of the document's list; its journal entries and actions where its folio told it. */
type Members = Readonly<Record<string, unknown>> &
  Readonly<{
    lines?: readonly ShipmentLine[]
    tracks?: readonly Track[]
    entries?: readonly DocumentEntry[]
    actions?: readonly ShownAction[]
  }>

type Reading = Readonly<{
  sources: ReadSources
  minPosition: bigint | undefined
  response: Response
}>

async function find(
  list: List,
  id: string,
  reading: Reading,
): Promise<Members | null | 'answered'> {
  const { sources, minPosition, response } = reading
  if (list.find === undefined) return null
  if (list.find === 'in_folio') return findInFolio(list, id, reading)
  if (!(await reached(list.projection, minPosition, sources, response))) return 'answered'
  const { row, position } = await list.find(sources.db, id)
  setPosition(response, position)
  return row
}

/** A folio is read to its end, which is behind no position of the log that there is. */
async function findInFolio(
  { projection }: List,
  id: string,
  { sources: { head, readDocument }, minPosition, response }: Reading,
): Promise<Members | null | 'answered'> {
  if (minPosition !== undefined) {
    const position = await head()
    if (position === null || position < minPosition) {
      sendBehind(response, minPosition, position)
      return 'answered'
    }
  }
  const document = await readDocument(projection, id)
  if (document === null) return null
  const { actions, entries, parts, revision, position } = document
  const { sortKey: _sortKey, ...members } = document.row
  const { role } = principalOf(response)
  response.set('ETag', `"${revision}"`)
  setPosition(response, position.toString())
  return {
    ...members,
    ...parts,
    entries,
    ...(actions === null ? {} : { actions: actions.map((action) => shownAction(action, role)) }),
  }
}
