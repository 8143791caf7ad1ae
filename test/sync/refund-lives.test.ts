/** What else becomes of refunds: declined later, made at the store itself, paid out here first (B8, B9, B10). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, openBench } from './bench.js'
import { actionIn, asked, balanceIn, eventsOf, noteOf, trialBalance } from './figures.js'
import {
  credited,
  gbp,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  sell,
  type Sale,
  settled,
  type Shop,
} from './shop.js'

const CLEARING = 'gateway-braintree'

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'lives' })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

const soldAndInvoiced = async (seed?: Parameters<typeof sell>[1], at = shop) =>
  invoiced(await sell(at, seed))

async function refunded(
  sale: Sale,
  what: Readonly<Record<string, unknown>> = ONE_PIECE,
  more = {},
) {
  const note = await credited(sale, what)
  const task = await settled(bench, await givenBack(bench, note, more))
  const { refunds } = await sale.truth()
  return { note, task, refund: refunds.at(-1) }
}

describe('declined after it was accepted (B8)', () => {
  test('the credit is back, the id stays, a person is asked, and RefundCredit pays it', async () => {
    const sale = await soldAndInvoiced()
    const { note, refund = expect.fail() } = await refunded(sale)
    await bench.simulator.control.declineRefund({
      ...{ store: shop.hash, order: sale.order, refund: refund.id },
      message: 'The card has expired.',
    })
    await sale.pull()
    expect(await noteOf(bench, note)).toMatchObject({
      ...{ available: '60.00', platformRefundId: `${refund.id}`, platformRefundStatus: 'Declined' },
    })
    expect(await sale.read()).toMatchObject({ paymentStatus: 'captured', refundedAtStore: '0.00' })
    // J22: what J21 took is on the gateway's account again.
    expect(await balanceIn(sale, CLEARING)).toBe(13_200)
    expect(await balanceIn(sale, 'receivable')).toBe(-6_000)
    const [declined = expect.fail()] = await eventsOf(sale, 'PlatformRefundDeclined')
    const task = (await bench.client.get(`/sync-tasks/${declined.taskId}`)).body
    expect(task).toMatchObject({ kind: 'Declined refund', state: 'Waits for a person' })
    expect(declined).toMatchObject({ message: 'The card has expired.', declined: gbp('60.00') })

    // Not over the store a second time, with whatever force.
    expect((await asked(bench, note)).body.code).toBe('platform_refund_exists')
    await bench.client.must('refund-credit', { documentId: note, account: 'cash' })
    expect(await noteOf(bench, note)).toMatchObject({ available: '0.00', refunded: '60.00' })
    expect(await balanceIn(sale, 'cash')).toBe(-6_000)
    expect(await balanceIn(sale, 'receivable')).toBe(0)
    await bench.client.must('dismiss-sync', { taskId: declined.taskId, reason: 'Paid in cash' })
    // Heard of again, it is not news.
    await sale.pull()
    expect(await eventsOf(sale, 'PlatformRefundDeclined')).toHaveLength(1)
    expect((await sale.truth()).refunds).toHaveLength(1)
  })
})

describe('made at the store itself (B9)', () => {
  const atStore = (sale: Sale, amount: number) =>
    bench.simulator.control.refundAtStore({
      ...{ store: sale.shop.hash, order: sale.order },
      request: {
        items: [{ item_type: 'ORDER', item_id: sale.order, amount, reason: 'By phone' }],
        payments: [{ provider_id: 'braintree', amount, offline: false }],
      },
    })

  test('it is tied to the one note of its total', async () => {
    const sale = await soldAndInvoiced()
    const note = await credited(sale, ONE_PIECE)
    const { id } = await atStore(sale, 60)
    expect((await sale.pull()).refunds).toMatchObject({ recorded: 1, held: 0 })
    expect(await noteOf(bench, note)).toMatchObject({
      ...{ platformRefundId: `${id}`, platformRefundStatus: 'Refunded', available: '0.00' },
    })
    expect(await sale.read()).toMatchObject({ paymentStatus: 'partially refunded' })
    expect(await balanceIn(sale, CLEARING)).toBe(7_200)
    expect((await asked(bench, note)).body.code).toBe('platform_refund_exists')
  })

  test('a note is made where there is none, and counts against the order', async () => {
    const sale = await soldAndInvoiced()
    await atStore(sale, 132)
    await sale.pull()
    const [recorded = expect.fail()] = await eventsOf(sale, 'PlatformRefundRecorded')
    expect(recorded).toMatchObject({ knownBy: 'pull', taskId: null, amount: gbp('132.00') })
    expect(await noteOf(bench, recorded.documentId)).toMatchObject({
      ...{ total: '132.00', available: '0.00', status: 'Settled' },
    })
    expect(await sale.read()).toMatchObject({ paymentStatus: 'refunded' })
    expect(await balanceIn(sale, CLEARING)).toBe(0)
    expect(await balanceIn(sale, 'receivable')).toBe(0)
  })

  test('between two notes of the same total a person decides', async () => {
    const sale = await soldAndInvoiced()
    const notes = [await credited(sale, ONE_PIECE), await credited(sale, ONE_PIECE)]
    const { id } = await atStore(sale, 60)
    expect((await sale.pull()).refunds).toMatchObject({ recorded: 0, held: 1 })
    await bench.caughtUp()
    const held = await bench.client.get(`/platform-refunds/${shop.instance}:${id}`)
    expect(held.body).toMatchObject({ status: 'Held', held: 'several_notes' })
    const [creditNoteId = expect.fail(), other = expect.fail()] = notes
    await bench.client.must('link-platform-refund', {
      ...{ creditNoteId, platformRefundId: `${id}`, reason: 'The blue one' },
    })
    expect(await noteOf(bench, creditNoteId)).toMatchObject({ available: '0.00' })
    // The other can still be given back.
    const task = await settled(bench, await givenBack(bench, other))
    expect(task.state).toBe('Done')
    expect((await sale.truth()).refunds).toHaveLength(2)
    expect(await balanceIn(sale, CLEARING)).toBe(1_200)
  })
})

test('paid out here first, it is only recorded at the store, once (B10)', async () => {
  const sale = await soldAndInvoiced()
  const note = await credited(sale, ONE_PIECE)
  await bench.client.must('refund-credit', { documentId: note, account: 'cash' })
  expect(actionIn(await noteOf(bench, note), 'refund-order-on-platform')).toBe('open')
  const task = await settled(bench, await givenBack(bench, note))
  expect(task.state).toBe('Done')
  const { refunds, face } = await sale.truth()
  expect(refunds.map(({ payments }) => payments)).toMatchObject([
    [{ provider: 'custom', offline: true, units: 6_000 }],
  ])
  expect(face.paymentStatus).toBe('partially refunded')
  expect(await sale.read()).toMatchObject({ paymentStatus: 'partially refunded' })
  expect(await noteOf(bench, note)).toMatchObject({
    ...{ refunded: '60.00', available: '0.00', toBePaid: '0.00' },
  })
  expect(await eventsOf(sale, 'PlatformRefundPaid')).toEqual([])
  expect([await balanceIn(sale, CLEARING), await balanceIn(sale, 'cash')]).toEqual([13_200, -6_000])
  expect((await asked(bench, note)).body.code).toBe('platform_refund_exists')
})

test('above a threshold somebody else approves it first, and then it goes its way (N6)', async () => {
  const sale = await soldAndInvoiced()
  const note = await credited(sale, ONE_PIECE)
  const withThreshold = (refundThresholds: readonly object[]) =>
    bench.admin.must('configure-books', { books: 'main', refundThresholds })
  await withThreshold([{ role: 'accountant', threshold: gbp('10.00') }])
  const { body } = await asked(bench, note)
  await withThreshold([])
  expect(body.answer).toMatchObject({ status: 'waiting', task: null })
  expect(await noteOf(bench, note)).toMatchObject({ available: '0.00' })
  expect((await sale.truth()).refunds).toEqual([])
  const { approvalId } = body.answer.approval
  await bench.approver.must('approve-refund', { approvalId })
  const [{ taskId } = expect.fail()] = await eventsOf(sale, 'PlatformRefundRequested')
  expect(await settled(bench, taskId)).toMatchObject({ state: 'Done', attempts: 1 })
  expect((await sale.truth()).refunds).toMatchObject([{ units: 6_000 }])
  expect(await balanceIn(sale, CLEARING)).toBe(7_200)
})
