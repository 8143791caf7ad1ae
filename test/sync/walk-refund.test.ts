/** Refund in BigCommerce, as `bigcommerce-refund-orders.txt` walks it, over HTTP and against a store that answers (B1 to B6). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, openBench } from './bench.js'
import { eventually } from './eventually.js'
import {
  actionIn,
  asked,
  balanceIn,
  eventsOf,
  noteOf,
  refundsByTask,
  trialBalance,
} from './figures.js'
import {
  credited,
  gbp,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  type Sale,
  saleOf,
  sell,
  settled,
  type Shop,
  TWO_PIECES,
} from './shop.js'

const REFUND = 'refund-order-on-platform'

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench({ stores: { pullMs: 500 } })
  shop = await openShop(bench, { hash: 'walk' })
})
afterAll(() => bench.close())

/** It comes by itself: nobody pulls it here. */
async function boughtAtStore(): Promise<Sale> {
  const [seeded = expect.fail()] = await bench.simulator.control.seedOrders({
    store: shop.hash,
    orders: [TWO_PIECES],
  })
  const order = seeded.base.id
  const { view } = await eventually(
    async () => {
      const { body } = await bench.client.get(`/orders?instance=${shop.instance}&limit=200`)
      return body.rows.find(({ number }: { number: string }) => number === `${order}`)
    },
    (row) => row !== undefined,
  )
  return saleOf(shop, order, view.href.split('/').at(-1))
}

test('from the order that was captured to the one that is refunded, in two notes', async () => {
  const bought = await boughtAtStore()
  expect(await bought.read()).toMatchObject({ total: '132.00', paymentStatus: 'captured' })
  const sale = await invoiced(bought)
  const { client } = bench

  // Add Credit Note, partial; lines edited; only a posted note can be refunded.
  const { creditNoteId: first } = await client.must('draft-credit-note', {
    ...{ invoiceId: sale.invoiceId, reason: 'Came back' },
    lines: [{ invoiceLine: 0, quantity: '2' }],
  })
  const edited = await client.must('edit-draft', {
    document: first,
    invoiceLines: [{ invoiceLine: 0, quantity: '1' }],
  })
  expect(edited.totals.gross).toEqual(gbp('60.00'))
  const draft = { code: 'document_not_posted', documentStatus: 'draft', document: first }
  expect(actionIn(await noteOf(bench, first), REFUND)).toMatchObject(draft)
  expect((await asked(bench, first)).body).toMatchObject({ ...draft, status: 409 })
  await client.must('post-credit-note', { creditNoteId: first })
  expect(actionIn(await noteOf(bench, first), REFUND)).toBe('open')

  // What it would come to, before anything is sent.
  const { body: quote } = await client.get(`/credit-notes/${first}/refund-quote`)
  expect(quote).toMatchObject({
    ...{ purpose: 'give_back', amount: gbp('60.00'), tax: gbp('10.00'), override: null },
    quote: { total: gbp('60.00'), tax: gbp('10.00') },
    chosen: [{ provider: 'braintree', amount: gbp('60.00'), isOffline: false }],
  })
  expect((await sale.truth()).refunds).toEqual([])

  // The wizard: a description for staff. It is sent once.
  const task = await givenBack(bench, first, { description: 'Towel was torn' })
  expect(await settled(bench, task)).toMatchObject({ state: 'Done', attempts: 1 })
  const atStore = await sale.truth()
  expect(atStore.refunds).toMatchObject([
    {
      ...{ units: 6_000, tax: 1_000, isOverridden: false },
      items: [{ type: 'PRODUCT', quantity: 1, reason: `Towel was torn ref:${task}` }],
      payments: [{ provider: 'braintree', units: 6_000, offline: false }],
    },
  ])
  expect(atStore.face.paymentStatus).toBe('partially refunded')
  const [refund = expect.fail()] = atStore.refunds
  expect(await refundsByTask(shop)).toEqual({ [task]: [refund.id] })

  // Its id stands on the note; the order is partially refunded here, too.
  const note = await noteOf(bench, first)
  expect(note).toMatchObject({
    ...{ platformRefundId: `${refund.id}`, platformRefundStatus: 'Refunded' },
    ...{ remaining: '0.00', refunded: '60.00', toBePaid: '0.00' },
  })
  expect(await sale.read()).toMatchObject({
    ...{ paymentStatus: 'partially refunded', refundedAtStore: '60.00' },
  })
  expect(await eventsOf(sale, 'PlatformRefundRecorded')).toMatchObject([
    { taskId: task, documentId: first, platformRefundId: `${refund.id}`, knownBy: 'answer' },
  ])
  // J21: the gateway owes what it took less what it gave back.
  const afterFirst = await trialBalance(bench)
  expect(afterFirst).toMatchObject({ 'gateway-braintree': '72.00', receivable: '0.00' })

  // Refused for ever, also with Force Refund.
  const exists = { code: 'platform_refund_exists', platformRefund: `${refund.id}` }
  expect(actionIn(note, REFUND)).toMatchObject(exists)
  expect((await asked(bench, first)).body).toMatchObject(exists)
  await forced(sale, true)
  expect((await asked(bench, first)).body).toMatchObject(exists)
  await forced(sale, false)

  // The rest, a piece and its sending.
  const second = await credited(sale)
  const rest = await givenBack(bench, second)
  expect(await settled(bench, rest)).toMatchObject({ state: 'Done', attempts: 1 })
  const { refunds, face } = await sale.truth()
  expect(refunds.map(({ units }) => units)).toEqual([6_000, 7_200])
  expect(refunds[1]?.items.map(({ type, gross }) => [type, gross])).toEqual([
    ['PRODUCT', 6_000],
    ['SHIPPING', 1_200],
  ])
  expect(face.paymentStatus).toBe('refunded')
  expect(await sale.read()).toMatchObject({ paymentStatus: 'refunded', refundedAtStore: '132.00' })
  expect(await trialBalance(bench)).toMatchObject({
    ...{ 'gateway-braintree': '0.00', receivable: '0.00', sales: '0.00', 'output-tax': '0.00' },
  })
  const { mostOpenByOrder } = await bench.simulator.control.summary({ store: shop.hash })
  expect(mostOpenByOrder[sale.order]).toBe(1)
  // Read again and again since: nothing more has come of it.
  await sale.pull()
  expect(await eventsOf(sale, 'PlatformRefundPaid')).toHaveLength(2)
  expect(await eventsOf(sale, 'PlatformRefundSeen')).toEqual([])
})

