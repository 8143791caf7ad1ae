import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'
import { isAlive } from '../../src/embedded-postgres/processes.js'
import {
  killServer,
  postmasterPid,
  pristineFolders,
  query,
  serverRuns,
  until,
  removeWorkFolder,
  workFolder,
} from './folders.js'
import { killOpeners, startOpener } from './opener.js'
import { copyProject } from './project-copy.js'

let work: string
let project: string
let pristine: () => Promise<string>

beforeAll(async () => {
  work = await workFolder()
  project = join(work, 'project')
  await copyProject(project, 'linked')
  pristine = await pristineFolders(work)
})

afterAll(() => removeWorkFolder(work))

afterEach(killOpeners)

test('a second process adopts the running server, and the last one out stops it', async () => {
  const dataDirectory = await pristine()
  const first = startOpener({ project, dataDirectory })
  const { started, connectionString } = await first.answer
  expect(started).toBe('started')
  const second = await openEmbeddedPostgres({ dataDirectory })
  expect(second.started).toBe('adopted')
  expect(second.connectionString).toBe(connectionString)
  await first.close()
  expect(await query(second.connectionString, 'select 1')).toEqual([[1]])
  await second.close()
  expect(await serverRuns(dataDirectory)).toBe(false)
})

test('the server outlives a killed parent and is adopted by the next', async () => {
  const dataDirectory = await pristine()
  const killed = startOpener({ project, dataDirectory })
  await query((await killed.answer).connectionString, 'create table kept as select 1 as one')
  const pid = await postmasterPid(dataDirectory)
  await killed.kill()
  const next = await openEmbeddedPostgres({ dataDirectory })
  expect(next.started).toBe('adopted')
  expect(await postmasterPid(dataDirectory)).toBe(pid)
  expect(await query(next.connectionString, 'select one from kept')).toEqual([[1]])
  await next.close()
  expect(await isAlive(pid)).toBe(false)
})

test('Ctrl-C in the terminal does not reach the server', async () => {
  const dataDirectory = await pristine()
  const opener = startOpener({ project, dataDirectory })
  const { connectionString } = await opener.answer
  process.kill(-opener.pid, 'SIGINT')
  expect(await opener.next()).toEqual({ interrupted: true })
  expect(await query(connectionString, 'select 1')).toEqual([[1]])
  await opener.close()
  expect(await serverRuns(dataDirectory)).toBe(false)
})

test('racing openers of a fresh folder share one server', async () => {
  const dataDirectory = join(work, 'race')
  const openers = Array.from({ length: 5 }, () => startOpener({ project, dataDirectory }))
  const answers = await Promise.all(openers.map(({ answer }) => answer))
  const kinds = answers.map(({ started }) => started).toSorted()
  expect(kinds).toEqual(['adopted', 'adopted', 'adopted', 'adopted', 'initialised'])
  expect(new Set(answers.map(({ connectionString }) => connectionString)).size).toBe(1)
  await Promise.all(openers.map((opener) => opener.close()))
  expect(await serverRuns(dataDirectory)).toBe(false)
  expect((await readdir(dataDirectory)).toSorted()).toEqual([
    'postgres',
    'postgres.log',
    'postgres.password',
    'postgres.port',
  ])
})

test('racing openers after a kill of all share one server', async () => {
  const dataDirectory = await pristine()
  const killed = startOpener({ project, dataDirectory })
  await killed.answer
  await killed.kill()
  await killServer(dataDirectory)
  const openers = Array.from({ length: 4 }, () => startOpener({ project, dataDirectory }))
  const answers = await Promise.all(openers.map(({ answer }) => answer))
  const kinds = answers.map(({ started }) => started).toSorted()
  expect(kinds).toEqual(['adopted', 'adopted', 'adopted', 'started'])
  await Promise.all(openers.map((opener) => opener.close()))
  expect(await serverRuns(dataDirectory)).toBe(false)
})

