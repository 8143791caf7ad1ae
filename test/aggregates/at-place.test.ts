import { expect, test } from 'vitest'
import { atPlace } from '../../src/aggregates/at-place.js'

test('what stands at a place is given, and nothing there is damage', () => {
  expect(atPlace(['a', 'b'], 1)).toBe('b')
  expect(() => atPlace(['a', 'b'], 2)).toThrow('Nothing stands at place 2 of 2')
})
