/**
 * Canonical JSON (RFC 8785). Everything that is hashed goes through here, so it must be the library's text and may not be
 * its speed: where objects keep their keys in the order that they were given, the runtime's own JSON.stringify over
 * sorted keys writes the same text in a third of the time (decision 0008). The library writes the rest.
 */
import canonicalize from 'canonicalize'

export function canonicalJson(value: unknown): string {
  const reordered: string[] = []
  const inOrder = (inner: unknown): unknown => {
    if (inner === null || typeof inner !== 'object') return inner
    if (Array.isArray(inner)) return inner.map(inOrder)
    const members = inner as Readonly<Record<string, unknown>>
    const ordered: Record<string, unknown> = {}
    for (const key of Object.keys(members).sort()) {
      if (isReordered(key)) reordered.push(key)
      else ordered[key] = inOrder(members[key])
    }
    return ordered
  }
  const ordered = inOrder(value)
  const json =
    reordered.length === 0 ? (JSON.stringify(ordered) as string | undefined) : canonicalize(value)
  if (json === undefined) throw new TypeError('There is no JSON for this value')
  return json
}

const DIGIT_FIRST = 0x30
const DIGIT_LAST = 0x39

/** Keys like array indexes come first in an object whatever order they were set in, and this one sets no key at all. */
function isReordered(key: string): boolean {
  const first = key.charCodeAt(0)
  return (first >= DIGIT_FIRST && first <= DIGIT_LAST) || key === '__proto__'
}
