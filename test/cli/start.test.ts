import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  pristineFolders,
  removeWorkFolder,
  serverRuns,
  until,
  workFolder,
} from '../embedded-postgres/folders.js'
import { folderBooks } from './books.js'
import { endAllFolio, folio, type Running, startFolio } from './folio.js'
import { manySales, SHOP, writeSales } from './sales-file.js'

let folder: string
let data: string
let shop: string
beforeAll(async () => {
  folder = await workFolder()
  const newFolder = await pristineFolders(folder)
  data = await newFolder()
  shop = await writeSales(join(folder, 'shop.csv'), SHOP)
})
afterEach(endAllFolio)
afterAll(() => removeWorkFolder(folder))

const start = (...args: string[]): Running =>
  startFolio(['start', '--port', '0', '--data', data, ...args])
const importFile = (file: string): Running =>
  startFolio(['import', '--format', 'online-retail', file, '--data', data, '--json'])

type List = { total: number; rows: Record<string, unknown>[]; columns: unknown[] }

async function list(address: string, name: string, key: string): Promise<List> {
  const answer = await fetch(`${address}/${name}`, { headers: { authorization: `Bearer ${key}` } })
  expect(answer.status).toBe(200)
  return (await answer.json()) as List
}

describe('folio start', () => {
  test('prints its address, serves what an import books beside it, and stops without leaving a server', async () => {
    const server = start()
    const address = await server.said(/serves (http:\/\/127\.0\.0\.1:\d+) over PostgreSQL in /)
    const key = await server.said(/^Administrator key: (\S+)$/m)
    expect((await list(address, 'invoices', key)).total).toBe(0)

    const imported = await importFile(shop).ended
    expect(imported.code, imported.stderr).toBe(0)
    expect(imported.json()).toMatchObject({ invoices: 4, bookedTotal: '51.40' })
    const invoices = await list(address, 'invoices', key)
    expect(invoices.total).toBe(4)
    expect(invoices.rows[0]).toMatchObject({ number: 'INV/2011/00003', taxExcluded: '5.00' })
    expect((await list(address, 'credit-notes', key)).total).toBe(2)

    const { code, stderr, stdout } = await server.kill('SIGTERM')
    expect([code, stdout.split('\n').length]).toStrictEqual([0, 3])
    expect(stderr).toContain('Stopping')
    expect(await serverRuns(data)).toBe(false)
  })

  test('prints one object with --json, and stops on Ctrl-C too', async () => {
    const server = start('--json')
    const line = await server.said(/^\{.*\}$/m)
    const { address, port, database } = JSON.parse(line) as Record<string, unknown>
    expect(address).toBe(`http://127.0.0.1:${String(port)}`)
    expect(database).toContain(data)
    expect((await fetch(`${String(address)}/health/ready`)).status).toBe(200)
    expect((await server.kill('SIGINT')).code).toBe(0)
    expect(await serverRuns(data)).toBe(false)
  })

  test('may stop while an import goes on, which completes all the same', async () => {
    const file = await writeSales(join(folder, 'many.csv'), manySales(60))
    const server = start()
    await server.said(/serves (http\S+)/)
    const running = importFile(file)
    await running.said(/Documents: \d+ of 60/)
    expect((await server.kill('SIGTERM')).code).toBe(0)
    const { code, stderr, json } = await running.ended
    expect(code, stderr).toBe(0)
    expect(json()).toMatchObject({ invoices: 48, creditNotesAdHoc: 0, refusedTotal: '0.00' })
    await until(async () => !(await serverRuns(data)))
    expect((await folderBooks(data)).violations).toStrictEqual([])
  })

  test('names the process that has its port', async () => {
    const other = createServer()
    await new Promise<void>((settle) => other.listen(0, '127.0.0.1', settle))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, stderr } = await folio(['start', '--port', String(port), '--data', data])
    other.close()
    expect(stderr).toContain(`Another program listens on 127.0.0.1:${port}.`)
    expect(stderr).toContain(`process ${process.pid} (`)
    expect(code).toBe(1)
    expect(await serverRuns(data)).toBe(false)
  })
})

describe('an interrupted import', () => {
  test('ends in order at Ctrl-C with 130, and the same import again completes it', async () => {
    const file = await writeSales(join(folder, 'more.csv'), manySales(200, 600_000))
    const running = importFile(file)
    await running.said(/Documents: \d+ of 200/)
    const { code, stderr, json } = await running.kill('SIGINT')
    expect(stderr).toMatch(/Stopped after \d+ of 200 documents\. Run the same import again/)
    expect([code, json()['exitCode']]).toStrictEqual([130, 130])
    expect(await serverRuns(data)).toBe(false)

    const again = await importFile(file).ended
    expect(again.code, again.stderr).toBe(0)
    expect(again.json()).toMatchObject({ invoices: 160, creditNotesAdHoc: 0, refusedTotal: '0.00' })
    const books = await folderBooks(data)
    expect(books.violations).toStrictEqual([])
    expect(books.unexplainedNumbers).toStrictEqual([])
  })
})
