/** Every "no" there is, with its explanation: what the pages show, and docs/problems.md. */
import type { RefusalCode } from '../../commands/refusal.js'
import { type ProblemCode, type ProblemHead, problemHead, STATUS_RULE } from './problem.js'
import { ALLOCATION_EXPLANATIONS } from './problems/allocations.js'
import { ANSWERING_EXPLANATIONS } from './problems/answering.js'
import { APPROVAL_EXPLANATIONS } from './problems/approvals.js'
import { BOOKS_EXPLANATIONS } from './problems/books.js'
import { CONNECTING_EXPLANATIONS } from './problems/connecting.js'
import { CREDIT_EXPLANATIONS } from './problems/credits.js'
import { DELIVERY_EXPLANATIONS } from './problems/deliveries.js'
import { DOCUMENT_EXPLANATIONS } from './problems/documents.js'
import type { Explanation, RefusalExplanations } from './problems/explanation.js'
import { INSTANCE_EXPLANATIONS } from './problems/instances.js'
import { MALFORMED_EXPLANATIONS } from './problems/malformed.js'
import { OPENING_EXPLANATIONS } from './problems/openings.js'
import { ORDER_EXPLANATIONS } from './problems/orders.js'
import { PARTY_EXPLANATIONS } from './problems/parties.js'
import { PAYMENT_EXPLANATIONS } from './problems/payments.js'
import { PERIOD_EXPLANATIONS } from './problems/periods.js'
import { REQUEST_EXPLANATIONS } from './problems/requests.js'
import { STORE_EXPLANATIONS } from './problems/stores.js'

/** A new refusal does not compile without. */
export const REFUSAL_EXPLANATIONS = {
  ...REQUEST_EXPLANATIONS,
  ...BOOKS_EXPLANATIONS,
  ...PERIOD_EXPLANATIONS,
  ...OPENING_EXPLANATIONS,
  ...PARTY_EXPLANATIONS,
  ...INSTANCE_EXPLANATIONS,
  ...DOCUMENT_EXPLANATIONS,
  ...ORDER_EXPLANATIONS,
  ...DELIVERY_EXPLANATIONS,
  ...PAYMENT_EXPLANATIONS,
  ...CREDIT_EXPLANATIONS,
  ...ALLOCATION_EXPLANATIONS,
  ...APPROVAL_EXPLANATIONS,
  ...STORE_EXPLANATIONS,
} as const satisfies RefusalExplanations

/** Nor does a new problem of the protocol. */
export const PROBLEM_EXPLANATIONS = {
  ...MALFORMED_EXPLANATIONS,
  ...ANSWERING_EXPLANATIONS,
  ...CONNECTING_EXPLANATIONS,
} as const satisfies Readonly<Record<ProblemCode, Explanation>>

export type ExplainedProblem = ProblemHead & Explanation

export type ProblemGroup = Readonly<{
  title: string
  summary: string
  problems: readonly ExplainedProblem[]
}>

export const PROBLEM_GROUPS: readonly ProblemGroup[] = [
  {
    title: 'Refused by the Ledger',
    summary: 'The request was understood, and a rule says no. Nothing was booked.',
    problems: explained(REFUSAL_EXPLANATIONS),
  },
  {
    title: 'Not Taken or Not Answered',
    summary: 'The request could not be understood, was not allowed, or found the server unable.',
    problems: explained(PROBLEM_EXPLANATIONS),
  },
]

const BY_CODE: ReadonlyMap<string, ExplainedProblem> = new Map(
  PROBLEM_GROUPS.flatMap(({ problems }) => problems).map((problem) => [problem.code, problem]),
)

/** `null` for a code that there is not. */
export function explainedProblem(code: string): ExplainedProblem | null {
  return BY_CODE.get(code) ?? null
}

/** What every problem has, and what it says. */
export const PROBLEM_MEMBERS: Readonly<Record<keyof ProblemHead, string>> = {
  type: 'The address of the page that explains it, below the address of the server. One a rule, never reused.',
  title: 'The rule in a sentence; the same each time.',
  status: 'The status of the answer.',
  code: 'The rule by name, for programs: the last part of `type`.',
  retryable:
    'Whether the very same request, with the same Idempotency-Key, may be accepted later. `Retry-After`, where it stands, says how many seconds to wait.',
}

export function statusRuleOf({ status }: ProblemHead): string | null {
  return new Map<number, string>(statusRules()).get(status) ?? null
}

/** By status, ascending. */
export function statusRules(): (readonly [number, string])[] {
  return Object.entries(STATUS_RULE).map(([status, rule]) => [Number(status), rule] as const)
}

function explained(
  explanations: Readonly<Partial<Record<ProblemCode | RefusalCode, Explanation>>>,
): ExplainedProblem[] {
  return (Object.entries(explanations) as [ProblemCode | RefusalCode, Explanation][]).map(
    ([code, explanation]) => ({ ...problemHead(code), ...explanation }),
  )
}
