import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresEventStore } from '../../src/event-store/postgres.js'
import { openPostgresSubjectKeys } from '../../src/event-store/postgres-subject-keys.js'
import { anEvent } from '../contracts/opened-event-store.js'
import { removeWorkFolder, serverRuns, workFolder } from '../embedded-postgres/folders.js'
import { testDatabase } from '../support/postgres.js'
import { ask, readBooks } from './books.js'
import { type Ended, endAllFolio, folio, startFolio } from './folio.js'
import { manySales, writeSales } from './sales-file.js'
import { type UserLedger, userLedger } from './user-database.js'

type Copied = Readonly<{
  eventsAppended: number
  source: { events: number; hash: string }
  target: { events: number; hash: string }
  identical: boolean
}>

let ledger: UserLedger
let events: number
const made: { drop(): Promise<void> }[] = []

beforeAll(async () => {
  ledger = await userLedger()
  await ledger.import(await writeSales(join(ledger.folder, 'many.csv'), manySales(60)))
  events = await countEvents(ledger.connectionString)
})
afterEach(async () => {
  await endAllFolio()
  for (const database of made.splice(0)) await database.drop()
})
afterAll(() => ledger.remove())

async function emptyDatabase(): Promise<string> {
  const database = await testDatabase()
  made.push(database)
  return database.connectionString
}

/** Events of nobody in particular, the first of which is of this type. */
async function otherLog(type: string): Promise<string> {
  const connectionString = await emptyDatabase()
  const store = await openPostgresEventStore({ connectionString })
  const { outcome } = await store.append('other', 'no_stream', [anEvent({ type }), anEvent()])
  expect(outcome).toBe('appended')
  await store.close()
  return connectionString
}

async function countEvents(connectionString: string): Promise<number> {
  const [row] = await ask(connectionString, 'select count(*)::int as count from event_log.events')
  return row?.['count'] as number
}

const copy = (...args: string[]): Promise<Ended> => ledger.run('log', 'copy', '--json', ...args)

function copied({ code, stderr, json }: Ended): Copied {
  expect(code, stderr).toBe(0)
  return json() as Copied
}

