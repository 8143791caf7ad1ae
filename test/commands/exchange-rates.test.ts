/** The table of exchange rates (L20): from a day on, until a later rate. */
import { expect, test } from 'vitest'
import { setExchangeRate } from '../../commands/books/set-exchange-rate.js'
import { rateOn } from '../../src/aggregates/books.js'
import { createTestLedger, type TestLedger, TODAY } from '../support/ledger.js'

const eur = (rate: string) => ({ currency: 'EUR', rate })
const set = (ledger: TestLedger, input: object) => ledger.askBooks(setExchangeRate, input)
const rate = async (ledger: TestLedger, currency: string, day: string) => {
  const books = await ledger.handler.readBooks('main')
  return books.status === 'open' ? rateOn(books, currency, day) : null
}

test('a rate counts from its day until a later one, in whichever order they were set', async () => {
  const ledger = await createTestLedger()
  await set(ledger, { from: '2026-11-10', rates: [eur('0.87')] })
  await set(ledger, {
    from: '2026-11-01',
    rates: [eur('0.85'), { currency: 'JPY', rate: '0.005' }],
  })
  const days = ['2026-10-31', '2026-11-01', '2026-11-09', '2026-11-10', '2030-01-01']
  expect(await Promise.all(days.map((day) => rate(ledger, 'EUR', day)))).toEqual([
    null,
    '0.85',
    '0.85',
    '0.87',
    '0.87',
  ])
  expect(await rate(ledger, 'JPY', '2026-11-22')).toBe('0.005')
  expect(await rate(ledger, 'USD', '2026-11-22')).toBe(null)
})

test('without a day it counts from today, and the same again appends nothing', async () => {
  const ledger = await createTestLedger()
  expect(await set(ledger, { rates: [eur('0.870')] })).toMatchObject({ appended: 1 })
  expect(await set(ledger, { from: TODAY, rates: [eur('0.87')] })).toMatchObject({
    outcome: 'accepted',
    appended: 0,
  })
  expect(await set(ledger, { rates: [eur('0.871')], source: 'ECB' })).toMatchObject({ appended: 1 })
  expect(await rate(ledger, 'EUR', TODAY)).toBe('0.871')
  const [first, second] = (await ledger.events()).filter(({ type }) => type === 'ExchangeRatesSet')
  expect(first?.data).toEqual({ books: 'main', from: TODAY, rates: [eur('0.87')] })
  expect(second?.data).toMatchObject({ source: 'ECB' })
})

test('the rate of an earlier day is set again for a later one, though it is as high', async () => {
  const ledger = await createTestLedger()
  await set(ledger, { from: '2026-11-01', rates: [eur('0.85')] })
  await set(ledger, { from: '2026-11-20', rates: [eur('0.85')] })
  await set(ledger, { from: '2026-11-10', rates: [eur('0.99')] })
  expect(await rate(ledger, 'EUR', '2026-11-20')).toBe('0.85')
})

test.each([
  ['of zero', eur('0.000'), { code: 'exchange_rate_not_positive', currency: 'EUR', rate: '0' }],
  ['below zero', eur('-1'), { code: 'exchange_rate_not_positive', currency: 'EUR', rate: '-1' }],
  [
    'for the books’ own currency',
    { currency: 'GBP', rate: '1' },
    { code: 'exchange_rate_not_needed', currency: 'GBP', rate: '1' },
  ],
])('a rate %s is refused, and with it all that came with it', async (_name, one, refusal) => {
  const ledger = await createTestLedger()
  const rates = [{ currency: 'USD', rate: '0.7' }, one]
  expect(await set(ledger, { rates })).toEqual({ outcome: 'refused', refusal })
  expect(await rate(ledger, 'USD', TODAY)).toBe(null)
})

test.each([
  ['of no currency', [{ currency: 'XXY', rate: '1' }], '/rates/0/currency'],
  ['of thirteen digits', [eur('0.1234567890123')], '/rates/0/rate'],
  ['that is no number', [eur('much')], '/rates/0/rate'],
  ['named twice', [eur('1'), eur('2')], '/rates'],
  ['not there', [], '/rates'],
])('a rate %s is malformed', async (_name, rates, path) => {
  const ledger = await createTestLedger()
  expect(await set(ledger, { rates })).toMatchObject({ outcome: 'malformed', issues: [{ path }] })
})