async function forced({ orderId }: Sale, forceRefund: boolean): Promise<void> {
  await bench.approver.must('set-force-refund', { orderId, forceRefund, reason: 'A corrective' })
}

test('an order that was refunded in full at the store: Force Refund passes our check and not the store’s', async () => {
  const sale = await invoiced(await sell(shop))
  const first = await credited(sale, ONE_PIECE)
  await settled(bench, await givenBack(bench, first))
  const second = await credited(sale)
  // In two parts, so that neither is what the second note comes to.
  const { base } = await sale.truth()
  for (const amount of [60, 12]) {
    await bench.simulator.control.refundAtStore({
      ...{ store: shop.hash, order: sale.order },
      request: {
        items: [{ item_type: 'ORDER', item_id: base.id, amount, reason: 'By phone' }],
        payments: [{ provider_id: 'braintree', amount, offline: false }],
      },
    })
  }
  await eventually(sale.read, ({ paymentStatus }) => paymentStatus === 'refunded')
  const refused = {
    ...{ code: 'order_refunded_already', status: 409, order: sale.orderId },
    ...{ refunded: gbp('132.00'), total: gbp('132.00') },
  }
  expect(actionIn(await noteOf(bench, second), REFUND)).toMatchObject(refused)
  expect((await asked(bench, second)).body).toMatchObject(refused)

  await forced(sale, true)
  expect(await sale.read()).toMatchObject({ forceRefund: true })
  expect(actionIn(await noteOf(bench, second), REFUND)).toBe('open')
  const task = await settled(bench, await givenBack(bench, second))
  // BigCommerce has the last word, in its own words.
  expect(task).toMatchObject({ state: 'Refused', setback: 'refused' })
  expect(task.detail).toBe('The refund amount is greater than the remaining amount.')
  const [failed] = (await eventsOf(sale, 'AttemptFailed')).slice(-1)
  expect(failed).toMatchObject({ setback: 'refused', status: 422, then: 'end' })
  expect(await noteOf(bench, second)).toMatchObject({ available: '72.00', platformRefundId: null })
  const { refunds } = await sale.truth()
  expect(refunds.map(({ units }) => units)).toEqual([6_000, 6_000, 1_200])
  expect((await refundsByTask(shop))[task.taskId]).toBeUndefined()
  expect(await balanceIn(sale, 'gateway-braintree')).toBe(7_200)
  await trialBalance(bench)
})
