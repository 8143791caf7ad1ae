import type { SomeRefusals } from './explanation.js'

export const PAYMENT_EXPLANATIONS = {
  gateway_transaction_registered: {
    rows: ['L4', 'L13'],
    rule: 'A transaction of a gateway is money once. A payment with the same gateway and transaction is registered in this sale, and a second would show money that never came.',
    members: {
      transaction: 'The gateway’s transaction.',
      payment: 'The payment that it was registered as.',
    },
    next: 'Nothing, if the payment found is the one that was meant. For another payment of the same gateway give its own transaction.',
  },
  payment_not_found: {
    rows: ['L4'],
    rule: 'The id names no payment and no refund of the sale that it belongs to.',
    members: { payment: 'The id that was looked for.' },
    next: 'Take the id from the answer of register-payment or refund-credit, or from GET /payments.',
  },
  payment_awaits_no_match: {
    rows: ['L4'],
    rule: 'Money is matched with the bank once, and only where it waits for that: over a bank account with outstanding accounts, or as a cheque until it is cleared. Cash and gateway payments count as paid at once.',
    members: {
      payment: 'The payment that was named.',
      matching: '`matched`: it was matched before. `none`: it never waits.',
    },
    next: 'Nothing, if it is matched. Otherwise look for the payment that the line of the statement really belongs to.',
  },
  bank_account_differs: {
    rows: ['L4'],
    rule: 'Money that went over a bank account shows on the statement of that account. Only a cheque may be cleared to a bank account of choice.',
    members: {
      account: 'The account that was given.',
      expected: 'The account that the payment was made over.',
    },
    next: 'Leave `account` out or give the expected one. If the money really is on the other statement, the line belongs to another payment.',
  },
  statement_amount_differs: {
    rows: ['L22'],
    rule: 'What a statement shows is the payment less what the bank kept, or for money paid the payment and what the bank took. A difference that nobody names is not booked away as charges.',
    members: {
      expected: 'What payment and charges make.',
      given: 'The `statementAmount` that was given.',
    },
    next: 'Give the difference as `charges` if it is the bank’s; otherwise the line belongs to another payment, or the payment was registered wrong.',
  },
  charges_exceed_payment: {
    rows: ['L22'],
    rule: 'Of money received the bank can keep all, never more: the statement would show money going out.',
    members: { charges: 'The charges that were given.', amount: 'The amount of the payment.' },
    next: 'Correct the charges. Fees that the bank takes apart from this payment are booked on their own.',
  },
  payment_reversed_already: {
    rows: ['L25'],
    rule: 'A payment is taken back once, by the opposite of its entry. A second time its invoice would ask for more than it ever did.',
    members: { payment: 'The payment that was taken back.' },
    next: 'Nothing, if this payment was meant. Money that came again is registered as a new payment.',
  },
  payment_is_refund: {
    rows: ['L25'],
    rule: 'Reversing takes back money that settled an invoice or came before one. The id names a refund: money that was given back on a credit.',
    members: {
      payment: 'The id that was given.',
      document: 'The credit that was refunded with it.',
    },
    next: 'Check the id. Where the receiver sent a refund back, register what came as a payment.',
  },
  reversal_before_payment: {
    rows: ['L25', 'L21'],
    rule: 'A payment bounces after it was made, so the reversal is not dated before it.',
    members: {
      paymentDate: 'The date of the payment.',
      date: 'The date of the reversal.',
    },
    next: 'Give the date of the payment or a later one, up to today; without a date it is today.',
  },
  payment_credit_used: {
    rows: ['L25', 'L12'],
    rule: 'Part of the payment became a credit, a prepayment or an overpayment, and that has been used or is about to be. Taken back now, it would have paid for something with money that never stayed.',
    members: {
      document: 'The credit that came out of the payment.',
      amount: 'What it was worth at first.',
      usedBy: 'The ids of what holds it: allocations to release, refunds, approvals to decline.',
    },
    next: 'Release the allocations and have the approvals declined, then ask again. A refund that was paid stands: the money for it has to be claimed from the party.',
  },
  store_credit_exceeds_due: {
    rows: ['L18'],
    rule: 'Store credit and gift certificates pay an invoice up to what it asks. Beyond that they stay with the shopper and never become an overpayment.',
    members: {
      due: 'What the invoice still asks.',
      requested: 'The amount that was to be spent.',
    },
    next: 'Spend at most what is due.',
  },
  store_credit_of_customers_only: {
    rows: ['L18'],
    rule: 'Store credit is what shoppers can still spend here. A bill of a supplier asks for money of ours, and is paid with money.',
    members: { invoice: 'The bill that was to be paid.' },
    next: 'Pay the bill over a bank, cash or cheque account.',
  },
} as const satisfies SomeRefusals
