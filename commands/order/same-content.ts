/** Whether two plain values say the same, whatever the order of their keys; a key without a value is no key. */
export function isSameContent(left: unknown, right: unknown): boolean {
  if (!isContainer(left) || !isContainer(right)) return left === right
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [one, other] = [definedOf(left), definedOf(right)]
  if (one.size !== other.size) return false
  return [...one].every(([key, value]) => isSameContent(value, other.get(key)))
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function definedOf(container: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(container).filter(([, value]) => value !== undefined))
}
