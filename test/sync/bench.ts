/** A whole ledger in this process, in a hurry, and a simulator whose stores it may talk to. */
import { expect } from 'vitest'
import type { Config } from '../../src/config.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { SyncPorts } from '../../src/workers/sync-ports.js'
import { readBooks } from '../cli/books.js'
import type { SimulatorOptions } from '../simulators/bigcommerce/options.js'
import { type Simulator, startSimulator } from '../simulators/bigcommerce/simulator.js'
import { type Client, clientOf, servedLedger, type ServedLedger } from '../support/served-ledger.js'
import { readEvents } from './oracle.js'

export type Bench = Readonly<{
  simulator: Simulator
  served: ServedLedger
  /** An accountant. */
  client: Client
  admin: Client
  approver: Client
  /** The whole log, as it stands in the database. */
  events(): Promise<readonly LedgerEvent[]>
  /** Until every list shows what the log holds now. */
  caughtUp(): Promise<void>
  /** Ends both, and has the whole log judged by an oracle that asks nobody else. */
  close(): Promise<void>
}>

export type BenchOptions = Readonly<{
  sync?: Partial<Config['sync']>
  stores?: Partial<Config['stores']>
  reached?: SyncPorts['reached']
  simulator?: SimulatorOptions
}>

/** Of what is looked for: a store is asked for its changes when a test says so, and not before. */
const NEVER_MS = 86_400_000
const STORES = { networks: ['127.0.0.0/8'], publicUrl: null, pullMs: NEVER_MS }
/** Two processors under the work of others: an answer that takes longer is late, not lost. */
const SYNC = { leaveMs: 2_000, deadlineMs: 1_500, settleMs: 800 }
const CATCH_UP_TIMEOUT_MS = 60_000

/** From the beginning of an attempt until its lane opens again. */
export const WINDOW_MS = SYNC.leaveMs + SYNC.deadlineMs + SYNC.settleMs

export async function openBench({
  sync,
  stores,
  reached,
  simulator: options = {},
}: BenchOptions = {}): Promise<Bench> {
  const simulator = await startSimulator(options)
  const served = await servedLedger(undefined, undefined, {
    stores: { ...STORES, ...stores },
    sync: { ...SYNC, ...sync },
    ...(reached === undefined ? {} : { reached }),
  })
  const { ledger, keys, connectionString, masterKey } = served
  const as = (role: keyof typeof keys) =>
    clientOf({ ...served, keys: { ...keys, accountant: keys[role] } })
  const admin = as('administrator')
  for (const [gateway, name] of [
    ['braintree', 'Braintree'],
    ['stripe', 'Stripe'],
  ]) {
    await admin.must('open-account', { account: `gateway-${gateway}`, name, type: 'gateway' })
  }
  return {
    simulator,
    served,
    client: as('accountant'),
    admin,
    approver: as('approver'),
    events: () => readEvents(connectionString, masterKey),
    caughtUp: async () => {
      const head = await ledger.store.head()
      if (head !== null) await ledger.waitFor(head, { timeoutMs: CATCH_UP_TIMEOUT_MS })
    },
    close: async () => {
      await served.stop()
      await simulator.close()
      const { violations, unexplainedNumbers } = await readBooks(connectionString, masterKey)
      await served.close()
      expect({ violations, unexplainedNumbers }).toEqual({ violations: [], unexplainedNumbers: [] })
    },
  }
}
