/** Credentials as HTTP may handle them: saved once the store takes them, removed, and said to be there. */
import type { Instance } from './aggregates/instance.js'
import type { Connection, GivenCredentials, StoreAccess } from './http/store-access.js'
import { addressOf, type GateOf, storeOptions } from './open-stores.js'
import { openBigCommerce } from './platforms/bigcommerce/open-bigcommerce.js'
import type { Failure } from './platforms/platform.js'
import type { StoreRecords } from './stores/open-store-records.js'

const CHECK_DEADLINE_MS = 15_000
const FAILED_ORDERS_SHOWN_MAX = 20

type StoreAccessOptions = Readonly<{
  records: StoreRecords
  networks: readonly string[]
  gateOf: GateOf
  readInstance: (instance: string) => Promise<Instance>
}>

export function createStoreAccess(options: StoreAccessOptions): StoreAccess {
  const { records, readInstance } = options
  return {
    save: async (id, given, { check }) => {
      const instance = await readInstance(id)
      if (instance.status === 'absent') return { outcome: 'unknown_instance' }
      const address = addressOf(instance)
      const { platform } = instance
      if (address === null) return { outcome: 'platform_not_offered', platform }
      const failure = check ? await failureOf(address, given, options) : null
      if (failure !== null) return { outcome: 'refused', failure }
      await records.credentials.save(id, given)
      return { outcome: 'saved' }
    },
    remove: async (id) => {
      if ((await readInstance(id)).status === 'absent') return 'unknown_instance'
      await records.credentials.remove(id)
      // Connected again, it is pulled from its beginning: its start date may be another one by then.
      await records.pulls.reset(id)
      return 'removed'
    },
    connection: async (id) =>
      (await readInstance(id)).status === 'absent' ? null : connectionOf(id, records),
  }
}

/** Over a client of its own: until they are saved, nothing else may use them. */
async function failureOf(
  address: string,
  { accessToken }: GivenCredentials,
  { networks, gateOf }: StoreAccessOptions,
): Promise<Failure | null> {
  const store = openBigCommerce(storeOptions({ address, accessToken, networks, gateOf }))
  try {
    const checked = await store.check({ deadlineMs: performance.now() + CHECK_DEADLINE_MS })
    return checked.outcome === 'failed' ? checked : null
  } finally {
    await store.close()
  }
}

async function connectionOf(
  id: string,
  { credentials, pulls, hooks, deliveries, failedOrders }: StoreRecords,
): Promise<Connection> {
  const [savedAt, pull, hook, lastDeliveryAt, failed] = await Promise.all([
    credentials.savedAt(id),
    pulls.find(id),
    hooks.find(id),
    deliveries.lastReceivedAt(id),
    failedOrders.of(id, FAILED_ORDERS_SHOWN_MAX),
  ])
  return {
    hasCredentials: savedAt !== null,
    savedAt: savedAt?.toISOString() ?? null,
    pull,
    webhooks: {
      armed: savedAt !== null && hook?.isArmed === true,
      checkedAt: hook?.checkedAt ?? null,
      lastError: hook?.lastError ?? null,
      lastDeliveryAt,
    },
    failedOrders: {
      count: failed.count,
      oldest: failed.oldest.map(({ instance: _instance, ...order }) => order),
    },
  }
}
