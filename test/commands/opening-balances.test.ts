/** J42: the books begin with one entry, whose open items live on. */
import { describe, expect, test } from 'vitest'
import { postOpeningBalances } from '../../commands/books/post-opening-balances.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { after, decide, folioOf, testBooks } from '../support/decider-spec.js'
import { gbp, INVOICE, journal, NOTE, note, paid, PREPAYMENT, SUPPLIER, usd } from './scenes.js'

const date = '2026-01-01'
const owed = {
  kind: 'invoice',
  number: 'INV/2025/00941',
  documentDate: '2025-12-12',
  amount: gbp('132.00'),
}
const owing = { ...owed, direction: 'in', number: 'S-77', party: SUPPLIER, amount: gbp('60.00') }
const deposit = { ...owed, kind: 'prepayment', number: 'PRE/2025/00007', amount: gbp('25.00') }
const bank = { account: 'bank', side: 'debit', amount: gbp('400.00') }
const storeCredit = { account: 'store-credit', side: 'credit', amount: gbp('15.00') }
const opened = (more: object = {}) =>
  after(postOpeningBalances, {
    date,
    items: [owed, owing, deposit],
    accounts: [bank, storeCredit],
    ...more,
  })

describe('opening balances', () => {
  test('are one entry, each open item named, the rest on the account of opening balances', () => {
    expect(opened().newest.map(journal)).toEqual([
      [
        'debit receivable 132.00 [i1]',
        'credit payable 60.00 [i2]',
        'credit customer-prepayments 25.00 [pre1]',
        'debit bank 400.00',
        'credit store-credit 15.00',
        'credit opening-balances 432.00',
      ],
    ])
  })

  test('keep the numbers the items have had, under ids to pay them by', () => {
    const decided = decide(postOpeningBalances, { date, items: [owed, deposit] })
    if ('refusal' in decided) throw new Error(decided.refusal.code)
    expect(decided.answer.documents).toEqual([
      { number: 'INV/2025/00941', documentId: INVOICE },
      { number: 'PRE/2025/00007', documentId: PREPAYMENT },
    ])
  })

  test('in another currency have the rate of the day, or the one given', () => {
    const items = [{ ...owed, amount: usd('100.00') }]
    const { newest } = after(postOpeningBalances, { date, items, exchangeRate: '0.8' })
    expect(newest.map(journal)).toEqual([
      ['debit receivable 100.00/80.00 [i1]', 'credit opening-balances 100.00/80.00'],
    ])
  })
})

describe('an item of the time before', () => {
  test('is paid like any invoice', () => {
    expect(paid(opened(), '132.00').newest.map(journal)).toEqual([
      ['debit outstanding-receipts 132.00', 'credit receivable 132.00 [i1]'],
    ])
  })

  test('is credited over the account of opening balances, for nobody knows its lines', () => {
    const { newest } = note(opened(), { amount: gbp('32.00') })
    expect(newest.map(journal)).toEqual([
      ['debit opening-balances 32.00', 'credit receivable 32.00 [c1]'],
      ['debit receivable 32.00 [c1]', 'credit receivable 32.00 [i1]'],
    ])
    expect(folioOf(note(opened()).facts).creditNotes.get(NOTE)?.status).toBe('posted')
  })

  test('is refunded where it is a prepayment', () => {
    const back = { documentId: PREPAYMENT, account: 'cash' }
    expect(after(refundCredit, back, opened()).newest.map(journal)).toEqual([
      ['debit customer-prepayments 25.00 [pre1]', 'credit cash 25.00'],
    ])
  })
})

test('a bill of the time before is credited in parts to nothing, in both currencies', () => {
  const items = [{ ...owing, amount: usd('100.01') }]
  const bill = after(postOpeningBalances, { date, items, exchangeRate: '0.333' })
  const parts = ['33.33', '33.33', '33.35']
  const scene = parts.reduce(
    (given, amount, index) =>
      note(given, { amount: usd(amount) }, `${NOTE.slice(0, -1)}${index + 1}`),
    bill,
  )
  const booked = folioOf(scene.facts).invoices.get(INVOICE)
  expect(booked).toMatchObject({ due: usd('0.00'), booksDue: gbp('0.00') })
  const lines = scene.facts.flatMap(journal).filter((line) => line.includes('opening-balances'))
  expect(lines).toEqual([
    'debit opening-balances 100.01/33.30',
    'credit opening-balances 33.33/11.10',
    'credit opening-balances 33.33/11.10',
    'credit opening-balances 33.35/11.10',
  ])
})

test.each([
  [
    'waits for a statement that nobody has',
    'outstanding-receipts',
    'account_not_for_opening_balances',
  ],
  ['there is none', 'nowhere', 'account_not_found'],
])('a sum is refused where it %s', (_why, account, code) => {
  const accounts = [{ account, side: 'debit', amount: gbp('1.00') }]
  expect(decide(postOpeningBalances, { date, accounts })).toMatchObject({ refusal: { code } })
})

test('an item has at most the digits that it can be credited with', () => {
  const items = [{ ...owed, amount: gbp('9999999999999.00') }]
  expect(decide(postOpeningBalances, { date, items })).toMatchObject({
    refusal: { code: 'amount_too_large', integerDigitsMax: 12 },
  })
})

