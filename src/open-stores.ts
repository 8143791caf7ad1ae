/** The stores that this process talks to: a client for each instance with credentials, opened when it is first needed. */
import type { Instance } from './aggregates/instance.js'
import {
  type BigCommerce,
  type BigCommerceOptions,
  openBigCommerce,
} from './platforms/bigcommerce/open-bigcommerce.js'
import type { Gate } from './platforms/rate-gate.js'
import { storeGate } from './platforms/store-connection.js'
import type { CredentialsTable, StoreCredentials } from './stores/credentials.js'

export type Stores = Readonly<{
  /** `null`: there are no credentials, or the store is of a platform that is not spoken here. */
  storeOf: (instance: string) => Promise<BigCommerce | null>
  /** What `storeOf` opens it with. */
  knownStore: (instance: string) => Promise<KnownStore | null>
  close: () => Promise<void>
}>

export type KnownStore = Readonly<{
  address: string
  credentials: StoreCredentials
  version: string
}>

type StoresOptions = Readonly<{
  /** CIDR texts: private networks that stores may be in. */
  networks: readonly string[]
  gateOf: GateOf
  credentials: Pick<CredentialsTable, 'find'>
  readInstance: (instance: string) => Promise<Instance>
}>

type Opened = Readonly<{ address: string; version: string; store: BigCommerce }>

export function createStores({
  networks,
  gateOf,
  credentials,
  readInstance,
}: StoresOptions): Stores {
  const open = new Map<string, Opened>()
  let isClosed = false

  async function knownStore(instance: string): Promise<KnownStore | null> {
    const saved = await credentials.find(instance)
    if (saved === null) return null
    const address = addressOf(await readInstance(instance))
    return address === null ? null : { address, ...saved }
  }

  async function storeOf(instance: string): Promise<BigCommerce | null> {
    const known = await knownStore(instance)
    // From here on without a pause, so that two who ask at once are given the same client.
    const before = open.get(instance)
    if (known !== null && before?.version === known.version && before.address === known.address) {
      return before.store
    }
    // What is under way over it comes to its end.
    void before?.store.close().catch(() => undefined)
    open.delete(instance)
    if (known === null || isClosed) return null
    const { address, version, credentials: saved } = known
    const { accessToken } = saved
    const store = openBigCommerce(storeOptions({ address, accessToken, networks, gateOf }))
    open.set(instance, { address, version, store })
    return store
  }

  return {
    storeOf,
    knownStore,
    close: async () => {
      isClosed = true
      const stores = [...open.values()].map(({ store }) => store.close())
      open.clear()
      await Promise.allSettled(stores)
    },
  }
}

/** The one of a store, whoever asks it: its quota is of all its callers together. */
export type GateOf = (address: string) => Gate

/** No more than there are instances, whose addresses never change. */
export function createGates(): GateOf {
  const gates = new Map<string, Gate>()
  return (address) => {
    const gate = gates.get(address) ?? storeGate()
    gates.set(address, gate)
    return gate
  }
}

export function storeOptions({
  address,
  accessToken,
  networks,
  gateOf,
}: Readonly<{
  address: string
  accessToken: string
  networks: readonly string[]
  gateOf: GateOf
}>): BigCommerceOptions {
  return { address, accessToken, allowedNetworks: networks, gate: gateOf(address) }
}

/** `null`: there is no such instance, or its platform is not spoken here. */
export function addressOf(instance: Instance): string | null {
  if (instance.status === 'absent') return null
  return instance.platform === 'bigcommerce' ? instance.address : null
}
