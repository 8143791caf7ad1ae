import { expect, test } from 'vitest'
import { trialBalanceByCurrency } from '../../projections/trial-balance-by-currency.js'
import { dollarInvoicePosted } from '../support/credit-story.js'
import { creditSettled, invoicePosted, paymentRegistered } from '../support/ledger-story.js'
import { project } from '../support/project.js'

const invoice = invoicePosted({ folio: 1, total: '120.00' })

test('an account is a line a currency, with the amounts of the documents and of the books', () => {
  expect(
    project(trialBalanceByCurrency, [
      invoice,
      dollarInvoicePosted(invoice),
      paymentRegistered({ folio: 1, amount: '20.00' }),
    ]).filter(({ account }) => account === 'receivable'),
  ).toEqual([
    {
      books: 'default',
      account: 'receivable',
      currency: 'GBP',
      debit: '120.00',
      credit: '20.00',
      balance: '100.00',
      booksCurrency: 'GBP',
      booksDebit: '120.00',
      booksCredit: '20.00',
      booksBalance: '100.00',
      sortKey: 'default receivable GBP',
    },
    {
      books: 'default',
      account: 'receivable',
      currency: 'USD',
      debit: '120.00',
      credit: '0.00',
      balance: '120.00',
      booksCurrency: 'GBP',
      booksDebit: '108.00',
      booksCredit: '0.00',
      booksBalance: '108.00',
      sortKey: 'default receivable USD',
    },
  ])
})

test('an entry on both sides of one account counts on both', () => {
  expect(
    project(trialBalanceByCurrency, [creditSettled({ folio: 1, amount: '20.00' })]),
  ).toMatchObject([{ debit: '20.00', credit: '20.00', balance: '0.00', booksBalance: '0.00' }])
})
