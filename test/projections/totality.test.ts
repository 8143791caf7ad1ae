import { expect, test } from 'vitest'
import { PROJECTIONS } from '../../projections/index.js'
import { EVENT_DEFINITIONS } from '../../src/events/ledger-event.js'

test.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))(
  '%s says of every event type what it means to it',
  (_name, { on }) => {
    expect(Object.keys(on).sort()).toEqual([...EVENT_DEFINITIONS.keys()].sort())
  },
)

test('every projection has a name and a table of its own', () => {
  const names = PROJECTIONS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(new Set(PROJECTIONS.map(({ table }) => table)).size).toBe(names.length)
})

test.each(['credit_memo_list'])('%s has no events yet', (name) => {
  const found = PROJECTIONS.find((projection) => projection.name === name)
  expect(new Set(Object.values(found?.on ?? {}))).toEqual(new Set(['ignored']))
})
