/**
 * A ledger as `folio start` wires it, in a process of its own that a test may kill or freeze: at random, or when the sync
 * has reached a point for the n-th time (`SYNC_POINT=point:n:SIGKILL`). It says where it is on one line.
 */
import { serveLedger } from '../../src/cli/serve-ledger.js'
import { readConfig } from '../../src/config.js'
import { openLedger } from '../../src/open-ledger.js'

const RATE_PER_MINUTE_MAX = 1_000_000
const [point = '', nth = '', signal = ''] = (process.env['SYNC_POINT'] ?? '').split(':')

let times = 0
const reached = (at: string): void => {
  if (at !== point) return
  times += 1
  // The process ends, or stands still, within this very call.
  if (`${times}` === nth) process.kill(process.pid, signal)
}

const read = readConfig({}, process.env)
/** Shorter than anybody could set them: a test has no hours. */
const { pullMs, ...sync } = JSON.parse(process.env['SYNC_TIMES'] ?? '{}') as Partial<
  typeof read.sync
> &
  Readonly<{ pullMs?: number }>
const config = {
  ...read,
  sync: { ...read.sync, ...sync },
  stores: { ...read.stores, pullMs: pullMs ?? read.stores.pullMs },
}
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
const ledger = await openLedger(config, { say, projections: true, reached })
const serving = await serveLedger(ledger, config)
const key = await ledger.apiKeys.replace({
  name: 'driver',
  role: 'administrator',
  ratePerMinuteMax: RATE_PER_MINUTE_MAX,
})
process.stdout.write(`${JSON.stringify({ address: serving.address, key })}\n`)
process.once('SIGTERM', () => {
  void serving
    .close()
    .then(() => ledger.close())
    .then(() => process.exit(0))
})
