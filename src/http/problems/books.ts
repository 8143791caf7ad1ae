import type { SomeRefusals } from './explanation.js'

export const BOOKS_EXPLANATIONS = {
  books_not_open: {
    rows: ['L20'],
    rule: 'Everything is booked in the books of a legal entity, which give it its currency, its time zone and its accounts. There are none of the name given (`main` where none was given), so nothing can be decided. The id of a document that was never made here is answered like this too while `main` is not open.',
    members: { books: 'The name that was looked for.' },
    next: 'Open them with open-books, or correct `books` in the request.',
  },
  folio_in_other_books: {
    rows: ['L20'],
    rule: 'A folio holds all documents of one sale, and stays in the books that it was opened in: its numbers and entries are theirs. The request names the same sale (an order of a platform imported before, for instance) for other books.',
    members: {
      books: 'The books that the folio is in.',
      given: 'The books that the request names.',
    },
    next: 'Send the request for the books that the folio is in. To book the sale elsewhere, credit it there and enter it anew.',
  },
  books_open_already: {
    rows: ['L20'],
    rule: 'Books are opened once. Their currency, time zone and rounding are never changed by opening them again, for what is booked already was decided under them.',
    members: { books: 'The books that are open.' },
    next: 'Use them as they are, or choose another name. A lost answer to the first request is had back by sending it again with its own Idempotency-Key.',
  },
  time_zone_unknown: {
    rows: ['L21'],
    rule: 'The dates of the books are days in their own time zone, so the server must know it; otherwise no day of theirs could ever be told.',
    members: { timeZone: 'What was given.' },
    next: 'Give a name of the IANA time zone database, such as `Europe/London`.',
  },
  account_not_found: {
    rows: ['N3'],
    rule: 'Accounts are named by their slug, and postings are made only to accounts of the chart: a slip in a name must not create one. The books have no account of this slug.',
    members: { account: 'The slug that was looked for.', books: 'The books that lack it.' },
    next: 'Choose a slug of GET /accounts, or open the account with open-account.',
  },
  account_open_already: {
    rows: ['N3'],
    rule: 'A slug names one account for good, also after it was closed: two accounts under one name would mix their balances.',
    members: { account: 'The slug that is taken.' },
    next: 'Use the account as it is, or open one under another slug.',
  },
  account_closed: {
    rows: ['N3'],
    rule: 'A closed account keeps its history and takes nothing new. It was open once, so the request may have been right when it was prepared.',
    members: { account: 'The account that is closed.' },
    next: 'Choose another account of GET /accounts.',
  },
  account_needed_by_the_ledger: {
    rows: ['N3'],
    rule: 'Some accounts are posted to by the ledger itself (receivable, payable, tax, revenue and others of the default chart), and some hold the money of an open bank account until it is matched. Without them the next entry could not be made, so they are not closed.',
    members: { account: 'The account that was to be closed.' },
    next: 'Leave an account of the default chart open. If it is an outstanding account of your own, close the bank account that uses it first.',
  },
  account_type_not_allowed: {
    rows: ['N3', 'L4'],
    rule: 'What an account is for limits what moves over it: payments and refunds by hand go over bank, cash or cheque accounts, online payments over a gateway account, statements belong to bank accounts, and the outstanding accounts of a bank account are of type outstanding. An account keeps its type for good.',
    members: {
      account: 'The account that was named.',
      accountType: 'Its type.',
      allowed: 'The types that can be used here.',
    },
    next: 'Name an account of an allowed type; GET /accounts?type= lists them.',
  },
  account_currency_differs: {
    rows: ['N3'],
    rule: 'An account that is held in one currency takes no amounts in another, or its balance would add up different things.',
    members: {
      account: 'The account that was named.',
      accountCurrency: 'The currency that it takes.',
      currency: 'The currency of the document.',
    },
    next: "Name an account in the document's currency, or one without a currency of its own.",
  },
  account_not_named: {
    rows: ['N1', 'N3'],
    rule: 'A refund without `account` goes back over the account that the money came in over. Here there is none that may be used: nothing was paid, or it came over a gateway, or over an account that is closed. Which one to use instead is not guessed.',
    members: {
      allowed: 'The types of account that a refund by hand goes over.',
      candidates: 'The accounts of the books that would do.',
    },
    next: 'Send the request again with one of the candidates as `account`.',
  },
  no_money_account: {
    rows: ['N3'],
    rule: 'A refund by hand goes over a bank, cash or cheque account in the currency of the document. The books have none that is open.',
    members: { create: 'The types of which one is needed.' },
    next: 'Open such an account with open-account, then ask again.',
  },
  outstanding_accounts_only_for_bank: {
    rows: ['L4'],
    rule: 'A pair of outstanding accounts holds what a bank account has sent or received until its statement shows it. Cash has no statement, a cheque waits on its own account, and a gateway pays out otherwise: for them the pair would never be emptied.',
    members: {
      account: 'The account that was to be opened.',
      accountType: 'The type that was given.',
    },
    next: 'Leave `outstanding` out, or open the account as a bank account.',
  },
} as const satisfies SomeRefusals
