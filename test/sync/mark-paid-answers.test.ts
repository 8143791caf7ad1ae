/** Marking orders as paid over a bad line: captured once, whatever becomes of the answers (P2, P5, S2); and whose money counts (P4). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultInput } from '../simulators/bigcommerce/options.js'
import type { Json } from '../support/served-ledger.js'
import { type Bench, openBench } from './bench.js'
import { actionIn, eventsOf, trialBalance } from './figures.js'
import { BY_DEPOSIT, capturesOf, DEPOSIT, MARKS_PAID, offlineSale, pay } from './offline-sale.js'
import { gbp, openShop, type Sale, sell, settled, type Shop } from './shop.js'

const MARK = 'mark-order-paid'

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

async function marked(sale: Sale): Promise<Json> {
  const [{ taskId } = expect.fail(), ...others] = await eventsOf(sale, 'CaptureRequested')
  expect(others).toEqual([])
  return settled(bench, taskId)
}

/** Done at the store, and the answer is lost on the way, or is none. */
const AFTER: readonly Omit<FaultInput, 'on' | 'orders'>[] = [
  { kind: 'answer_lost' },
  { kind: 'hang_after' },
  { kind: 'half_body' },
  { kind: 'error_after', status: 502 },
  { kind: 'html' },
  { kind: 'garbage' },
  { kind: 'huge', bytes: 6_000_000 },
]
/** Not done, which only a look at the store can tell. */
const BEFORE: readonly Omit<FaultInput, 'on' | 'orders'>[] = [
  { kind: 'reset_before' },
  { kind: 'hang_before' },
  { kind: 'error_before', status: 500 },
  { kind: 'redirect' },
]
/** Done, and seen by nobody for a while: less than an effect is given to show. */
const STALE: readonly Omit<FaultInput, 'on' | 'orders'>[] = [{ kind: 'stale', minMs: 300, ms: 500 }]

/** Each hits the first write of an order of its own; all at once. */
async function underFaults(
  at: Shop,
  on: 'transactions' | 'status',
  faults: readonly Omit<FaultInput, 'on' | 'orders'>[],
) {
  const sales = await Promise.all(faults.map(() => offlineSale(at)))
  await bench.simulator.control.setFaults(
    faults.map((fault, index) => ({
      ...fault,
      ...{ on, times: 1, store: at.hash, orders: [sales[index]?.order ?? 0] },
    })),
  )
  await Promise.all(sales.map((sale) => pay(sale)))
  return Promise.all(sales.map(async (sale) => ({ sale, task: await marked(sale) })))
}

const writesOf = async ({ shop: { hash }, order }: Sale): Promise<number> =>
  (await bench.simulator.control.requests({ store: hash, order })).length

describe('a transaction is recorded once', () => {
  test('where it was done, and nobody answered so', async () => {
    const ended = await underFaults(shop, 'transactions', AFTER)
    for (const { sale, task } of ended) {
      expect(task).toMatchObject({ state: 'Done', attempts: 1 })
      expect(await capturesOf(sale)).toMatchObject([{ gatewayTransactionId: `ref:${task.taskId}` }])
      expect(await writesOf(sale)).toBe(1)
      expect(await eventsOf(sale, 'OrderCaptured')).toMatchObject([{ knownBy: 'read_back' }])
      expect(await sale.read()).toMatchObject({ paymentStatus: 'captured' })
    }
  }, 120_000)

  test('where it was not done, and nobody answered so', async () => {
    const ended = await underFaults(shop, 'transactions', BEFORE)
    for (const { sale, task } of ended) {
      expect(task).toMatchObject({ state: 'Done', attempts: 2 })
      expect(await capturesOf(sale)).toHaveLength(1)
      expect(await writesOf(sale)).toBe(2)
    }
    const { followed } = await bench.simulator.control.summary({ store: shop.hash })
    expect(followed).toEqual([])
  }, 120_000)

  test('where the store shows it late', async () => {
    const [{ sale, task } = expect.fail()] = await underFaults(shop, 'transactions', STALE)
    expect(task).toMatchObject({ state: 'Done', attempts: 1 })
    expect(await capturesOf(sale)).toHaveLength(1)
    expect(await writesOf(sale)).toBe(1)
  }, 120_000)

  test('by the store’s own count', async () => {
    const byReference = await bench.simulator.control.transactionsByReference({ store: shop.hash })
    const ours = Object.entries(byReference).filter(([reference]) => reference.startsWith('ref:'))
    expect(ours).toHaveLength(AFTER.length + BEFORE.length + STALE.length)
    expect(ours.filter(([, transactions]) => transactions.length !== 1)).toEqual([])
  })
})

