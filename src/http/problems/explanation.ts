/** What a problem's page says; each area of the ledger explains its own. */
import type { RefusalCode } from '../../../commands/refusal.js'
import type { ProblemCode, RefusalMember } from '../problem.js'

export type Explanation<Member extends string = string> = Readonly<{
  /** The rows of the feature list that ask for the rule. */
  rows: readonly [string, ...string[]]
  /** The rule, and why it is one. */
  rule: string
  /** What each member says, beside those that every problem has. */
  members: Readonly<Record<Member, string>>
  /** What to do now. */
  next: string
}>

/** A refusal's figures are explained one by one: a new or a dropped one does not compile. */
export type RefusalExplanations = Readonly<{
  [Code in RefusalCode]: Explanation<RefusalMember<Code> & string>
}>

/** Those of one area. */
export type SomeRefusals = Partial<RefusalExplanations>

export type SomeProblems = Partial<Readonly<Record<ProblemCode, Explanation>>>
