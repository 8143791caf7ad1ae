/** Our commands in process over PostgreSQL. */
import { callersFor, numberIn, serveContender } from '../contender.js'
import { openBenchLedger } from '../folio-ledger.js'
import { seller } from '../folio-sale.js'

serveContender(async (setup) => {
  const ledger = await openBenchLedger(setup)
  const sell = seller(ledger.handler)
  const callers = numberIn(setup, 'callers')
  return { round: (ms) => callersFor(ms, callers, sell), close: () => ledger.close() }
})
