import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KeyClaims, KeyRequest } from '../../commands/ports.js'
import { blockedBackends, eventually } from '../event-store/postgres-log.js'
import { openRelay, type Relay } from '../event-store/relay.js'
import { startClaimingProcess } from './claiming-process.js'
import { aRequest, settling } from './requests.js'
import { openSharedClaims, settled, type SharedClaims, terminateHolders } from './shared-claims.js'

const DEADLINE_MS = 2_000
/** What a timer may be late on a busy machine. */
const LATE_MS = 2_000
const CLAIMS = 100

let shared: SharedClaims
let relay: Relay
beforeEach(async () => {
  shared = await openSharedClaims()
  relay = await openRelay(shared.connectionString)
})
afterEach(async () => {
  await shared.close()
  await relay.close()
})

/** The same request twice: told apart again as soon as keys are claimed. */
function claimedAgain(claims: KeyClaims): Promise<true> {
  return eventually(async () => {
    const request = aRequest()
    await claims.claim(request)
    const again = await claims.claim(request)
    await new Promise(setImmediate)
    return again.claim === 'in_flight' ? true : undefined
  })
}

test('what a killed process held is free at once', async () => {
  const request = aRequest()
  const killed = await startClaimingProcess(shared.connectionString, request)
  const claims = await shared.another()
  expect(killed.answer).toBe('granted')
  expect(await claims.claim(request)).toEqual({ claim: 'in_flight' })
  await killed.kill()
  // The server notices the end of the connection in its own time, which is short.
  await eventually(async () =>
    (await claims.claim(request)).claim === 'granted' ? true : undefined,
  )
  expect(await claims.claim(request)).toEqual({ claim: 'in_flight' })
  expect(shared.warnings).toEqual([])
})

test('what a lost connection held is free at once, also to another request, and one alone takes it over', async () => {
  const lost = await shared.another()
  const request = aRequest()
  const other = { ...request, command: 'edit-draft' }
  const settleLost = settling(await lost.claim(request))
  await terminateHolders(shared.admin)
  const sharers = await Promise.all([shared.another(), shared.another()])
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, nth) => sharers[nth % 2]!.claim(other)),
  )
  expect(answers.filter(({ claim }) => claim === 'granted')).toHaveLength(1)
  settleLost('free')
  await settled(lost)
  expect(await lost.claim(other)).toEqual({ claim: 'in_flight' })
})

test('a process that lost its connection claims under a new one, and still settles what it held', async () => {
  const claims = await shared.another()
  const request = aRequest()
  const settle = settling(await claims.claim(request))
  await terminateHolders(shared.admin)
  settle('used')
  expect(await claimedAgain(claims)).toBe(true)
  expect(await (await shared.another()).claim({ ...request, fingerprint: 'other' })).toMatchObject({
    claim: 'used_differently',
  })
})

test('while the database is away every claim is granted, and that is said once', async () => {
  const claims = await shared.another(relay.connectionString)
  const request = aRequest()
  settling(await claims.claim(request))
  relay.cut()
  const started = performance.now()
  for (let nth = 0; nth < CLAIMS; nth += 1) {
    settling(await claims.claim(request))(nth % 2 === 0 ? 'used' : 'free')
  }
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS + LATE_MS)
  expect(shared.warnings).toHaveLength(1)
  expect(shared.warnings[0]).toMatch(/^Keys are not claimed just now, and the log alone decides: /)
  relay.recover()
  expect(await claimedAgain(claims)).toBe(true)
})

test('it opens while the database is away, and claims when it is there', async () => {
  relay.cut()
  const claims = await shared.another(relay.connectionString)
  expect(await claims.claim(aRequest())).toMatchObject({ claim: 'granted' })
  relay.recover()
  expect(await claimedAgain(claims)).toBe(true)
})

test('on a silent connection claims are granted at their deadline, and soon without waiting', async () => {
  const claims = await shared.another(relay.connectionString)
  const requests = Array.from({ length: CLAIMS }, () => aRequest())
  for (const claim of await Promise.all(requests.map((one) => claims.claim(one)))) {
    settling(claim)('used')
  }
  await settled(claims)
  relay.fallSilent()
  const started = performance.now()
  const answers = await Promise.all(requests.map((request) => claims.claim(request)))
  const tookMs = performance.now() - started
  expect(tookMs).toBeGreaterThanOrEqual(DEADLINE_MS - 5)
  expect(tookMs).toBeLessThan(DEADLINE_MS + LATE_MS)
  for (const claim of answers) settling(claim)('free')
  let waits = 0
  for (const request of requests) {
    const sinceMs = performance.now()
    settling(await claims.claim(request))
    if (performance.now() - sinceMs > DEADLINE_MS / 2) waits += 1
  }
  expect(waits).toBeLessThanOrEqual(1)
  expect(shared.warnings).toHaveLength(1)
  relay.recover()
  expect(await claimedAgain(claims)).toBe(true)
  const other: KeyRequest = { ...requests[0]!, fingerprint: 'other' }
  expect(await claims.claim(other)).toMatchObject({ claim: 'used_differently' })
})

test('while the table is locked claims are granted, and what is settled reaches it afterwards', async () => {
  const claims = await shared.another()
  const used = aRequest()
  const settleUsed = settling(await claims.claim(used))
  await shared.admin.query('begin; lock table key_claims.claims in access exclusive mode')
  const request = aRequest()
  const started = performance.now()
  const settle = settling(await claims.claim(request))
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS + LATE_MS)
  settleUsed('used')
  settling(await claims.claim(aRequest()))('free')
  await shared.admin.query('commit')
  settle('free')
  await settled(claims)
  const other = { fingerprint: 'other' }
  expect(await claims.claim({ ...request, ...other })).toMatchObject({ claim: 'granted' })
  expect(await claims.claim({ ...used, ...other })).toMatchObject({ claim: 'used_differently' })
  expect(await claims.claim(used)).toMatchObject({ claim: 'granted' })
})

test('a claim whose answer was lost is settled all the same', async () => {
  const claims = await shared.another(relay.connectionString)
  const request = aRequest()
  await shared.admin.query('begin; lock table key_claims.claims in access exclusive mode')
  const claiming = claims.claim(request)
  await blockedBackends(shared.admin, 1)
  relay.fallSilent()
  await shared.admin.query('commit')
  settling(await claiming)('used')
  relay.recover()
  expect(await claimedAgain(claims)).toBe(true)
  expect(await claims.claim({ ...request, fingerprint: 'other' })).toMatchObject({
    claim: 'used_differently',
  })
})

test('a table that was dropped is made anew', async () => {
  const claims = await shared.another()
  await settled(claims)
  await shared.admin.query('drop schema key_claims cascade')
  expect(await claims.claim(aRequest())).toMatchObject({ claim: 'granted' })
  expect(await claimedAgain(claims)).toBe(true)
  await shared.admin.query('drop table key_claims.claims')
  expect(await claims.claim(aRequest())).toMatchObject({ claim: 'granted' })
  expect(await claimedAgain(claims)).toBe(true)
})

test('a claim that is settled after closing opens no connection again', async () => {
  const claims = await shared.another()
  const settle = settling(await claims.claim(aRequest()))
  await claims.close()
  settle('used')
  // As many looks as a connection would take to come.
  for (let looks = 0; looks < 200; looks += 1) {
    const { rows } = await shared.admin.query(
      `select from pg_stat_activity
       where datname = current_database() and application_name = 'folio key claims' and state is not null`,
    )
    if (looks > 20) expect(rows).toEqual([])
  }
})
