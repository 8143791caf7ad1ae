import type { CreditingRefusal } from '../src/aggregates/crediting.js'
import type { Money } from '../src/money/money.js'

/** An event as whoever lost a race is told of it (H4). */
export type Appended = Readonly<{
  revision: number
  type: string
  recordedAt: string
  principal: string
  command: string
}>

/** Every "no" there is: named after the broken rule, with the figures that explain it (H2). */
export type Refusal = Readonly<
  | CreditingRefusal
  // Books and accounts
  | { code: 'books_not_open'; books: string }
  | { code: 'folio_in_other_books'; books: string; given: string }
  | { code: 'books_open_already'; books: string }
  | { code: 'time_zone_unknown'; timeZone: string }
  | { code: 'account_not_found'; account: string; books: string }
  | { code: 'account_open_already'; account: string }
  | { code: 'account_closed'; account: string }
  | { code: 'account_needed_by_the_ledger'; account: string }
  | { code: 'account_type_not_allowed'; account: string; type: string; allowed: readonly string[] }
  | { code: 'account_currency_differs'; account: string; accountCurrency: string; currency: string }
  | { code: 'account_not_named'; allowed: readonly string[]; candidates: readonly string[] }
  | { code: 'no_money_account'; create: readonly string[] }
  | { code: 'outstanding_accounts_only_for_bank'; account: string; type: string }
  // Periods
  | { code: 'period_closed'; date: string; closedThrough: string; firstOpenDay: string }
  | { code: 'period_not_over'; through: string; today: string }
  | { code: 'period_closed_already'; through: string; closedThrough: string }
  | { code: 'period_not_closed'; through: string | null; closedThrough: string | null }
  | { code: 'period_change_under_way'; change: string; through: string | null }
  // Parties
  | { code: 'party_merged_with_itself'; party: string }
  | { code: 'party_merged_already'; party: string; into: string }
  | { code: 'parties_merged_in_a_circle'; party: string; into: string }
  | { code: 'party_not_merged'; party: string }
  | { code: 'document_names_party'; document: string; party: string }
  // Instances
  | { code: 'instance_registered_already'; instance: string }
  | { code: 'instance_not_registered'; instance: string }
  | { code: 'instance_in_other_books'; instance: string; books: string; given: string }
  | { code: 'workflow_named_twice'; paymentMethod: string }
  | { code: 'workflow_needs_account'; paymentMethod: string }
  | { code: 'store_address_not_allowed'; address: string }
  // Documents in general
  | { code: 'currency_differs'; expected: string; given: string }
  | { code: 'exchange_rate_missing'; currency: string; booksCurrency: string; date: string }
  | { code: 'exchange_rate_not_positive'; currency: string; rate: string }
  | { code: 'exchange_rate_not_needed'; currency: string; rate: string }
  | { code: 'document_not_found'; document: string }
  | { code: 'document_not_draft'; document: string; status: string }
  | { code: 'document_not_posted'; document: string; status: string }
  | { code: 'draft_has_no_such_field'; document: string; field: string }
  | { code: 'date_in_future'; date: string; today: string }
  | { code: 'due_date_before_document_date'; documentDate: string; dueDate: string }
  | { code: 'amount_too_large'; currency: string; integerDigitsMax: number }
  | { code: 'document_too_large'; bytes: number; bytesMax: number }
  | { code: 'total_negative'; total: Money }
  | { code: 'total_zero' }
  | { code: 'amount_not_positive'; amount: Money }
  // Orders
  | { code: 'folio_has_an_order'; order: string }
  | { code: 'order_not_found'; order: string }
  | { code: 'order_cancelled'; order: string }
  | { code: 'order_line_not_found'; line: number; lines: number }
  | { code: 'order_line_named_twice'; line: number }
  | { code: 'quantity_not_positive'; line: number; requested: string }
  | { code: 'quantity_exceeds_ordered'; line: number; left: string; requested: string }
  | { code: 'nothing_left_to_invoice'; order: string }
  | { code: 'already_booked_differently'; number: string }
  | { code: 'order_is_history'; order: string; startDate: string | null }
  | { code: 'platform_total_differs'; own: Money; platform: Money; limit: Money }
  | { code: 'gift_certificate_taxed'; line: number; ratePercent: string }
  // Deliveries
  | { code: 'shipment_not_found'; shipment: string }
  | { code: 'shipment_not_planned'; shipment: string; status: string }
  | { code: 'shipment_not_delivered'; shipment: string; status: string }
  | { code: 'quantity_exceeds_to_ship'; line: number; left: string; requested: string }
  | { code: 'line_not_shippable'; line: number; kind: string }
  | { code: 'nothing_left_to_ship'; order: string }
  | { code: 'tracking_known_already'; shipment: string; number: string }
  // Bills
  | { code: 'supplier_reference_missing' }
  | { code: 'supplier_reference_used'; supplierReference: string; document: string }
  // Payments
  | { code: 'gateway_transaction_registered'; transaction: string; payment: string }
  | { code: 'payment_not_found'; payment: string }
  | { code: 'payment_awaits_no_match'; payment: string; matching: string }
  | { code: 'bank_account_differs'; account: string; expected: string }
  | { code: 'statement_amount_differs'; expected: Money; given: Money }
  | { code: 'charges_exceed_payment'; charges: Money; amount: Money }
  | { code: 'payment_reversed_already'; payment: string }
  | { code: 'payment_is_refund'; payment: string; document: string }
  | { code: 'reversal_before_payment'; paymentDate: string; date: string }
  | {
      code: 'payment_credit_used'
      document: string
      amount: Money
      /** What must be taken back first: allocations to release, refunds, approvals to decline. */
      usedBy: readonly string[]
    }
  | { code: 'store_credit_exceeds_due'; due: Money; requested: Money }
  | { code: 'store_credit_of_customers_only'; invoice: string }
  // Opening balances
  | { code: 'opening_number_named_twice'; number: string }
  | { code: 'account_not_for_opening_balances'; account: string; type: string }
  // Credits
  | { code: 'credit_note_before_invoice'; invoiceDate: string; date: string }
  | { code: 'nothing_left_to_credit'; invoice: string }
  | {
      code: 'document_not_refundable'
      document: string
      kind: string
      refundable: readonly string[]
    }
  | { code: 'refund_exceeds_remaining_credit'; remaining: Money; requested: Money }
  | { code: 'nothing_left_to_refund'; document: string }
  | { code: 'refund_exceeds_money_received'; left: Money; requested: Money }
  | { code: 'credit_note_in_use'; creditNote: string; usedBy: readonly string[] }
  | { code: 'void_before_credit_note'; postingDate: string; date: string }
  // Allocations
  | { code: 'document_not_allocatable'; document: string; kind: string }
  | { code: 'allocation_to_own_invoice'; creditNote: string; invoice: string }
  | { code: 'allocation_across_parties'; creditParty: string | null; invoiceParty: string | null }
  | { code: 'allocation_without_party'; document: string }
  | { code: 'allocation_across_books'; books: string; invoiceBooks: string }
  | { code: 'allocation_across_directions'; direction: string; invoiceDirection: string }
  | { code: 'allocation_exceeds_remaining_credit'; remaining: Money; requested: Money }
  | { code: 'allocation_exceeds_money_received'; left: Money; requested: Money }
  | { code: 'allocation_exceeds_due'; due: Money; requested: Money }
  | { code: 'invoice_not_due'; invoice: string }
  | { code: 'allocation_before_document'; documentDate: string; date: string }
  | { code: 'allocation_not_found'; allocation: string }
  | { code: 'allocation_not_applied'; allocation: string; state: string }
  | {
      code: 'allocated_money_given_back'
      allocation: string
      left: Money
      amount: Money
      /** What gave it away: refunds, approvals that wait, allocations. */
      usedBy: readonly string[]
    }
  | { code: 'allocation_refused'; allocation: string }
  | { code: 'release_before_allocation'; allocationDate: string; date: string }
  // Approvals
  | { code: 'approval_not_found'; approval: string }
  | { code: 'approval_decided_already'; approval: string; status: string }
  | { code: 'approval_by_requester'; approval: string; requestedBy: string }
  | { code: 'refund_before_document'; documentDate: string; date: string }
  // Stores
  | { code: 'credit_note_ad_hoc'; creditNote: string }
  | { code: 'credit_note_of_other_order'; creditNote: string }
  | { code: 'order_not_on_platform'; order: string }
  | { code: 'platform_refund_not_offered'; platform: string }
  | { code: 'payment_status_unknown'; order: string; paymentStatus: string }
  | { code: 'nothing_captured_at_store'; order: string; paymentStatus: string }
  | { code: 'chargeback_open'; order: string }
  | { code: 'platform_refund_exists'; creditNote: string; platformRefund: string }
  | { code: 'platform_refund_under_way'; creditNote: string; task: string }
  | { code: 'refund_waits_for_approval'; creditNote: string; approval: string }
  | { code: 'order_refunded_already'; order: string; refunded: Money; total: Money }
  | { code: 'order_not_markable_as_paid'; order: string; obstacles: readonly string[] }
  | { code: 'clearing_account_missing'; provider: string; create: string }
  | { code: 'sync_task_not_found'; task: string }
  | { code: 'sync_task_not_due'; task: string; state: string; notBefore: string | null }
  | { code: 'sync_task_not_waiting'; task: string; state: string }
  | { code: 'store_lane_shut'; task: string; by: string; until: string | null }
  | { code: 'sync_ground_gone'; task: string; reason: string }
  | { code: 'attempt_already_over'; task: string; shutUntil: string; now: string }
  | { code: 'platform_refund_not_seen'; platformRefund: string; seen: readonly string[] }
  | { code: 'platform_refund_linked_already'; platformRefund: string; document: string }
  | { code: 'platform_refund_amount_differs'; platformRefund: string; amount: Money; total: Money }
  | { code: 'capture_not_seen'; transaction: string; seen: readonly string[] }
  // Requests
  | { code: 'idempotency_key_used_differently'; key: string; command: string }
  | { code: 'idempotency_key_in_flight'; key: string }
  | {
      code: 'revision_differs'
      expected: number
      /** `null`: the stream has no events. */
      actual: number | null
      /** What was appended after the expected revision, the oldest first. */
      events: readonly Appended[]
    }
  | { code: 'folio_busy'; attempts: number }
