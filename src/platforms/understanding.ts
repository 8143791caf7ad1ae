/**
 * Reading what a store sent. Deep inside a document, what does not fit is thrown, and becomes a value here: nothing that
 * a store may send is an exception to whoever asked.
 */
import { ZodError } from 'zod'
import { CurrencyMismatch } from '../money/money.js'

export type Understood<Value> = Readonly<
  { isUnderstood: true; value: Value } | { isUnderstood: false; detail: string }
>

export class NotUnderstood extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'NotUnderstood'
  }
}

export function understood<Value>(read: () => Value): Understood<Value> {
  try {
    return { isUnderstood: true, value: read() }
  } catch (error) {
    if (error instanceof ZodError) return { isUnderstood: false, detail: whatDoesNotFit(error) }
    if (EXPECTED.some((kind) => error instanceof kind)) {
      return { isUnderstood: false, detail: (error as Error).message }
    }
    throw error
  }
}

/** An amount out of range, or in another currency than its order, is the store's doing; the rest would be ours. */
const EXPECTED = [NotUnderstood, RangeError, CurrencyMismatch]

/** Which part, never its value: it may be somebody's name. */
function whatDoesNotFit({ issues: [issue] }: ZodError): string {
  return issue === undefined ? 'does not fit' : `${issue.path.join('.')}: ${issue.message}`
}
