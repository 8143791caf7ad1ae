/** Mark Order As Paid, as `bigcommerce-mark-order-as-paid.txt` walks it, over HTTP and against a store that answers (P1 to P4). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import type { Answered } from '../support/served-ledger.js'
import { type Bench, openBench } from './bench.js'
import { actionIn, balanceIn, eventsOf, trialBalance } from './figures.js'
import {
  BY_DEPOSIT,
  capturesOf,
  DEPOSIT,
  MARKS_PAID,
  OF_CARD,
  offlineSale,
  pay,
} from './offline-sale.js'
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

const mark = (orderId: string): Promise<Answered> => bench.client.command(MARK, { orderId })

async function expectCaptured(sale: Sale, taskId: string): Promise<void> {
  expect(await settled(bench, taskId)).toMatchObject({
    ...{ kind: 'Mark as paid', state: 'Done', attempts: 1 },
  })
  const { face, base } = await sale.truth()
  expect(await capturesOf(sale)).toMatchObject([
    {
      ...{ event: 'capture', method: 'offline', gateway: 'custom', status: 'ok', isTest: false },
      ...{ units: base.total.gross, gatewayTransactionId: `ref:${taskId}` },
    },
  ])
  expect(face.paymentStatus).toBe('captured')
  const shown = await sale.read()
  expect(shown).toMatchObject({ paymentStatus: 'captured' })
  expect(actionIn(shown, MARK)).toMatchObject({
    obstacles: expect.arrayContaining(['payment_status_closed', 'captured_already']) as unknown,
  })
  const page = await bench.client.get(`/orders/${sale.orderId}`, {
    headers: { accept: 'text/html' },
  })
  expect(page.text).toContain('captured already')
  expect(await eventsOf(sale, 'OrderCaptured')).toMatchObject([
    { taskId, way: 'capture_record', amount: gbp('60.00') },
  ])
  // The capture posts nothing (J25): the money is where it was received, and pulled back it is no other.
  await sale.pull()
  expect(await eventsOf(sale, 'PaymentRegistered')).toHaveLength(1)
  expect([await balanceIn(sale, 'cash'), await balanceIn(sale, 'receivable')]).toEqual([6_000, 0])
}

test('by hand: invoiced, paid, the button, and the store shows it as paid', async () => {
  const settings = { workflows: [DEPOSIT, OF_CARD] }
  const quiet = await openShop(bench, { hash: 'quiet', settings })
  const sale = await offlineSale(quiet)
  expect((await sale.truth()).face).toMatchObject({ statusId: 7, paymentStatus: '' })
  await pay(sale)
  expect(actionIn(await sale.read(), MARK)).toMatchObject({ obstacles: ['mark_paid_is_off'] })
  expect((await mark(sale.orderId)).body).toMatchObject({ obstacles: ['mark_paid_is_off'] })
  expect(await eventsOf(sale, 'CaptureRequested')).toEqual([])

  const { instance } = quiet
  await bench.admin.must('configure-instance', { instance, markOrdersPaid: true })
  expect(actionIn(await sale.read(), MARK)).toBe('open')
  const { body } = await mark(sale.orderId)
  const { taskId } = body.answer
  await expectCaptured(sale, taskId)
  // Asked for once more, there is nothing left to do.
  expect(await mark(sale.orderId)).toMatchObject({ status: 409 })
  expect(await eventsOf(sale, 'CaptureRequested')).toMatchObject([{ taskId, cause: 'asked' }])
})

test('by itself: the last payment does it, in its own append, and once', async () => {
  const sale = await offlineSale(shop)
  await pay(sale, '20.00')
  expect(await eventsOf(sale, 'CaptureRequested')).toEqual([])
  const before = (await sale.events()).length
  await pay(sale, '40.00')
  const [registered, requested] = (await sale.events()).slice(before)
  expect([registered?.type, requested?.type]).toEqual(['PaymentRegistered', 'CaptureRequested'])
  expect(requested?.metadata.commandKey).toBe(registered?.metadata.commandKey)
  const [{ taskId, cause, received } = expect.fail()] = await eventsOf(sale, 'CaptureRequested')
  expect([cause, received]).toEqual(['completed', gbp('60.00')])
  expect(await settled(bench, taskId)).toMatchObject({ state: 'Done', attempts: 1 })
  expect(await capturesOf(sale)).toMatchObject([{ units: 6_000 }])
  expect((await sale.truth()).face.paymentStatus).toBe('captured')
  expect(await sale.read()).toMatchObject({ paymentStatus: 'captured' })
  await sale.pull()
  expect(await eventsOf(sale, 'CaptureRequested')).toHaveLength(1)
})

test('a payment that bounces before anything was sent takes it back', async () => {
  const fault = { kind: 'error_before', on: 'reads', status: 503 } as const
  const sale = await offlineSale(shop)
  await bench.simulator.control.setFaults([{ ...fault, orders: [sale.order] }])
  await pay(sale)
  const [{ paymentId } = expect.fail()] = await eventsOf(sale, 'PaymentRegistered')
  await bench.client.must('reverse-payment', { paymentId, reason: 'Bounced' })
  await bench.simulator.control.setFaults([])
  const [{ taskId } = expect.fail()] = await eventsOf(sale, 'CaptureRequested')
  expect(await settled(bench, taskId)).toMatchObject({ state: 'Withdrawn' })
  expect(await capturesOf(sale)).toEqual([])
  // Paid anew it is asked for anew.
  await pay(sale)
  const [, again = expect.fail()] = await eventsOf(sale, 'CaptureRequested')
  expect(await settled(bench, again.taskId)).toMatchObject({ state: 'Done' })
  expect(await capturesOf(sale)).toHaveLength(1)
})

describe('where a condition fails there is no button and no error; the command names all of them', () => {
  type Made = Pick<Sale, 'orderId' | 'read'>
  const sold: number[] = []
  const offered = async (seed: SeedOrder = {}): Promise<Sale> => {
    const sale = await offlineSale(shop, seed)
    sold.push(sale.order)
    return sale
  }
  /** Paid, once the store has another word for it. */
  const paidAs = async (change: Readonly<{ paymentStatus?: string; statusId?: number }>) => {
    const sale = await offered()
    const { control } = bench.simulator
    await control.changeOrder({ store: shop.hash, order: sale.order, ...change })
    await sale.pull()
    await pay(sale)
    return sale
  }
  const partlyPaid = async () => {
    const sale = await offered()
    await pay(sale, '59.99')
    return sale
  }
  const byCard = async () => {
    const payment = { gateway: 'stripe', method: 'Credit Card', status: 'authorized' } as const
    const sale = await offered({ payment })
    await pay(sale)
    return sale
  }
  const placedByHand = async (): Promise<Made> => {
    const { orderId } = await bench.client.must('place-order', {
      ...{ number: 'H-1', placedOn: '2026-01-05', prices: 'tax_included' },
      ...{ party: null, billTo: null, shipTo: null },
      lines: [
        {
          ...{ kind: 'item', description: 'Towel', quantity: '1', unitPrice: '60' },
          tax: { code: 'none', ratePercent: '0' },
        },
      ],
    })
    return { orderId, read: async () => (await bench.client.get(`/orders/${orderId}`)).body }
  }
  const notInvoiced = async () => {
    const sale = await sell(shop, BY_DEPOSIT)
    sold.push(sale.order)
    return sale
  }

  test.each<[string, () => Promise<Made>, readonly string[]]>([
    ['it is not invoiced', notInvoiced, ['not_fully_invoiced', 'no_invoice']],
    ['it is not paid', offered, ['invoices_not_paid']],
    ['it is paid in part', partlyPaid, ['invoices_not_paid']],
    ...['captured', 'capture pending', 'paid', 'partially refunded', 'refunded'].map(
      (paymentStatus): [string, () => Promise<Made>, readonly string[]] => [
        `its payment is ${paymentStatus}`,
        () => paidAs({ paymentStatus }),
        ['payment_status_closed'],
      ],
    ),
    ...[0, 5, 6, 13].map((statusId): [string, () => Promise<Made>, readonly string[]] => [
      `its status at the store is ${statusId}`,
      () => paidAs({ statusId }),
      ['order_closed'],
    ]),
    ['its gateway captures by itself', byCard, ['gateway_captures_itself']],
    ['no store has it', placedByHand, ['order_not_on_platform']],
  ])('%s', async (_what, make, obstacles) => {
    const { orderId, read } = await make()
    const closed = actionIn(await read(), MARK)
    expect(closed).toMatchObject({ obstacles })
    const { status, body, headers } = await mark(orderId)
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect([status, body]).toEqual([409, closed])
    expect(body).toMatchObject({ code: 'order_not_markable_as_paid', order: orderId })
  })

  test('of all of these the store was told nothing', async () => {
    expect(sold.length).toBeGreaterThan(10)
    const { control } = bench.simulator
    for (const order of sold) {
      expect(await control.requests({ store: shop.hash, order })).toEqual([])
    }
  })
})
