import { expect, test } from 'vitest'
import { type Aim, type Comparison, judge, spreadOf } from '../../bench/statistics.js'

const comparison = (ours: number[], peer: number[], aim: Aim): Comparison => ({
  row: 'row',
  what: 'What',
  unit: 'per second',
  ours: { name: 'ours', figures: ours },
  peer: { name: 'peer', figures: peer },
  aim,
})

test('the median of an odd number of rounds is the one in the middle, whatever their order', () => {
  expect(spreadOf([9, 100, 10])).toEqual({ median: 10, min: 9, max: 100 })
})

test('the median of an even number of rounds lies between the two in the middle', () => {
  expect(spreadOf([4, 1, 2, 100])).toEqual({ median: 3, min: 1, max: 100 })
})

test('one round is its own median', () => {
  expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 })
})

test('a row that measured nothing has no median', () => {
  expect(() => spreadOf([])).toThrow(RangeError)
})

test('the ratio is of the medians, not of the best or the mean', () => {
  expect(judge(comparison([10, 20, 900], [1, 4, 5], { kind: 'at_most', figure: 1 })).ratio).toBe(5)
})

test.each<[Aim, number, boolean]>([
  [{ kind: 'ratio_at_least', ratio: 5 }, 50, true],
  [{ kind: 'ratio_at_least', ratio: 5 }, 49, false],
  [{ kind: 'ratio_at_most', ratio: 1.25 }, 12.5, true],
  [{ kind: 'ratio_at_most', ratio: 1.25 }, 12.6, false],
  [{ kind: 'at_most', figure: 25 }, 25, true],
  [{ kind: 'at_most', figure: 25 }, 25.1, false],
])('%o against 10 is met by %d: %s', (aim, ours, met) => {
  expect(judge(comparison([ours], [10], aim)).met).toBe(met)
})
