/** How a store is told that an order is paid: what it does not offer, what it answers not, what another sum means (P4 to P6). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultInput, StoreInput } from '../simulators/bigcommerce/options.js'
import { type Bench, openBench } from './bench.js'
import { actionIn, eventsOf, trialBalance } from './figures.js'
import { capturesOf, MARKS_PAID, offlineSale, pay } from './offline-sale.js'
import { credited, gbp, openShop, type Sale, settled, type Shop } from './shop.js'

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'marks', settings: MARKS_PAID })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

let shops = 0
const shopWith = (store: Partial<StoreInput>): Promise<Shop> =>
  openShop(bench, { hash: `ways${(shops += 1)}`, store, settings: MARKS_PAID })

/** The task that came of the last payment, at its end. */
async function marked(sale: Sale) {
  const [{ taskId } = expect.fail()] = (await eventsOf(sale, 'CaptureRequested')).slice(-1)
  return settled(bench, taskId)
}

const requestsOf = async ({ shop: { hash }, order }: Sale) =>
  (await bench.simulator.control.requests({ store: hash, order })).map(({ class: of, status }) => [
    of,
    status,
  ])

describe('a store that takes no transactions is told by its order status', () => {
  test.each(['404', '405', '422'] as const)('%s', async (postTransactions) => {
    const at = await shopWith({ postTransactions, statusSetsPaymentStatus: 'captured' })
    for (const statusId of [7, 1]) {
      const sale = await offlineSale(at, { statusId })
      await pay(sale)
      expect(await marked(sale)).toMatchObject({ state: 'Done', attempts: 2 })
      const { face } = await sale.truth()
      expect(face).toMatchObject({ statusId: 11, paymentStatus: 'captured' })
      expect(await capturesOf(sale)).toEqual([])
      expect(await sale.read()).toMatchObject({ paymentStatus: 'captured' })
      expect(await eventsOf(sale, 'OrderCaptured')).toMatchObject([{ transaction: null }])
      expect(await requestsOf(sale)).toEqual([
        ['transactions', Number(postTransactions)],
        ['status', 200],
      ])
    }
  })

  test('an order that was sent already keeps its status, and a person is asked', async () => {
    const at = await shopWith({ postTransactions: '404' })
    for (const statusId of [2, 3, 8, 9, 10]) {
      const sale = await offlineSale(at, { statusId })
      await pay(sale)
      const task = await marked(sale)
      expect(task).toMatchObject({ state: 'Waits for a person', setback: 'not_offered' })
      expect((await sale.truth()).face).toMatchObject({ statusId, paymentStatus: '' })
      expect(await sale.read()).toMatchObject({ paymentStatus: '' })
      expect(await eventsOf(sale, 'OrderCaptured')).toEqual([])
      expect(await requestsOf(sale)).toEqual([['transactions', 404]])
    }
    await bench.caughtUp()
    const { instance } = at
    const { body } = await bench.client.get(
      `/sync-tasks?state=Waits%20for%20a%20person&instance=${instance}`,
    )
    expect(body.total).toBe(5)
  })

  test('where its payment status does not follow, the status it was moved to counts', async () => {
    const sale = await offlineSale(await shopWith({ postTransactions: '404' }))
    await pay(sale)
    expect(await marked(sale)).toMatchObject({ state: 'Done', attempts: 2 })
    expect((await sale.truth()).face).toMatchObject({ statusId: 11, paymentStatus: '' })
    await sale.pull()
    // Its word for the payment is none, and that word wins; but it is told once, whoever asks.
    expect(actionIn(await sale.read(), 'mark-order-paid')).toMatchObject({
      obstacles: ['captured_already'],
    })
    expect(await eventsOf(sale, 'OrderCaptured')).toMatchObject([{ way: 'payment_confirmation' }])
    expect(await eventsOf(sale, 'CaptureRequested')).toHaveLength(1)
  })

  test('a store where nothing works is never shown as captured', async () => {
    const at = await shopWith({ postTransactions: '405' })
    const sale = await offlineSale(at)
    const fault: FaultInput = { kind: 'error_before', on: 'status', status: 422 }
    await bench.simulator.control.setFaults([{ ...fault, store: at.hash }])
    await pay(sale)
    expect(await marked(sale)).toMatchObject({ state: 'Waits for a person', attempts: 2 })
    expect(await sale.read()).toMatchObject({ paymentStatus: '' })
    // The platform has mended it; a person says so.
    await bench.simulator.control.setFaults([])
    await bench.simulator.control.setStore({ hash: at.hash, postTransactions: 'offered' })
    const { taskId } = await marked(sale)
    await bench.client.must('retry-sync', { taskId, reason: 'It takes them now' })
    expect(await marked(sale)).toMatchObject({ state: 'Done', attempts: 3 })
    expect(await capturesOf(sale)).toMatchObject([{ units: 6_000 }])
    expect(await sale.read()).toMatchObject({ paymentStatus: 'captured' })
  })
})

