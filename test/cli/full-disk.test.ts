/** A disk that really is full: a small file system in memory, which only root may mount. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connectionString } from '../../src/embedded-postgres/guard.js'
import {
  pristineFolders,
  removeWorkFolder,
  serverRuns,
  workFolder,
} from '../embedded-postgres/folders.js'
import { ask, type Books, folderBooks, posted } from './books.js'
import { type Ended, endAllFolio, folio, startFolio } from './folio.js'
import { isRoot } from './project-copy.js'
import { manySales, writeSales } from './sales-file.js'

const run = promisify(execFile)
const DOCUMENTS = 120
const DISK_BYTES = 120 * 1024 * 1024

let mayMount = false
let folder: string
let file: string
let newFolder: () => Promise<string>
let undisturbed: Books
const disks: string[] = []

beforeAll(async () => {
  folder = await workFolder()
  if (isRoot)
    mayMount = await newDisk(DISK_BYTES).then(
      () => true,
      () => false,
    )
  if (!mayMount) return
  file = await writeSales(join(folder, 'sales.csv'), manySales(DOCUMENTS))
  newFolder = await pristineFolders(folder)
  const data = await newFolder()
  expect((await importInto(data)).code).toBe(0)
  undisturbed = await folderBooks(data)
})
afterEach(endAllFolio)
afterAll(async () => {
  for (const disk of disks) await run('umount', ['--lazy', disk])
  await removeWorkFolder(folder)
})

describe('a full disk', () => {
  test.each([
    ['from the beginning', 0],
    ['almost from the beginning', 200 * 1024],
    ['half way', 1500 * 1024],
  ])(
    '%s stops an import in order; with room made the same import completes it',
    async (_, room) => {
      if (!mayMount) {
        console.warn('NOT RUN: a full disk. Only root may mount the small file system it takes.')
        return
      }
      const disk = await newDisk(DISK_BYTES)
      const data = join(disk, 'data')
      await run('cp', ['-a', await newFolder(), data])
      const ballast = await fillUpTo(disk, room)

      expectDiskFull(await importInto(data), data)
      expect(await serverRuns(data)).toBe(false)
      await rm(ballast)
      await expectCompletion(data)
    },
  )

  test('that stops the database itself under an import is told in time, and leaves nothing behind', async () => {
    if (!mayMount) return
    const disk = await newDisk(DISK_BYTES)
    const data = join(disk, 'data')
    await run('cp', ['-a', await newFolder(), data])
    const ballast = await fillUpTo(disk, 4 * 1024 * 1024)
    const running = startFolio([
      'import',
      '--format',
      'online-retail',
      file,
      '--data',
      data,
      '--json',
    ])
    await running.said(/Documents: \d+ of/)
    // The next file of the write-ahead log does not fit any more.
    const panic = ask(
      await connectionOf(data),
      'select pg_switch_wal(), pg_sleep(0.1), pg_switch_wal()',
    )
    await panic.catch(() => undefined)
    const ended = await running.ended
    expectDiskFull(ended, data)
    expect(ended.stderr).toContain('Documents: ')
    expect(ended.stderr.split('\n').length).toBeLessThan(40)
    expect(await serverRuns(data)).toBe(false)
    await rm(ballast)
    await expectCompletion(data)
  })

  test('too small for a database stops the first start; on a larger one it goes on', async () => {
    if (!mayMount) return
    const disk = await newDisk(20 * 1024 * 1024)
    const data = join(disk, 'data')
    expectDiskFull(await importInto(data), data)
    await run('mount', ['-o', `remount,size=${DISK_BYTES}`, disk])
    await expectCompletion(data)
  })
})

function importInto(data: string): Promise<Ended> {
  return folio(['import', '--format', 'online-retail', file, '--data', data, '--json'])
}

function expectDiskFull({ code, stderr, json }: Ended, data: string): void {
  expect(stderr).toContain(`The disk that holds the data folder ${data} is full.`)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(code).toBe(1)
  expect(json()).toMatchObject({ exitCode: 1, error: expect.stringContaining('is full') as string })
}

async function expectCompletion(data: string): Promise<void> {
  const again = await importInto(data)
  expect(again.code, again.stderr).toBe(0)
  const books = await folderBooks(data)
  expect(books.violations).toStrictEqual([])
  expect(books.unexplainedNumbers).toStrictEqual([])
  expect(posted(books, 'InvoicePosted')).toStrictEqual(posted(undisturbed, 'InvoicePosted'))
  expect({ ...books.hashes, number_series: '' }).toStrictEqual({
    ...undisturbed.hashes,
    number_series: '',
  })
}

async function connectionOf(data: string): Promise<string> {
  const [port, password] = await Promise.all(
    ['postgres.port', 'postgres.password'].map((name) => readFile(join(data, name), 'utf8')),
  )
  return connectionString(Number.parseInt(port ?? '', 10), password?.trim() ?? '')
}

async function newDisk(bytes: number): Promise<string> {
  const disk = join(folder, `disk ${randomUUID()}`)
  await mkdir(disk)
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', disk])
  disks.push(disk)
  return disk
}

/** Fills a disk until so many bytes are left. */
async function fillUpTo(disk: string, room: number): Promise<string> {
  const { bavail, bsize } = await statfs(disk)
  const ballast = join(disk, 'ballast')
  await writeFile(ballast, Buffer.alloc(bavail * bsize - room))
  return ballast
}
