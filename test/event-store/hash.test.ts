import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventHash, eventId, type HashedParts } from '../../src/event-store/hash.js'
import { eventIdOf } from '../oracle/chain.js'

const PARTS: HashedParts = {
  stream: 'folio-1',
  revision: 3,
  type: 'Paid',
  data: '{"a":1}',
  metadata: '{"b":"ü"}',
}

test('is SHA-256 over each part behind its length in bytes', () => {
  const bytes = '7:folio-11:34:Paid7:{"a":1}10:{"b":"ü"}'
  expect(eventHash(PARTS)).toBe(createHash('sha256').update(bytes, 'utf8').digest('hex'))
})

test('stays what it was: stored chains stand on it', () => {
  expect(eventHash(PARTS)).toBe('23d9d2c3c3640bcacd8cab72657d59c4b4af1c38c18f6f5d94c804fcf27743e5')
})

test.each(['stream', 'type', 'data', 'metadata'] as const)('changes with the %s', (part) => {
  expect(eventHash({ ...PARTS, [part]: `${PARTS[part]} ` })).not.toBe(eventHash(PARTS))
})

test('changes with the revision', () => {
  expect(eventHash({ ...PARTS, revision: 4 })).not.toBe(eventHash(PARTS))
})

test('is not the same for parts that only read the same when they are put together', () => {
  const text = fc.string({ unit: fc.constantFrom('1', ':', 'a'), maxLength: 6 })
  const parts = fc.record({
    stream: text,
    revision: fc.nat(20),
    type: text,
    data: text,
    metadata: text,
  })
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      const same = JSON.stringify(Object.values(one)) === JSON.stringify(Object.values(other))
      expect(eventHash(one) === eventHash(other)).toBe(same)
    }),
    { numRuns: 500 },
  )
  expect(eventHash({ ...PARTS, stream: 'folio-', type: '1Paid' })).not.toBe(eventHash(PARTS))
})

test('an event id is a UUID of version 5 made of the hash alone', () => {
  const id = eventId(eventHash(PARTS))
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(id).toBe(eventIdOf(eventHash(PARTS)))
  expect(eventId(eventHash({ ...PARTS, revision: 4 }))).not.toBe(id)
})
