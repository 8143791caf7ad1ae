/** The log read from end to end through the port of the event store, page by page. */
import { serveContender } from '../contender.js'
import { openBenchLedger } from '../folio-ledger.js'

const PAGE_SIZE = 5_000

serveContender(async (setup) => {
  const ledger = await openBenchLedger(setup)
  const round = async () => {
    const begunAt = performance.now()
    let events = 0
    let after: bigint | null = null
    for (;;) {
      const page = await ledger.store.readAll({ after, limit: PAGE_SIZE })
      const last = page.at(-1)
      if (last === undefined) break
      events += page.length
      after = last.position
    }
    return { eventsPerSecond: (events * 1000) / (performance.now() - begunAt) }
  }
  return { round, close: () => ledger.close() }
})
