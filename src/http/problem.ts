/** What HTTP answers when it says no: problem documents (RFC 9457). Only this file knows status numbers. */
import type { Response } from 'express'
import { type Refusal, REFUSAL_TITLES, type RefusalCode } from '../../commands/refusal.js'

type Problem = Readonly<{ status: number; title: string }>

/** What is wrong before any rule of the ledger is asked: with the request itself, or with the server. */
export const PROBLEMS = {
  malformed_request: { status: 400, title: 'The body does not fit what this command takes' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  json_too_deep: { status: 400, title: 'The JSON of the body is nested too deeply' },
  json_key_doubled: { status: 400, title: 'An object in the body has the same key twice' },
  json_too_many_members: { status: 400, title: 'An object in the body has too many members' },
  json_too_many_values: { status: 400, title: 'The body holds too many values' },
  text_not_utf8: { status: 400, title: 'The body is not well-formed UTF-8' },
  malformed_query: { status: 400, title: 'The query string does not fit what this address takes' },
  malformed_path: { status: 400, title: 'The address is not well-formed' },
  malformed_http: { status: 400, title: 'The request is not well-formed HTTP' },
  header_doubled: { status: 400, title: 'A header that must stand alone was sent twice' },
  idempotency_key_missing: { status: 400, title: 'A command needs an Idempotency-Key' },
  idempotency_key_malformed: { status: 400, title: 'The Idempotency-Key is not well-formed' },
  if_match_malformed: { status: 400, title: 'The If-Match header names no revision' },
  unauthenticated: { status: 401, title: 'An API key is needed, and none that is known was sent' },
  role_not_allowed: { status: 403, title: 'The role of the API key does not allow this' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, title: 'This address does not take this method' },
  request_too_slow: { status: 408, title: 'The request took too long to arrive' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON in UTF-8' },
  unsupported_content_encoding: { status: 415, title: 'The body must be sent uncompressed' },
  expectation_not_met: {
    status: 417,
    title: 'The Expect header asks for what is not offered here',
  },
  misdirected_host: { status: 421, title: 'This host name is not served here' },
  rate_limited: { status: 429, title: 'The API key makes too many requests' },
  headers_too_large: { status: 431, title: 'The headers of the request are too large or too many' },
  internal: { status: 500, title: 'Something went wrong' },
  read_model_behind: { status: 503, title: 'The read model has not reached the position yet' },
  read_model_missing: { status: 503, title: 'The read model has not been built yet' },
  too_many_commands: { status: 503, title: 'The server is busy with other commands' },
  storage_unavailable: { status: 503, title: 'The database cannot be reached' },
  outcome_unknown: { status: 503, title: 'The command was not finished in time' },
  webhook_not_understood: { status: 400, title: 'The webhook is not well-formed' },
  webhook_not_recognised: { status: 401, title: 'The webhook does not come from this store' },
  store_without_credentials: { status: 409, title: 'There are no credentials for the store' },
  store_refused: { status: 409, title: 'The store refuses what it was asked' },
  store_credentials_refused: { status: 422, title: 'The store does not take these credentials' },
  store_network_not_allowed: {
    status: 422,
    title: 'The store is in a network that this server may not connect to',
  },
  store_platform_not_offered: {
    status: 422,
    title: 'Stores of this platform cannot be connected to',
  },
  store_not_understood: {
    status: 502,
    title: 'What answers at the address of the store does not speak as its platform does',
  },
  store_not_answering: { status: 503, title: 'The store cannot be asked now' },
} as const satisfies Record<string, Problem>

export type ProblemCode = keyof typeof PROBLEMS

/** How a refusal's status is chosen; the pages and docs/problems.md show it. */
export const STATUS_RULE = {
  409: 'The request is sound, but what has happened in the ledger stands against it: look at the state, then decide whether to ask again.',
  412: 'If-Match named a revision, and the documents have changed since.',
  422: 'What the request says is wrong, whatever else stands in the ledger, and must be changed: it names something that is not there, contradicts itself or its document, or breaks a rule.',
} as const

export const REFUSAL_STATUS = {
  invoice_line_not_found: 422,
  credit_quantity_not_positive: 422,
  credit_quantity_exceeds_invoice_line: 409,
  credit_price_opposite: 422,
  credit_amount_exceeds_invoice_line: 422,
  credit_amount_not_positive: 422,
  books_not_open: 422,
  folio_in_other_books: 409,
  books_open_already: 409,
  time_zone_unknown: 422,
  account_not_found: 422,
  account_open_already: 409,
  account_closed: 409,
  account_needed_by_the_ledger: 409,
  account_type_not_allowed: 422,
  account_currency_differs: 422,
  account_not_named: 422,
  no_money_account: 409,
  outstanding_accounts_only_for_bank: 422,
  period_closed: 409,
  period_not_over: 422,
  period_closed_already: 409,
  period_not_closed: 409,
  period_change_under_way: 409,
  party_merged_with_itself: 422,
  party_merged_already: 409,
  parties_merged_in_a_circle: 409,
  party_not_merged: 409,
  document_names_party: 409,
  instance_registered_already: 409,
  instance_not_registered: 422,
  instance_in_other_books: 422,
  workflow_named_twice: 422,
  workflow_needs_account: 422,
  store_address_not_allowed: 422,
  currency_differs: 422,
  exchange_rate_missing: 422,
  exchange_rate_not_positive: 422,
  exchange_rate_not_needed: 422,
  document_not_found: 422,
  document_not_draft: 409,
  document_not_posted: 409,
  draft_has_no_such_field: 422,
  date_in_future: 422,
  due_date_before_document_date: 422,
  amount_too_large: 422,
  document_too_large: 422,
  total_negative: 422,
  total_zero: 422,
  amount_not_positive: 422,
  folio_has_an_order: 409,
  order_not_found: 422,
  order_cancelled: 409,
  order_line_not_found: 422,
  order_line_named_twice: 422,
  quantity_not_positive: 422,
  quantity_exceeds_ordered: 409,
  nothing_left_to_invoice: 409,
  already_booked_differently: 409,
  order_is_history: 409,
  platform_total_differs: 409,
  gift_certificate_taxed: 422,
  shipment_not_found: 422,
  shipment_not_planned: 409,
  shipment_not_delivered: 409,
  quantity_exceeds_to_ship: 409,
  line_not_shippable: 422,
  nothing_left_to_ship: 409,
  tracking_known_already: 409,
  supplier_reference_missing: 422,
  supplier_reference_used: 409,
  gateway_transaction_registered: 409,
  payment_not_found: 422,
  payment_awaits_no_match: 409,
  bank_account_differs: 422,
  statement_amount_differs: 422,
  charges_exceed_payment: 422,
  payment_reversed_already: 409,
  payment_is_refund: 422,
  reversal_before_payment: 422,
  payment_credit_used: 409,
  store_credit_exceeds_due: 409,
  store_credit_of_customers_only: 422,
  opening_number_named_twice: 422,
  account_not_for_opening_balances: 422,
  credit_note_before_invoice: 422,
  nothing_left_to_credit: 409,
  credit_exceeds_invoice: 409,
  document_not_refundable: 422,
  refund_exceeds_remaining_credit: 409,
  nothing_left_to_refund: 409,
  refund_exceeds_money_received: 409,
  credit_note_in_use: 409,
  void_before_credit_note: 422,
  document_not_allocatable: 422,
  allocation_to_own_invoice: 422,
  allocation_across_parties: 422,
  allocation_without_party: 422,
  allocation_across_books: 422,
  allocation_across_directions: 422,
  allocation_exceeds_remaining_credit: 409,
  allocation_exceeds_money_received: 409,
  allocation_exceeds_due: 409,
  invoice_not_due: 409,
  allocation_before_document: 422,
  allocation_not_found: 422,
  allocation_not_applied: 409,
  allocated_money_given_back: 409,
  allocation_refused: 409,
  release_before_allocation: 422,
  approval_not_found: 422,
  approval_decided_already: 409,
  approval_by_requester: 422,
  refund_before_document: 422,
  credit_note_ad_hoc: 422,
  credit_note_of_other_order: 422,
  order_not_on_platform: 422,
  platform_refund_not_offered: 422,
  payment_status_unknown: 409,
  nothing_captured_at_store: 409,
  chargeback_open: 409,
  platform_refund_exists: 409,
  platform_refund_under_way: 409,
  refund_waits_for_approval: 409,
  order_refunded_already: 409,
  order_not_markable_as_paid: 409,
  clearing_account_missing: 409,
  sync_task_not_found: 422,
  sync_task_not_due: 409,
  sync_task_not_waiting: 409,
  store_lane_shut: 409,
  sync_ground_gone: 409,
  attempt_already_over: 422,
  platform_refund_not_seen: 422,
  platform_refund_linked_already: 409,
  platform_refund_amount_differs: 422,
  capture_not_seen: 422,
  idempotency_key_used_differently: 422,
  idempotency_key_in_flight: 409,
  revision_differs: 412,
  folio_busy: 409,
} as const satisfies Record<RefusalCode, keyof typeof STATUS_RULE>

/** Others are at work on the same thing: the very same request may be accepted in a moment. */
const RETRYABLE_REFUSALS: ReadonlySet<string> = new Set<RefusalCode>([
  'idempotency_key_in_flight',
  'folio_busy',
])
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 429, 503])
const RETRY_AFTER_S = 1

