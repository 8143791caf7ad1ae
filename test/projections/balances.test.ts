/** The accounts and the trial balance: two readings of the same postings. */
import { expect, test } from 'vitest'
import { accountList } from '../../projections/account-list.js'
import { trialBalance } from '../../projections/trial-balance.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  allocationApplied,
  allocationReversed,
  creditNoteVoided,
  openingAccount,
  openingBalancesPosted,
  paymentReversed,
  prepaymentRegistered,
} from '../support/credit-story.js'
import {
  booksOpened,
  creditNotePosted,
  creditRefunded,
  creditSettled,
  invoicePosted,
  paymentReconciled,
  paymentRegistered,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'

/** Each event that posts, and what it leaves on the accounts that it moves: debit and credit. */
const postings: [string, LedgerFact, Record<string, [string, string]>][] = [
  [
    'an invoice',
    invoicePosted({ folio: 1, total: '120.00' }),
    { receivable: ['120.00', '0.00'], sales: ['0.00', '100.00'], 'output-tax': ['0.00', '20.00'] },
  ],
  [
    'a vendor bill',
    invoicePosted({ folio: 1, total: '120.00', direction: 'in' }),
    { payable: ['0.00', '120.00'], purchases: ['100.00', '0.00'], 'input-tax': ['20.00', '0.00'] },
  ],
  [
    'a payment with an overpayment',
    paymentRegistered({ folio: 1, amount: '120.00', over: '5.00' }),
    {
      'outstanding-receipts': ['125.00', '0.00'],
      receivable: ['0.00', '120.00'],
      'customer-prepayments': ['0.00', '5.00'],
    },
  ],
  [
    'a receipt of which the bank kept charges',
    paymentReconciled({ folio: 1, amount: '120.00', charges: '3.00' }),
    {
      bank: ['117.00', '0.00'],
      'payment-fees': ['3.00', '0.00'],
      'outstanding-receipts': ['0.00', '120.00'],
    },
  ],
  [
    'a credit note',
    creditNotePosted({ folio: 1, total: '60.00' }),
    { receivable: ['0.00', '60.00'], sales: ['50.00', '0.00'], 'output-tax': ['10.00', '0.00'] },
  ],
  [
    'a credit that settles its invoice, on both sides of one account',
    creditSettled({ folio: 1, amount: '20.00' }),
    { receivable: ['20.00', '20.00'] },
  ],
  [
    'a refund in cash',
    creditRefunded({ folio: 1, amount: '40.00' }),
    { receivable: ['40.00', '0.00'], cash: ['0.00', '40.00'] },
  ],
  [
    'a deposit that is taxed when it comes',
    prepaymentRegistered({ folio: 1, amount: '120.00', tax: '20.00' }),
    {
      cash: ['120.00', '0.00'],
      'customer-prepayments': ['0.00', '100.00'],
      'output-tax': ['0.00', '20.00'],
    },
  ],
  [
    'a payment that bounced',
    paymentReversed({ folio: 1, applied: '120.00' }),
    { receivable: ['120.00', '0.00'], 'outstanding-receipts': ['0.00', '120.00'] },
  ],
  [
    'a prepayment on an invoice',
    allocationApplied({ folio: 1, source: 'prepayment', amount: '30.00' }),
    { 'customer-prepayments': ['30.00', '0.00'], receivable: ['0.00', '30.00'] },
  ],
  [
    'a prepayment taken off an invoice again',
    allocationReversed({ folio: 1, source: 'prepayment', amount: '30.00' }),
    { 'customer-prepayments': ['0.00', '30.00'], receivable: ['30.00', '0.00'] },
  ],
  [
    'a void',
    creditNoteVoided({ folio: 1, total: '60.00' }),
    { receivable: ['60.00', '0.00'], sales: ['0.00', '60.00'] },
  ],
  [
    'the opening balances',
    openingBalancesPosted(1),
    {
      receivable: ['300.00', '0.00'],
      bank: ['1000.00', '0.00'],
      payable: ['0.00', '80.00'],
      'customer-prepayments': ['0.00', '50.00'],
      'opening-balances': ['0.00', '1170.00'],
    },
  ],
]

test.each(postings)('%s moves the trial balance', (_what, fact, sides) => {
  const moved = project(trialBalance, [...booksOpened(), openingAccount(), fact]).filter(
    ({ debit, credit }) => debit !== '0.00' || credit !== '0.00',
  )
  expect(
    Object.fromEntries(moved.map((row) => [row['account'], [row['debit'], row['credit']]])),
  ).toEqual(sides)
})

test.each(postings)(
  '%s moves the balances of the accounts by debits less credits',
  (_what, fact) => {
    const balances = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.map(({ account, balance }) => [account, balance])
    expect(balances(project(accountList, [...booksOpened(), openingAccount(), fact]))).toEqual(
      balances(project(trialBalance, [...booksOpened(), openingAccount(), fact])),
    )
  },
)

test.each([accountList, trialBalance])(
  '$name takes no posting to an account that is not open',
  (list) => {
    expect(() => project(list, [invoicePosted({ folio: 1 })])).toThrow(
      'InvoicePosted 0 of s needs account receivable of default',
    )
  },
)

test.each([accountList, trialBalance])(
  '$name goes on where totals have more digits than any one amount',
  (list) => {
    const largest = '999999999999960.00'
    const sales = [1, 2, 3].map((folio) => invoicePosted({ folio, total: largest }))
    const rows = project(list, [...booksOpened(), ...sales])
    expect(rows.find(({ account }) => account === 'receivable')).toMatchObject({
      balance: '2999999999999880.00',
    })
  },
)

test('an opened account stands at nothing', () => {
  const opened: LedgerFact = {
    type: 'AccountOpened',
    data: {
      books: 'default',
      account: 'usd-bank',
      name: 'Bank in dollars',
      type: 'bank',
      booksCurrency: 'JPY',
      currency: 'USD',
    },
  }
  expect(project(accountList, [opened])).toEqual([
    {
      books: 'default',
      account: 'usd-bank',
      name: 'Bank in dollars',
      type: 'bank',
      onlyCurrency: 'USD',
      currency: 'JPY',
      balance: '0',
      closed: false,
      sortKey: 'default usd-bank',
    },
  ])
  expect(project(trialBalance, [opened])).toEqual([
    {
      books: 'default',
      account: 'usd-bank',
      name: 'Bank in dollars',
      type: 'bank',
      currency: 'JPY',
      debit: '0',
      credit: '0',
      balance: '0',
      sortKey: 'default usd-bank',
    },
  ])
})

test('a closed account stays in the list', () => {
  const closed: LedgerFact = { type: 'AccountClosed', data: { books: 'default', account: 'cash' } }
  const cash = (facts: LedgerFact[]) =>
    project(accountList, facts).find(({ account }) => account === 'cash')
  expect(cash([...booksOpened(), closed])).toMatchObject({ closed: true, balance: '0.00' })
  expect(() => cash([closed])).toThrow('AccountClosed 0 of s needs account cash of default')
})
