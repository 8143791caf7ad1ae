/** Entries and what they add up to: by account, by document, by party, each in its currency. */
import type { Entry, Posting } from '../../src/events/parts.js'
import type { EventOfType } from '../../src/events/ledger-event.js'
import { add, units } from './arithmetic.js'
import { controlAccount, controlBalance, type Item } from './documents.js'
import type { Report } from './report.js'

const OPEN_ITEM_TYPES: readonly string[] = ['receivable', 'payable', 'prepayment']

/** Debits positive. */
export function signed(side: Posting['side'], amount: Posting['amount']): bigint {
  return side === 'debit' ? units(amount) : -units(amount)
}

type Keys = Readonly<{ document: string; control: string; party: string }>

export type Account = EventOfType<'AccountOpened'>['data']

export function createBalances(report: Report, items: ReadonlyMap<string, Item>) {
  const accounts = new Map<string, Account>()
  const byAccount = new Map<string, bigint>()
  const byAccountInBooks = new Map<string, bigint>()
  const byDocument = new Map<string, bigint>()
  const byParty = new Map<string, bigint>()
  const keys = new Map<Item, Keys>()

  function openAccount({ data }: EventOfType<'AccountOpened'>): void {
    accounts.set(`${data.books} ${data.account}`, data)
  }

  /** `party` is what the event itself says; left out, it is the party of the posting's document. */
  function post(entry: Entry, party?: string | null): void {
    checkBalanced(entry, report)
    for (const posting of entry.postings) {
      const { account, side, amount, booksAmount, document } = posting
      const known = accounts.get(`${entry.books} ${account}`)
      if (known === undefined) {
        report('account_unknown', account, `is posted to by ${entry.number}`)
      }
      if (units(amount) < 0n || units(booksAmount) < 0n) {
        report('posting_negative', entry.number, `${amount.amount} on ${account}`)
      }
      if (amount.currency === booksAmount.currency && amount.amount !== booksAmount.amount) {
        report('books_amount', entry.number, `${amount.amount} is booked as ${booksAmount.amount}`)
      }
      const value = signed(side, amount)
      add(byAccount, `${entry.books} ${account} ${amount.currency}`, value)
      add(
        byAccountInBooks,
        `${entry.books} ${account} ${booksAmount.currency}`,
        signed(side, booksAmount),
      )
      if (known === undefined || !OPEN_ITEM_TYPES.includes(known.type)) continue
      if (document === undefined) {
        report(
          'document_not_named',
          entry.number,
          `posts ${amount.amount} to ${account} for nobody`,
        )
        continue
      }
      add(byDocument, `${account} ${document} ${amount.currency}`, value)
      const item = items.get(document)
      const whose = party === undefined ? item?.party : party
      add(byParty, `${entry.books} ${account} ${whose ?? 'nobody'} ${amount.currency}`, value)
      checkNamed(entry, account, { document, item }, report)
    }
  }

  /** Keys of an item's balances, made once: a full check goes over every document. */
  function keysOf(item: Item): Keys {
    const known = keys.get(item)
    if (known !== undefined) return known
    const account = controlAccount(item)
    const made = {
      document: `${account} ${item.id} ${item.currency}`,
      control: `${item.books} ${account} ${item.currency}`,
      party: `${item.books} ${account} ${item.party ?? 'nobody'} ${item.currency}`,
    }
    keys.set(item, made)
    return made
  }

  /** Due or remaining credit is the sum of the document's postings (L8). */
  function checkDocument(item: Item): void {
    const balance = byDocument.get(keysOf(item).document) ?? 0n
    const expected = controlBalance(item)
    if (balance !== expected) {
      const { id, currency } = item
      const shows = `${controlAccount(item)} shows ${balance}`
      report('document_balance', id, `${shows}, its events make ${expected} ${currency} units`)
    }
  }

  /** Every document, control account and party; the trial balance. */
  function check(): void {
    const controls = new Map<string, bigint>()
    const parties = new Map<string, bigint>()
    for (const item of items.values()) {
      checkDocument(item)
      const { control, party } = keysOf(item)
      const balance = controlBalance(item)
      add(controls, control, balance)
      add(parties, party, balance)
    }
    for (const [key, { type }] of accounts) {
      if (!OPEN_ITEM_TYPES.includes(type)) continue
      for (const [of, balance] of byAccount) {
        if (!of.startsWith(`${key} `)) continue
        const expected = controls.get(of) ?? 0n
        if (balance !== expected) {
          report('control_account', of, `shows ${balance} units, its documents make ${expected}`)
        }
      }
    }
    for (const key of new Set([...byParty.keys(), ...parties.keys()])) {
      const [balance, expected] = [byParty.get(key) ?? 0n, parties.get(key) ?? 0n]
      if (balance !== expected) {
        report('party_balance', key, `shows ${balance} units, the documents make ${expected}`)
      }
    }
    checkTrialBalance(byAccount, report)
    checkTrialBalance(byAccountInBooks, report)
  }

  return {
    openAccount,
    post,
    check,
    checkDocument,
    accountOf: (books: string, account: string) => accounts.get(`${books} ${account}`),
    balanceOf: (key: string) => byAccount.get(key) ?? 0n,
    accounts: byAccount as ReadonlyMap<string, bigint>,
  }
}

function checkBalanced(entry: Entry, report: Report): void {
  for (const figure of ['amount', 'booksAmount'] as const) {
    const sums = new Map<string, bigint>()
    for (const posting of entry.postings) {
      add(sums, posting[figure].currency, signed(posting.side, posting[figure]))
    }
    for (const [currency, difference] of sums) {
      if (difference !== 0n) {
        report(
          'entry_unbalanced',
          entry.number,
          `${figure}: debits less credits are ${difference} ${currency} units`,
        )
      }
    }
  }
}

function checkNamed(
  entry: Entry,
  account: string,
  { document, item }: Readonly<{ document: string; item: Item | undefined }>,
  report: Report,
): void {
  if (item === undefined) {
    report('document_missing', document, `is named on ${account} by ${entry.number}`)
  } else if (controlAccount(item) !== account) {
    report(
      'document_on_wrong_account',
      document,
      `stands on ${account}, not ${controlAccount(item)}`,
    )
  }
}

function checkTrialBalance(balances: ReadonlyMap<string, bigint>, report: Report): void {
  const sums = new Map<string, bigint>()
  for (const [key, balance] of balances) {
    const [books = '', , currency = ''] = key.split(' ')
    add(sums, `${books} ${currency}`, balance)
  }
  for (const [of, sum] of sums) {
    if (sum !== 0n) report('trial_balance', of, `is out by ${sum} units`)
  }
}
