import pg from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from './postgres.js'

async function tablesOf(connectionString: string): Promise<string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )
    return rows.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

test('every test database is empty, apart from the others, and goes when dropped', async () => {
  const one = await testDatabase()
  const two = await testDatabase()
  const client = new pg.Client({ connectionString: one.connectionString })
  await client.connect()
  await client.query('create table only_here ()')
  await client.end()
  expect(await tablesOf(one.connectionString)).toEqual(['only_here'])
  expect(await tablesOf(two.connectionString)).toEqual([])
  await Promise.all([one.drop(), two.drop()])
  await expect(tablesOf(one.connectionString)).rejects.toMatchObject({ code: '3D000' })
})
