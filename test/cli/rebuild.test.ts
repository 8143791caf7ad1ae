import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PROJECTIONS } from '../../projections/index.js'
import { ask } from './books.js'
import { endAllFolio, startFolio } from './folio.js'
import { manySales, writeSales } from './sales-file.js'
import { type UserLedger, userLedger } from './user-database.js'

const NAMES = PROJECTIONS.map(({ name }) => name)

let ledger: UserLedger
beforeAll(async () => {
  ledger = await userLedger()
  await ledger.import(await writeSales(join(ledger.folder, 'many.csv'), manySales(50)))
})
afterEach(endAllFolio)
afterAll(() => ledger.remove())

type Rebuilt = { name: string; identical: boolean | null; rows: number }

async function rebuild(...names: string[]): Promise<Rebuilt[]> {
  const { code, stderr, json } = await ledger.run('rebuild', ...names, '--json')
  expect(code, stderr).toBe(0)
  return json()['projections'] as Rebuilt[]
}

describe('folio rebuild', () => {
  test('builds every read model anew, identical with the live one', async () => {
    const rebuilt = await rebuild()
    expect(rebuilt.map(({ name }) => name).sort()).toStrictEqual([...NAMES].sort())
    expect(rebuilt.filter(({ identical }) => identical !== true)).toStrictEqual([])
    expect(rebuilt.find(({ name }) => name === 'invoice_list')?.rows).toBe(40)
  })

  test('builds only what is named', async () => {
    expect((await rebuild('invoice_list')).map(({ name }) => name)).toStrictEqual(['invoice_list'])
  })

  test.each([
    ['SIGKILL', null],
    ['SIGINT', 130],
  ] as const)('is completed by the next one after %s', async (signal, code) => {
    const running = startFolio(['rebuild'], { environment: ledger.environment })
    await running.said(/Events: \d+ of/)
    const ended = await running.kill(signal)
    expect(ended.code).toBe(code)
    if (signal === 'SIGINT') expect(ended.stderr).toContain('the next rebuild goes on from there')

    expect((await rebuild()).filter(({ identical }) => identical !== true)).toStrictEqual([])
  })

  test('says which rows are not the live ones, and exits with 1', async () => {
    await tamper(
      'invoice_list',
      'update read_model.TABLE set total = total + 1 where number is not null',
    )
    const { code, stderr } = await ledger.run('rebuild', 'invoice_list')
    expect(stderr).toContain('The rebuilt rows of invoice_list are not the live ones')
    expect(code).toBe(1)
  })
})

describe('folio doctor', () => {
  test('finds nothing in a good ledger', async () => {
    await rebuild()
    const { code, json, stdout } = await ledger.run('doctor', '--json')
    const findings = json()['findings'] as { check: string; ok: boolean }[]
    expect(findings.filter(({ ok }) => !ok)).toStrictEqual([])
    for (const name of NAMES) expect(stdout).toContain(`ok    read model ${name}: up to date`)
    expect(stdout).toContain('ok    control accounts: each equals its open items')
    expect(code).toBe(0)
  })

  test('names what is wrong, and exits with 1', async () => {
    await tamper(
      'account_list',
      `update read_model.TABLE set balance = balance + 1 where account = 'receivable'`,
    )
    const { code, stdout, stderr } = await ledger.run('doctor')
    expect(stdout).toContain('FAIL  control accounts: receivable has 1.00, its open items 0.00')
    expect(stderr).toContain('control accounts')
    expect(code).toBe(1)
  })
})

/** As somebody might who knows the password of the database. */
async function tamper(name: string, statement: string): Promise<void> {
  const [live] = await ask(
    ledger.connectionString,
    `select b.table_name from read_model.projection_live l
     join read_model.projection_builds b using (name, build) where name = $1`,
    [name],
  )
  await ask(ledger.connectionString, statement.replace('TABLE', String(live?.['table_name'])))
}
