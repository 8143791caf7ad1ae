/** What workers ask the read model for: what is open to be told to stores, and which held refunds to look at again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  findPlatformRefund,
  heldRefundOrders,
  platformRefunds,
  platformRefundsParameters,
} from '../../src/queries/platform-refunds.js'
import { openAttempts, syncOrders } from '../../src/queries/sync-orders.js'
import { syncTasks, syncTasksParameters } from '../../src/queries/sync-tasks.js'
import {
  BOOKS_STREAM,
  booksOpened,
  creditNotePosted,
  folioStream,
  invoicePosted,
  INSTANCE,
  orderId,
  orderImported,
  storyLog,
} from '../support/ledger-story.js'
import { caughtUp, follow, type ReadSide, readSide } from '../support/read-side.js'
import {
  attemptFailed,
  attemptStarted,
  captureRequested,
  platformRefundRecorded,
  platformRefundRequested,
  platformRefundSeen,
  refundId,
  storeAccounts,
  syncTaskWithdrawn,
  taskId,
} from '../support/store-story.js'

const NOT_BEFORE = '2026-03-01T10:10:00.000Z'

let side: ReadSide

const sale = (folio: number) => [
  orderImported({ folio }),
  creditNotePosted({ folio, invoice: null, total: '60.00' }),
]

beforeAll(async () => {
  side = await readSide()
  const story = storyLog()
  await story.append(BOOKS_STREAM, ...booksOpened(), ...storeAccounts())
  const asked = (folio: number) => [
    ...sale(folio),
    platformRefundRequested({ folio, amount: '60.00' }),
  ]
  const tell = (folio: number, ...facts: Parameters<typeof story.append>[1][]) =>
    story.append(folioStream(folio), ...facts)
  // One of every state; the folios' numbers are the order in which they were asked for.
  await tell(1, ...asked(1))
  await tell(2, ...asked(2), attemptStarted({ folio: 2 }))
  await tell(
    3,
    ...asked(3),
    attemptStarted({ folio: 3 }),
    attemptFailed({ folio: 3, then: 'look' }),
  )
  await tell(4, ...asked(4), attemptFailed({ folio: 4, then: 'person', attempt: null }))
  await tell(5, ...asked(5), attemptFailed({ folio: 5, then: 'end', attempt: null }))
  const captures = [captureRequested({ folio: 6 }), syncTaskWithdrawn({ folio: 6, note: null })]
  await tell(6, ...sale(6), ...captures, captureRequested({ folio: 6, task: 2 }))
  await tell(
    7,
    ...asked(7),
    attemptStarted({ folio: 7 }),
    attemptFailed({ folio: 7, then: 'again', notBefore: NOT_BEFORE }),
  )
  // Refunds at the store, for each reason to be held that matters, and for one that does not pass by itself.
  const online = '60.00'
  await tell(8, ...sale(8), platformRefundSeen({ folio: 8, online, held: 'task_open' }))
  await tell(
    9,
    ...sale(9),
    platformRefundSeen({ folio: 9, online, held: 'note_drafted' }),
    platformRefundSeen({ folio: 9, refund: 2, online, held: 'no_account' }),
  )
  await tell(10, ...sale(10), platformRefundSeen({ folio: 10, online, held: 'several_notes' }))
  await tell(
    11,
    ...sale(11),
    platformRefundSeen({ folio: 11, offline: online, held: 'task_open' }),
    platformRefundRecorded({ folio: 11, offline: online }),
  )
  const held = 'no_invoice'
  await tell(12, orderImported({ folio: 12 }), platformRefundSeen({ folio: 12, online, held }))
  await tell(
    13,
    orderImported({ folio: 13 }),
    platformRefundSeen({ folio: 13, online, held }),
    invoicePosted({ folio: 13, order: 'imported' }),
  )
  const worker = follow(side.db, story)
  await caughtUp(side.db, story)
  await worker.stop()
})
afterAll(async () => {
  await side.drop()
})

const tasks = async (query: Record<string, string>) =>
  (await syncTasks(side.db, syncTasksParameters.parse(query))).rows.map((row) => row.taskId)

test('the tasks are listed by state, kind, order and store, the newest first', async () => {
  expect(await tasks({})).toHaveLength(8)
  expect(await tasks({ state: 'Waits for a person' })).toEqual([taskId(4)])
  expect(await tasks({ state: 'Withdrawn', kind: 'Mark as paid' })).toEqual([taskId(6)])
  expect(await tasks({ orderId: orderId(6) })).toEqual([taskId(6, 2), taskId(6)])
  expect(await tasks({ instance: INSTANCE, kind: 'Refund', state: 'Refused' })).toEqual([taskId(5)])
  expect(await tasks({ instance: '00000000-0000-4000-8000-000000000000' })).toEqual([])
  expect(await tasks({ limit: '3' })).toEqual([taskId(7), taskId(6, 2), taskId(6)])
})

test('orders are looked after when something is due there or a lane may be open, the first asked for first', async () => {
  const at = async (now: string) => (await syncOrders(side.db, now)).map(({ orderId: id }) => id)
  expect(await at('2026-03-01T10:02:31.999Z')).toEqual([orderId(1), orderId(6)])
  const open = [orderId(1), orderId(2), orderId(3), orderId(6)]
  expect(await at('2026-03-01T10:02:32.000Z')).toEqual(open)
  expect(await at(NOT_BEFORE)).toEqual([...open, orderId(7)])
  const [first] = await syncOrders(side.db, NOT_BEFORE)
  expect(first).toEqual({ orderId: orderId(1), instance: INSTANCE, platformOrderId: '1' })
})

test('of attempts, those are named that may be on their way', async () => {
  const open = await openAttempts(side.db)
  expect([...open].sort((a, b) => a.taskId.localeCompare(b.taskId))).toEqual([
    { taskId: taskId(2), attempts: 1 },
    { taskId: taskId(3), attempts: 1 },
  ])
})

test('the refunds that wait are the differences, each with its reason', async () => {
  const asked = (query: Record<string, string>) =>
    platformRefunds(side.db, platformRefundsParameters.parse(query))
  expect(await asked({ status: 'Held' })).toMatchObject({ total: 6 })
  const { rows } = await asked({ held: 'several_notes' })
  expect(rows).toMatchObject([{ orderId: orderId(10), amount: '60.00' }])
  expect((await asked({ status: 'Recorded' })).rows).toMatchObject([
    { platformRefundId: refundId(11), toBePaid: '60.00' },
  ])
  expect((await asked({ orderId: orderId(9), instance: INSTANCE })).rows).toHaveLength(2)
})

test('one of them is found by its store and the store’s own id', async () => {
  const key = { instance: INSTANCE, platformRefundId: refundId(9, 2) }
  expect((await findPlatformRefund(side.db, key)).row).toMatchObject({ held: 'no_account' })
  const other = { ...key, platformRefundId: 'nobody' }
  expect((await findPlatformRefund(side.db, other)).row).toBeNull()
})

test('the orders worth another look are those whose refunds may be placed by themselves, each once', async () => {
  expect(await heldRefundOrders(side.db)).toEqual(
    [8, 9, 13].map((folio) => ({
      instance: INSTANCE,
      platformOrderId: `${folio}`,
      orderId: orderId(folio),
    })),
  )
})
