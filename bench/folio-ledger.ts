/** The ledger over a measured database, wired as `folio start` wires it, without the workers that follow the log. */
import { STORES_DEFAULTS } from '../src/config.js'
import { type Ledger, openLedger } from '../src/open-ledger.js'
import { type Setup, textIn } from './contender.js'

export function openBenchLedger(setup: Setup): Promise<Ledger> {
  const config = {
    databaseUrl: textIn(setup, 'database'),
    eventStoreUrl: null,
    masterKey: Buffer.from(textIn(setup, 'masterKey'), 'base64'),
    dataDirectory: '',
    host: '',
    port: 0,
    ...STORES_DEFAULTS,
  }
  const say = (line: string) => process.stderr.write(`${line}\n`)
  return openLedger(config, { say, projections: false })
}
