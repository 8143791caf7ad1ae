import type { Command } from 'commander'
import type { Serving } from '../http/serve.js'
import type { Ledger } from '../open-ledger.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { NOT_SHOWN_AGAIN } from './key.js'
import { print, printJson, say } from './output.js'
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
          const { serveLedger } = await import('./serve-ledger.js')
          const serving = await serveLedger(ledger, config)
          try {
            await announce(ledger, serving, json)
            await interruption.asked
          } finally {
            await serving.close()
          }
        })
      })
    })
}

/** Without a key nobody could ask for anything: the first start makes one, once it is sure that it serves. */
async function announce(ledger: Ledger, { address, port }: Serving, json: boolean): Promise<void> {
  const { database } = ledger
  const administratorKey = await ledger.apiKeys.createFirst()
  if (administratorKey !== null) say(`A first API key was made. ${NOT_SHOWN_AGAIN}`)
  if (json) {
    printJson({
      address,
      port,
      database,
      ...(administratorKey === null ? {} : { administratorKey }),
    })
    return
  }
  if (administratorKey !== null) print(`Administrator key: ${administratorKey}`)
  print(`Folio serves ${address} over ${database}. Ctrl-C stops it.`)
}

/** Whoever opens the address finds lists there, also the first time; but a long log is not waited for. */
async function readModelsCaughtUp({ store, waitFor }: Ledger): Promise<void> {
  const head = await store.head()
  if (head === null) return
  const { outcome } = await waitFor(head, { timeoutMs: CATCH_UP_MS })
  if (outcome === 'behind') say('The read models are still catching up with the log.')
}
