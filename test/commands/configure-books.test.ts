/** The settings of the books: what is left out stays, and nothing is recorded that changes nothing. */
import { expect, test } from 'vitest'
import { configureBooks } from '../../commands/books/configure-books.js'
import { DEFAULT_SETTINGS } from '../../src/aggregates/books.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { eur, gbp } from './scenes.js'

const VAT = { code: 'GB-20', ratePercent: '20' }
const configure = (ledger: TestLedger, input: object) => ledger.askBooks(configureBooks, input)
const settingsOf = async (ledger: TestLedger) => {
  const books = await ledger.handler.readBooks('main')
  return books.status === 'open' ? books.settings : null
}

test('what is left out stays as it is', async () => {
  const ledger = await createTestLedger()
  const steps = [
    { discounts: 'gross' },
    { giftCertificates: 'single_purpose' },
    { depositTax: { code: 'GB-20', ratePercent: '20.0' } },
    { charges: 'in_proportion' },
    { refundThresholds: [{ role: 'accountant', threshold: gbp('500.00') }] },
  ]
  for (const step of steps) {
    expect(await configure(ledger, step)).toMatchObject({ outcome: 'accepted', appended: 1 })
  }
  expect(await settingsOf(ledger)).toEqual(Object.assign({}, ...steps, { depositTax: VAT }))
  await configure(ledger, { depositTax: null, refundThresholds: [] })
  expect(await settingsOf(ledger)).toEqual({
    discounts: 'gross',
    giftCertificates: 'single_purpose',
    depositTax: null,
    charges: 'in_proportion',
    refundThresholds: [],
  })
})

test('what is so already appends nothing', async () => {
  const ledger = await createTestLedger()
  expect(await configure(ledger, {})).toMatchObject({ outcome: 'accepted', appended: 0 })
  expect(await configure(ledger, DEFAULT_SETTINGS)).toMatchObject({ appended: 0 })
  const [low, high] = [
    { role: 'operator', threshold: gbp('50.00') },
    { role: 'accountant', threshold: gbp('500.00') },
  ]
  expect(await configure(ledger, { refundThresholds: [low, high], depositTax: VAT })).toMatchObject(
    { appended: 1 },
  )
  expect(await configure(ledger, { refundThresholds: [high, low] })).toMatchObject({ appended: 0 })
  expect(await configure(ledger, { refundThresholds: [high] })).toMatchObject({ appended: 1 })
  expect(await configure(ledger, { depositTax: { ...VAT, code: 'GB-5' } })).toMatchObject({
    appended: 1,
  })
})

const threshold = { role: 'operator', threshold: gbp('50.00') }
test.each([
  ['a threshold below zero', { refundThresholds: [{ ...threshold, threshold: gbp('-1.00') }] }],
  ['a role twice with one currency', { refundThresholds: [threshold, threshold] }],
  ['a setting that is none', { discounts: 'some' }],
  ['a rate below zero', { depositTax: { code: 'GB-20', ratePercent: '-20' } }],
])('%s is malformed', async (_name, input) => {
  const ledger = await createTestLedger()
  expect(await configure(ledger, input)).toMatchObject({ outcome: 'malformed' })
})

test('a role may have a threshold in each currency', async () => {
  const ledger = await createTestLedger()
  const refundThresholds = [threshold, { role: 'operator', threshold: eur('60.00') }]
  await configure(ledger, { refundThresholds })
  expect(await settingsOf(ledger)).toMatchObject({ refundThresholds })
})
