/**
 * A store, its ledger, and a refund whose answer is lost: what an operator sees, over a BigCommerce of our own.
 *
 *     npm run demo:store
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { print, say, table } from '../src/cli/output.js'
import { serveLedger } from '../src/cli/serve-ledger.js'
import { readConfig } from '../src/config.js'
import { openLedger } from '../src/open-ledger.js'
import { startSimulator } from '../test/simulators/bigcommerce/simulator.js'
import { connectStores, creditPieces, TOKEN } from '../test/sync/connected-stores.js'
import { type RetryingClient, retryingClient } from '../test/sync/store-client.js'

const HASH = 'demo'
const ORDERS = 3
const PIECES = 2
/** Of what a real store takes, so much is shown in a minute. */
const SYNC = { leaveMs: 500, deadlineMs: 1_000, settleMs: 2_000 }
const SETTLED_TIMEOUT_MS = 60_000
const LOOK_MS = 250

const folder = await mkdtemp(join(tmpdir(), 'folio-demo-store-'))
const simulator = await startSimulator({
  stores: [{ hash: HASH, token: TOKEN, currency: 'GBP', quota: null, name: 'Demo store' }],
})
const read = readConfig({ data: folder, port: '0' }, {})
const config = {
  ...read,
  sync: SYNC,
  stores: { ...read.stores, networks: ['127.0.0.0/8'], pullMs: 1_000 },
}
const ledger = await openLedger(config, { say, projections: true })
const serving = await serveLedger(ledger, config)
try {
  const key = await ledger.apiKeys.createFirst()
  if (key === null) throw new Error('A new ledger has no key yet.')
  const client = retryingClient(() => ({ address: serving.address, key }))
  await demo(client)
} finally {
  await serving.close()
  await ledger.close()
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
}

async function demo(client: RetryingClient): Promise<void> {
  const orders = await connectStores(simulator, client, [{ hash: HASH, orders: ORDERS }], PIECES)
  print(`\n${ORDERS} orders of the store were pulled in, invoiced and paid, as the workflow says.`)
  const notes = await creditPieces(client, orders, 1, 1)
  const [first] = notes
  if (first === undefined) throw new Error('There are notes.')
  const { body: quote } = await client.get(`/credit-notes/${first.creditNoteId}/refund-quote`)
  print(
    `\nFor the first note the store would give back, and over: ${JSON.stringify(quote['chosen'])}`,
  )
  await simulator.control.addFault({ kind: 'answer_lost', on: 'refunds', times: 1 })
  for (const { creditNoteId } of notes) {
    const asked = { creditNoteId, description: 'Came back' }
    await client.must('refund-order-on-platform', asked, `refund-${creditNoteId}`)
  }
  print(
    `\n${notes.length} notes are to be refunded; the answer to one of them will be lost on its way.`,
  )
  await settled(client, notes.length)
  await show(client, 'Sync tasks', '/sync-tasks', [
    'kind',
    'orderNumber',
    'amount',
    'state',
    'attempts',
  ])
  await show(client, 'Orders', '/orders', [
    'number',
    'total',
    'currency',
    'status',
    'paymentStatus',
  ])
  const atStore = await simulator.control.refundsByMarker({ store: HASH })
  const counts = Object.values(atStore).map((refunds) => refunds.length)
  print(
    `\nThe store made ${counts.length} refunds, each ${Math.max(...counts) === 1 ? 'once' : 'NOT once'}.`,
  )
}

async function settled(client: RetryingClient, tasks: number): Promise<void> {
  const until = Date.now() + SETTLED_TIMEOUT_MS
  for (;;) {
    const { body } = await client.get('/sync-tasks?state=Done&limit=1')
    if ((body['total'] as number) >= tasks) return
    if (Date.now() > until) throw new Error('The refunds have not come to their end.')
    await pause(LOOK_MS)
  }
}

async function show(
  client: RetryingClient,
  title: string,
  path: string,
  columns: readonly string[],
): Promise<void> {
  const { body } = await client.get(path)
  const rows = body['rows'] as readonly Record<string, string | number | null>[]
  print(`\n${title}`)
  print(
    table(
      columns.map((label) => ({ label })),
      rows.map((row) => columns.map((column) => `${row[column] ?? ''}`)),
    ),
  )
}
