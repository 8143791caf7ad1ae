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
  // Documents in general
  | { code: 'currency_differs'; expected: string; given: string }
  | { code: 'currency_needs_exchange_rate'; currency: string; booksCurrency: string }
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
  // Credits
  | { code: 'credit_note_before_invoice'; invoiceDate: string; date: string }
  | { code: 'nothing_left_to_credit'; invoice: string }
  | { code: 'credit_exceeds_invoice'; left: Money; requested: Money }
  | {
      code: 'document_not_refundable'
      document: string
      kind: string
      refundable: readonly string[]
    }
  | { code: 'refund_exceeds_remaining_credit'; remaining: Money; requested: Money }
  | { code: 'nothing_left_to_refund'; document: string }
  | { code: 'refund_before_document'; documentDate: string; date: string }
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
  currency_differs: 'The amount is in another currency than the document',
  currency_needs_exchange_rate: 'The document is in another currency than the books',
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
  refund_before_document: 'The refund is dated before its document',
  idempotency_key_used_differently: 'The idempotency key was used with another request',
  idempotency_key_in_flight: 'The same request is still under way',
  revision_differs: 'The documents have changed since the revision that was named',
  folio_busy: 'Others keep changing the folio: try again',
} as const satisfies Record<RefusalCode, string>
