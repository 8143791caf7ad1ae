/** Entries and what they add up to: by account, by document, by party, each in its currency and in that of the books. */
import type { Entry, Posting } from '../../src/events/parts.js'
import type { EventOfType } from '../../src/events/ledger-event.js'
import { addBoth, type Both, NOTHING, plusBoth } from './arithmetic.js'
import { controlAccount, controlBalance, type Item } from './documents.js'
import { checkBalanced, checkCurrencies } from './entries.js'
import { signedBoth } from './sides.js'
import type { Report } from './report.js'

const OPEN_ITEM_TYPES: readonly string[] = ['receivable', 'payable', 'prepayment']

type Keys = Readonly<{ control: string; party: string }>

export type Account = EventOfType<'AccountOpened'>['data']

export function createBalances(report: Report, items: ReadonlyMap<string, Item>) {
  const accounts = new Map<string, Account>()
  const byAccount = new Map<string, Both>()
  /** What is kept by document but stands elsewhere: the tax of a deposit (J12). */
  const apart = new Map<string, Both>()
  const byDocument = new Map<string, Map<string, Both>>()
  const byParty = new Map<string, Both>()
  const keys = new Map<Item, Keys>()

  function openAccount({ data }: EventOfType<'AccountOpened'>): void {
    accounts.set(`${data.books} ${data.account}`, data)
  }

  /** `party` is what the event itself says; left out, it is the party of the posting's document. */
  function post(entry: Entry, party?: string | null): void {
    checkBalanced(entry, report)
    checkCurrencies(entry, report)
    for (const posting of entry.postings) {
      const { account, amount } = posting
      const known = accounts.get(`${entry.books} ${account}`)
      if (known === undefined) {
        report('account_unknown', account, `is posted to by ${entry.number}`)
      } else if (posting.booksAmount.currency !== known.booksCurrency) {
        report('books_amount', entry.number, `books ${posting.booksAmount.currency}`)
      }
      const value = signedBoth(posting)
      addBoth(byAccount, `${entry.books} ${account} ${amount.currency}`, value)
      postToDocument(entry, posting, { type: known?.type, party })
    }
  }

  function postToDocument(
    entry: Entry,
    posting: Posting,
    {
      type = '',
      party,
    }: Readonly<{ type?: string | undefined; party?: string | null | undefined }>,
  ): void {
    const { account, amount, document } = posting
    if (document === undefined) {
      if (OPEN_ITEM_TYPES.includes(type))
        report(
          'document_not_named',
          entry.number,
          `posts ${amount.amount} to ${account} for nobody`,
        )
      return
    }
    const value = signedBoth(posting)
    const item = items.get(document)
    const isTaxOfDeposit = account === 'output-tax' && item?.kind === 'prepayment'
    if (item === undefined) {
      report('document_missing', document, `is named on ${account} by ${entry.number}`)
    } else if (controlAccount(item) !== account && !isTaxOfDeposit) {
      const right = controlAccount(item)
      report('document_on_wrong_account', document, `stands on ${account}, not ${right}`)
    }
    const ofDocument = byDocument.get(document) ?? new Map<string, Both>()
    byDocument.set(document, ofDocument)
    addBoth(ofDocument, account, value)
    const control = isTaxOfDeposit ? controlAccount(item) : account
    if (isTaxOfDeposit) addBoth(apart, `${entry.books} ${control} ${amount.currency}`, value)
    const whose = party === undefined ? item?.party : party
    addBoth(byParty, `${entry.books} ${control} ${whose ?? 'nobody'} ${amount.currency}`, value)
  }

  /** Keys of an item's balances, made once: a full check goes over every document. */
  function keysOf(item: Item): Keys {
    const known = keys.get(item)
    if (known !== undefined) return known
    const account = controlAccount(item)
    const made = {
      control: `${item.books} ${account} ${item.currency}`,
      party: `${item.books} ${account} ${item.party ?? 'nobody'} ${item.currency}`,
    }
    keys.set(item, made)
    return made
  }

  /** Due or remaining credit is the sum of the document's postings (L8), and one that is settled leaves nothing. */
  function checkDocument(item: Item): void {
    const ofDocument = byDocument.get(item.id) ?? new Map<string, Both>()
    const balance = [...ofDocument.values()].reduce(plusBoth, NOTHING)
    const expected = controlBalance(item)
    const { id, currency } = item
    if (balance.amount !== expected.amount) {
      const shows = `its postings come to ${balance.amount}`
      report(
        'document_balance',
        id,
        `${shows}, its events make ${expected.amount} ${currency} units`,
      )
    }
    if (balance.books !== expected.books) {
      const shows = `its postings come to ${balance.books}`
      report(
        'document_books_balance',
        id,
        `${shows}, its events make ${expected.books} books units`,
      )
    }
    if (expected.amount !== 0n) return
    for (const [account, { amount, books }] of ofDocument) {
      if (amount === 0n && books === 0n) continue
      report(
        'settled_leaves',
        `${id} ${account}`,
        `${amount} and ${books} books units, nothing is open`,
      )
    }
  }

  /** Every document, control account and party; the trial balance. */
  function check(): void {
    const controls = new Map<string, Both>()
    const parties = new Map<string, Both>()
    for (const item of items.values()) {
      checkDocument(item)
      const { control, party } = keysOf(item)
      const balance = controlBalance(item)
      addBoth(controls, control, balance)
      addBoth(parties, party, balance)
    }
    for (const [key, { type }] of accounts) {
      if (!OPEN_ITEM_TYPES.includes(type)) continue
      for (const [of, own] of byAccount) {
        if (!of.startsWith(`${key} `)) continue
        const balance = plusBoth(own, apart.get(of) ?? NOTHING)
        differs('control_account', of, balance, controls.get(of))
      }
    }
    for (const key of new Set([...byParty.keys(), ...parties.keys()])) {
      differs('party_balance', key, byParty.get(key) ?? NOTHING, parties.get(key))
    }
    checkTrialBalance(byAccount, report)
  }

  function differs(
    rule: 'control_account' | 'party_balance',
    of: string,
    balance: Both,
    expected: Both = NOTHING,
  ): void {
    if (balance.amount === expected.amount && balance.books === expected.books) return
    const said = `shows ${balance.amount} units (${balance.books} in books)`
    report(rule, of, `${said}, the documents make ${expected.amount} (${expected.books})`)
  }

  return {
    openAccount,
    post,
    check,
    checkDocument,
    accountOf: (books: string, account: string) => accounts.get(`${books} ${account}`),
    accounts: byAccount as ReadonlyMap<string, Both>,
  }
}

function checkTrialBalance(balances: ReadonlyMap<string, Both>, report: Report): void {
  const sums = new Map<string, Both>()
  for (const [key, balance] of balances) {
    const [books = '', , currency = ''] = key.split(' ')
    addBoth(sums, `${books} ${currency}`, balance)
  }
  for (const [of, { amount, books }] of sums) {
    if (amount !== 0n || books !== 0n)
      report('trial_balance', of, `is out by ${amount} units (${books} in books)`)
  }
}
