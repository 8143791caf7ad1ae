import { expect, test } from 'vitest'
import { FactMissing, firstFact } from '../../commands/first-fact.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'

const { OrderPlaced, OrderImported, OrderCancelled } = SAMPLE_FACTS

test('an answer is made from what its command appended first, of the kinds that it appends', () => {
  expect(firstFact([OrderPlaced, OrderCancelled], 'OrderPlaced')).toBe(OrderPlaced)
  expect(firstFact([OrderImported], 'OrderPlaced', 'OrderImported')).toBe(OrderImported)
})

test.each([
  ['nothing', [], 'OrderPlaced, but under its key stands: '],
  [
    'something else',
    [OrderCancelled, OrderPlaced],
    'OrderPlaced, but under its key stands: OrderCancelled, OrderPlaced',
  ],
])('where %s stands under its key, the stream is damaged', (_what, facts, message) => {
  expect(() => firstFact(facts, 'OrderPlaced')).toThrow(FactMissing)
  expect(() => firstFact(facts, 'OrderPlaced')).toThrow(message)
})

test('all the kinds that were expected are named', () => {
  expect(() => firstFact([], 'OrderPlaced', 'OrderImported')).toThrow(
    'The command appends OrderPlaced or OrderImported, but',
  )
})
