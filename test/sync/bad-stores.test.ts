/**
 * Stores that are not there, do not know the token, or answer with something else: whoever asks is told so, nothing is done
 * and nothing is lost, and once the store is well again a person's word is enough (S3, B7).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultInput } from '../simulators/bigcommerce/options.js'
import { type Bench, openBench } from './bench.js'
import { asked, balanceIn, eventsOf, noteOf, refundsByTask, trialBalance } from './figures.js'
import {
  closedShop,
  credited,
  givenBack,
  invoiced,
  ONE_PIECE,
  saveCredentials,
  sell,
  settled,
  type Shop,
  TOKEN,
} from './shop.js'
import { openDoor, type StoreDoor } from './store-door.js'

let bench: Bench
let door: StoreDoor
beforeAll(async () => {
  bench = await openBench()
  door = await openDoor(bench.simulator.port)
})
afterAll(async () => {
  await door.shut()
  await trialBalance(bench)
  await bench.close()
})

const control = () => bench.simulator.control

/** What is wrong with the store, and how it is mended. */
type Trouble = Readonly<{
  make: (hash: string) => Promise<unknown>
  mend: (hash: string) => Promise<unknown>
}>

function fault(kind: FaultInput['kind'], more: Partial<FaultInput> = {}): Trouble {
  return {
    make: (store) => control().setFaults([{ kind, store, ...more }]),
    mend: () => control().setFaults([]),
  }
}

const TROUBLES = {
  'is not there': { make: () => door.shut(), mend: () => door.open() },
  'does not know the token': {
    make: (hash) => control().setStore({ hash, token: 'another' }),
    mend: (hash) => control().setStore({ hash, token: TOKEN }),
  },
  'has no right to read': {
    make: (hash) => control().setStore({ hash, forbidden: ['reads', 'quotes'] }),
    mend: (hash) => control().setStore({ hash, forbidden: [] }),
  },
  'answers with a page for people': fault('html'),
  'answers with garbage': fault('garbage'),
  'sends elsewhere': fault('redirect'),
  'never stops talking': fault('huge', { bytes: 6_000_000 }),
  'is out of order': fault('error_before', { status: 503 }),
} as const satisfies Readonly<Record<string, Trouble>>
type Name = keyof typeof TROUBLES

const refusedAs = (status: number, code: string) => ({ status, code })
const NOT_ANSWERING = refusedAs(503, 'store_not_answering')
const NOT_AUTHORISED = refusedAs(422, 'store_credentials_refused')
const NOT_UNDERSTOOD = refusedAs(502, 'store_not_understood')

const ENDS: Readonly<Record<Name, Readonly<{ saved: object; setback: string }>>> = {
  'is not there': { saved: NOT_ANSWERING, setback: 'unavailable' },
  'does not know the token': { saved: NOT_AUTHORISED, setback: 'not_authorised' },
  'has no right to read': { saved: NOT_AUTHORISED, setback: 'not_authorised' },
  'answers with a page for people': { saved: NOT_UNDERSTOOD, setback: 'unavailable' },
  'answers with garbage': { saved: NOT_UNDERSTOOD, setback: 'unavailable' },
  'sends elsewhere': { saved: NOT_UNDERSTOOD, setback: 'unavailable' },
  'never stops talking': { saved: NOT_UNDERSTOOD, setback: 'unavailable' },
  'is out of order': { saved: NOT_ANSWERING, setback: 'unavailable' },
}

describe.each(Object.keys(TROUBLES) as Name[])('a store that %s', (name) => {
  const { make, mend } = TROUBLES[name]
  const { saved: end, setback } = ENDS[name]
  const hash = name.replaceAll(' ', '')
  let shop: Shop

  test('takes no credentials, and none are kept', async () => {
    shop = await closedShop(bench, { hash, address: door.address })
    // An empty list is no content at all, whatever is wrong with the rest.
    await control().seedOrders({ store: hash, orders: [{}] })
    const path = `/instances/${shop.instance}/connection`
    await make(hash)
    const { status, text, body } = await saveCredentials(shop)
    expect({ status, code: body.code }).toEqual(end)
    expect(text).not.toContain(TOKEN)
    expect((await bench.client.get(path)).body.hasCredentials).toBe(false)
    await mend(hash)
    expect((await saveCredentials(shop)).status).toBe(204)
    expect((await bench.client.get(path)).body.hasCredentials).toBe(true)
  })

  test('does nothing: the task waits, is done once when it is well, or let go', async () => {
    const sales = [await invoiced(await sell(shop)), await invoiced(await sell(shop))]
    await make(hash)
    const waiting = sales.map(async (sale) => {
      const note = await credited(sale, ONE_PIECE)
      const task = await settled(bench, await givenBack(bench, note))
      expect(task).toMatchObject({ state: 'Waits for a person', setback, attempts: 0 })
      // Nothing is lost: it is reserved until somebody says what becomes of it.
      expect(await noteOf(bench, note)).toMatchObject({ available: '0.00', remaining: '60.00' })
      expect((await sale.truth()).refunds).toEqual([])
      return { sale, note, taskId: task.taskId as string }
    })
    const [retried = expect.fail(), dismissed = expect.fail()] = await Promise.all(waiting)
    await bench.caughtUp()
    const query = `state=Waits%20for%20a%20person&instance=${shop.instance}`
    const { body } = await bench.client.get(`/sync-tasks?${query}`)
    expect(body.total).toBe(2)
    await mend(hash)

    const { taskId } = retried
    await bench.client.must('retry-sync', { taskId, reason: 'It is well again' })
    expect(await settled(bench, taskId)).toMatchObject({ state: 'Done', attempts: 1 })
    expect((await retried.sale.truth()).refunds).toMatchObject([{ units: 6_000 }])
    expect(await balanceIn(retried.sale, 'gateway-braintree')).toBe(7_200)

    const letGo = { taskId: dismissed.taskId, reason: 'Settled by phone' }
    await bench.client.must('dismiss-sync', letGo)
    expect(await settled(bench, dismissed.taskId)).toMatchObject({
      ...{ state: 'Dismissed', reason: letGo.reason },
    })
    expect(await noteOf(bench, dismissed.note)).toMatchObject({ available: '60.00' })
    expect((await dismissed.sale.truth()).refunds).toEqual([])
    // Its credit is free: it can be given back another way, or be asked for anew.
    const again = (await asked(bench, dismissed.note)).body.answer.task.taskId as string
    expect(await settled(bench, again)).toMatchObject({ state: 'Done' })
    expect(Object.keys(await refundsByTask(shop)).sort()).toEqual([taskId, again].sort())
    expect(await eventsOf(dismissed.sale, 'PlatformRefundPaid')).toHaveLength(1)
    const { followed } = await control().summary({ store: hash })
    expect(followed).toEqual([])
  })
})