describe('folio log copy', () => {
  test('copies all events, says what is left to do, and the copy rebuilds to the same read models', async () => {
    const to = await emptyDatabase()
    const ended = await copy('--to', to)
    const { source, target, ...rest } = copied(ended)
    expect(rest).toEqual({ eventsAppended: events, identical: true })
    expect(source).toEqual({ events, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
    expect(target).toEqual(source)
    expect(ended.stdout.split(source.hash)).toHaveLength(5)
    expect(ended.stderr).toContain(`Events copied: ${events} of ${events}`)
    expect(ended.stderr).toContain('bring both schemas into the database copied to')
    expect(ended.stderr).toContain('set DATABASE_URL to the database copied to, run folio rebuild')

    const masterKey = Buffer.from(ledger.environment['FOLIO_MASTER_KEY'] ?? '', 'base64')
    await bringKeys(to, masterKey)
    const environment = { ...ledger.environment, DATABASE_URL: to }
    const rebuilt = await folio(['rebuild', '--json'], { environment })
    expect(rebuilt.code, rebuilt.stderr).toBe(0)
    const there = await readBooks(to, masterKey)
    const here = await ledger.books()
    expect(there.violations).toEqual([])
    expect(there.events).toStrictEqual(here.events)
    expect(there.hashes).toStrictEqual(here.hashes)
    expect(Object.keys(there.hashes)).toContain('invoice_list')
  })

  test('run again finds it done; with more in its source it goes on', async () => {
    const first = await emptyDatabase()
    const second = await emptyDatabase()
    copied(await copy('--to', first))
    expect(copied(await copy('--from', first, '--to', second)).eventsAppended).toBe(events)
    const again = copied(await copy('--from', first, '--to', second))
    expect(again).toMatchObject({ eventsAppended: 0, identical: true })

    const store = await openPostgresEventStore({ connectionString: first })
    const { outcome } = await store.append('more', 'no_stream', [anEvent(), anEvent()])
    expect(outcome).toBe('appended')
    await store.close()
    const more = copied(await copy('--from', first, '--to', second))
    expect(more).toMatchObject({ eventsAppended: 2, target: { events: events + 2 } })
  })

  test.each([
    ['SIGKILL', null],
    ['SIGINT', 130],
  ] as const)('is completed by the same command after %s', async (signal, code) => {
    const to = await emptyDatabase()
    const args = ['log', 'copy', '--to', to]
    const running = startFolio(args, { environment: ledger.environment })
    await running.said(/Events copied: \d+ of/)
    const ended = await running.kill(signal)
    expect(ended.code, ended.stderr).toBe(code)
    if (signal === 'SIGINT') expect(ended.stderr).toContain('the same command goes on from there')

    const there = await countEvents(to)
    expect(there).toBeGreaterThan(0)
    expect(there).toBeLessThan(events)
    const { eventsAppended, identical } = copied(await copy('--to', to))
    expect({ eventsAppended, identical }).toEqual({
      eventsAppended: events - there,
      identical: true,
    })
  })

  test('fails where what is read back is not what was copied, and names it', async () => {
    const to = await emptyDatabase()
    await (await openPostgresEventStore({ connectionString: to })).close()
    await ask(
      to,
      `create function spoil() returns trigger language plpgsql as
       $$ begin new.data := new.data || ' '; return new; end $$`,
    )
    await ask(
      to,
      `create trigger spoil before insert on event_log.events for each row
       when (new.position = 7) execute function spoil()`,
    )
    const { code, stderr, stdout, json } = await copy('--to', to)
    expect(stderr).toMatch(/not the same as its source: event 7 of the two logs, .* in its data\./)
    const { source, target, identical, exitCode } = json() as Copied & { exitCode: number }
    expect({ identical, exitCode, code }).toEqual({ identical: false, exitCode: 1, code: 1 })
    expect(source.events).toBe(target.events)
    expect(source.hash).not.toBe(target.hash)
    expect(stdout).toContain(target.hash)
    expect(stderr).not.toContain('Next:')
  })
})

describe('a copy between other logs and the embedded one', () => {
  let folder: string
  beforeAll(async () => {
    folder = await workFolder()
  })
  afterAll(() => removeWorkFolder(folder))

  test('gives the same events there and back', async () => {
    const data = join(folder, 'data')
    const here = ['log', 'copy', '--json', '--data', data]
    const from = ledger.connectionString
    const there = await folio([...here, '--from', from, '--to', 'embedded'])
    expect(copied(there)).toMatchObject({ eventsAppended: events, identical: true })
    expect(there.stderr).toContain('remove EVENTSTORE_URL and DATABASE_URL')
    expect(there.stderr).toContain('they stay in the PostgreSQL')
    expect(await serverRuns(data)).toBe(false)

    // Without a word and without settings it is the embedded one that is copied.
    const back = copied(await folio([...here, '--to', await emptyDatabase()]))
    expect(back.target).toEqual(copied(there).source)

    const same = await folio([...here, '--to', 'embedded'])
    expect([same.code, same.stderr]).toEqual([
      2,
      expect.stringContaining('one and the same log') as string,
    ])
  })
})

describe('a log that cannot be copied from or to', () => {
  /** Told in words and to programs, without the password of any connection string. */
  function expectFailure(ended: Ended, exitCode: number, ...words: (string | RegExp)[]): void {
    for (const word of words) expect(ended.stderr).toMatch(word)
    expect(ended.stderr).not.toMatch(/^\s+at |node:internal|^folio: \w*Error:/m)
    expect(ended.stderr + ended.stdout).not.toContain('secret')
    expect(ended.code).toBe(exitCode)
    expect(ended.json()).toStrictEqual({ error: expect.any(String) as string, exitCode })
  }

  test.each([
    [[], "required option '--to <log>' not specified"],
    [['--to', 'mysql://u:secret@127.0.0.1/x'], '--to begins with esdb://'],
    [['--to', 'secret'], 'or it is the word embedded'],
    [['--to', 'embedded', '--from', 'http://secret'], '--from begins with esdb://'],
    [['--to', 'postgresql://u:secret@127.0.0.1:99999/x'], /The log of --to: .* not of the form/],
    [['--to', 'esdb://u:secret@h/a/b'], /The log of --to: The connection string .* esdb:/],
    [['--to', 'esdb://u:secret@h?tlsCAFile=no.crt'], /The log of --to: .* a certificate file/],
  ])('%j is bad input', async (args, words) => {
    expectFailure(await copy(...args), 2, words)
  })

  test('because nobody is there, or the password is wrong', async () => {
    const nobody = await copy('--to', 'postgresql://u:secret@127.0.0.1:1/x')
    expectFailure(nobody, 1, /The log of --to cannot be used: .*ECONNREFUSED 127.0.0.1:1/)
    const silent = await copy('--from', 'esdb://u:secret@127.0.0.1:1?tls=false', '--to', 'embedded')
    expectFailure(silent, 1, 'The log of --from cannot be used', '127.0.0.1:1', 'nobody listens')
    const wrong = new URL(ledger.connectionString)
    wrong.password = 'secret'
    expectFailure(await copy('--to', wrong.href), 1, /The log of --to cannot be used: password/)
  })

  test('because it is the same, is empty, or is somebody else’s', async () => {
    const { connectionString } = ledger
    expectFailure(await copy('--to', connectionString), 2, 'one and the same log')

    const empty = await emptyDatabase()
    expectFailure(
      await copy('--from', empty, '--to', connectionString),
      2,
      'The log of --from holds no event',
    )

    const other = await otherLog('OfSomebodyElse')
    expectFailure(await copy('--to', other), 2, /event 1 .*OfSomebodyElse/, 'nothing was written')
    expect(await countEvents(other)).toBe(2)
    expectFailure(await copy('--from', other, '--to', connectionString), 2, 'event 1 ')
    expect(await countEvents(connectionString)).toBe(events)
  })

  test('because an event of the copy was changed since', async () => {
    const to = await emptyDatabase()
    copied(await copy('--to', to))
    await unguarded(to, `update event_log.events set metadata = '{}' where position = 9`)
    expectFailure(await copy('--to', to), 2, /event 9 of the two logs, .*differs in its metadata/)
    expect(await countEvents(to)).toBe(events)
  })
})

/** As pg_dump of their schema would. */
async function bringKeys(to: string, masterKey: Buffer): Promise<void> {
  const pool = new pg.Pool({ connectionString: to, max: 1 })
  await openPostgresSubjectKeys(pool, masterKey)
  const keys = await ask(ledger.connectionString, 'select * from subject_keys.keys')
  expect(keys).not.toEqual([])
  await pool.query(
    `insert into subject_keys.keys (subject, wrapped_key) select * from unnest($1::text[], $2::text[])`,
    [keys.map(({ subject }) => subject), keys.map((key) => key['wrapped_key'])],
  )
  await pool.end()
}

/** As somebody might who knows the password of the database. */
async function unguarded(connectionString: string, statement: string): Promise<void> {
  const guards = (what: string) => `alter table event_log.events ${what} trigger all`
  await ask(connectionString, `${guards('disable')}; ${statement}; ${guards('enable')}`)
}
