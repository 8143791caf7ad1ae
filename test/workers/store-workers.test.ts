/** The workers of a process that runs, between its ledger and a store: orders come by themselves (M11, P7, P8). */
import { randomUUID } from 'node:crypto'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { v5 as uuidv5 } from 'uuid'
import { expect, onTestFinished, test } from 'vitest'
import type { Config } from '../../src/config.js'
import { until } from '../embedded-postgres/folders.js'
import type { FaultInput, StoreInput } from '../simulators/bigcommerce/options.js'
import {
  type Connected,
  connected,
  HASH,
  ledgerForStores,
  simulatedStore,
} from '../support/connected-store.js'

const MINUTE_MS = 60_000

async function scene(
  stores: Partial<Config['stores']> = {},
  settings: Partial<StoreInput> = {},
  before: (ledger: Connected) => Promise<unknown> = () => Promise.resolve(),
) {
  const simulator = await simulatedStore(settings)
  const ledger = await ledgerForStores(simulator, { stores })
  onTestFinished(async () => {
    await ledger.served.close()
    await simulator.close()
  })
  await before(ledger)
  const instance = await connected(simulator, ledger)
  const { storeRecords, handler } = ledger.served.ledger
  const isThere = async (order: number) =>
    (await handler.readFolio(uuidv5(`${order}`, instance))).order.status !== 'absent'
  /** The first pull is over: what comes from now on comes otherwise. */
  const pulled = () =>
    until(async () => (await storeRecords.pulls.find(instance)).lastPullAt !== null)
  const connection = async () =>
    (await ledger.client.get(`/instances/${instance}/connection`)).body as {
      webhooks: { armed: boolean; lastDeliveryAt: string | null }
      pull: { lastPullAt: string | null; lastError: string | null }
    }
  return { simulator, ledger, instance, isThere, pulled, connection }
}

const idsOf = (orders: Awaited<ReturnType<Connected['seed']>>) => orders.map(({ base }) => base.id)

/** Reaches the ledger under an address that was known before it began to serve. */
async function doorTo(): Promise<
  Readonly<{ publicUrl: string; leadsTo: (address: string) => void }>
> {
  let port = 0
  const door = createServer((incoming, answer) => {
    const { method, url: path, headers } = incoming
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502)
      response.pipe(answer)
    })
    onward.on('error', () => answer.writeHead(502).end())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    door.closeAllConnections()
    door.close()
  })
  const { port: own } = door.address() as AddressInfo
  return {
    publicUrl: `http://127.0.0.1:${own}`,
    leadsTo: (address) => {
      port = Number.parseInt(new URL(address).port, 10)
    },
  }
}

test(
  'orders come once there are credentials, and go on coming',
  async () => {
    let first: number[] = []
    const { ledger, isThere, connection } = await scene({ pullMs: 500 }, {}, async ({ seed }) => {
      first = idsOf(await seed({}, {}, {}))
    })
    for (const order of first) await until(() => isThere(order))
    const [next = 0] = idsOf(await ledger.seed({}))
    await until(() => isThere(next))
    const { pull } = await connection()
    expect(pull.lastError).toBeNull()
    expect(pull.lastPullAt).not.toBeNull()
  },
  MINUTE_MS,
)

test(
  'five webhooks of one order are done with one pull',
  async () => {
    const { simulator, ledger, instance, isThere, pulled } = await scene()
    await pulled()
    const [order = 0] = idsOf(await ledger.seed({}))
    const { deliveries } = ledger.served.ledger.storeRecords
    for (let nth = 0; nth < 5; nth += 1) {
      await deliveries.keep({
        ...{ instance, id: randomUUID(), order: `${order}` },
        scope: 'store/order/created',
      })
    }
    await until(() => isThere(order))
    await until(async () => (await deliveries.pending(10)).length === 0)
    const { callsByOrder } = await simulator.control.summary({ store: HASH })
    // Eight questions a pull; one that came while the first was under way is looked at once more.
    expect(callsByOrder[order]).toBeLessThanOrEqual(16)
  },
  MINUTE_MS,
)

test(
  'the store announces what changes there, and is believed only as far as it signs',
  async () => {
    const { publicUrl, leadsTo } = await doorTo()
    const { simulator, ledger, instance, isThere, pulled, connection } = await scene({ publicUrl })
    leadsTo(ledger.served.address)
    await pulled()
    await until(async () => (await connection()).webhooks.armed)
    const { hooks } = await simulator.control.hooks({ store: HASH })
    expect(hooks).toMatchObject([
      {
        scope: 'store/order/*',
        destination: `${publicUrl}/webhooks/bigcommerce/${instance}`,
        isActive: true,
      },
    ])
    const [order = 0] = idsOf(await ledger.seed({}))
    await until(() => isThere(order))
    expect((await connection()).webhooks.lastDeliveryAt).not.toBeNull()
    await simulator.control.setFaults([{ kind: 'forged_notice' }])
    const [forged = 0] = idsOf(await ledger.seed({}))
    await until(async () => {
      const { attempts } = await simulator.control.hooks({ store: HASH })
      return attempts.filter(({ status }) => status === 401).length > 2
    })
    expect(await isThere(forged)).toBe(false)
  },
  MINUTE_MS,
)

test(
  'whatever becomes of its webhooks, no order is missing in the end',
  async () => {
    const { publicUrl, leadsTo } = await doorTo()
    const faults: FaultInput[] = [
      { kind: 'lose_notice', probability: 0.3 },
      { kind: 'duplicate_notice', probability: 0.3 },
      { kind: 'reorder_notice', probability: 0.3, ms: 200 },
    ]
    const { simulator, ledger, isThere, pulled } = await scene({ publicUrl, pullMs: 1_000 })
    leadsTo(ledger.served.address)
    await pulled()
    await simulator.control.setFaults(faults)
    const orders = idsOf(await ledger.seed(...Array.from({ length: 40 }, () => ({}))))
    for (const order of orders) {
      await simulator.control.changeOrder({ store: HASH, order, statusId: 2 })
    }
    for (const order of orders) await until(() => isThere(order))
    await until(async () => {
      const { body } = await ledger.client.get('/orders?limit=200')
      return JSON.stringify(body).split('"number"').length - 1 >= orders.length
    })
  },
  MINUTE_MS,
)

test(
  'a hook that was switched off is armed again',
  async () => {
    const { simulator, ledger, instance, connection } = await scene({
      publicUrl: 'http://127.0.0.1:1',
    })
    const hooks = async () => (await simulator.control.hooks({ store: HASH })).hooks
    await until(async () => (await connection()).webhooks.armed)
    const [hook] = await hooks()
    await fetch(`${simulator.address}/stores/${HASH}/v3/hooks/${hook?.id ?? 0}`, {
      method: 'PUT',
      headers: { 'X-Auth-Token': 'canary-9b3f-access-token', 'Content-Type': 'application/json' },
      body: JSON.stringify({ is_active: false }),
    })
    expect((await hooks())[0]?.isActive).toBe(false)
    // Ten minutes later.
    const { hooks: checks } = ledger.served.ledger.storeRecords
    await checks.checked(instance, { isArmed: false, lastError: null })
    await agedChecks(ledger.served.connectionString)
    await until(async () => (await hooks())[0]?.isActive === true)
  },
  MINUTE_MS,
)

async function agedChecks(connectionString: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query("update stores.hooks set checked_at = now() - interval '11 minutes'")
  await client.end()
}
