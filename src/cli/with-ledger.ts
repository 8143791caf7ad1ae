/** A ledger for the length of one command, closed in order whatever came of it. */
import type { Config } from '../config.js'
import type { Ledger, OpenLedgerOptions } from '../open-ledger.js'
import { say } from './output.js'

export async function withLedger(
  config: Config,
  options: Omit<OpenLedgerOptions, 'say'>,
  work: (ledger: Ledger) => Promise<void>,
): Promise<void> {
  // Most of half a second to load, which whoever mistyped an option does not wait for.
  const { openLedger } = await import('../open-ledger.js')
  const ledger = await openLedger(config, { ...options, say })
  try {
    await work(ledger)
  } catch (reason) {
    // What went wrong first is what matters; closing often fails of the same.
    await ledger.close().catch(() => undefined)
    throw ledger.lost() ?? reason
  }
  await ledger.close()
}
