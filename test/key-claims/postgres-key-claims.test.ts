import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KeyClaims } from '../../commands/ports.js'
import { eventually } from '../event-store/postgres-log.js'
import { keyClaimsContract } from './key-claims.contract.js'
import { aRequest, settling } from './requests.js'
import { openSharedClaims, settled, type SharedClaims } from './shared-claims.js'

keyClaimsContract('postgres', async () => {
  const shared = await openSharedClaims()
  return { claims: await shared.another(), close: () => shared.close() }
})

let shared: SharedClaims
let here: KeyClaims
let there: KeyClaims
beforeAll(async () => {
  shared = await openSharedClaims()
  here = await shared.another()
  there = await shared.another()
})
afterAll(() => shared.close())

test('what one process claims, another finds claimed', async () => {
  const request = aRequest()
  const settle = settling(await here.claim(request))
  expect(await there.claim(request)).toEqual({ claim: 'in_flight' })
  expect(await there.claim({ ...request, fingerprint: 'nine euros' })).toEqual({
    claim: 'used_differently',
    command: request.command,
  })
  settle('free')
  await settled(here)
  expect(await there.claim(request)).toMatchObject({ claim: 'granted' })
  expect(await here.claim(request)).toEqual({ claim: 'in_flight' })
})

test('what one process used up, another finds used, and cannot give back', async () => {
  const request = aRequest()
  settling(await here.claim(request))('used')
  await settled(here)
  settling(await there.claim(request))('free')
  await settled(there)
  expect(await here.claim({ ...request, fingerprint: 'nine euros' })).toEqual({
    claim: 'used_differently',
    command: request.command,
  })
})

test('of many that come at once in two processes exactly one is granted', async () => {
  const request = aRequest()
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, nth) => (nth % 2 === 0 ? here : there).claim(request)),
  )
  expect(answers.filter(({ claim }) => claim === 'granted')).toHaveLength(1)
  expect(answers.filter(({ claim }) => claim === 'in_flight')).toHaveLength(63)
})

test('more claims than a batch holds are all answered', async () => {
  const requests = Array.from({ length: 1_500 }, () => aRequest())
  const first = await Promise.all(requests.map((request) => here.claim(request)))
  expect(first.every(({ claim }) => claim === 'granted')).toBe(true)
  for (const claim of first) settling(claim)('used')
  // The last first: none of them overtakes what was settled before.
  const again = await Promise.all(requests.toReversed().map((request) => here.claim(request)))
  expect(again.every(({ claim }) => claim === 'granted')).toBe(true)
})

test('a claim ends with its lifetime, and who settles it too late harms nobody', async () => {
  const request = aRequest()
  const other = { ...request, fingerprint: 'nine euros' }
  const settleLate = settling(await here.claim(request))
  const age = (seconds: number) =>
    shared.admin.query(
      `update key_claims.claims set claimed_at = now() - $2 * interval '1 second' where key = $1`,
      [request.key, seconds],
    )
  await age(50)
  expect(await there.claim(request)).toEqual({ claim: 'in_flight' })
  await age(61)
  expect(await here.claim(other)).toMatchObject({ claim: 'granted' })
  settleLate('free')
  await settled(here)
  expect(await there.claim(other)).toEqual({ claim: 'in_flight' })
})

test('keys that the table cannot hold are granted, and spoil no batch', async () => {
  const hostile = ['a\0b', '\ud800', 'k'.repeat(100_000)].map((key) => aRequest({ key }))
  const plain = aRequest()
  const claims = [...hostile, ...hostile, plain].map((request) => here.claim(request))
  for (const claim of await Promise.all(claims)) settling(claim)('free')
  expect(await there.claim(aRequest({ key: '€'.repeat(790) }))).toMatchObject({ claim: 'granted' })
  expect(shared.warnings).toEqual([])
})

test('what is settled before closing is kept, and what is not is free', async () => {
  const leaving = await shared.another()
  const used = aRequest()
  const left = aRequest()
  await leaving.claim(left)
  settling(await leaving.claim(used))('used')
  await leaving.close()
  expect(await here.claim({ ...used, fingerprint: 'nine euros' })).toMatchObject({
    claim: 'used_differently',
  })
  expect(await here.claim({ ...left, fingerprint: 'nine euros' })).toMatchObject({
    claim: 'granted',
  })
  expect(await leaving.claim(left)).toMatchObject({ claim: 'granted' })
})

test('many processes prepare one empty database at once', async () => {
  const empty = await openSharedClaims()
  const sharers = await Promise.all(Array.from({ length: 8 }, () => empty.another()))
  const request = aRequest()
  const answers = await Promise.all(sharers.map((claims) => claims.claim(request)))
  expect(answers.filter(({ claim }) => claim === 'granted')).toHaveLength(1)
  expect(empty.warnings).toEqual([])
  await empty.close()
})

test('keys are forgotten after thirty days, a portion at a time', async () => {
  const old = await openSharedClaims()
  await (await old.another()).close()
  await old.admin.query(
    `insert into key_claims.claims
     select 'shop', days || '-' || n, 'refund-credit', '', 'used', 1, n, now() - days * interval '1 day'
     from unnest(array[29, 31]) days, generate_series(1, 501) n`,
  )
  const claims = await old.another()
  const left = async () => {
    settling(await claims.claim(aRequest({ principal: 'barrier' })))('free')
    const { rows } = await old.admin.query<{ days: string; count: number }>(
      `select split_part(key, '-', 1) as days, count(*)::int from key_claims.claims
       where principal = 'shop' group by 1 order by 1`,
    )
    return rows
  }
  const portion = await eventually(async () => {
    const rows = await left()
    return rows[1]?.count === 501 ? undefined : rows
  })
  expect(portion).toEqual([
    { days: '29', count: 501 },
    { days: '31', count: 1 },
  ])
  const rest = await eventually(async () => {
    const rows = await left()
    return rows.length === 1 ? rows : undefined
  })
  expect(rest).toEqual([{ days: '29', count: 501 }])
  await old.close()
})
