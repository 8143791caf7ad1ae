import type { Pool, PoolClient } from 'pg'

export async function transaction<Value>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Value>,
): Promise<Value> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const value = await work(client)
    await client.query('commit')
    client.release()
    return value
  } catch (reason) {
    // Ends the connection, and with it the transaction: it may have failed because nobody answers on it any more.
    client.release(true)
    throw reason
  }
}
