/** Documents are folded from their folio alone, lists from the whole log: both must show the same (H4). */
import { expect, test } from 'vitest'
import { creditNoteList } from '../../projections/credit-note-list.js'
import { invoiceList } from '../../projections/invoice-list.js'
import { orderList } from '../../projections/order-list.js'
import { paymentList } from '../../projections/payment-list.js'
import { platformRefundList } from '../../projections/platform-refund-list.js'
import { prepaymentList } from '../../projections/prepayment-list.js'
import { shipmentList } from '../../projections/shipment-list.js'
import { syncTaskList } from '../../projections/sync-task-list.js'
import { project } from '../support/project.js'
import { sampleStory } from '../support/random-story.js'

// A person is forgotten on a stream of their own.
const story = sampleStory({ folios: 30, length: 3_000, seed: 7 }).filter(
  ({ stream }) => !stream.startsWith('subject-'),
)
const folios = new Set(
  story.map(({ stream }) => stream).filter((stream) => stream.startsWith('folio-')),
)
const factsOf = (folio: string) =>
  story.filter(({ stream }) => stream === folio).flatMap(({ facts }) => facts)

const TOLD_BY_FOLIOS = [
  ...[orderList, invoiceList, creditNoteList, paymentList, prepaymentList, shipmentList],
  ...[syncTaskList, platformRefundList],
]

test.each(TOLD_BY_FOLIOS.map((projection) => [projection.name, projection] as const))(
  '%s shows of every document what its folio tells',
  (_name, projection) => {
    const key = projection.table.key.at(-1) ?? ''
    const sorted = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      [...rows].sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1))
    const inFolios = [...folios].flatMap((folio) => project(projection, factsOf(folio)))
    const inAll = project(
      projection,
      story.flatMap(({ facts }) => facts),
    )
    expect(inAll.length).toBeGreaterThan(10)
    expect(sorted(inFolios)).toEqual(sorted(inAll))
  },
)
