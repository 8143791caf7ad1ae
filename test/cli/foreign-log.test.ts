/** Read models of one log beside another log: one of the two is not the one meant, and nothing is written to either. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from './books.js'
import { type UserLedger, userLedger } from './user-database.js'

let ledger: UserLedger

beforeAll(async () => {
  ledger = await userLedger()
  const first = await ledger.run('doctor')
  expect(first.code, first.stderr).toBe(0)
})
afterAll(async () => {
  await ledger.remove()
})

const events = () => ask(ledger.connectionString, 'select position, event_id from event_log.events')

test('a ledger is not opened over a log that its read models do not follow, until they are rebuilt from it', async () => {
  const before = await events()
  await ask(
    ledger.connectionString,
    `update read_model.projection_builds set log_identity = 'other'`,
  )
  for (const command of ['doctor', 'start', 'demo']) {
    const refused = await ledger.run(command, ...(command === 'start' ? ['--port', '0'] : []))
    expect(refused.code, refused.stdout).toBe(1)
    expect(refused.stderr).toMatch(/built from the log other, and the log given is \S+/)
    expect(refused.stderr).toMatch(/EVENTSTORE_URL \(or none\), data folder or DATABASE_URL/)
    expect(refused.stderr).toMatch(/folio rebuild/)
  }
  expect(await events()).toEqual(before)
  const rebuilt = await ledger.run('rebuild')
  expect(rebuilt.code, rebuilt.stderr).toBe(0)
  const well = await ledger.run('doctor')
  expect(well.code, well.stdout).toBe(0)
})

test('an EventStoreDB that is not there, or a connection string that is none, is named without its password', async () => {
  const cases: readonly (readonly [string, number, RegExp])[] = [
    [
      'esdb://user:secret@127.0.0.1:1?tls=false',
      1,
      /EventStoreDB at 127\.0\.0\.1:1 .*nobody listens there/,
    ],
    ['esdb://user:secret@127.0.0.1:x', 2, /EVENTSTORE_URL: .*names a host that is no name/],
    ['http://user:secret@127.0.0.1:2113', 2, /EVENTSTORE_URL does not begin with esdb:\/\//],
  ]
  const { run } = ledger
  for (const [url, code, message] of cases) {
    ledger.environment['EVENTSTORE_URL'] = url
    const refused = await run('doctor')
    delete ledger.environment['EVENTSTORE_URL']
    expect(refused.stderr).toMatch(message)
    expect(refused.code).toBe(code)
    expect(refused.stderr + refused.stdout).not.toContain('secret')
  }
})
