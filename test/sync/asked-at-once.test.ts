/** Whoever presses the button twenty times has pressed it once (B4, S2). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, openBench } from './bench.js'
import { refundsByTask } from './figures.js'
import { capturesOf, MARKS_PAID, offlineSale, pay } from './offline-sale.js'
import { credited, invoiced, ONE_PIECE, openShop, sell, settled, type Shop } from './shop.js'

const COMMAND = 'refund-order-on-platform'
const TIMES = 20

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'buttons' })
})
afterAll(() => bench.close())

test('asked for a refund at once, under one key and under twenty: one task, one refund', async () => {
  const sale = await invoiced(await sell(shop))
  for (const shares of [true, false]) {
    const note = await credited(sale, ONE_PIECE)
    const body = { creditNoteId: note, description: 'Came back' }
    const answers = await Promise.all(
      Array.from({ length: TIMES }, () =>
        bench.client.command(COMMAND, body, shares ? { key: `shared-${note}` } : {}),
      ),
    )
    const accepted = answers.filter(({ status }) => status === 200)
    const tasks = new Set(accepted.map((one) => one.body.answer.task.taskId as string))
    expect(tasks.size).toBe(1)
    if (!shares) expect(accepted).toHaveLength(1)
    const codes = new Set(answers.flatMap((one) => (one.status === 200 ? [] : [one.body.code])))
    codes.delete(shares ? 'idempotency_key_in_flight' : 'platform_refund_under_way')
    expect([...codes].filter((code) => code !== 'platform_refund_exists')).toEqual([])
    const [task = ''] = tasks
    expect(await settled(bench, task)).toMatchObject({ state: 'Done' })
    expect((await refundsByTask(shop))[task]).toHaveLength(1)
  }
  expect((await sale.truth()).refunds).toHaveLength(2)
})

test('to be marked as paid at once: one task, one capture', async () => {
  const settings = { ...MARKS_PAID, markOrdersPaid: false }
  const at = await openShop(bench, { hash: 'marks', settings })
  const sale = await offlineSale(at)
  await pay(sale)
  await bench.admin.must('configure-instance', { instance: at.instance, markOrdersPaid: true })
  const { orderId } = sale
  const answers = await Promise.all(
    Array.from({ length: TIMES }, () => bench.client.command('mark-order-paid', { orderId })),
  )
  const [accepted = expect.fail(), ...more] = answers.filter(({ status }) => status === 200)
  expect(more).toEqual([])
  for (const { status, body } of answers) {
    if (status === 200) continue
    expect([status, body.code]).toEqual([409, 'order_not_markable_as_paid'])
    expect(body.obstacles.join()).toMatch(/capture_under_way|captured_already/)
  }
  expect(await settled(bench, accepted.body.answer.taskId)).toMatchObject({ state: 'Done' })
  expect(await capturesOf(sale)).toHaveLength(1)
})