test.each([
  ['a day to come', { date: '2026-11-23' }, 'date_in_future'],
  ['an amount of nothing', { items: [{ ...owed, amount: gbp('0.00') }] }, 'amount_not_positive'],
  ['two currencies', { items: [owed, { ...deposit, amount: usd('1.00') }] }, 'currency_differs'],
  ['an item of later', { items: [{ ...owed, documentDate: '2026-01-02' }] }, 'date_in_future'],
  [
    'an item due before its own day',
    { items: [{ ...owed, dueDate: '2025-12-11' }] },
    'due_date_before_document_date',
  ],
  ['nothing at all', {}, 'total_zero'],
  ['no rate', { items: [{ ...owed, amount: usd('1.00') }] }, 'exchange_rate_missing'],
])('opening balances with %s are refused', (_what, asked, code) => {
  expect(decide(postOpeningBalances, { date, ...asked })).toMatchObject({ refusal: { code } })
})

test('opening balances are refused on a closed day, and over an account that is closed or takes other money', () => {
  const accounts = [bank]
  const over = (changes: object) => {
    const account = { ...testBooks().accounts.get('bank')!, ...changes }
    return { books: testBooks({ accounts: new Map(testBooks().accounts).set('bank', account) }) }
  }
  const closed = { books: testBooks({ period: { closedThrough: date, change: null } }) }
  const refused = [closed, over({ closed: true }), over({ currency: 'EUR' })].map((scene) =>
    decide(postOpeningBalances, { date, accounts }, scene),
  )
  expect(refused).toMatchObject([
    { refusal: { code: 'period_closed' } },
    { refusal: { code: 'account_closed' } },
    { refusal: { code: 'account_currency_differs' } },
  ])
})

test('a prepayment to a supplier of the time before is received back', () => {
  const items = [{ ...deposit, direction: 'in', party: SUPPLIER }]
  const given = after(postOpeningBalances, { date, items, accounts: [] })
  expect(given.newest.map(journal)).toEqual([
    ['debit supplier-prepayments 25.00 [pre1]', 'credit opening-balances 25.00'],
  ])
})

describe('opening balances are refused', () => {
  const refusalOf = (more: object, scene: object = {}) => {
    const decided = decide(postOpeningBalances, { date, items: [owed], ...more }, scene)
    return 'refusal' in decided ? decided.refusal : null
  }

  test('on a day to come, and taken on that of today', () => {
    const today = '2026-01-01'
    expect(refusalOf({}, { today })).toBeNull()
    expect(refusalOf({ date: '2026-01-02' }, { today })).toEqual({
      code: 'date_in_future',
      date: '2026-01-02',
      today,
    })
  })

  test('with an item of after them, and taken with one of their day', () => {
    expect(refusalOf({ items: [{ ...owed, documentDate: date }] })).toBeNull()
    expect(refusalOf({ items: [{ ...owed, documentDate: '2026-01-02' }] })).toEqual({
      code: 'date_in_future',
      date: '2026-01-02',
      today: date,
    })
  })

  test('with an item due before it was written, and taken with one due that day', () => {
    const { documentDate } = owed
    expect(refusalOf({ items: [{ ...owed, dueDate: documentDate }] })).toBeNull()
    expect(refusalOf({ items: [{ ...owed, dueDate: '2025-12-11' }] })).toEqual({
      code: 'due_date_before_document_date',
      documentDate,
      dueDate: '2025-12-11',
    })
  })

  test('with nothing in them, or with amounts of nothing', () => {
    expect(refusalOf({ items: [] })).toEqual({ code: 'total_zero' })
    expect(refusalOf({ accounts: [{ ...bank, amount: gbp('0.00') }] })).toEqual({
      code: 'amount_not_positive',
      amount: gbp('0.00'),
    })
    expect(refusalOf({ accounts: [{ ...bank, amount: gbp('0.01') }] })).toBeNull()
  })

  test('in two currencies, whichever comes first', () => {
    const dollars = { ...bank, amount: usd('1.00') }
    expect(refusalOf({ accounts: [bank, dollars] })).toEqual({
      code: 'currency_differs',
      expected: 'GBP',
      given: 'USD',
    })
    expect(refusalOf({ items: [], accounts: [dollars, bank], exchangeRate: '0.8' })).toEqual({
      code: 'currency_differs',
      expected: 'USD',
      given: 'GBP',
    })
  })

  test('with a number twice, unless it is of another kind or direction', () => {
    const { number } = owed
    expect(refusalOf({ items: [owed, { ...owed, amount: gbp('1.00') }] })).toEqual({
      code: 'opening_number_named_twice',
      number,
    })
    const others = [
      { ...owed, kind: 'prepayment' },
      { ...owed, direction: 'in', party: SUPPLIER },
    ]
    expect(refusalOf({ items: [owed, ...others] })).toBeNull()
  })
})

test('items of each kind are counted by themselves', () => {
  const items = [deposit, owed, { ...deposit, number: 'PRE/2' }, owing]
  const decided = decide(postOpeningBalances, { date, items })
  if ('refusal' in decided) throw new Error(decided.refusal.code)
  const ids = decided.answer.documents.map(({ documentId }) => documentId.slice(37))
  expect(ids).toEqual(['pre1', 'i1', 'pre2', 'i2'])
})