describe('where another sum was received than the store has open', () => {
  /** 10.00 of it was credited, the rest paid. */
  const settledFor50 = async () => {
    const sale = await offlineSale(shop)
    await credited(sale, { amount: gbp('10.00') })
    await pay(sale, '50.00')
    const task = await marked(sale)
    expect(task).toMatchObject({
      ...{ state: 'Waits for a person', setback: 'amount_differs', attempts: 0 },
      detail: 'The store has 60.00 open, and 50.00 was received',
    })
    expect(await eventsOf(sale, 'AttemptFailed')).toMatchObject([
      { figures: { ledger: gbp('50.00'), store: gbp('60.00') }, then: 'person' },
    ])
    expect(await capturesOf(sale)).toEqual([])
    return { sale, taskId: task.taskId }
  }

  test('a person can accept it: what the store has open is captured', async () => {
    const { sale, taskId } = await settledFor50()
    const asked = { taskId, reason: 'The rest was credited' }
    // Tried again without a word on the difference, it is the same.
    await bench.client.must('retry-sync', asked)
    expect(await marked(sale)).toMatchObject({ state: 'Waits for a person' })
    await bench.client.must('retry-sync', { ...asked, acceptsDifference: true })
    expect(await marked(sale)).toMatchObject({ state: 'Done', attempts: 1 })
    expect(await capturesOf(sale)).toMatchObject([{ units: 6_000 }])
    expect(await sale.read()).toMatchObject({ paymentStatus: 'captured' })
  })

  test('or let it go', async () => {
    const { sale, taskId } = await settledFor50()
    await bench.client.must('dismiss-sync', { taskId, reason: 'Settled by phone' })
    expect(await marked(sale)).toMatchObject({ state: 'Dismissed', reason: 'Settled by phone' })
    await sale.pull()
    expect(await requestsOf(sale)).toEqual([])
    expect((await sale.truth()).face.paymentStatus).toBe('')
    // It can be asked for again, by hand.
    expect(actionIn(await sale.read(), 'mark-order-paid')).toBe('open')
  })
})

test.each(['storeCredit', 'giftCertificate'] as const)(
  'what was paid by %s is not captured again',
  async (means) => {
    const sale = await offlineSale(shop, { [means]: '20.00' })
    await pay(sale, '40.00')
    expect(await marked(sale)).toMatchObject({ state: 'Done', attempts: 1 })
    const captures = (await capturesOf(sale)).filter(({ method }) => method === 'offline')
    expect(captures).toMatchObject([{ units: 4_000 }])
    expect(await sale.read()).toMatchObject({ paymentStatus: 'captured' })
  },
)

test('paid at the store by the time that it is asked: it is left alone, once and for all', async () => {
  for (const paymentStatus of ['capture pending', 'refunded']) {
    const sale = await offlineSale(shop)
    const { control } = bench.simulator
    await control.changeOrder({ store: shop.hash, order: sale.order, paymentStatus })
    // Not known here yet.
    await pay(sale)
    expect(await marked(sale)).toMatchObject({ state: 'Refused', setback: 'ground_gone' })
    await sale.pull()
    expect(await eventsOf(sale, 'CaptureRequested')).toHaveLength(1)
    expect(await eventsOf(sale, 'AttemptFailed')).toHaveLength(1)
    expect(await requestsOf(sale)).toEqual([])
    expect(await sale.read()).toMatchObject({ paymentStatus })
  }
})
