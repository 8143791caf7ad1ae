import type { SomeRefusals } from './explanation.js'

/** Orders, and the bills of suppliers. */
export const ORDER_EXPLANATIONS = {
  folio_has_an_order: {
    rows: ['L1'],
    rule: 'A folio holds one sale, and so one order. It has one that was entered by hand or for another request, and a second would mix what is left of both.',
    members: { order: 'The order that the folio has.' },
    next: 'Work with that order, or place the new one with an Idempotency-Key of its own, which opens another folio.',
  },
  order_not_found: {
    rows: ['L2'],
    rule: 'The id names no order that was placed or imported here.',
    members: { order: 'The id that was looked for.' },
    next: 'Take the id from the answer of place-order or import-order, or from GET /orders. An order number of a platform is no id.',
  },
  order_cancelled: {
    rows: ['L2', 'L15'],
    rule: 'What of an order was not invoiced when it was cancelled is not invoiced any more, neither by a new draft nor by posting an old one. Invoices posted before stand.',
    members: { order: 'The order that is cancelled.' },
    next: 'If the goods are sold after all, place a new order or draft an invoice without one.',
  },
  order_line_not_found: {
    rows: ['L2'],
    rule: 'Lines are named by their place in the order, counted from 0. The order has fewer lines; an imported order may have lost some since the draft was made.',
    members: {
      line: 'The place that was named.',
      lines: 'How many lines the order has; the last one is this less 1.',
    },
    next: 'Read the order, and name its lines as they are now. A draft that names a lost line is discarded and drafted anew.',
  },
  order_line_named_twice: {
    rows: ['L2'],
    rule: 'One invoice takes a quantity of a line once. Named twice, it is unclear whether the quantities add up or one was to replace the other.',
    members: { line: 'The line that stands in the request more than once.' },
    next: 'Name the line once, with the whole quantity to invoice.',
  },
  quantity_not_positive: {
    rows: ['L2'],
    rule: 'What is invoiced of a line has the direction of the line: above zero for goods, below zero for a discount line of negative quantity, never zero.',
    members: { line: 'The line of the order.', requested: 'The quantity that was given.' },
    next: 'Give a quantity in the direction of the line, or leave the line out.',
  },
  quantity_exceeds_ordered: {
    rows: ['L2'],
    rule: 'An order is never invoiced beyond what was ordered. Posted invoices and other drafts count, less what credit notes gave free to be invoiced again. Another invoice of the order may have come between.',
    members: {
      line: 'The line of the order.',
      left: 'What can still be invoiced of it.',
      requested: 'The quantity that was given, or that the draft has.',
    },
    next: 'Invoice at most what is left, or discard the other draft that holds the quantity. A draft that asks for too much is discarded and drafted anew.',
  },
  nothing_left_to_invoice: {
    rows: ['L2'],
    rule: 'Without lines in the request everything that is left is invoiced, and nothing is: all of the order stands on posted invoices or drafts.',
    members: { order: 'The order that is invoiced in full.' },
    next: 'Look at the invoices of the order. If a draft among them is not wanted, discard it and ask again.',
  },
  already_booked_differently: {
    rows: ['L1'],
    rule: 'A document of a foreign file is taken over once. The same content again changes nothing; the same number with other content is refused, for one of the two would be lost silently.',
    members: { number: 'The number of the document in its file.' },
    next: 'Compare the two files. If the newer one is right, correct the booked document by a credit note.',
  },
  order_is_history: {
    rows: ['L29'],
    rule: 'A store is taken over from a start date on. Orders from before are shown and nothing of them is invoiced, paid or shipped here, for the opening balances contain what they still ask.',
    members: {
      order: 'The order that is history.',
      startDate: 'The start date of its instance now; null where it has none.',
    },
    next: 'Book what happens to it against the open item of the opening balances. Were the start date wrong, configure the instance and import the order again.',
  },
  platform_total_differs: {
    rows: ['L19'],
    rule: 'The invoice of a platform’s order asks what the platform asked. A small difference to the ledger’s own sum is a rounding line; this one is beyond the limit that the instance sets, so lines or taxes came over wrong, and a person looks at it.',
    members: {
      own: 'What the lines come to by the ledger’s own pricing.',
      platform: 'The total that the platform shows.',
      limit: 'The largest difference that is rounded away.',
    },
    next: 'Compare the order with the platform’s and import it again, or edit the draft. The limit is a setting of the instance, in minor units a line.',
  },
  gift_certificate_taxed: {
    rows: ['L18'],
    rule: 'A gift certificate that can be spent on anything is a liability when it is sold: what is bought with it is taxed later, at the rate of those goods. Taxed now, it would be taxed twice.',
    members: {
      line: 'The line with the gift certificate.',
      ratePercent: 'The rate that it was given.',
    },
    next: 'Give the line a tax code with rate 0. Books whose certificates are taxed when sold say so with the setting `giftCertificates`.',
  },
  supplier_reference_missing: {
    rows: ['L26'],
    rule: 'A bill is posted with the number that its supplier gave it: by that number the same bill is known when it comes a second time.',
    members: {},
    next: 'Give the draft its `supplierReference` with edit-draft, then post it.',
  },
  supplier_reference_used: {
    rows: ['L26'],
    rule: 'A supplier’s number is booked once, so that no bill is paid twice. Another document of the same supplier holds it, posted or about to be.',
    members: {
      supplierReference: 'The supplier’s number.',
      document: 'The bill that holds it.',
    },
    next: 'Compare both bills. If this one is a copy, discard it; if its number was mistyped, correct it; if the other draft is wrong, discard that and post again.',
  },
} as const satisfies SomeRefusals
