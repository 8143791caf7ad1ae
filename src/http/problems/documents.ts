import type { SomeRefusals } from './explanation.js'

export const DOCUMENT_EXPLANATIONS = {
  currency_differs: {
    rows: ['L20'],
    rule: 'A document has one currency, and every amount that is given with it, on it or for it is in that currency: a discount, tax or payment of an order, a payment, a refund, bank charges. Amounts are never converted by the way.',
    members: {
      expected: 'The currency of the document or payment.',
      given: 'The currency of the first amount that differs.',
    },
    next: 'Send the amount in the expected currency.',
  },
  exchange_rate_missing: {
    rows: ['L20'],
    rule: 'The books have one currency. A document or money in another is booked in both, and needs the rate of its day; it was not given, and the table of the books has none for the currency up to that day. A draft may wait for a rate, a posted document may not: rates are never guessed.',
    members: {
      currency: 'The currency of the document or the money.',
      booksCurrency: 'The currency of the books.',
      date: 'The day that the rate is needed for.',
    },
    next: 'Give the rate with the request or on the draft, or set it for that day or an earlier one with set-exchange-rate.',
  },
  exchange_rate_not_positive: {
    rows: ['L20'],
    rule: 'A rate says what one unit of a currency is worth in the currency of the books. At zero or below, a document would be worth nothing or turn its sides round.',
    members: { currency: 'The currency that the rate is for.', rate: 'The rate that was given.' },
    next: 'Give a rate above zero: units of the books’ currency for one unit of the other.',
  },
  exchange_rate_not_needed: {
    rows: ['L20'],
    rule: 'The currency is that of the books, where one unit is one unit. Any other rate would book two amounts for the same money.',
    members: { currency: 'The currency of the books.', rate: 'The rate that was given.' },
    next: 'Leave the rate out. If the amounts are in another currency, correct the currency.',
  },
  document_not_found: {
    rows: ['L3', 'L5'],
    rule: 'A command names the document that it is about by the id that an earlier answer or a list gave. The sale that this id belongs to has no such document of the kind that the command takes; an id of another kind (an order where an invoice is meant) is answered the same.',
    members: { document: 'The id that was looked for.' },
    next: 'Check the id against GET /invoices, /credit-notes or /open-items. Numbers such as INV/2026/00001 are for people and are no ids.',
  },
  document_not_draft: {
    rows: ['L3', 'L5'],
    rule: 'Only a draft is edited, discarded or confirmed. A posted document stands in the books and is never changed, only credited; a discarded one is gone. Somebody, or an earlier request of your own, was first.',
    members: {
      document: 'The document that was named.',
      documentStatus: '`posted` or `discarded`.',
    },
    next: 'Read the document. If it is posted and wrong, credit it and draft a new one; if it was discarded, draft it anew.',
  },
  document_not_posted: {
    rows: ['L4', 'L5', 'N2'],
    rule: 'Money is registered for, and credit taken from, documents that stand in the books. A draft may still change and has no number; a discarded one never counted.',
    members: {
      document: 'The document that was named.',
      documentStatus: '`draft` or `discarded`.',
    },
    next: 'Post the draft first (post-invoice, post-credit-note), then send the request again.',
  },
  draft_has_no_such_field: {
    rows: ['L2', 'L5'],
    rule: 'A draft has only some fields of its own. The lines, party and currency of an order’s invoice follow the order, those of a note on an invoice follow the invoice, and an invoice has no reason: changing them on the draft would part it from what it comes from.',
    members: {
      document: 'The draft that was to be edited.',
      field: 'The first field that it does not have.',
    },
    next: 'Leave the field out. To invoice other quantities of an order discard the draft and draft another; a note on an invoice takes `invoiceLines`.',
  },
  date_in_future: {
    rows: ['N1', 'L4'],
    rule: 'A payment, refund or bank statement is booked once it has happened. A date after today would put money into a balance that nobody has yet.',
    members: {
      date: 'The date that was given.',
      today: 'The day it is in the time zone of the books.',
    },
    next: 'Give today or an earlier day; mind that the books may be in another time zone than the caller. Without a date it is today.',
  },
  due_date_before_document_date: {
    rows: ['L3'],
    rule: 'An invoice falls due on its own date or later; due before it was written, it would be overdue from the start.',
    members: {
      documentDate: 'The date of the document: the one given, else today.',
      dueDate: 'The due date that was given.',
    },
    next: 'Correct one of the two dates, or leave the due date out: it is then the document’s own date.',
  },
  amount_too_large: {
    rows: ['H2'],
    rule: 'Amounts are exact up to a fixed number of digits before the point. A product or a sum that the request leads to (a line, a total, a posting) has more, though each figure alone may have been within its limit.',
    members: {
      currency: 'The currency of the amount.',
      integerDigitsMax: 'How many digits before the point an amount may have.',
    },
    next: 'Check quantities and prices for a slip; otherwise split the document into several.',
  },
  document_too_large: {
    rows: ['H2'],
    rule: 'What one command brings about is recorded in one piece, so that it happens whole or not at all, and that piece has a largest size. Many lines with long descriptions can exceed it though every field is within its own limit.',
    members: {
      bytes: 'The size that the record would have.',
      bytesMax: 'The largest size that is recorded.',
    },
    next: 'Split the document into several, or shorten its texts.',
  },
  total_negative: {
    rows: ['L3', 'L6'],
    rule: 'An invoice asks for money and a credit note gives some back; one with a total below zero would be the other. Lines below zero, such as discounts, are allowed as long as the total is not.',
    members: { total: 'The total that the lines come to, tax included.' },
    next: 'Edit the lines. To give money back draft a credit note, to ask for more an invoice.',
  },
  total_zero: {
    rows: ['L3', 'L6'],
    rule: 'A document by hand that comes to nothing would use up a number and change no balance. Only the invoice of an order may be zero: it then counts the order’s lines as invoiced.',
    members: {},
    next: 'Edit the lines, or discard the draft.',
  },
  amount_not_positive: {
    rows: ['N1', 'L4'],
    rule: 'A payment or refund moves money, and its direction follows from the document, never from a sign. Its amount is above zero; bank charges may be zero and not below it.',
    members: { amount: 'The amount that was given.' },
    next: 'Give an amount above zero. Money in the other direction is another command: a refund for what was received.',
  },
} as const satisfies SomeRefusals
