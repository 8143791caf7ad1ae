import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { chmod, chown, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { removeWorkFolder, workFolder } from '../embedded-postgres/folders.js'
import { testDatabase } from '../support/postgres.js'
import { type Ended, endAllFolio, folio } from './folio.js'
import { copyProject, isRoot, type ProjectCopy, UNPRIVILEGED_USER } from './project-copy.js'
import { SHOP, writeSales } from './sales-file.js'

let folder: string
let shop: string
beforeAll(async () => {
  folder = await workFolder()
  shop = await writeSales(join(folder, 'shop.csv'), SHOP)
})
afterEach(endAllFolio)
afterAll(async () => {
  await removeWorkFolder(folder)
})

const importInto = (data: string, environment: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  folio(['import', '--format', 'online-retail', shop, '--data', data, '--json'], { environment })

/** One clear sentence, no trace of a program, and the exit code of a failure. */
function expectFailure({ code, stderr, json }: Ended, ...words: (string | RegExp)[]): void {
  for (const word of words) expect(stderr).toMatch(word)
  expect(stderr).not.toMatch(/^\s+at |node:internal|Error: /m)
  expect(code).toBe(1)
  expect(json()).toStrictEqual({ error: expect.any(String) as string, exitCode: 1 })
}

describe('a data folder that cannot be used is named', () => {
  test('below a file', async () => {
    const data = join(shop, 'data')
    expectFailure(await importInto(data), `The data folder ${data} is no folder`)
  })

  test('that is a file', async () => {
    expectFailure(await importInto(shop), `The data folder ${shop} is no folder`)
  })

  test('whose master key is damaged, which is kept', async () => {
    const data = join(folder, 'damaged key')
    await mkdir(data)
    await writeFile(join(data, 'master.key'), 'c2hvcnQ=')
    expectFailure(
      await importInto(data),
      `${join(data, 'master.key')} does not hold 32 bytes in base64`,
    )
    expect((await stat(join(data, 'master.key'))).size).toBe(8)
  })
})

describe('a database of the user’s own that cannot be used is named, without its password', () => {
  const masterKey = randomBytes(32).toString('base64')
  let silent: Server
  let silentPort: number
  beforeAll(async () => {
    silent = createServer()
    await new Promise<void>((settle) => silent.listen(0, '127.0.0.1', settle))
    const address = silent.address()
    silentPort = typeof address === 'object' && address !== null ? address.port : 0
  })
  afterAll(() => silent.close())

  test('when nobody listens', async () => {
    const begunAt = Date.now()
    const ended = await importInto(join(folder, 'unused'), {
      DATABASE_URL: 'postgresql://keeper:sesame@127.0.0.1:1/books',
      FOLIO_MASTER_KEY: masterKey,
    })
    expectFailure(
      ended,
      'The PostgreSQL of DATABASE_URL at 127.0.0.1:1/books cannot be used: ',
      'ECONNREFUSED',
    )
    expect(ended.stderr + ended.stdout).not.toContain('sesame')
    expect(Date.now() - begunAt).toBeLessThan(10_000)
  })

  test('when it accepts and says nothing, within a deadline', async () => {
    const begunAt = Date.now()
    const ended = await importInto(join(folder, 'unused'), {
      DATABASE_URL: `postgresql://127.0.0.1:${silentPort}/books`,
      FOLIO_MASTER_KEY: masterKey,
    })
    expectFailure(ended, `127.0.0.1:${silentPort}/books cannot be used: `)
    expect(Date.now() - begunAt).toBeLessThan(15_000)
  })

  test('when it refuses the password', async () => {
    const database = await testDatabase()
    const url = new URL(database.connectionString)
    url.password = 'sesame'
    const ended = await importInto(join(folder, 'unused'), {
      DATABASE_URL: url.href,
      FOLIO_MASTER_KEY: masterKey,
    })
    await database.drop()
    expectFailure(ended, 'cannot be used: password authentication failed')
  })

  test('when it was opened with another master key', async () => {
    const database = await testDatabase()
    const environment = {
      DATABASE_URL: database.connectionString,
      FOLIO_DATA: join(folder, 'keys'),
    }
    const first = await folio(['doctor'], {
      environment: { ...environment, FOLIO_MASTER_KEY: masterKey },
    })
    const other = randomBytes(32).toString('base64')
    const ended = await importInto(join(folder, 'keys'), {
      ...environment,
      FOLIO_MASTER_KEY: other,
    })
    await database.drop()
    expect(first.code, first.stderr).toBe(0)
    expectFailure(ended, 'FOLIO_MASTER_KEY is not the key that this database was first opened with')
    expect(ended.stderr).not.toContain('cannot be used')
  })
})

describe('a place for the report', () => {
  test.each([
    ['a folder', () => folder],
    ['below a file', () => join(shop, 'report.csv')],
  ])('that is %s is bad input, found before anything is booked', async (_, place) => {
    const data = join(folder, 'never made')
    const args = [
      'import',
      '--format',
      'online-retail',
      shop,
      '--data',
      data,
      '--json',
      '--report',
      place(),
    ]
    const { code, stderr } = await folio(args)
    expect(stderr).toMatch(`The report cannot be written to ${place()}: `)
    expect(code).toBe(2)
    expect(await readdir(folder)).not.toContain('never made')
  })
})

describe.runIf(isRoot)('as another user', () => {
  let copy: ProjectCopy
  beforeAll(async () => {
    copy = await copyProject()
  })
  afterAll(() => copy.remove())

  test('a read-only folder is named', async () => {
    const closed = join(copy.home, 'closed')
    await mkdir(closed)
    await chown(closed, UNPRIVILEGED_USER, UNPRIVILEGED_USER)
    await chmod(closed, 0o500)
    const file = await writeSales(join(copy.home, 'shop.csv'), SHOP)
    const data = join(closed, 'data')
    const args = ['import', '--format', 'online-retail', file, '--data', data, '--json']
    const ended = await folio(args, { project: copy.project, uid: UNPRIVILEGED_USER })
    expectFailure(ended, `The data folder ${data} cannot be read and written by this user`)
    await rm(closed, { recursive: true })
  })

  test('the demo runs, and leaves no server', async () => {
    const data = join(copy.home, 'demo data')
    const ended = await folio(['demo', '--once', '--json', '--data', data], {
      project: copy.project,
      uid: UNPRIVILEGED_USER,
    })
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.json()).toMatchObject({ invoices: 33, bookedTotal: '8294.26' })
  })

  test('the demo runs as root from a folder that only root may enter', async () => {
    await chmod(copy.project, 0o700)
    const data = join(copy.project, '.folio')
    const ended = await folio(['demo', '--once', '--json'], {
      project: copy.project,
      directory: copy.project,
    })
    await chmod(copy.project, 0o755)
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.json()).toMatchObject({ invoices: 33, bookedTotal: '8294.26' })
    expect((await readdir(join(data, 'demo'))).length).toBe(1)
  })
})
