/**
 * JSON whose numbers keep every digit. Read, a number is its own text, as amounts are everywhere here; written, a text
 * can be a number.
 *
 * JSON.parse gives its reviver the source text from Node 22 on; until then each number of a text that JSON.parse has
 * found to be JSON is put in quotes, and the text parsed again. Outside of strings, digits stand in numbers only.
 */

/** Throws SyntaxError for what is no JSON. `80.350` becomes `'80.350'`, as `"80.350"` does. */
export function parseExactJson(text: string): unknown {
  JSON.parse(text)
  return JSON.parse(text.replace(STRING_OR_NUMBER, quoted))
}

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

function quoted(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`
}

/** A number with just these digits. */
export type NumberText = Readonly<{ number: string }>

export type ExactJson =
  | string
  | boolean
  | null
  | NumberText
  | readonly ExactJson[]
  | Readonly<{ [member: string]: ExactJson | undefined }>

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/** Throws RangeError for text that is no number of JSON. */
export function numberText(text: string): NumberText {
  if (!NUMBER.test(text)) throw new RangeError(`${JSON.stringify(text)} is no number`)
  return { number: text }
}

export function exactJsonText(value: ExactJson): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(exactJsonText).join(',')}]`
  if (isNumberText(value)) return value.number
  const members = Object.entries(value).flatMap(([member, inner]) =>
    inner === undefined ? [] : [`${JSON.stringify(member)}:${exactJsonText(inner)}`],
  )
  return `{${members.join(',')}}`
}

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value)
}

/** Our own requests have no member of that name. */
function isNumberText(value: object): value is NumberText {
  return 'number' in value
}
