/** A description that quotes what the store shows of another refund (B7). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, openBench } from './bench.js'
import { balanceIn } from './figures.js'
import {
  credited,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  sell,
  settled,
  type Shop,
  TWO_PIECES,
} from './shop.js'

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench()
  shop = await openShop(bench, { hash: 'quoting' })
})
afterAll(() => bench.close())

test('a lost answer to a refund whose description quotes another one leads to no second refund', async () => {
  const sale = await invoiced(
    await sell(shop, { ...TWO_PIECES, products: [{ price: '50.00', quantity: 4 }] }),
  )
  const first = await givenBack(bench, await credited(sale, ONE_PIECE))
  expect(await settled(bench, first)).toMatchObject({ state: 'Done' })
  const fault = { kind: 'answer_lost', on: 'refunds', times: 1 } as const
  await bench.simulator.control.setFaults([{ ...fault, orders: [sale.order] }])
  const description = `The other piece, as ref:${first}`
  const second = await givenBack(bench, await credited(sale, ONE_PIECE), { description })
  await settled(bench, second)
  expect((await sale.truth()).refunds.map(({ units }) => units)).toEqual([6_000, 6_000])
  expect(await balanceIn(sale, 'gateway-braintree')).toBe(13_200)
}, 120_000)
