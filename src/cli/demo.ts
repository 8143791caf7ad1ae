import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Config } from '../config.js'
import type { ImportPlan } from '../imports/online-retail/import-plan.js'
import type { Serving } from '../http/serve.js'
import type { Ledger } from '../open-ledger.js'
import { systemClock } from '../system-clock.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { browserAddress, curlCommand, curlList } from './demo-requests.js'
import { ledgerTables } from './demo-tables.js'
import { FILE_TIME_ZONE, printSummary } from './import.js'
import { importPlan, planFile } from './import-file.js'
import { print, printJson, say } from './output.js'
import { withLedger } from './with-ledger.js'

type Options = Shared & Readonly<{ file?: string; vat?: boolean; once?: boolean }>

const SAMPLE = 'scripts/sample/online-retail-sample.csv'
const FOLDER_NAME_LENGTH = 12
const DEMO_KEY_NAME = 'demo'

/** The main job at one go: a sample, or a file of the user's, in a data folder of its own. */
export function demoCommand(program: Command): void {
  withSharedOptions(program.command('demo'))
    .description(
      'book a sample (or --file) in a data folder of its own, show the books, and go on serving them',
    )
    .option('--file <path>', 'a file in the format online-retail instead of the sample')
    .option('--vat', 'take UK VAT of the date to be in the prices for UK customers')
    .option('--once', 'print the books and end')
    .action(async (options: Options) => {
      await run(options, async ({ config, json, interruption }) => {
        const { file = join(packageFolder(), SAMPLE), vat = false, once = false } = options
        const plan = await planFile(
          { file, vat, report: undefined },
          systemClock().today(FILE_TIME_ZONE),
        )
        const own = { ...config, dataDirectory: demoFolder(config, plan, vat) }
        say(`Data folder: ${own.dataDirectory}`)
        await withLedger(own, { projections: true }, async (ledger) => {
          const { signal } = interruption
          const { report, ...summary } = await importPlan(plan, ledger, {
            dataDirectory: own.dataDirectory,
            report: undefined,
            signal,
          })
          print(await ledgerTables(ledger.db))
          printSummary(summary, report)
          if (once && json) printJson(summary)
          if (!once) await serveUntilStopped(ledger, own, interruption.asked, json ? summary : null)
        })
      })
    })
}

async function serveUntilStopped(
  ledger: Ledger,
  config: Config,
  stopped: Promise<void>,
  summary: object | null,
): Promise<void> {
  const { serveLedger } = await import('./serve-ledger.js')
  const serving = await serveLedger(ledger, config)
  try {
    await announce(ledger, serving, summary)
    await stopped
  } finally {
    await serving.close()
    // It stands in this terminal, and perhaps in the history of a shell and a browser.
    await ledger.apiKeys.revoke(DEMO_KEY_NAME)
  }
}

/** A key of its own each time: the one of the demo before was shown once, and may stand in a shell's history. */
async function announce(
  { db, apiKeys }: Ledger,
  { address, port }: Serving,
  summary: object | null,
): Promise<void> {
  const key = await apiKeys.replace({ name: DEMO_KEY_NAME, role: 'administrator' })
  const place = { address, key }
  const command = await curlCommand(db, place)
  if (summary !== null) {
    printJson({ ...summary, address, port, key, curl: command, curlList: curlList(place) })
    return
  }
  print(
    [
      `\nOpen this to look around (the key in it holds until the demo ends): ${browserAddress(place)}`,
      `\nAsk for something, as a program would:\n${command}`,
      `\nRead a list:\n${curlList(place)}`,
      '\nCtrl-C stops it.',
    ].join('\n'),
  )
}

/** Each file has a folder of its own, so that demos of several files do not mix. */
function demoFolder({ dataDirectory }: Config, { sha256 }: ImportPlan, vat: boolean): string {
  return join(dataDirectory, 'demo', `${sha256.slice(0, FOLDER_NAME_LENGTH)}${vat ? '-vat' : ''}`)
}

/** The project's own folder, from wherever it runs. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder)
    folder = dirname(folder)
  return folder
}
