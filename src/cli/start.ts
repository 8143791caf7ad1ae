import type { Command } from 'commander'
import { openLedger } from '../open-ledger.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { print, printJson, say } from './output.js'
import { serveLedger } from './serve-ledger.js'

export function startCommand(program: Command): void {
  withSharedOptions(program.command('start'))
    .description('serve the ledger over HTTP and keep its read models in step, until stopped')
    .action(async (options: Shared) => {
      await run(options, async ({ config, json, interruption }) => {
        const ledger = await openLedger(config, { say, projections: true })
        try {
          const serving = await serveLedger(ledger, config)
          const { address, port } = serving
          if (json) printJson({ address, port, database: ledger.database })
          else print(`Folio serves ${address} over ${ledger.database}. Ctrl-C stops it.`)
          await interruption.asked
          await serving.close()
        } finally {
          await ledger.close()
        }
      })
    })
}
