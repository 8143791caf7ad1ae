import type { SomeRefusals } from './explanation.js'

/** Credits that settle other invoices than their own. */
export const ALLOCATION_EXPLANATIONS = {
  document_not_allocatable: {
    rows: ['L7'],
    rule: 'What is allocated is the remaining credit of a document, and only credit notes, prepayments and overpayments have any.',
    members: {
      document: 'The id that was given.',
      kind: 'What it is: an invoice, a payment, an order.',
    },
    next: 'Name the credit as the document and the invoice that it is to settle as the invoice.',
  },
  allocation_to_own_invoice: {
    rows: ['L7', 'L11'],
    rule: 'A note settles what its own invoice asks by itself, in the moment it can. What it has left is credit because that invoice asks nothing more.',
    members: {
      creditNote: 'The credit note.',
      invoice: 'The invoice that it was drawn up on.',
    },
    next: 'Allocate what is left to another invoice of the party, or refund it.',
  },
  allocation_across_parties: {
    rows: ['L7', 'L26'],
    rule: 'A credit belongs to the party that its document names, and settles invoices of that party alone. Parties that were merged count as one.',
    members: {
      creditParty: 'The party that the credit belongs to; null where it is nobody’s.',
      invoiceParty: 'The party of the invoice; null where it names none.',
    },
    next: 'Choose an invoice of the same party. If both are one customer entered twice, merge the parties first.',
  },
  allocation_without_party: {
    rows: ['L26'],
    rule: 'A sale without a customer names no party, so it cannot be told whether the invoice of another sale is of the same buyer. Its credits are refunded, not allocated there.',
    members: { document: 'The document that names no party.' },
    next: 'Refund the credit with refund-credit, and register the money for the other invoice.',
  },
  allocation_across_books: {
    rows: ['L7', 'L20'],
    rule: 'The books of a legal entity balance for themselves. A credit in one set of books cannot settle an invoice in another without money passing between the two.',
    members: {
      books: 'The books that the credit stands in.',
      invoiceBooks: 'The books that the invoice stands in.',
    },
    next: 'Refund the credit in its books, and register a payment in the others.',
  },
  allocation_across_directions: {
    rows: ['L7'],
    rule: 'A credit of a customer settles customer invoices, a credit at a supplier settles bills. Between the two there is a claim against a claim, which stands on two control accounts.',
    members: {
      direction: 'Of the credit: `out` towards a customer, `in` from a supplier.',
      invoiceDirection: 'Of the invoice, alike.',
    },
    next: 'Choose an invoice of the same direction. Where a party is both, refund the one and pay the other.',
  },
  allocation_exceeds_remaining_credit: {
    rows: ['L7', 'L12'],
    rule: 'A credit is used once: refunds and allocations together, also those under way and those that wait for approval, never exceed it, also when they are asked for at the same moment. More is asked for than can be used now.',
    members: {
      remaining: 'The credit that can still be used; zero where nothing can.',
      requested: 'The amount that was asked for.',
    },
    next: 'Read the document: another refund or allocation may have come between. Allocate at most what remains.',
  },
  allocation_exceeds_money_received: {
    rows: ['L7', 'L12'],
    rule: 'A credit that settles an invoice of another sale counts there as money that came in, and could be paid out. So no more leaves a sale by refunds and allocations than it has received; a payment that was reversed can leave less than that.',
    members: {
      left: 'What can still leave this sale.',
      requested: 'The amount that was asked for.',
    },
    next: 'Allocate at most what is left, or settle an invoice of the same sale with it.',
  },
  allocation_exceeds_due: {
    rows: ['L7', 'L8'],
    rule: 'An invoice takes at most what it still asks. Another payment or credit may have come between.',
    members: {
      due: 'What the invoice still asks.',
      requested: 'The amount that was asked for.',
    },
    next: 'Allocate at most what is due, or leave `amount` out to allocate as much as fits.',
  },
  invoice_not_due: {
    rows: ['L7', 'L8'],
    rule: 'Only an open invoice takes a credit, and this one asks nothing any more: it was paid, or credited, in full.',
    members: { invoice: 'The invoice that was named.' },
    next: 'Choose another invoice of GET /open-items, or refund the credit.',
  },
  allocation_before_document: {
    rows: ['L7', 'L21'],
    rule: 'An allocation brings two posted documents together, so it is dated no earlier than either.',
    members: {
      documentDate:
        'The date of the later of the two documents; of each the later of its own and its posting date.',
      date: 'The date of the allocation.',
    },
    next: 'Give that date or a later one, up to today; without a date it is today.',
  },
  release_before_allocation: {
    rows: ['L7', 'L21'],
    rule: 'Releasing takes an allocation back from its day on, so it is not dated before the allocation.',
    members: {
      allocationDate: 'The date of the allocation.',
      date: 'The date of the release.',
    },
    next: 'Give that date or a later one, up to today; without a date it is today.',
  },
  allocation_not_found: {
    rows: ['L7'],
    rule: 'The id names no allocation of the sale that it belongs to.',
    members: { allocation: 'The id that was looked for.' },
    next: 'Take the id from the answer of allocate-credit, or from the document of the credit.',
  },
  allocation_not_applied: {
    rows: ['L7'],
    rule: 'What is released is a credit that stands on an invoice. This allocation does not, or not any more; one that is under way is finished or refused by itself.',
    members: {
      allocation: 'The allocation that was named.',
      state: 'Where it stands: `reserved`, `refused`, `released` or `reversed`.',
    },
    next: 'Nothing, if it was released before. While it is reserved, wait a moment and read it again.',
  },
  allocated_money_given_back: {
    rows: ['L7', 'L12'],
    rule: 'A credit of another sale counts as money that came in where it was allocated to. Once that money was refunded, waits for a refund or was allocated further, the credit cannot be taken back as well: it would be used twice.',
    members: {
      allocation: 'The allocation that was to be released.',
      left: 'What the sale of the invoice has received and not given away.',
      amount: 'What the allocation brought in.',
      usedBy: 'The refunds, waiting approvals and allocations that gave it away.',
    },
    next: 'Decline what waits, release what was allocated further; what was paid out stays paid out.',
  },
  allocation_refused: {
    rows: ['L7'],
    rule: 'The credit was reserved, and then the invoice no longer took it: it was paid, credited or changed in between. The reservation is given back, and this allocation will never be applied.',
    members: { allocation: 'The allocation that was refused.' },
    next: 'Read the invoice and the credit, and allocate anew with an Idempotency-Key of its own if there still is a need.',
  },
} as const satisfies SomeRefusals