/** A refusal's own figures keep their names, but for those that every problem has for itself. */
const RENAMED_FIGURES = {
  status: 'documentStatus',
  type: 'accountType',
  instance: 'store',
} as const

type MemberName<Figure extends PropertyKey> = Figure extends keyof typeof RENAMED_FIGURES
  ? (typeof RENAMED_FIGURES)[Figure]
  : Figure

/** What the answer to a refusal has beside what every problem has. */
export type RefusalMember<Code extends RefusalCode> = MemberName<
  Exclude<keyof Extract<Refusal, { code: Code }>, 'code'>
>

/** Where in what was sent something is wrong, as a JSON pointer, and what. */
export type Issue = Readonly<{ pointer: string; detail: string }>

export type ProblemDetails = Readonly<{
  detail?: string
  errors?: readonly Issue[]
  [member: string]: unknown
}>

/** What every problem says of itself. */
export type ProblemHead = Readonly<{
  type: string
  title: string
  status: number
  code: ProblemCode | RefusalCode
  /** The very same request may be accepted later. */
  retryable: boolean
}>

export function problemHead(code: ProblemCode | RefusalCode): ProblemHead {
  const { status, title } = isRefusalCode(code)
    ? { status: REFUSAL_STATUS[code], title: REFUSAL_TITLES[code] }
    : PROBLEMS[code]
  const retryable = RETRYABLE_STATUSES.has(status) || RETRYABLE_REFUSALS.has(code)
  return { type: `/problems/${code}`, title, status, code, retryable }
}

