/** Reading with a deadline, over connections that may be lost. */
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { EventStoreUnavailable } from './event-store.js'
import { backoffMs } from './backoff.js'
import { ConnectionLost, isConnectionLoss } from './postgres-connections.js'

/**
 * Rows as arrays. Reading may be repeated, so a lost connection is tried again until the deadline; then it throws
 * {@link EventStoreUnavailable}.
 */
export async function readWithin<Row extends unknown[]>(
  pool: pg.Pool,
  query: pg.QueryArrayConfig,
  deadlineMs: number,
): Promise<Row[]> {
  const end = performance.now() + deadlineMs
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await readOnce<Row>(pool, query, end - performance.now())
    } catch (error) {
      if (pool.ending) throw new EventStoreUnavailable('The event store is closed.')
      if (!isConnectionLoss(error)) throw error
      const pauseMs = backoffMs(attempt)
      if (performance.now() + pauseMs >= end) {
        throw new EventStoreUnavailable(`The event log did not answer within ${deadlineMs} ms.`, {
          cause: error,
        })
      }
      await delay(pauseMs)
    }
  }
}

async function readOnce<Row extends unknown[]>(
  pool: pg.Pool,
  query: pg.QueryArrayConfig,
  timeoutMs: number,
): Promise<Row[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ConnectionLost(`no answer within ${Math.round(timeoutMs)} ms`))
    }, timeoutMs)
  })
  try {
    const client = await connectBefore(late, pool)
    try {
      const { rows } = await Promise.race([client.query<Row>(query), late])
      client.release()
      return rows
    } catch (error) {
      // With a question still open on it, the pool ends the connection without asking the other side.
      client.release(true)
      throw error
    }
  } finally {
    clearTimeout(timer)
  }
}

async function connectBefore(late: Promise<never>, pool: pg.Pool): Promise<pg.PoolClient> {
  const connecting = pool.connect()
  try {
    return await Promise.race([connecting, late])
  } catch (error) {
    // Nobody waits for it any more, but the pool has to have it back.
    connecting.then(
      (client) => {
        client.release()
      },
      () => undefined,
    )
    throw error
  }
}
