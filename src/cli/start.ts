import type { Command } from 'commander'
import type { Ledger } from '../open-ledger.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { print, printJson, say } from './output.js'
import { serveLedger } from './serve-ledger.js'
import { withLedger } from './with-ledger.js'

/** A process that was killed may lead them for some seconds more; lists answer with what there is. */
const CATCH_UP_MS = 10_000

export function startCommand(program: Command): void {
  withSharedOptions(program.command('start'))
    .description('serve the ledger over HTTP and keep its read models in step, until stopped')
    .action(async (options: Shared) => {
      await run(options, async ({ config, json, interruption }) => {
        await withLedger(config, { projections: true }, async (ledger) => {
          await readModelsCaughtUp(ledger)
          const serving = await serveLedger(ledger, config)
          const { address, port } = serving
          if (json) printJson({ address, port, database: ledger.database })
          else print(`Folio serves ${address} over ${ledger.database}. Ctrl-C stops it.`)
          await interruption.asked
          await serving.close()
        })
      })
    })
}

/** Whoever opens the address finds lists there, also the first time; but a long log is not waited for. */
async function readModelsCaughtUp({ store, waitFor }: Ledger): Promise<void> {
  const head = await store.head()
  if (head === null) return
  const { outcome } = await waitFor(head, { timeoutMs: CATCH_UP_MS })
  if (outcome === 'behind') say('The read models are still catching up with the log.')
}
