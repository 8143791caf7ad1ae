/** The database server alone: made and started, then stopped and started again. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'
import { serveContender, textIn } from '../contender.js'

serveContender((setup) => {
  const folder = textIn(setup, 'folder')
  const round = async () => {
    const dataDirectory = join(folder, randomUUID())
    return { firstMs: await startMs(dataDirectory), againMs: await startMs(dataDirectory) }
  }
  return Promise.resolve({ round, close: () => Promise.resolve() })
})

async function startMs(dataDirectory: string): Promise<number> {
  const begunAt = performance.now()
  const server = await openEmbeddedPostgres({ dataDirectory })
  const ms = performance.now() - begunAt
  await server.close()
  return ms
}
