/** The same pages of the same table by a prepared SELECT and nothing else. */
import pg from 'pg'
import { serveContender, textIn } from '../contender.js'

const PAGE_SIZE = 5_000
const PAGE = {
  name: 'page',
  text: `select position, stream, revision, event_id, type, data, metadata from event_log.events
    where position > $1::bigint order by position limit ${PAGE_SIZE}`,
  rowMode: 'array' as const,
}

serveContender(async (setup) => {
  const client = new pg.Client({ connectionString: textIn(setup, 'database') })
  await client.connect()
  const round = async () => {
    const begunAt = performance.now()
    let events = 0
    let after = '0'
    for (;;) {
      const { rows } = await client.query<[string, ...unknown[]]>({ ...PAGE, values: [after] })
      const last = rows.at(-1)
      if (last === undefined) break
      events += rows.length
      after = last[0]
    }
    return { eventsPerSecond: (events * 1000) / (performance.now() - begunAt) }
  }
  return { round, close: () => client.end() }
})
