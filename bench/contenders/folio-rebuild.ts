/** `folio rebuild` of all read models, with the comparison against the live ones and the switch. */
import { PROJECTIONS } from '../../projections/index.js'
import { rebuildProjections } from '../../src/workers/rebuild.js'
import { serveContender } from '../contender.js'
import { openBenchLedger } from '../folio-ledger.js'

serveContender(async (setup) => {
  const ledger = await openBenchLedger(setup)
  const { db, store, log, holder } = ledger
  const { events } = await store.lag(null, new Date())
  const round = async () => {
    const begunAt = performance.now()
    const results = await rebuildProjections({ db, store, log, holder, projections: PROJECTIONS })
    const seconds = (performance.now() - begunAt) / 1000
    if (results.some(({ identical }) => identical === false)) {
      throw new Error('A rebuilt read model is not the live one.')
    }
    // Kilobytes on every system, says Node.
    const peakMb = process.resourceUsage().maxRSS / 1024
    return { eventsPerSecond: events / seconds, peakMb }
  }
  return { round, close: () => ledger.close() }
})
