/** Whether two plain values say the same, whatever the order of their keys; a key without a value is no key. */
export function isSameContent(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  if (left === null || right === null) return left === right
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [one, other] = [Object.entries(left), Object.entries(right)].map(
    (entries) => new Map(entries.filter(([, value]) => value !== undefined)),
  )
  if (one?.size !== other?.size) return false
  return [...(one ?? [])].every(
    ([key, value]) => other?.has(key) && isSameContent(value, other.get(key)),
  )
}
