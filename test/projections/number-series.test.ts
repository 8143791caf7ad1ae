import { expect, test } from 'vitest'
import { numberSeries } from '../../projections/number-series.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import { invoiceId } from '../support/ledger-story.js'
import { project } from '../support/project.js'

const series = { books: 'default', series: 'INV', year: 2026 } as const
const binding = (number: number) => ({
  number,
  document: invoiceId(number),
  postingDate: '2026-03-01',
})
const taken = (numbers: number[], used: number[] = []): LedgerFact => ({
  type: 'NumbersTaken',
  data: { ...series, taken: numbers.map(binding), used },
})
const voided: FactOfType<'NumberVoided'> = {
  type: 'NumberVoided',
  data: { ...series, number: 2, document: invoiceId(2), reason: 'discarded' },
}

test('counts the numbers given out, used, voided and open', () => {
  expect(project(numberSeries, [taken([1, 2]), taken([3], [1]), voided])).toEqual([
    { ...series, next: 4, taken: 3, used: 1, voided: 1, open: 1, sortKey: 'default INV 2026' },
  ])
})

test('numbers known to be used are counted also when none is taken with them', () => {
  expect(project(numberSeries, [taken([1]), taken([], [1])])).toMatchObject([
    { next: 2, used: 1, open: 0 },
  ])
})

test('each year is a row', () => {
  const next: LedgerFact = {
    type: 'NumbersTaken',
    data: { ...series, year: 2027, taken: [binding(1)], used: [] },
  }
  expect(project(numberSeries, [taken([1]), next])).toMatchObject([{ year: 2026 }, { year: 2027 }])
})

test('a series that is never reset is one row, under the year 0', () => {
  const delivery = { ...series, series: 'WH/OUT', year: null } as const
  const next: LedgerFact = {
    type: 'NumbersTaken',
    data: { ...delivery, taken: [{ ...binding(1), postingDate: '2027-01-02' }], used: [1] },
  }
  const given: LedgerFact = { type: 'NumberVoided', data: { ...voided.data, ...delivery } }
  expect(project(numberSeries, [next, given])).toMatchObject([
    { series: 'WH/OUT', year: 0, taken: 1, used: 1, voided: 1, sortKey: 'default WH/OUT 0' },
  ])
})

test('a number voided in a series that has none is a gap', () => {
  expect(() => project(numberSeries, [voided])).toThrow(
    'NumberVoided 0 of s needs series INV 2026 of default',
  )
})