export type ProblemDocument = ProblemHead & ProblemDetails

export function problemDocument(code: ProblemCode, details: ProblemDetails = {}): ProblemDocument {
  return documentOf(problemHead(code), details)
}

/** The refusal by its own status, with its figures as members. */
export function refusalDocument({ code, ...figures }: Refusal): ProblemDocument {
  const members = Object.entries<unknown>(figures).map(([name, figure]) => [
    memberName(name),
    figure,
  ])
  return documentOf(problemHead(code), Object.fromEntries(members) as ProblemDetails)
}

export function sendProblem(
  response: Response,
  code: ProblemCode,
  details: ProblemDetails = {},
): void {
  send(response, problemDocument(code, details))
}

export function sendRefusal(response: Response, refusal: Refusal): void {
  send(response, refusalDocument(refusal))
}

/** Says `Retry-After` where trying again helps, unless whoever answers has said it already. */
function send(response: Response, problem: ProblemDocument): void {
  if (problem.retryable && !response.hasHeader('Retry-After')) {
    response.set('Retry-After', RETRY_AFTER_S.toString())
  }
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** The head first, for whoever reads it; and last, for no member may overwrite it. */
function documentOf(head: ProblemHead, details: ProblemDetails): ProblemDocument {
  return { ...head, ...details, ...head }
}

function isRefusalCode(code: ProblemCode | RefusalCode): code is RefusalCode {
  return Object.hasOwn(REFUSAL_STATUS, code)
}

function memberName(figure: string): string {
  const renamed: Readonly<Record<string, string>> = RENAMED_FIGURES
  return renamed[figure] ?? figure
}
