import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbeddedPostgres } from '../../src/embedded-postgres/open.js'
import { unavailableBecause } from '../../src/embedded-postgres/unavailable.js'
import { isRoot, pristineFolders, query, removeWorkFolder, workFolder } from './folders.js'

const run = promisify(execFile)
let work: string
let pristine: () => Promise<string>

beforeAll(async () => {
  work = await workFolder()
  pristine = await pristineFolders(work)
})

afterAll(() => removeWorkFolder(work))

function refusal(dataDirectory: string, code: string, words: RegExp) {
  return expect(openEmbeddedPostgres({ dataDirectory })).rejects.toMatchObject({
    name: 'EmbeddedPostgresUnavailable',
    code,
    message: expect.stringMatching(words) as string,
  })
}

test('a data folder that is a file is refused by name', async () => {
  const file = join(work, 'a file')
  await writeFile(file, '')
  await refusal(file, 'data_folder_unusable', /a file is no folder/)
  await refusal(join(file, 'below'), 'data_folder_unusable', /a file.below is no folder/)
})

test('a data folder of another PostgreSQL version is refused, naming both', async () => {
  const dataDirectory = await pristine()
  await writeFile(join(dataDirectory, 'postgres', 'PG_VERSION'), '17\n')
  await refusal(dataDirectory, 'data_folder_of_another_version', /PostgreSQL 17, and version 18/)
})

test('a database without its password is refused, and nothing is made anew', async () => {
  const dataDirectory = await pristine()
  await rm(join(dataDirectory, 'postgres.password'))
  await refusal(dataDirectory, 'data_folder_unusable', /restore the file postgres\.password/)
  expect(await readdir(dataDirectory)).not.toContain('postgres.password')
})

test('a database with the wrong password is refused, and its server is not left behind', async () => {
  const dataDirectory = await pristine()
  await writeFile(join(dataDirectory, 'postgres.password'), 'another-password-than-that')
  await refusal(dataDirectory, 'password_refused', /refuses the password/)
  expect(await readdir(join(dataDirectory, 'postgres'))).not.toContain('postmaster.pid')
})

test('a damaged lock file is named instead of being broken', async () => {
  const dataDirectory = await pristine()
  await writeFile(join(dataDirectory, 'postgres.lock'), '{')
  await refusal(dataDirectory, 'data_folder_unusable', /postgres\.lock is damaged/)
})

test('a query that met a full disk is explained', () => {
  expect(unavailableBecause({ code: '53100' }, '/data')).toMatchObject({ code: 'disk_full' })
  expect(unavailableBecause({ code: '23505' }, '/data')).toBeUndefined()
})

describe.runIf(isRoot && process.platform === 'linux')('on a small disk', () => {
  async function onSmallDisk(name: string, size: string, work_: (disk: string) => Promise<void>) {
    const disk = join(work, name)
    await mkdir(disk)
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk])
    try {
      await work_(disk)
    } finally {
      await run('umount', ['-l', disk])
    }
  }

  test('a first start says that the disk is full and leaves nothing half done', async () => {
    await onSmallDisk('tiny disk', '20m', async (disk) => {
      await refusal(join(disk, 'data'), 'disk_full', /tiny disk.*is full/)
      expect(await readdir(join(disk, 'data'))).toEqual(['postgres.password'])
    })
  })

  test('a later start says that the disk is full, and works when there is room', async () => {
    await onSmallDisk('full disk', '100m', async (disk) => {
      const dataDirectory = join(disk, 'data')
      const first = await openEmbeddedPostgres({ dataDirectory })
      await query(first.connectionString, 'create table kept as select 1 as one')
      const fill = `dd if=/dev/zero of="$0" bs=64k 2>/dev/null || true`
      await run('sh', ['-c', fill, join(disk, 'filler')])
      const grow =
        'create table big as select repeat(md5(n::text), 50) from generate_series(1, 100000) n'
      const error: unknown = await query(first.connectionString, grow).catch((e: unknown) => e)
      expect(unavailableBecause(error, disk)).toMatchObject({ code: 'disk_full' })
      await first.close()
      await refusal(dataDirectory, 'disk_full', /full disk.*is full/)
      await rm(join(disk, 'filler'))
      const later = await openEmbeddedPostgres({ dataDirectory })
      expect(await query(later.connectionString, 'select one from kept')).toEqual([[1]])
      await later.close()
    })
  })

  test('a read-only disk is refused as such', async () => {
    await onSmallDisk('read-only disk', '100m', async (disk) => {
      await run('mount', ['-o', 'remount,ro', disk])
      await refusal(disk, 'data_folder_unusable', /read-only disk is on a read-only file system/)
    })
  })
})