test('so is a status', async () => {
  const store = { postTransactions: '404', statusSetsPaymentStatus: 'captured' } as const
  const at = await openShop(bench, { hash: 'status', store, settings: MARKS_PAID })
  const ended = await underFaults(at, 'status', [...AFTER, ...BEFORE])
  for (const [index, { sale, task }] of ended.entries()) {
    // The first attempt is refused as a transaction.
    expect(task).toMatchObject({ state: 'Done', attempts: index < AFTER.length ? 2 : 3 })
    expect((await sale.truth()).face).toMatchObject({ statusId: 11, paymentStatus: 'captured' })
    expect(await writesOf(sale)).toBe(index < AFTER.length ? 2 : 3)
    expect(await eventsOf(sale, 'OrderCaptured')).toHaveLength(1)
  }
}, 120_000)

describe('whose money counts is said by the workflow (P4)', () => {
  /** Nothing is carried by itself here before it is sent. */
  const withWorkflow = (hash: string, more: Readonly<Record<string, string>>) =>
    openShop(bench, {
      hash,
      settings: { ...MARKS_PAID, workflows: [{ ...DEPOSIT, when: 'shipped', ...more }] },
    })
  const prepaid = async (at: Shop): Promise<Sale> => {
    const sale = await sell(at, BY_DEPOSIT)
    const { client } = bench
    const payment = { orderId: sale.orderId, account: 'cash', amount: gbp('60.00') }
    await client.must('register-payment', payment)
    const { invoiceId } = await client.must('invoice-order', { orderId: sale.orderId })
    await client.must('post-invoice', { invoiceId })
    return sale
  }
  /** Its invoice is settled by a credit of somebody's goodwill. */
  const creditedBy = async (at: Shop): Promise<Sale> => {
    const sale = await offlineSale(at)
    const { party } = await sale.read()
    const { client } = bench
    const { creditNoteId } = await client.must('draft-credit-note', {
      ...{ party, prices: 'tax_included', reason: 'Goodwill' },
      lines: [
        {
          ...{ kind: 'item', description: 'Goodwill', quantity: '1', unitPrice: '60' },
          tax: { code: 'none', ratePercent: '0' },
        },
      ],
    })
    await client.must('post-credit-note', { creditNoteId })
    await client.must('allocate-credit', { documentId: creditNoteId, invoiceId: sale.invoiceId })
    return sale
  }

  test('ending with Register Payment: registered payments, and nothing else', async () => {
    const at = await withWorkflow('paid', { until: 'registered_payment', account: 'cash' })
    for (const sale of [await prepaid(at), await creditedBy(at)]) {
      expect(actionIn(await sale.read(), MARK)).toMatchObject({ obstacles: ['invoices_not_paid'] })
      expect(await eventsOf(sale, 'CaptureRequested')).toEqual([])
    }
    const sale = await offlineSale(at)
    await pay(sale)
    expect(await marked(sale)).toMatchObject({ state: 'Done' })
    expect(await capturesOf(sale)).toHaveLength(1)
  })

  test('ending before: whatever settles the invoice', async () => {
    const at = await withWorkflow('posted', { until: 'posted_invoice' })
    const deposit = await prepaid(at)
    expect(await marked(deposit)).toMatchObject({ state: 'Done' })
    expect(await capturesOf(deposit)).toMatchObject([{ units: 6_000 }])
    // No money came for this one: a person decides.
    const goodwill = await creditedBy(at)
    const task = await marked(goodwill)
    expect(task).toMatchObject({ state: 'Waits for a person', setback: 'amount_differs' })
    expect(await capturesOf(goodwill)).toEqual([])
    const accepted = { taskId: task.taskId, reason: 'Goodwill', acceptsDifference: true }
    await bench.client.must('retry-sync', accepted)
    expect(await marked(goodwill)).toMatchObject({ state: 'Done' })
    expect(await capturesOf(goodwill)).toMatchObject([{ units: 6_000 }])
  })

  test('and carries it there by itself: paid as it is imported, marked in the same append', async () => {
    const more = { until: 'registered_payment', account: 'cash', when: 'ordered' }
    const sale = await sell(await withWorkflow('carried', more), BY_DEPOSIT)
    expect(await marked(sale)).toMatchObject({ state: 'Done', attempts: 1 })
    expect(await capturesOf(sale)).toMatchObject([{ units: 6_000 }])
    expect(await eventsOf(sale, 'PaymentRegistered')).toHaveLength(1)
  })
})
