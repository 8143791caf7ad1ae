/** What every command of `folio` shares: its options, one way to fail, one way to be interrupted. */
import type { Command } from 'commander'
import { type Config, readConfig } from '../config.js'
import { FailedWithResult, failureOf } from './failure.js'
import { type Interruption, watchInterruption } from './interruption.js'
import { printJson, say } from './output.js'

export type Shared = Readonly<{ data?: string; port?: string; json?: boolean }>

export type Run = Readonly<{ config: Config; json: boolean; interruption: Interruption }>

export function withSharedOptions(command: Command): Command {
  return command
    .option(
      '--data <dir>',
      'folder of the embedded database, keys and reports (FOLIO_DATA, default ./.folio)',
    )
    .option('--port <n>', 'port of the HTTP server, 0 for any free one (FOLIO_PORT, default 4180)')
    .option('--json', 'print one JSON object on the last line of standard output')
}

/**
 * Runs a command to its end and leaves with its exit code: 0 done, 1 failed, 2 bad input, 130 interrupted. Failures
 * are told on standard error, and with `--json` as an object too.
 */
export async function run(shared: Shared, work: (run: Run) => Promise<void>): Promise<void> {
  const interruption = watchInterruption()
  const json = shared.json === true
  let dataDirectory: string | null = shared.data ?? ''
  try {
    const config = readConfig(shared, process.env)
    dataDirectory = config.databaseUrl === null ? config.dataDirectory : null
    await work({ config, json, interruption })
  } catch (reason) {
    const { exitCode, message } = failureOf(reason, dataDirectory)
    say(`folio: ${message}`)
    const result = reason instanceof FailedWithResult ? reason.result : {}
    if (json) printJson({ ...result, error: message, exitCode })
    process.exitCode = exitCode
  } finally {
    interruption.end()
  }
}
