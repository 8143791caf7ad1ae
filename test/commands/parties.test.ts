/** Merging parties (L26): one stands for all that were merged with it. */
import { expect, test } from 'vitest'
import { mergeParties } from '../../commands/party/merge-parties.js'
import { unmergeParties } from '../../commands/party/unmerge-parties.js'
import { partyStandingFor } from '../../src/aggregates/books.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'

const [ADA, BEA, CAL, DEE] = ['1', '2', '3', '4'].map(
  (digit) => `00000000-0000-4000-8000-00000000000${digit}`,
) as [string, string, string, string]
const merge = (ledger: TestLedger, party: string, into: string) =>
  ledger.askBooks(mergeParties, { party, into, reason: 'The same customer' })
const unmerge = (ledger: TestLedger, party: string) =>
  ledger.askBooks(unmergeParties, { party, reason: 'Two after all' })
const standingFor = async (ledger: TestLedger, party: string) => {
  const books = await ledger.handler.readBooks('main')
  return books.status === 'open' ? partyStandingFor(books, party) : null
}

test('the last of a row of merges stands for all, until one is taken back', async () => {
  const ledger = await createTestLedger()
  for (const [party, into] of [
    [ADA, BEA],
    [BEA, CAL],
    [DEE, ADA],
  ] as const) {
    expect(await merge(ledger, party, into)).toMatchObject({ outcome: 'accepted', appended: 1 })
  }
  expect(await Promise.all([ADA, BEA, CAL, DEE].map((one) => standingFor(ledger, one)))).toEqual([
    CAL,
    CAL,
    CAL,
    CAL,
  ])
  await unmerge(ledger, BEA)
  expect(await Promise.all([ADA, BEA, CAL, DEE].map((one) => standingFor(ledger, one)))).toEqual([
    BEA,
    BEA,
    CAL,
    BEA,
  ])
})

test('a merge that is there already appends nothing; another one of the party is refused', async () => {
  const ledger = await createTestLedger()
  await merge(ledger, ADA, BEA)
  expect(await merge(ledger, ADA, BEA)).toMatchObject({ outcome: 'accepted', appended: 0 })
  expect(await merge(ledger, ADA, CAL)).toMatchObject({
    refusal: { code: 'party_merged_already', party: ADA, into: BEA },
  })
  await unmerge(ledger, ADA)
  expect(await unmerge(ledger, ADA)).toMatchObject({
    refusal: { code: 'party_not_merged', party: ADA },
  })
  expect(await merge(ledger, ADA, CAL)).toMatchObject({ outcome: 'accepted', appended: 1 })
})

test('two merges at once, through two processes, never make a circle', async () => {
  const store = createMemoryEventStore()
  const [here, there] = [await createTestLedger(store), await createTestLedger(store)]
  await merge(here, ADA, BEA)
  await merge(here, CAL, DEE)
  // Each alone is right, for each of the four is merged at most once; together they close the circle.
  const outcomes = await Promise.all([merge(here, BEA, CAL), merge(there, DEE, ADA)])
  const codes = outcomes.map((one) => (one.outcome === 'refused' ? one.refusal.code : one.outcome))
  expect(codes.sort()).toEqual(['accepted', 'parties_merged_in_a_circle'])
  const standing = await Promise.all([ADA, BEA, CAL, DEE].map((one) => standingFor(here, one)))
  expect(new Set(standing).size).toBe(1)
})

test.each([
  ['nobody', { party: 'somebody', into: BEA, reason: 'x' }, '/party'],
  ['without a reason', { party: ADA, into: BEA }, '/reason'],
])('a merge of %s is malformed', async (_name, input, path) => {
  const ledger = await createTestLedger()
  const outcome = await ledger.askBooks(mergeParties, input)
  expect(outcome).toMatchObject({ outcome: 'malformed', issues: [{ path }] })
})
