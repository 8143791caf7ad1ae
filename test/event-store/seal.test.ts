import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  KEY_BYTES,
  open,
  seal,
  SealBroken,
  unwrapKey,
  wrapKey,
} from '../../src/event-store/seal.js'

const KEY = Buffer.alloc(KEY_BYTES, 7)
const OTHER_KEY = Buffer.alloc(KEY_BYTES, 8)

test('what is sealed comes out as it was, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(text.isWellFormed())
      expect(open(KEY, 'folio-1@3', seal(KEY, 'folio-1@3', text))).toBe(text)
    }),
    { numRuns: 300 },
  )
})

test('the same text at the same place gives the same box, so that an append tried again is the same', () => {
  expect(seal(KEY, 'folio-1@3', 'Ada')).toBe(seal(KEY, 'folio-1@3', 'Ada'))
})

test('no other place, text or key gives the same box, or even the same nonce', () => {
  const boxes = [
    seal(KEY, 'folio-1@3', 'Ada'),
    seal(KEY, 'folio-1@4', 'Ada'),
    seal(KEY, 'folio-1@3', 'Adb'),
    seal(KEY, 'folio-1@3A', 'da'),
    seal(OTHER_KEY, 'folio-1@3', 'Ada'),
  ]
  expect(
    new Set(boxes.map((box) => Buffer.from(box, 'base64').subarray(0, 12).toString('hex'))).size,
  ).toBe(5)
})

test('a box does not open at another place or with another key', () => {
  const box = seal(KEY, 'folio-1@3', 'Ada')
  expect(() => open(KEY, 'folio-1@4', box)).toThrow(SealBroken)
  expect(() => open(OTHER_KEY, 'folio-1@3', box)).toThrow(SealBroken)
})

test('any one changed bit of a box is noticed', () => {
  const bytes = Buffer.from(seal(KEY, 'here', 'Ada Lovelace'), 'base64')
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes)
    const at = Math.floor(bit / 8)
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit % 8)), at)
    expect(() => open(KEY, 'here', changed.toString('base64'))).toThrow(SealBroken)
  }
})

test.each([0, 1, 11, 12, 15, 27])(
  'a box cut to %i bytes is a broken seal, not another error',
  (length) => {
    const bytes = Buffer.from(seal(KEY, 'here', 'Ada Lovelace'), 'base64')
    expect(() => open(KEY, 'here', bytes.subarray(0, length).toString('base64'))).toThrow(
      SealBroken,
    )
  },
)

test('a wrapped key opens for its own subject and master key alone', () => {
  const key = randomBytes(KEY_BYTES)
  const wrapped = wrapKey(KEY, 'ada', key)
  expect(unwrapKey(KEY, 'ada', wrapped)).toEqual(key)
  expect(() => unwrapKey(KEY, 'bob', wrapped)).toThrow(SealBroken)
  expect(() => unwrapKey(OTHER_KEY, 'ada', wrapped)).toThrow(SealBroken)
})
