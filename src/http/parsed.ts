/** What came in, believed at last; or the problem that answers it. */
import type { ProblemCode, ProblemDetails } from './problem.js'

export type Parsed<Value> = Readonly<
  { value: Value } | { problem: ProblemCode; details: ProblemDetails }
>
