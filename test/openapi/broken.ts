/** What is wrong with a request, one thing or several at once: other types, other keys, other places, hostile text. */
import fc from 'fast-check'

const NOT_MEANT: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e3,
  12.3,
  2 ** 53,
  '',
  ' ',
  '1e3',
  '0x10',
  '-0',
  '+1',
  '00.10',
  'NaN',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  "'; drop table event_log.events; --",
  '=cmd|calc',
  '../../etc/passwd',
  'x'.repeat(5_000),
  [],
  {},
  [[[[[]]]]],
  { amount: 12.3, currency: 'GBP' },
  { amount: '12.3', currency: 'GBP' },
  { amount: '1.00', currency: 'gbp' },
  { amount: '99999999999999999999.00', currency: 'GBP' },
  { constructor: { prototype: { polluted: true } } },
  '00000000-0000-4000-8000-000000000000-c1',
  '2026-02-30',
  '9999-12-31',
  '1899-12-31',
]

/** The body as text, broken in one place: so that doubled keys and `__proto__` can be written too. */
export function brokenBody(value: unknown): fc.Arbitrary<string> {
  const places = placesIn(value)
  const place = places.length === 0 ? fc.constant<Place>([]) : fc.constantFrom(...places)
  return fc.oneof(
    fc
      .tuple(place, fc.constantFrom(...NOT_MEANT))
      .map(([at, other]) => text(changed(value, at, () => other))),
    place.map((at) => text(changed(value, at, () => undefined))),
    fc
      .tuple(place, fc.constantFrom('extra', '__proto__', 'constructor', 'toString', '', 'ä'))
      .map(([at, key]) => withMember(value, at, key)),
    place.map((at) => text(changed(value, at, (old) => [old]))),
    place.map((at) => text(changed(value, at, (old) => ({ value: old })))),
    fc.nat({ max: 200 }).map((cut) => text(value).slice(0, cut)),
    fc.constantFrom('', 'null', '[]', '"text"', '{', '{}}', '['.repeat(20_000), '{"a":1,"a":2}'),
    fc.json({ maxDepth: 4 }),
  )
}

type Place = readonly (string | number)[]

function placesIn(value: unknown, above: Place = []): Place[] {
  if (value === null || typeof value !== 'object') return [above]
  const members = Array.isArray(value)
    ? value.map((inner, index): [number, unknown] => [index, inner])
    : Object.entries(value)
  return [above, ...members.flatMap(([key, inner]) => placesIn(inner, [...above, key]))].filter(
    (place) => place.length > 0,
  )
}

function changed(
  value: unknown,
  [key, ...rest]: Place,
  change: (old: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value)
  if (Array.isArray(value)) {
    return value.map((inner: unknown, index) =>
      index === key ? changed(inner, rest, change) : inner,
    )
  }
  const members = value as Readonly<Record<string, unknown>>
  return { ...members, [key]: changed(members[key], rest, change) }
}

/** Written into the text, for as a member of an object `__proto__` would be its prototype. */
function withMember(value: unknown, place: Place, key: string): string {
  const marker = 'member-goes-here'
  const parent = place.slice(0, -1)
  const marked = changed(value, parent, (old) =>
    old !== null && typeof old === 'object' && !Array.isArray(old) ? { ...old, [marker]: 1 } : old,
  )
  return text(marked).replace(`"${marker}":1`, `${JSON.stringify(key)}:{"polluted":true}`)
}

/** Nothing at all is no text. */
function text(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value)
}
