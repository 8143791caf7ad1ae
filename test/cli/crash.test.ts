/**
 * Kill -9 at random moments (`FOLIO_KILLS` of each kind). Whatever was hit: nothing accepted is lost or doubled, the
 * books are in the end those of an import that nobody disturbed, and nobody had to lend a hand.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clusterName, prepareDataFolder } from '../../src/embedded-postgres/data-folder.js'
import { processesWith } from '../../src/embedded-postgres/processes.js'
import {
  killServer,
  pristineFolders,
  removeWorkFolder,
  serverRuns,
  until,
  workFolder,
} from '../embedded-postgres/folders.js'
import { type Books, folderBooks, posted } from './books.js'
import { type Ended, endAllFolio, type Running, startFolio } from './folio.js'
import { manySales, writeSales } from './sales-file.js'

const KILLS = Number.parseInt(process.env['FOLIO_KILLS'] ?? '3', 10)
const DOCUMENTS = KILLS > 3 ? 150 : 50
const TIMEOUT_MS = 120_000 + KILLS * 60_000

let folder: string
let file: string
let newFolder: () => Promise<string>
let undisturbed: Books
let undisturbedMs: number
/** What was hit and how long it took to be well again, a line each, shown at the end of a long run. */
const figures: string[] = []

beforeAll(async () => {
  folder = await workFolder()
  file = await writeSales(join(folder, 'sales.csv'), manySales(DOCUMENTS))
  newFolder = await pristineFolders(folder)
  const data = await newFolder()
  const begunAt = performance.now()
  const ended = await importInto(data).ended
  undisturbedMs = performance.now() - begunAt
  expect(ended.code, ended.stderr).toBe(0)
  undisturbed = await folderBooks(data)
  expect(undisturbed.violations).toStrictEqual([])
}, TIMEOUT_MS)

afterAll(async () => {
  await endAllFolio()
  if (KILLS > 3) console.log([`undisturbed ${seconds(undisturbedMs)}`, ...figures].join('\n'))
  await removeWorkFolder(folder)
})

describe.concurrent(`killed ${KILLS} times at random moments`, () => {
  test(
    'an import is completed by the same import again',
    async () => {
      const kills = newKills()
      while (kills.wanted()) {
        const data = await newFolder()
        const running = importInto(data)
        await kills.moment(running)
        const hit = await running.kill('SIGKILL')
        const killedAt = performance.now()
        const again = await importInto(data).ended
        kills.note('import', phaseOf(hit), killedAt)
        await expectSameBooks(data, again)
      }
    },
    TIMEOUT_MS,
  )

  test(
    'a server is survived by the import that goes on beside it',
    async () => {
      const kills = newKills()
      while (kills.wanted()) {
        const data = await newFolder()
        const server = startFolio(['start', '--port', '0', '--data', data])
        await server.said(/serves (http\S+)/)
        const running = importInto(data)
        await kills.moment(running)
        const phase = phaseOf(running.sofar())
        const killedAt = performance.now()
        await server.kill('SIGKILL')
        const ended = await running.ended
        kills.note('start', phase, killedAt)
        const next = startFolio(['start', '--port', '0', '--data', data])
        await next.said(/serves (http\S+)/)
        expect((await next.kill('SIGTERM')).code).toBe(0)
        await expectSameBooks(data, ended)
      }
    },
    TIMEOUT_MS,
  )

  test(
    'PostgreSQL is started again under the import, or the same import again completes it',
    async () => {
      const kills = newKills()
      while (kills.wanted()) {
        const data = await newFolder()
        const running = importInto(data)
        await kills.moment(running)
        const isUp = () => serverRuns(data)
        await until(async () => running.child.exitCode !== null || (await isUp()))
        const phase = phaseOf(running.sofar())
        const killedAt = performance.now()
        if (await isUp()) await killServer(data)
        let ended = await running.ended
        const byItself = ended.code === 0
        if (!byItself) {
          expect(ended.stderr).not.toMatch(/^\s+at /m)
          expect(ended.code).toBe(1)
          ended = await importInto(data).ended
        }
        kills.note('postgres', phase, killedAt, byItself ? 'by itself' : 'run again')
        await expectSameBooks(data, ended)
      }
    },
    TIMEOUT_MS,
  )
})

function importInto(data: string): Running {
  return startFolio(['import', '--format', 'online-retail', file, '--data', data, '--json'])
}

/** Random moments between the start of an import and its end. One that came after the end does not count. */
function newKills() {
  let done = 0
  // The three kinds run beside each other, and each takes the longer for it.
  let rangeMs = undisturbedMs * 2.5
  return {
    wanted: () => done < KILLS,
    moment: async ({ ended }: Running): Promise<void> => {
      const waiting = new AbortController()
      const moment = pause(Math.random() * rangeMs, undefined, { signal: waiting.signal })
      await Promise.race([moment, ended])
      waiting.abort()
      await moment.catch(() => undefined)
    },
    note: (what: string, phase: string, since: number, how = ''): void => {
      if (phase === 'done') rangeMs *= 0.85
      else done += 1
      const took = seconds(performance.now() - since)
      figures.push(`${what} ${done}: hit while ${phase}; ${how} well after ${took}`)
    },
  }
}

function phaseOf({ stderr, stdout }: Pick<Ended, 'stderr' | 'stdout'>): string {
  if (stdout !== '') return 'done'
  const booked = [...stderr.matchAll(/Documents: (\d+) of/g)].at(-1)?.[1]
  if (booked === String(DOCUMENTS)) return 'proving'
  if (stderr.includes('Booking')) return `booking, ${booked ?? '0'} documents`
  return stderr.includes('database') ? 'opening' : 'starting'
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

async function expectSameBooks(data: string, last: Ended): Promise<void> {
  expect(last.code, last.stderr).toBe(0)
  expect(await serverRuns(data)).toBe(false)
  const books = await folderBooks(data)
  expect(books.violations).toStrictEqual([])
  expect(books.unexplainedNumbers).toStrictEqual([])
  for (const type of ['InvoicePosted', 'CreditNotePosted'] as const)
    expect(posted(books, type)).toStrictEqual(posted(undisturbed, type))
  // A killed process could not say any more that its last numbers stand; all else is the same.
  expect({ ...books.hashes, number_series: '' }).toStrictEqual({
    ...undisturbed.hashes,
    number_series: '',
  })
  expect(books.series).toStrictEqual(undisturbed.series)
  const name = await clusterName(await prepareDataFolder(data))
  await until(async () => (await processesWith(name)).length === 0)
}
