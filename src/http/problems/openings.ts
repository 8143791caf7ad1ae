import type { SomeRefusals } from './explanation.js'

/** What the books begin with. */
export const OPENING_EXPLANATIONS = {
  opening_number_named_twice: {
    rows: ['L29'],
    rule: 'An open item is known by the number that it has had, which names it in every list from now on. The same number twice is either one item entered twice or a slip.',
    members: { number: 'The number that stands there twice.' },
    next: 'Leave the copy out, or correct its number.',
  },
  account_not_for_opening_balances: {
    rows: ['L29', 'L8'],
    rule: 'What a receivable, payable or prepayment account begins with is the sum of its open items, so that each of them can be settled later. A sum without its items would never equal them; and the opposite side of the whole entry is worked out, not given.',
    members: { account: 'The account that was named.', accountType: 'Its type.' },
    next: 'Give the open items one by one; leave this account out of the balances.',
  },
} as const satisfies SomeRefusals