>

export type RefusalCode = Refusal['code']

/** One sentence a rule, for people; the figures stand beside it. */
export const REFUSAL_TITLES = {
  invoice_line_not_found: 'The invoice has no such line',
  credit_quantity_not_positive: 'The quantity to credit is not above zero',
  credit_quantity_exceeds_invoice_line: 'More is credited than the invoice line has left',
  credit_price_opposite: 'The price to credit has the opposite sign of the invoiced one',
  credit_amount_exceeds_invoice_line:
    'More money is credited than the invoice line asked for this quantity',
  credit_amount_not_positive: 'The amount to credit is not above zero',
  books_not_open: 'There are no such books',
  folio_in_other_books: 'The folio was opened in other books',
  books_open_already: 'The books are open already',
  time_zone_unknown: 'There is no such time zone',
  account_not_found: 'The books have no such account',
  account_open_already: 'The books have this account already',
  account_closed: 'The account is closed',
  account_needed_by_the_ledger: 'The ledger itself books to this account, so it cannot be closed',
  account_type_not_allowed: 'Accounts of this type cannot be used here',
  account_currency_differs: 'The account takes another currency',
  account_not_named: 'The account must be named, for there is none that the money came in over',
  no_money_account: 'The books have no bank, cash or cheque account: open one first',
  outstanding_accounts_only_for_bank: 'Only a bank account has outstanding accounts',
  period_closed: 'The day is in a closed period',
  period_not_over: 'The period is not over yet',
  period_closed_already: 'The period is closed already',
  period_not_closed: 'The period is not closed',
  period_change_under_way: 'Another change of the closed period is under way',
  party_merged_with_itself: 'A party cannot be merged with itself',
  party_merged_already: 'The party was merged before: unmerge it first',
  parties_merged_in_a_circle: 'The other party was merged into this one',
  party_not_merged: 'The party is not merged',
  document_names_party: 'The sale names a party: it is the party that is forgotten',
  instance_registered_already: 'The store is connected already',
  instance_not_registered: 'There is no such instance',
  instance_in_other_books: 'The instance belongs to other books',
  workflow_named_twice: 'Two workflows name the same payment method',
  workflow_needs_account: 'A workflow that registers the payment needs the account',
  store_address_not_allowed: 'The address of the store is not one that can be connected to',
  order_is_history: 'The order is older than the start date of its instance: it is history',
  platform_total_differs: "The platform's total and the ledger's own sum are too far apart",
  gift_certificate_taxed: 'A gift certificate is not taxed when it is sold',
  shipment_not_found: 'There is no such shipment',
  shipment_not_planned: 'The shipment is not planned',
  shipment_not_delivered: 'Nothing of the shipment was delivered yet',
  quantity_exceeds_to_ship: 'More is shipped than the order still has to ship',
  line_not_shippable: 'The line is a charge: there is nothing to ship',
  nothing_left_to_ship: 'Everything of the order was shipped or is planned',
  tracking_known_already: 'The shipment has this tracking number already',
  payment_reversed_already: 'The payment was reversed before',
  payment_is_refund: 'A refund is money given back, not a payment',
  reversal_before_payment: 'The reversal is dated before the payment',
  payment_credit_used: 'What the payment brought beyond its invoice was used: release that first',
  store_credit_exceeds_due: 'More store credit is spent than the invoice asks',
  store_credit_of_customers_only: 'Only invoices of customers are paid with store credit',
  opening_number_named_twice: 'Two opening items have the same number',
  account_not_for_opening_balances: 'The account is opened by its documents, not by a sum',
  currency_differs: 'The amount is in another currency than the document',
  exchange_rate_missing: 'There is no exchange rate for the currency on that day',
  exchange_rate_not_positive: 'The exchange rate is not above zero',
  exchange_rate_not_needed: "The books' own currency has no exchange rate but 1",
  document_not_found: 'There is no such document',
  document_not_draft: 'The document is not a draft',
  document_not_posted: 'The document is not posted',
  draft_has_no_such_field:
    'The draft has no such field of its own: it follows its order or invoice',
  date_in_future: 'The date is in the future',
  due_date_before_document_date: 'The document is due before its own date',
  amount_too_large: 'An amount has more digits than the ledger holds',
  document_too_large: 'The document is too large to be recorded in one piece',
  total_negative: 'The total is negative',
  total_zero: 'The total is zero',
  amount_not_positive: 'The amount is not above zero',
  folio_has_an_order: 'The folio has an order already',
  order_not_found: 'There is no such order',
  order_cancelled: 'The order is cancelled',
  order_line_not_found: 'The order has no such line',
  order_line_named_twice: 'The order line is named twice',
  quantity_not_positive: 'The quantity is not above zero',
  quantity_exceeds_ordered: 'More is invoiced than was ordered and is not invoiced yet',
  nothing_left_to_invoice: 'The order is invoiced in full',
  already_booked_differently: 'A document of this number was booked with other content',
  supplier_reference_missing: "A bill needs the supplier's own number",
  supplier_reference_used: "The supplier's number was booked before",
  gateway_transaction_registered: 'The transaction was registered before',
  payment_not_found: 'There is no such payment',
  payment_awaits_no_match: 'The payment does not wait for a bank statement',
  bank_account_differs: 'A bank payment is matched on the account that it was made over',
  statement_amount_differs: 'The statement shows another amount than payment and charges make',
  charges_exceed_payment: 'The charges are more than the payment',
  credit_note_before_invoice: 'The credit note is dated before its invoice',
  nothing_left_to_credit: 'The invoice is credited in full',
  credit_exceeds_invoice: 'More is credited than the invoice has left',
  document_not_refundable: 'Only credit notes, prepayments and overpayments are refunded',
  refund_exceeds_remaining_credit: 'Amount refunded exceeds the remaining credit',
  nothing_left_to_refund: 'The document has no remaining credit',
  refund_exceeds_money_received: 'More is given back than the folio has received',
  credit_note_in_use: 'Something hangs on the credit note: it cannot be voided',
  void_before_credit_note: 'The credit note would be voided before its own date',
  document_not_allocatable: 'Only credit notes, prepayments and overpayments are allocated',
  allocation_to_own_invoice: 'A credit note settles its own invoice by itself',
  allocation_across_parties: 'The credit and the invoice belong to two parties',
  allocation_without_party: 'A credit of nobody cannot be allocated',
  allocation_across_books: 'The credit and the invoice are in two books',
  allocation_across_directions: 'A credit of a customer and a bill of a supplier do not meet',
  allocation_exceeds_remaining_credit: 'More is allocated than the credit has left',
  allocation_exceeds_money_received: 'More leaves the sale than it has received',
  allocation_exceeds_due: 'More is allocated than the invoice asks',
  invoice_not_due: 'The invoice asks nothing any more',
  allocation_before_document: 'The allocation is dated before one of its documents',
  allocation_not_found: 'There is no such allocation',
  allocation_not_applied: 'The allocation is not applied',
  allocated_money_given_back: 'What was allocated has been given back since',
  allocation_refused: 'The allocation was refused',
  release_before_allocation: 'The release is dated before the allocation',
  approval_not_found: 'There is no such approval',
  approval_decided_already: 'The approval was decided before',
  approval_by_requester: 'Whoever asked for a refund cannot approve it',
  refund_before_document: 'The refund is dated before its document',
  credit_note_ad_hoc: 'The credit note is on no invoice: no store knows of it',
  credit_note_of_other_order: 'The credit note is not tied to this order',
  order_not_on_platform: 'The order is on no platform',
  platform_refund_not_offered: 'Orders of this platform cannot be refunded there from here',
  payment_status_unknown: "The store's word for the order's payment is not known",
  nothing_captured_at_store: 'The store has captured nothing of the order',
  chargeback_open: "The buyer's bank disputes the payment: nothing is given back meanwhile",
  platform_refund_exists: 'The credit note was refunded at the store before',
  platform_refund_under_way: 'A refund of the credit note at the store is under way',
  refund_waits_for_approval: 'A refund of the credit note waits for approval',
  order_refunded_already: 'The order is refunded in full at its store',
  order_not_markable_as_paid: 'The order cannot be marked as paid at its store',
  clearing_account_missing: 'The books have no clearing account of the gateway: open one first',
  sync_task_not_found: 'There is no such sync task',
  sync_task_not_due: 'Nothing of the sync task is due',
  sync_task_not_waiting: 'The sync task waits for nobody',
  store_lane_shut: 'Something else of the order may be on its way to the store',
  sync_ground_gone: 'What asked for the sync task is not so any more',
  attempt_already_over: 'The time of the attempt is over before it began',
  platform_refund_not_seen: 'No such refund was seen at the store',
  platform_refund_linked_already: 'The refund belongs to a document already',
  platform_refund_amount_differs: 'The refund and the credit note are of two amounts',
  capture_not_seen: 'No such transaction was seen at the store',
  idempotency_key_used_differently: 'The idempotency key was used with another request',
  idempotency_key_in_flight: 'The same request is still under way',
  revision_differs: 'The documents have changed since the revision that was named',
  folio_busy: 'Others keep changing the folio: try again',
} as const satisfies Record<RefusalCode, string>
