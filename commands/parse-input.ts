import type { z } from 'zod'

/** A place in the input, as a JSON pointer, and what is wrong there. */
export type Issue = Readonly<{ path: string; message: string }>

/** The value that a command's schema makes of an input, or every place where it does not fit. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): Readonly<{ value: z.infer<Schema> }> | Readonly<{ issues: readonly Issue[] }> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return { value: parsed.data }
  return { issues: parsed.error.issues.flatMap((issue) => issuesOf(issue, [])) }
}

/** Of several forms that an input may have, the one that it comes nearest to says what is wrong. */
function issuesOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Issue[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: jsonPointer([...path, key]),
      message: 'is not taken here',
    }))
  }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ path: jsonPointer(path), message: issue.message }]
  }
  const [nearest = []] = [...issue.errors].sort((left, right) => left.length - right.length)
  return nearest.flatMap((inner) => issuesOf(inner, path))
}

/** `['lines', 0, 'a/b']` → `/lines/0/a~1b` (RFC 6901). */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
