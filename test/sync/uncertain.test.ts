/** What the store has could be ours, and could be somebody else’s: nothing is sent again before a person has said so (B7, S3). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, openBench } from './bench.js'
import { eventually } from './eventually.js'
import { balanceIn, eventsOf, noteOf, refundsByTask, trialBalance } from './figures.js'
import { capturesOf, MARKS_PAID, offlineSale, pay } from './offline-sale.js'
import {
  credited,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  sell,
  settled,
  type Shop,
  TOKEN,
} from './shop.js'

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'doubts' })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

const control = () => bench.simulator.control

/** Ours got no answer and was not made; somebody at the store has given back as much, without a word of ours. */
async function inDoubt() {
  const sale = await invoiced(await sell(shop))
  const note = await credited(sale, ONE_PIECE)
  const fault = { kind: 'error_before', status: 502, on: 'refunds', times: 1 } as const
  await control().setFaults([{ ...fault, orders: [sale.order] }])
  const taskId = await givenBack(bench, note)
  await eventually(
    () => eventsOf(sale, 'AttemptFailed'),
    (failures) => failures.length === 1,
  )
  const { id } = await control().refundAtStore({
    ...{ store: shop.hash, order: sale.order },
    request: {
      items: [{ item_type: 'ORDER', item_id: sale.order, amount: 60, reason: 'By phone' }],
      payments: [{ provider_id: 'braintree', amount: 60, offline: false }],
    },
  })
  const task = await settled(bench, taskId)
  expect(task).toMatchObject({
    ...{ state: 'Waits for a person', setback: 'uncertain', candidates: [`${id}`], attempts: 1 },
  })
  expect(await noteOf(bench, note)).toMatchObject({ available: '0.00', platformRefundId: null })
  await sale.pull()
  expect(await eventsOf(sale, 'PlatformRefundSeen')).toMatchObject([{ held: 'task_open' }])
  return { sale, note, taskId, remoteId: `${id}`, id }
}

describe('a refund', () => {
  test('it is ours: adopted, and booked once', async () => {
    const { sale, note, taskId, remoteId } = await inDoubt()
    const reason = 'Made by hand for this note'
    // An id proves nothing: only what was read at the store can be adopted.
    const wrong = await bench.client.command('adopt-remote', { taskId, remoteId: '999', reason })
    expect(wrong.body).toMatchObject({ code: 'platform_refund_not_seen', seen: [remoteId] })
    await bench.client.must('adopt-remote', { taskId, remoteId, reason })
    expect(await settled(bench, taskId)).toMatchObject({ state: 'Done', remoteId, reason })
    expect(await noteOf(bench, note)).toMatchObject({ platformRefundId: remoteId })
    await sale.pull()
    expect((await sale.truth()).refunds).toHaveLength(1)
    expect(await eventsOf(sale, 'PlatformRefundPaid')).toHaveLength(1)
    expect(await balanceIn(sale, 'gateway-braintree')).toBe(7_200)
  })

  test('it is not: tried again ours is made, too, and each is booked on a note of its own', async () => {
    const { sale, note, taskId, remoteId, id } = await inDoubt()
    await bench.client.must('retry-sync', { taskId, reason: 'That one was for something else' })
    expect(await settled(bench, taskId)).toMatchObject({ state: 'Done', attempts: 2 })
    const [ours = expect.fail()] = (await refundsByTask(shop))[taskId] ?? []
    expect(ours).not.toBe(id)
    await eventually(
      () => eventsOf(sale, 'PlatformRefundRecorded'),
      (recorded) => recorded.length === 2,
    )
    expect(await noteOf(bench, note)).toMatchObject({ platformRefundId: `${ours}` })
    const recorded = await eventsOf(sale, 'PlatformRefundRecorded')
    const theirs = recorded.find((one) => one.platformRefundId === remoteId)
    expect(theirs).toMatchObject({ taskId: null, knownBy: 'pull' })
    expect(await balanceIn(sale, 'gateway-braintree')).toBe(1_200)
    expect(await balanceIn(sale, 'receivable')).toBe(0)
  })

  test('it is let go: what the store has is what the note gave back', async () => {
    const { sale, note, taskId, remoteId } = await inDoubt()
    await bench.client.must('dismiss-sync', { taskId, reason: 'It was made by hand' })
    // No task of ours is open any more, and the note is the only one of its total.
    await sale.pull()
    expect(await noteOf(bench, note)).toMatchObject({
      ...{ platformRefundId: remoteId, platformRefundStatus: 'Refunded', available: '0.00' },
    })
    expect((await sale.truth()).refunds).toHaveLength(1)
    expect(await balanceIn(sale, 'gateway-braintree')).toBe(7_200)
  })
})

test('a capture that somebody has recorded by hand is adopted, and not recorded again', async () => {
  const store = { captureSetsPaymentStatus: false }
  const at = await openShop(bench, { hash: 'byhand', store, settings: MARKS_PAID })
  const sale = await offlineSale(at)
  const fault = { kind: 'error_before', status: 502, on: 'transactions', times: 1 } as const
  await control().setFaults([{ ...fault, orders: [sale.order] }])
  await pay(sale)
  await eventually(
    () => eventsOf(sale, 'AttemptFailed'),
    (failures) => failures.length === 1,
  )
  const { address } = bench.simulator
  const path = `${address}/stores/${at.hash}/v3/orders/${sale.order}/transactions`
  const recorded = await fetch(path, {
    method: 'POST',
    headers: { 'x-auth-token': TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ event: 'capture', method: 'offline', gateway: 'custom', amount: 60, currency: 'GBP' },
    }),
  })
  expect(recorded.status).toBe(201)
  const [{ id } = expect.fail()] = await capturesOf(sale)
  const [{ taskId } = expect.fail()] = await eventsOf(sale, 'CaptureRequested')
  expect(await settled(bench, taskId)).toMatchObject({
    ...{ state: 'Waits for a person', setback: 'uncertain', candidates: [`${id}`] },
  })
  const asked = { taskId, reason: 'Recorded by hand' }
  const wrong = await bench.client.command('adopt-remote', { ...asked, remoteId: '1' })
  expect(wrong.body).toMatchObject({ code: 'capture_not_seen', seen: [`${id}`] })
  await bench.client.must('adopt-remote', { ...asked, remoteId: `${id}` })
  expect(await settled(bench, taskId)).toMatchObject({ state: 'Done', remoteId: `${id}` })
  await sale.pull()
  expect(await capturesOf(sale)).toHaveLength(1)
  expect(await eventsOf(sale, 'CaptureRequested')).toHaveLength(1)
})
