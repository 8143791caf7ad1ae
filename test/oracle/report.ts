/** What the oracle found, one sentence each: the rule, the place, the figures. */
export type Place = Readonly<{ position: bigint; stream: string; revision: number }>

/** Every rule there is; `oracle.test.ts` breaks each of them once. */
export const RULES = [
  'account_unknown',
  'allocation_differs',
  'allocation_figures',
  'allocation_twice',
  'allocation_unanswered',
  'allocation_unreserved',
  'amount_negative',
  'amount_split',
  'amount_tax',
  'approval_by_requester',
  'approval_figures',
  'approval_twice',
  'approval_without_refund',
  'attempt_beside_open',
  'attempt_count',
  'attempt_differs',
  'attempt_too_early',
  'attempt_unanswered',
  'books_amount',
  'books_rate',
  'cancelled_order_invoiced',
  'capture_twice',
  'charges',
  'checkpoint',
  'control_account',
  'credited_beyond_invoice',
  'credited_beyond_line',
  'dated_before',
  'deposit_tax',
  'discount_apart',
  'document_balance',
  'document_books_balance',
  'document_missing',
  'document_not_named',
  'document_on_wrong_account',
  'document_sums',
  'document_twice',
  'document_with_two_numbers',
  'due_beside_credit',
  'due_negative',
  'entry_content',
  'entry_currencies',
  'entry_unbalanced',
  'event_id',
  'exchange_difference',
  'exchange_rate',
  'full_credit_leaves',
  'gateway_balance',
  'given_back_beyond_received',
  'hash',
  'in_payment',
  'invoice_line_missing',
  'invoice_tax',
  'invoiced_beyond_order',
  'line_base',
  'match_without_payment',
  'money_account',
  'money_balance',
  'money_currency',
  'money_flow',
  'money_place',
  'money_posted',
  'moved_without_need',
  'note_before_invoice',
  'note_differs',
  'note_line_differs',
  'note_tax',
  'number_bound_twice',
  'number_form',
  'number_lost',
  'number_not_taken',
  'number_of_closed_period',
  'number_on_other_document',
  'number_order',
  'number_released',
  'number_twice',
  'number_used',
  'number_used_after_void',
  'number_voided',
  'number_year',
  'opening_items',
  'order_missing',
  'order_twice',
  'overpayment',
  'party_balance',
  'payment_differs',
  'payment_parts',
  'payment_status',
  'payment_twice',
  'platform_refund_decline',
  'platform_refund_figures',
  'platform_refund_twice',
  'position',
  'posted_in_closed_period',
  'posting_negative',
  'previous_hash',
  'refund_amount',
  'refund_before_document',
  'refund_differs',
  'refund_remaining',
  'refunded_already',
  'release_differs',
  'remaining_negative',
  'request_booked_twice',
  'reversal_differs',
  'reversal_without_payment',
  'revision',
  'self_assessed_tax',
  'series_stream',
  'settled_leaves',
  'settlement_amount',
  'settles_other_invoice',
  'shipment_state',
  'shipped_beyond_order',
  'statement_amount',
  'store_credit',
  'stored_metadata',
  'task_state',
  'task_twice',
  'tax_line_missing',
  'total_negative',
  'transaction_twice',
  'trial_balance',
  'void_differs',
  'void_in_use',
] as const
export type Rule = (typeof RULES)[number]

/** Says that a rule is broken for a subject. Each rule is reported once a subject, at the first place. */
export type Report = (rule: Rule, subject: string, sentence: string) => void

export function createFindings() {
  const found: string[] = []
  const known = new Set<string>()
  let place: Place | null = null

  const report: Report = (rule, subject, sentence) => {
    const key = `${rule} ${subject}`
    if (known.has(key)) return
    known.add(key)
    const where =
      place === null
        ? 'before the first event'
        : `position ${place.position}, event ${place.revision} of ${place.stream}`
    found.push(`${rule} · ${where} · ${subject}: ${sentence}`)
  }

  return {
    report,
    at: (next: Place) => {
      place = next
    },
    found: found as readonly string[],
  }
}
