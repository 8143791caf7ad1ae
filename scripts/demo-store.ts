/**
 * A store, its ledger, a refund whose answer is lost and one that the store does not take: what an operator sees, over a
 * BigCommerce of our own. Then it is served to look around, unless `--once` is given.
 *
 *     npm run demo:store
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import { run } from '../src/cli/command-line.js'
import { EXIT } from '../src/cli/failure.js'
import { browserAddress } from '../src/cli/demo-requests.js'
import { print, say, table } from '../src/cli/output.js'
import { serveLedger } from '../src/cli/serve-ledger.js'
import type { Config } from '../src/config.js'
import { openLedger } from '../src/open-ledger.js'
import { type Simulator, startSimulator } from '../test/simulators/bigcommerce/simulator.js'
import { connectStores, creditPieces, type Note, TOKEN } from '../test/sync/connected-stores.js'
import { type RetryingClient, retryingClient } from '../test/sync/store-client.js'

const HASH = 'demo'
const ORDERS = 4
const PIECES = 2
/** Of what a real store takes, so much is shown in a minute. */
const SYNC = { leaveMs: 500, deadlineMs: 1_000, settleMs: 2_000 }
const SETTLED_TIMEOUT_MS = 60_000
const LOOK_MS = 250

const { once = false, port } = new Command('npm run demo:store --')
  .option('--once', 'end when all has been shown, instead of serving it')
  .option('--port <n>', 'port of the HTTP server, 0 for any free one')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.done : EXIT.badInput))
  .parse()
  .opts<Readonly<{ once?: boolean; port?: string }>>()

await run(port === undefined ? {} : { port }, async ({ config, interruption }) => {
  const folder = await mkdtemp(join(tmpdir(), 'folio-demo-store-'))
  const simulator = await startSimulator({
    stores: [{ hash: HASH, token: TOKEN, currency: 'GBP', quota: null, name: 'Demo store' }],
  })
  try {
    await overStore({ ...config, dataDirectory: folder, databaseUrl: null, eventStoreUrl: null })
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }

  async function overStore(own: Config): Promise<void> {
    const hurried = {
      ...own,
      sync: SYNC,
      stores: { networks: ['127.0.0.0/8'], publicUrl: null, pullMs: 1_000 },
    }
    const ledger = await openLedger(hurried, { say, projections: true })
    try {
      const serving = await serveLedger(ledger, hurried)
      try {
        const key = await ledger.apiKeys.createFirst()
        if (key === null) throw new Error('A new ledger has no key yet.')
        const place = { address: serving.address, key }
        const demo = tellStore(
          retryingClient(() => place),
          simulator,
        )
        await Promise.race([demo, interruption.asked])
        if (!once && !interruption.signal.aborted) {
          const page = browserAddress(place).replace('/invoices', '/sync-tasks')
          print(`\nOpen this to look around (all of it is gone when the demo ends): ${page}`)
          print('\nCtrl-C stops it.')
          await interruption.asked
        }
      } finally {
        await serving.close()
      }
    } finally {
      await ledger.close()
    }
  }
})

async function tellStore(client: RetryingClient, { address, control }: Simulator): Promise<void> {
  const store = { hash: HASH, orders: ORDERS }
  const orders = await connectStores({ address, control }, client, [store], PIECES)
  print(`\n${ORDERS} orders of the store were pulled in, invoiced and paid, as the workflow says.`)
  const notes = await creditPieces(client, orders, 1, 1)
  const last = notes.at(-1)
  if (last === undefined) throw new Error('There are notes.')
  const { body: quote } = await client.get(`/credit-notes/${last.creditNoteId}/refund-quote`)
  print(
    `\nFor a note of ${last.amount} the store would give back, and over: ${JSON.stringify(quote['chosen'])}`,
  )

  await control.addFault({ kind: 'answer_lost', on: 'refunds', times: 1 })
  for (const note of notes.slice(0, -1)) await refund(client, note)
  print(`\n${notes.length - 1} notes are to be refunded; one answer will be lost on its way.`)
  await settled(client, 'Done', notes.length - 1)
  await control.setStore({ hash: HASH, token: 'another' })
  await refund(client, last)
  print('\nThen the store takes its token back, and one more note is to be refunded.')
  await settled(client, 'Waits for a person', 1)

  const tasks = ['kind', 'orderNumber', 'amount', 'state', 'attempts', 'setback']
  await show(client, 'Sync tasks', '/sync-tasks', tasks)
  const shown = ['number', 'total', 'currency', 'status', 'paymentStatus', 'refundedAtStore']
  await show(client, 'Orders', '/orders', shown)
  const atStore = await control.refundsByMarker({ store: HASH })
  const counts = Object.values(atStore).map((refunds) => refunds.length)
  print(
    `\nThe store made ${counts.length} refunds, each ${Math.max(...counts) === 1 ? 'once' : 'NOT once'}.`,
  )
}

async function refund(client: RetryingClient, { creditNoteId }: Note): Promise<void> {
  const asked = { creditNoteId, description: 'Came back' }
  await client.must('refund-order-on-platform', asked, `refund-${creditNoteId}`)
}

async function settled(client: RetryingClient, state: string, tasks: number): Promise<void> {
  const until = Date.now() + SETTLED_TIMEOUT_MS
  for (;;) {
    const { body } = await client.get(`/sync-tasks?state=${encodeURIComponent(state)}&limit=1`)
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
