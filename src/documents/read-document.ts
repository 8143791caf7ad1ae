/**
 * A document as its folio tells it: its row of the list, folded from the folio's own events by the list's projection,
 * the journal entries that move it, and what can be asked of it now. One reading of one stream makes all of it, so it
 * is never behind, and the revision it names is exactly what it shows (H4).
 */
import type { FolioContext } from '../../commands/command.js'
import { folioOfDocument, folioStream } from '../../commands/document-id.js'
import {
  creditNoteActions,
  type OpenAction,
  orderActions,
  syncTaskActions,
} from '../../commands/open-actions.js'
import type { Clock } from '../../commands/ports.js'
import type { AnyRow, Projection } from '../../projections/projection.js'
import { evolveAnyFolio } from '../aggregates/evolve-folio.js'
import { booksOfFolio, type Folio, initialFolio } from '../aggregates/folio.js'
import type { Books } from '../aggregates/books.js'
import type { Instance, RegisteredInstance } from '../aggregates/instance.js'
import type { LedgerLog } from '../event-store/log.js'
import type { LedgerEvent } from '../events/ledger-event.js'
import type { Entry } from '../events/parts.js'
import { documentIdSchema } from '../events/text.js'
import { fold, planFold } from '../workers/fold-events.js'

/** A journal entry, and the event that made it. */
export type DocumentEntry = Readonly<{ event: string; revision: number; recordedAt: string }> &
  Entry

export type FolioDocument = Readonly<{
  row: AnyRow
  entries: readonly DocumentEntry[]
  /** What the document has beside its row of the list, by name. */
  parts: Readonly<Record<string, readonly unknown[]>>
  /** `null` for kinds of documents that say nothing of it. */
  actions: readonly OpenAction[] | null
  revision: number
  position: bigint
}>

/** `null`: there is no such document. */
export type ReadDocument = (projection: string, id: string) => Promise<FolioDocument | null>

type Sources = Readonly<{
  log: LedgerLog
  clock: Clock
  projections: readonly Projection[]
  readBooks: (slug: string) => Promise<Books>
  readInstance: (instance: string) => Promise<Instance>
}>

const ACTIONS: Readonly<Record<string, typeof orderActions>> = {
  order_list: orderActions,
  credit_note_list: creditNoteActions,
  sync_task_list: syncTaskActions,
}

/** By list: what a row cannot hold. */
const PARTS: Readonly<
  Record<string, (id: string, events: readonly LedgerEvent[]) => FolioDocument['parts']>
> = {
  shipment_list: shipmentParts,
}

export function createDocumentReader({
  log,
  clock,
  projections,
  readBooks,
  readInstance,
}: Sources): ReadDocument {
  const byName = new Map(projections.map((projection) => [projection.name, projection]))

  async function actionsOn(
    name: string,
    id: string,
    events: readonly LedgerEvent[],
  ): Promise<readonly OpenAction[] | null> {
    const actions = ACTIONS[name]
    if (actions === undefined) return null
    const folio = events.reduce(evolveAnyFolio, initialFolio)
    const books = await readBooks(booksOfFolio(folio) ?? '')
    if (books.status === 'absent') return null
    const today = clock.today(books.timeZone)
    const context: FolioContext = {
      folio,
      folioId: folioOfDocument(id),
      books,
      today,
      now: clock.now(),
      // What a role may not do is left out by whoever shows the actions.
      principal: '',
      role: 'administrator',
      instance: await instanceOf(folio),
      other: null,
    }
    return actions(id, context)
  }

  /** The store of the order; `null`: it has none, or none that is registered. */
  async function instanceOf({ order }: Folio): Promise<RegisteredInstance | null> {
    const platform = order.status === 'absent' ? null : order.platform
    if (platform === null) return null
    const instance = await readInstance(platform.instance)
    return instance.status === 'registered' ? instance : null
  }

  return async (name, id) => {
    const projection = byName.get(name)
    if (projection === undefined || !documentIdSchema.safeParse(ownPart(id)).success) return null
    const events = await log.read(folioStream(folioOfDocument(id)), 0)
    const row = rowOf(projection, id, events)
    const last = events.at(-1)
    if (row === undefined || last === undefined) return null
    return {
      row,
      entries: entriesOf(id, events),
      parts: PARTS[name]?.(id, events) ?? {},
      actions: await actionsOn(name, id, events),
      revision: last.revision,
      position: last.position,
    }
  }
}

/** What a store made has the id of its order and, behind a colon, the store's own name for it. */
function ownPart(id: string): string {
  const [own = ''] = id.split(':')
  return own
}

function shipmentParts(id: string, events: readonly LedgerEvent[]): FolioDocument['parts'] {
  const shipment = events.reduce(evolveAnyFolio, initialFolio).shipments.get(id)
  if (shipment === undefined || shipment.status === 'discarded') return {}
  const tracks = shipment.status === 'delivered' ? shipment.tracks : []
  return { lines: shipment.content.lines, tracks }
}

function rowOf(
  projection: Projection,
  id: string,
  events: readonly LedgerEvent[],
): AnyRow | undefined {
  const { written, failure } = fold(planFold(projection, events), new Map())
  if (failure !== null) throw failure.error
  const [key = ''] = projection.table.key
  return written.find((row) => row[key] === id)
}

/** Those that the document's own event made, and those with a posting that moves its balance. */
function entriesOf(id: string, events: readonly LedgerEvent[]): DocumentEntry[] {
  return events.flatMap((event) => {
    if (!('entry' in event.data)) return []
    const { entry } = event.data
    const moves = entry.postings.some(({ document }) => document === id)
    if (!moves && !madeBy(event).includes(id)) return []
    const { recordedAt } = event.metadata
    return [{ event: event.type, revision: event.revision, recordedAt, ...entry }]
  })
}

/** The document that an event with an entry makes. */
function madeBy({ type, data }: LedgerEvent): readonly string[] {
  if (type === 'PlatformRefundPaid') return [`${data.orderId}:${data.platformRefundId}`]
  if (type === 'PlatformRefundDeclined') {
    return [data.taskId, `${data.orderId}:${data.platformRefundId}`]
  }
  const own: Readonly<Record<string, unknown>> = data
  return [own['paymentId'] ?? own['creditNoteId'] ?? own['invoiceId']].filter(
    (value) => typeof value === 'string',
  )
}
