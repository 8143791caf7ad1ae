import type { SomeRefusals } from './explanation.js'

/** Credit notes, and refunds of what remains of them. */
export const CREDIT_EXPLANATIONS = {
  invoice_line_not_found: {
    rows: ['L5'],
    rule: 'A note on an invoice takes back lines of that invoice, which are named by their place, counted from 0. The invoice has fewer.',
    members: {
      line: 'The place that was named.',
      lines: 'How many lines the invoice has; the last one is this less 1.',
    },
    next: 'Read the invoice and name a line that it has.',
  },
  credit_quantity_not_positive: {
    rows: ['L5'],
    rule: 'What is taken back of a line has the direction of the line: above zero for goods, below zero for a line of negative quantity, never zero. The other direction would charge the line once more.',
    members: { line: 'The line of the invoice.', requested: 'The quantity that was given.' },
    next: 'Give a quantity in the direction of the line, or leave the line out.',
  },
  credit_quantity_exceeds_invoice_line: {
    rows: ['L5'],
    rule: 'All posted notes together take back at most the quantity that a line was invoiced with. Another note may have been posted since; a draft is checked again when it is posted.',
    members: {
      line: 'The line of the invoice.',
      left: 'The quantity that can still be credited, what the same note takes of the line before it taken off.',
      requested: 'The quantity that was given, or that the draft has.',
    },
    next: 'Credit at most what is left; edit the draft’s `invoiceLines`, or discard it.',
  },
  credit_price_opposite: {
    rows: ['L5', 'L6'],
    rule: 'A line is credited at its invoiced price or nearer to zero. A price, or with the quantity an amount, of the opposite sign would charge the line once more instead of taking it back.',
    members: {
      line: 'The line of the invoice.',
      invoiced: 'The unit price that was invoiced.',
      requested: 'The unit price that was given.',
    },
    next: 'Give a price with the sign of the invoiced one, or leave it out to credit at the invoiced price.',
  },
  credit_amount_exceeds_invoice_line: {
    rows: ['L5'],
    rule: 'A lower price than the invoiced one may be credited, a higher one not: for this quantity the line asked for less, its discount taken off. More would pay back money that was never charged.',
    members: {
      line: 'The line of the invoice.',
      left: 'What the line asked for this quantity; net or tax included, as the prices of the invoice are.',
      requested: 'What quantity and unit price come to.',
    },
    next: 'Leave `unitPrice` out to credit exactly what was asked, or lower it. For goodwill beyond the invoice draft an ad-hoc note.',
  },
  credit_amount_not_positive: {
    rows: ['L14'],
    rule: 'A credit by amount gives money back, tax included, and is split over the lines of its invoice. An amount of zero splits into nothing, one below zero would charge more.',
    members: { requested: 'The amount that was given.' },
    next: 'Give an amount above zero. To ask for more money draft an invoice.',
  },
  credit_note_before_invoice: {
    rows: ['L21'],
    rule: 'A note takes back what was invoiced, so it is neither dated before its invoice nor posted before it.',
    members: {
      invoiceDate:
        'The document date of the invoice, or its posting date where the note is posted.',
      date: 'The date that the note was given, or would have.',
    },
    next: 'Give the note the invoice’s date or a later one; without a date it is today.',
  },
  nothing_left_to_credit: {
    rows: ['L5'],
    rule: 'Without lines in the request everything that the invoice has left is credited, and nothing is: posted notes took back every quantity.',
    members: { invoice: 'The invoice that is credited in full.' },
    next: 'Look at the credit notes of the invoice; the one that is wanted may be posted already.',
  },
  credit_exceeds_invoice: {
    rows: ['L5'],
    rule: 'All posted notes together give back at most the total of their invoice, whatever the lines come to one by one.',
    members: {
      left: 'What the invoice has left to credit, tax included.',
      requested: 'The total of the note, tax included.',
    },
    next: 'Credit fewer lines, quantities or a lower price, so that the total is within what is left.',
  },
  document_not_refundable: {
    rows: ['N2'],
    rule: 'A refund pays out the remaining credit of a document, and only credit notes, prepayments and overpayments have any. An invoice asks for money: what was paid on it is given back by way of a credit note.',
    members: {
      document: 'The id that was given.',
      kind: 'What it is: an invoice, a payment, an order.',
      refundable: 'The kinds that can be refunded.',
    },
    next: 'Draft and post a credit note on the invoice, then refund the note.',
  },
  refund_exceeds_remaining_credit: {
    rows: ['N4', 'L12'],
    rule: 'A credit is paid out once: all refunds of a document together, and what settled its own invoice, never exceed it, also when they are asked for at the same moment. The refund asked for is more than remains now.',
    members: {
      remaining: 'The credit that remains; zero where nothing does.',
      requested: 'The amount that was asked for.',
    },
    next: 'Read the document: another refund may have been paid since it was last looked at. Ask for at most what remains, or leave `amount` out to refund all of it.',
  },
  nothing_left_to_refund: {
    rows: ['N4', 'L11'],
    rule: 'Without an amount the whole remaining credit is paid out, and there is none: it was refunded before, or the note settled what its own invoice still asked.',
    members: { document: 'The document without remaining credit.' },
    next: 'Nothing is owed on this document. Look at its refunds and at what its invoice had due.',
  },
  refund_exceeds_money_received: {
    rows: ['L12'],
    rule: 'Within a sale, the money given back on credit notes of its invoices, on prepayments and on overpayments never exceeds the money that came in and the credits that were allocated to it. What settled the invoice otherwise cannot leave as money.',
    members: {
      left: 'What can still be given back within this sale.',
      requested: 'The amount that was asked for.',
    },
    next: 'Refund at most what is left. The rest of the credit can settle an invoice of the same sale.',
  },
  refund_before_document: {
    rows: ['N1'],
    rule: 'Money is given back once there is a credit, so a refund is not dated before its document.',
    members: {
      documentDate:
        'The date of the document; for a credit note the later of its own and its posting date.',
      date: 'The date of the refund.',
    },
    next: 'Give the document’s date or a later one, up to today; without a date it is today.',
  },
  credit_note_in_use: {
    rows: ['L9', 'L12'],
    rule: 'A posted note is voided by its opposite entry while nothing hangs on it but what its own invoice owed. Refunds, allocations and approvals that draw on its credit would lose their ground.',
    members: {
      creditNote: 'The note that was to be voided.',
      usedBy: 'The ids of what draws on it: allocations to release, refunds, approvals to decline.',
    },
    next: 'Release the allocations and have the approvals declined, then ask again. A note that was refunded stands: charge the goods anew with an invoice.',
  },
  void_before_credit_note: {
    rows: ['L21'],
    rule: 'The opposite entry follows the entry that it takes back, so a note is not voided on a day before it was posted.',
    members: {
      postingDate: 'The posting date of the note.',
      date: 'The date that was given for the void.',
    },
    next: 'Give the posting date of the note or a later one, up to today; without a date it is today.',
  },
} as const satisfies SomeRefusals
