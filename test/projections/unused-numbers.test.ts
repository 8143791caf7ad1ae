import { expect, test } from 'vitest'
import { unusedNumbers } from '../../projections/unused-numbers.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import { prepaymentId, prepaymentRegistered } from '../support/credit-story.js'
import { deliveryStory } from '../support/delivery-story.js'
import { invoiceId, invoicePosted, paymentRegistered } from '../support/ledger-story.js'
import { project } from '../support/project.js'

type Taken = FactOfType<'NumbersTaken'>['data']

const taken = (numbers: number[], rest: Partial<Taken> = {}): LedgerFact => ({
  type: 'NumbersTaken',
  data: {
    books: 'default',
    series: 'INV',
    year: 2026,
    taken: numbers.map((number) => ({
      number,
      document: invoiceId(number),
      postingDate: '2026-03-01',
    })),
    used: [],
    ...rest,
  },
})
const gone = (type: 'NumberReleased' | 'NumberVoided', reason: string): LedgerFact => ({
  type,
  data: { books: 'default', series: 'INV', year: 2026, number: 2, document: invoiceId(2), reason },
})

const standing = (...facts: LedgerFact[]) =>
  project(unusedNumbers, facts).map(({ number, status }) => `${String(number)} ${String(status)}`)

test('a number is open until its document is posted with it', () => {
  expect(project(unusedNumbers, [taken([1])])).toEqual([
    {
      books: 'default',
      number: 'INV/2026/00001',
      series: 'INV',
      year: 2026,
      document: invoiceId(1),
      postingDate: '2026-03-01',
      status: 'Open',
      reason: null,
      changedAt: '2026-03-01T10:00:00.000Z',
      sortKey: 'default INV/000000002026/000000000001 ',
    },
  ])
  expect(standing(taken([1, 2]), invoicePosted({ folio: 1 }))).toEqual(['INV/2026/00002 Open'])
  expect(standing(taken([1, 2]), taken([], { used: [2] }))).toEqual(['INV/2026/00001 Open'])
})

test('a number that was given back is told with the reason, and then that it is voided for good', () => {
  const released = [taken([1, 2]), gone('NumberReleased', 'discarded')]
  expect(project(unusedNumbers, released)).toMatchObject([
    { number: 'INV/2026/00001', status: 'Open' },
    {
      number: 'INV/2026/00002',
      status: 'Released',
      document: invoiceId(2),
      reason: 'discarded',
      postingDate: '2026-03-01',
    },
  ])
  expect(
    project(unusedNumbers, [...released, gone('NumberVoided', 'given back')])[1],
  ).toMatchObject({ status: 'Voided', reason: 'given back', postingDate: '2026-03-01' })
})

test('a prepayment and an overpayment use two numbers each', () => {
  const two = (series: 'PRE' | 'OVP', number: number) =>
    taken([number], {
      series,
      taken: [{ number, document: prepaymentId(1), postingDate: '2026-03-01' }],
    })
  expect(
    standing(taken([11], { series: 'PAY' }), two('PRE', 11), prepaymentRegistered({ folio: 1 })),
  ).toEqual([])
  expect(
    standing(
      taken([11], { series: 'PAY' }),
      two('OVP', 1),
      paymentRegistered({ folio: 1, over: '5.00' }),
    ),
  ).toEqual([])
})

test('a delivery uses one of a series that no year bounds', () => {
  const numbers = taken([101, 102], { series: 'WH/OUT', year: null })
  expect(project(unusedNumbers, [numbers])).toMatchObject([
    { number: 'WH/OUT/00101', year: null },
    { number: 'WH/OUT/00102', year: null },
  ])
  expect(standing(numbers, ...deliveryStory(1, 1))).toEqual(['WH/OUT/00102 Open'])
})