test('an opener killed while it sets the database up leaves nothing in the way', async () => {
  const dataDirectory = join(work, 'half done')
  await mkdir(dataDirectory)
  const killed = startOpener({ project, dataDirectory })
  const isDraft = (name: string) => /^postgres\.initialising-[\w-]+$/.test(name)
  await until(async () => (await readdir(dataDirectory)).some(isDraft))
  await killed.kill()
  const next = await openEmbeddedPostgres({ dataDirectory })
  expect(next.started).toBe('initialised')
  expect(await query(next.connectionString, 'select 1')).toEqual([[1]])
  await next.close()
  // The orphaned initdb may write on for a while; the first start after its end takes away what it left.
  await until(async () => {
    await (await openEmbeddedPostgres({ dataDirectory })).close()
    return !(await readdir(dataDirectory)).some((name) => name.includes('initialising'))
  })
})

test('a folder copied while its server runs gets a server of its own', async () => {
  const dataDirectory = await pristine()
  const original = await openEmbeddedPostgres({ dataDirectory })
  await query(original.connectionString, 'checkpoint')
  const copied = join(work, 'copied')
  await promisify(execFile)('cp', ['-a', dataDirectory, copied])
  const copy = await openEmbeddedPostgres({ dataDirectory: copied })
  expect(copy.started).toBe('started')
  await query(copy.connectionString, 'create table only_in_the_copy ()')
  const found = `select to_regclass('only_in_the_copy')::text`
  expect(await query(original.connectionString, found)).toEqual([[null]])
  await copy.close()
  expect(await query(original.connectionString, 'select 1')).toEqual([[1]])
  await original.close()
})

test('a server that was killed under its user comes back on the same port', async () => {
  const dataDirectory = await pristine()
  const log: string[] = []
  const server = await openEmbeddedPostgres({ dataDirectory, log: (line) => log.push(line) })
  await query(server.connectionString, 'create table kept as select 1 as one')
  await killServer(dataDirectory)
  const answers = () => query(server.connectionString, 'select one from kept').catch(() => [])
  await until(async () => (await answers()).length === 1)
  expect(log.join('\n')).toContain('connection to the database was lost')
  await server.close()
  expect(await serverRuns(dataDirectory)).toBe(false)
})

test('a lost connection does not let another process stop the server in use', async () => {
  const dataDirectory = await pristine()
  const log: string[] = []
  const one = await openEmbeddedPostgres({ dataDirectory, log: (line) => log.push(line) })
  const end = `select pg_terminate_backend(pid) from pg_stat_activity
    where application_name like 'folio-guard/%'`
  await query(one.connectionString, end)
  await until(() => log.some((line) => line.startsWith('Using the database that already')))
  const two = startOpener({ project, dataDirectory })
  expect((await two.answer).started).toBe('adopted')
  await two.close()
  expect(await query(one.connectionString, 'select 1')).toEqual([[1]])
  await one.close()
})

test('a folder that lost its database while open is not replaced by an empty one', async () => {
  const dataDirectory = await pristine()
  const log: string[] = []
  const server = await openEmbeddedPostgres({ dataDirectory, log: (line) => log.push(line) })
  const pid = await postmasterPid(dataDirectory)
  await rm(join(dataDirectory, 'postgres'), { recursive: true, force: true, maxRetries: 5 })
  process.kill(-pid, 'SIGKILL')
  await until(() => log.some((line) => line.includes('has lost its database')))
  await server.close()
  expect(await readdir(dataDirectory)).not.toContain('postgres')
})

test('the lock of a process that is gone is broken, also when its id is used again', async () => {
  const dataDirectory = await pristine()
  const token = '0190a1b2-0000-7000-8000-000000000000'
  const lock = JSON.stringify({ token, pid: process.pid, started: 'before this process' })
  await writeFile(join(dataDirectory, 'postgres.lock'), lock)
  const server = await openEmbeddedPostgres({ dataDirectory })
  expect(server.started).toBe('started')
  await server.close()
  expect(await readdir(dataDirectory)).not.toContain('postgres.lock')
})
