/** Values that a JSON Schema of the OpenAPI document allows, as arbitraries of fast-check. */
import fc from 'fast-check'
import type { Json } from '../support/served-ledger.js'

export type Choices = Readonly<{
  /** Values for a member of this name, drawn instead of the schema's mostly; none: only the schema's. */
  membersNamed: (name: string) => fc.Arbitrary<unknown> | null
  /** The same for a shared schema of this name. */
  sharedNamed: (name: string) => fc.Arbitrary<unknown> | null
}>

const ITEMS_MAX = 4
const TEXT_LENGTH_MAX = 60
/** Of twenty values of what has known ones, so many are known. */
const KNOWN_OF_TWENTY = 19

export function anyValueOf(schema: Json, document: Json, choices: Choices): fc.Arbitrary<unknown> {
  const any = (inner: Json): fc.Arbitrary<unknown> => anyValueOf(inner, document, choices)
  if (schema.$ref !== undefined) {
    const known = choices.sharedNamed(String(schema.$ref).split('/').at(-1) ?? '')
    return mostly(known, any(resolved(schema.$ref, document)))
  }
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...(schema.enum as unknown[]))
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return fc.oneof(...options.map(any))
  switch (schema.type) {
    case 'object':
      return anyObject(schema, any, choices)
    case 'array':
      return fc.array(any(schema.items), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? ITEMS_MAX, ITEMS_MAX),
      })
    case 'string':
      return anyText(schema)
    case 'integer':
      return fewFrom(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      throw new Error(`No values are known for ${JSON.stringify(schema)}`)
  }
}

/** Small numbers say as much as large ones. */
function fewFrom({ minimum: min = 0, maximum = Number.POSITIVE_INFINITY }: Json) {
  return fc.integer({ min, max: Math.min(maximum, Math.max(min, 5)) })
}

function anyObject(
  schema: Json,
  any: (inner: Json) => fc.Arbitrary<unknown>,
  { membersNamed }: Choices,
): fc.Arbitrary<unknown> {
  const members = Object.entries<Json>(schema.properties ?? {}).map(([name, inner]) => {
    return [name, mostly(membersNamed(name), any(inner))] as const
  })
  const required: string[] = schema.required ?? []
  return fc.record(Object.fromEntries(members), { requiredKeys: required as never[] })
}

function mostly(
  known: fc.Arbitrary<unknown> | null,
  other: fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (known === null) return other
  return fc.oneof(
    { arbitrary: known, weight: KNOWN_OF_TWENTY },
    { arbitrary: other, weight: 20 - KNOWN_OF_TWENTY },
  )
}

function anyText(schema: Json): fc.Arbitrary<string> {
  const patterns: string[] = [
    ...(schema.pattern === undefined ? [] : [schema.pattern]),
    ...(schema.allOf ?? []).map(({ pattern }: Json) => pattern),
  ]
  const lengthMin = schema.minLength ?? 0
  const lengthMax = Math.min(schema.maxLength ?? TEXT_LENGTH_MAX, TEXT_LENGTH_MAX)
  const fits = (text: string) =>
    text.length >= lengthMin &&
    text.length <= (schema.maxLength ?? text.length) &&
    patterns.every((pattern) => new RegExp(pattern).test(text)) &&
    (schema.format !== 'date' || isDay(text))
  const [first] = patterns
  if (schema.format === 'uuid') return fc.uuid().filter(fits)
  if (first === undefined || first === '^[^\\x00]*$') {
    return fc.string({ unit: 'grapheme', minLength: lengthMin, maxLength: lengthMax }).filter(fits)
  }
  return fc.stringMatching(new RegExp(first), { size: 'small' }).filter(fits)
}

/** The pattern of a day lets 31 February through. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

export function resolved(reference: string, document: Json): Json {
  return reference
    .split('/')
    .slice(1)
    .reduce((value, key) => value[key], document)
}
