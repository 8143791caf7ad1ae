import { readFile, stat } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'
import { pristineFolders, query, serverRuns, removeWorkFolder, workFolder } from './folders.js'

let work: string
let pristine: () => Promise<string>
const open = new Set<EmbeddedPostgres>()

beforeAll(async () => {
  work = await workFolder()
  pristine = await pristineFolders(work)
})

afterAll(() => removeWorkFolder(work))

afterEach(async () => {
  for (const server of open) await server.close()
  open.clear()
})

async function opened(dataDirectory: string, log: string[] = []): Promise<EmbeddedPostgres> {
  const server = await openEmbeddedPostgres({
    dataDirectory,
    applicationName: 'folio test',
    log: (line) => log.push(line),
  })
  open.add(server)
  return server
}

test('what was written is there after a restart, on the same port', async () => {
  const dataDirectory = join(work, 'survives restarts')
  const first = await opened(dataDirectory)
  expect(first.started).toBe('initialised')
  await query(first.connectionString, 'create table kept as select 42 as answer')
  await first.close()
  expect(await serverRuns(dataDirectory)).toBe(false)

  const second = await opened(dataDirectory)
  expect(second.started).toBe('started')
  expect(second.port).toBe(first.port)
  expect(await query(second.connectionString, 'select answer from kept')).toEqual([[42]])
})

test('the server is durable, deterministic and on loopback only', async () => {
  const { connectionString, port } = await opened(await pristine())
  const wanted = {
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    server_encoding: 'UTF8',
    lc_collate: 'C',
    TimeZone: 'UTC',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: '100',
    application_name: 'folio test',
    port: String(port),
  }
  const settings = `select current_setting('data_checksums'), current_setting('fsync'),
    current_setting('full_page_writes'), current_setting('synchronous_commit'),
    current_setting('server_encoding'),
    (select datcollate from pg_database where datname = current_database()),
    current_setting('TimeZone'), current_setting('listen_addresses'),
    current_setting('unix_socket_directories'), current_setting('password_encryption'),
    current_setting('max_connections'), current_setting('application_name'),
    current_setting('port')`
  expect(await query(connectionString, settings)).toEqual([Object.values(wanted)])
})

test('nobody gets in without the password, which stands in one closed file only', async () => {
  const dataDirectory = await pristine()
  const log: string[] = []
  const { connectionString } = await opened(dataDirectory, log)
  const wrong = new URL(connectionString)
  const { password } = wrong
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  const methods = 'select distinct auth_method from pg_hba_file_rules'
  expect(await query(connectionString, methods)).toEqual([['scram-sha-256']])

  const passwordFile = join(dataDirectory, 'postgres.password')
  expect(await readFile(passwordFile, 'utf8')).toBe(password)
  expect((await stat(passwordFile)).mode & 0o777).toBe(0o600)
  expect((await stat(join(dataDirectory, 'postgres'))).mode & 0o777).toBe(0o700)
  expect(log.join()).not.toContain(password)
  expect(await readFile(join(dataDirectory, 'postgres.log'), 'utf8')).not.toContain(password)
})

test('a wanted port that another program has is refused, naming the program', async () => {
  const dataDirectory = await pristine()
  const other = createServer()
  await new Promise<void>((settle) => other.listen(0, '127.0.0.1', settle))
  const { port } = other.address() as AddressInfo
  try {
    await expect(openEmbeddedPostgres({ dataDirectory, port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringMatching(
        new RegExp(`Port ${String(port)} .* process ${String(process.pid)} \\(.*node`),
      ) as string,
    })
  } finally {
    await new Promise((settle) => other.close(settle))
  }
  const server = await openEmbeddedPostgres({ dataDirectory, port })
  open.add(server)
  expect(server.port).toBe(port)
})

test('a remembered port that another program has meanwhile is left to it', async () => {
  const dataDirectory = await pristine()
  const first = await opened(dataDirectory)
  await first.close()
  const other = createServer()
  await new Promise<void>((settle) => other.listen(first.port, '127.0.0.1', settle))
  try {
    const second = await opened(dataDirectory)
    expect(second.port).not.toBe(first.port)
    expect(await query(second.connectionString, 'select 1')).toEqual([[1]])
  } finally {
    await new Promise((settle) => other.close(settle))
  }
})

test('within one process the last to close stops the server, and closing twice is one', async () => {
  const dataDirectory = await pristine()
  const [one, two] = await Promise.all([opened(dataDirectory), opened(dataDirectory)])
  expect([one.started, two.started].toSorted()).toEqual(['adopted', 'started'])
  await Promise.all([one.close(), one.close()])
  expect(await query(two.connectionString, 'select 1')).toEqual([[1]])
  await two.close()
  expect(await serverRuns(dataDirectory)).toBe(false)
})
