/** The chart of accounts (N3, L4): what may be opened with which outstanding accounts, and what may not be closed. */
import { describe, expect, test } from 'vitest'
import { closeAccount } from '../../commands/books/close-account.js'
import { openAccount } from '../../commands/books/open-account.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'

const open = (ledger: TestLedger, account: string, type: string, more: object = {}) =>
  ledger.askBooks(openAccount, { account, name: account, type, ...more })
const close = (ledger: TestLedger, account: string) => ledger.askBooks(closeAccount, { account })
const refused = (refusal: object) => ({ outcome: 'refused', refusal })
const accepted = { outcome: 'accepted', appended: 1 }

describe('a bank account with a matching step', () => {
  const waiting = async (ledger: TestLedger) => {
    await open(ledger, 'coming', 'outstanding')
    await open(ledger, 'going', 'outstanding')
    return { outstanding: { receipts: 'coming', payments: 'going' } }
  }

  test('is opened over two outstanding accounts that are open', async () => {
    const ledger = await createTestLedger()
    const pair = await waiting(ledger)
    expect(await open(ledger, 'bank-2', 'bank', pair)).toMatchObject(accepted)
    const books = await ledger.handler.readBooks('main')
    expect(books.status === 'open' && books.accounts.get('bank-2')).toMatchObject(pair)
  })

  test.each([
    [
      { receipts: 'nowhere', payments: 'going' },
      { code: 'account_not_found', books: 'main' },
    ],
    [
      { receipts: 'coming', payments: 'nowhere' },
      { code: 'account_not_found', books: 'main' },
    ],
    [
      { receipts: 'cash', payments: 'going' },
      { code: 'account_type_not_allowed', type: 'cash', allowed: ['outstanding'] },
    ],
    [
      { receipts: 'coming', payments: 'sales' },
      { code: 'account_type_not_allowed', type: 'revenue', allowed: ['outstanding'] },
    ],
  ])('is not opened over %o', async (outstanding, refusal) => {
    const ledger = await createTestLedger()
    await waiting(ledger)
    const account = Object.values(outstanding).find((name) => !['coming', 'going'].includes(name))
    expect(await open(ledger, 'bank-2', 'bank', { outstanding })).toEqual(
      refused({ ...refusal, account }),
    )
  })

  test('is not opened over one that is closed', async () => {
    const ledger = await createTestLedger()
    const pair = await waiting(ledger)
    expect(await close(ledger, 'going')).toMatchObject(accepted)
    expect(await open(ledger, 'bank-2', 'bank', pair)).toEqual(
      refused({ code: 'account_closed', account: 'going' }),
    )
  })

  test('keeps both of its accounts from being closed, until it is closed itself', async () => {
    const ledger = await createTestLedger()
    await open(ledger, 'bank-2', 'bank', await waiting(ledger))
    for (const account of ['coming', 'going']) {
      expect(await close(ledger, account)).toEqual(
        refused({ code: 'account_needed_by_the_ledger', account }),
      )
    }
    expect(await close(ledger, 'bank-2')).toMatchObject(accepted)
    expect(await close(ledger, 'coming')).toMatchObject(accepted)
    expect(await close(ledger, 'going')).toMatchObject(accepted)
  })

  test('is the only kind that has one', async () => {
    const ledger = await createTestLedger()
    expect(await open(ledger, 'till', 'cash', await waiting(ledger))).toEqual(
      refused({ code: 'outstanding_accounts_only_for_bank', account: 'till', type: 'cash' }),
    )
  })
})

test('an account is opened once, and closed once', async () => {
  const ledger = await createTestLedger()
  expect(await open(ledger, 'till', 'cash', { currency: 'EUR' })).toMatchObject(accepted)
  expect(await open(ledger, 'till', 'bank')).toEqual(
    refused({ code: 'account_open_already', account: 'till' }),
  )
  expect(await close(ledger, 'till')).toMatchObject(accepted)
  expect(await close(ledger, 'till')).toMatchObject({ outcome: 'accepted', appended: 0 })
  expect(await close(ledger, 'nowhere')).toEqual(
    refused({ code: 'account_not_found', account: 'nowhere', books: 'main' }),
  )
})

test('what decisions name themselves is never closed; where money is kept may be', async () => {
  const ledger = await createTestLedger()
  const books = await ledger.handler.readBooks('main')
  if (books.status === 'absent') throw new Error('no books')
  const closed: string[] = []
  for (const account of books.accounts.keys()) {
    const outcome = await close(ledger, account)
    if (outcome.outcome === 'accepted') closed.push(account)
  }
  expect(closed).toEqual(['bank', 'cash', 'cheques'])
})
