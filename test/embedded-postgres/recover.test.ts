import { spawn } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'
import { isAlive } from '../../src/embedded-postgres/processes.js'
import {
  isRoot,
  killServer,
  postmasterPid,
  pristineFolders,
  query,
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

/** A folder whose server and user were both killed, with one row committed. */
async function killedFolder(): Promise<string> {
  const dataDirectory = await pristine()
  const opener = startOpener({ project, dataDirectory })
  await query((await opener.answer).connectionString, 'create table kept as select 1 as one')
  await opener.kill()
  await killServer(dataDirectory)
  return dataDirectory
}

async function expectStarts(dataDirectory: string): Promise<string[]> {
  const log: string[] = []
  const server = await openEmbeddedPostgres({ dataDirectory, log: (line) => log.push(line) })
  expect(server.started).toBe('started')
  expect(await query(server.connectionString, 'select one from kept')).toEqual([[1]])
  await server.close()
  return log
}

test('a server that was killed leaves a stale file and starts again with all it accepted', async () => {
  // One line, that it listens: no attempt was in vain, even if nobody collects the dead process.
  expect(await expectStarts(await killedFolder())).toHaveLength(1)
})

test('a stale file whose process id is another program by now is no hindrance', async () => {
  const dataDirectory = await killedFolder()
  const file = join(dataDirectory, 'postgres', 'postmaster.pid')
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
  // Of the server's own user: PostgreSQL itself overlooks the programs of others.
  const { uid, gid } = await stat(join(dataDirectory, 'postgres'))
  const program = spawn('sleep', ['60'], isRoot ? { uid, gid } : {})
  await writeFile(file, [String(program.pid), ...rest].join('\n'))
  expect(await expectStarts(dataDirectory)).toHaveLength(1)
  expect(program.exitCode).toBeNull()
  program.kill()
})

test('a stale file whose process id is the server of another folder leaves that one alone', async () => {
  const other = await openEmbeddedPostgres({ dataDirectory: await pristine() })
  const dataDirectory = await killedFolder()
  const file = join(dataDirectory, 'postgres', 'postmaster.pid')
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
  const [backend] = await query(other.connectionString, 'select pg_backend_pid()')
  const status = await readFile(`/proc/${String(backend?.[0])}/status`, 'utf8').catch(() => '')
  const otherPid = /^PPid:\s*(\d+)$/m.exec(status)?.[1] ?? String(process.pid)
  await writeFile(file, [otherPid, ...rest].join('\n'))
  await expectStarts(dataDirectory)
  expect(await query(other.connectionString, 'select 1')).toEqual([[1]])
  await other.close()
})

test('a first process that was killed alone is waited out and replaced', async () => {
  const dataDirectory = await pristine()
  const opener = startOpener({ project, dataDirectory })
  const { connectionString } = await opener.answer
  await query(connectionString, 'create table kept as select 1 as one')
  const busy = query(connectionString, 'select count(*) from generate_series(1, 1000000000)')
  const busyEnds = expect(busy).rejects.toThrow()
  const pid = await postmasterPid(dataDirectory)
  await opener.kill()
  process.kill(pid, 'SIGKILL')
  await until(async () => !(await isAlive(pid)))
  await expectStarts(dataDirectory)
  await busyEnds
})

test('five kills at random moments under a writer lose nothing and need no hand', async () => {
  const dataDirectory = await pristine()
  const setUp = await openEmbeddedPostgres({ dataDirectory })
  await query(setUp.connectionString, 'create table written (n int primary key)')
  await setUp.close()
  let acknowledged = 0
  for (let round = 0; round < 5; round += 1) {
    const opener = startOpener({ project, dataDirectory })
    const { connectionString } = await opener.answer
    const killAt = acknowledged + Math.floor(Math.random() * 12)
    for (;;) {
      await query(connectionString, `insert into written values (${String(acknowledged + 1)})`)
      acknowledged += 1
      if (acknowledged > killAt) break
    }
    // Every third time the parent goes first, and its server is an orphan for a moment.
    if (round % 3 === 0) await opener.kill()
    const unanswered = query(connectionString, `insert into written values (-${String(round + 1)})`)
    await Promise.all([unanswered.catch(() => undefined), killServer(dataDirectory)])
    await opener.kill()
  }
  const server = await openEmbeddedPostgres({ dataDirectory })
  const counted = 'select count(*)::int, max(n) from written where n > 0'
  expect(await query(server.connectionString, counted)).toEqual([[acknowledged, acknowledged]])
  await server.close()
})
