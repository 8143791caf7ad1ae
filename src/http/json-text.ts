/**
 * JSON text becomes a value, once it is seen to be within the limits and to say everything once. JSON.parse alone keeps
 * the last of two equal keys and takes any depth, and its message for what is no JSON repeats what was sent.
 */
import { jsonPointer } from '../../commands/parse-input.js'
import type { Parsed } from './parsed.js'

export const JSON_DEPTH_MAX = 32
/** An object of ours has a few dozen; with thousands, the list of those unknown would be the answer. */
export const JSON_MEMBERS_MAX = 200

/** A document of a thousand lines has half of that. With more, a body within its bytes takes long to walk through. */
export const JSON_VALUES_MAX = 50_000

export function parseJson(text: string): Parsed<unknown> {
  const refusal = scan(text)
  return refusal ?? { value: JSON.parse(text) as unknown }
}

type Refusal = Extract<Parsed<unknown>, { problem: unknown }>

/** What may come next, in words for whoever wrote the text. */
const EXPECTED = {
  value: 'a value',
  valueOrEnd: 'a value or ]',
  key: 'a key in double quotes',
  keyOrEnd: 'a key in double quotes or }',
  commaOrEnd: 'a comma or the end of the array or object',
  nothing: 'nothing more',
} as const
const COLON = 'a colon'
const IN_STRING = 'text without control characters, with the escapes of JSON, and a closing quote'

/** An object or array that is not closed yet, and where in it the scan is. */
type Container =
  { kind: 'object'; keys: Set<string>; place: string } | { kind: 'array'; place: number }

/** Where the scan stands. Taking something moves `at` behind it, or onto the character that does not fit. */
type Cursor = {
  readonly text: string
  at: number
  values: number
  next: keyof typeof EXPECTED
  readonly open: Container[]
}

/** One pass without recursion: what nests deeply must not use up the stack of whoever measures it. */
function scan(text: string): Refusal | null {
  const cursor: Cursor = { text, at: 0, values: 0, next: 'value', open: [] }
  for (;;) {
    skipBlanks(cursor)
    if (cursor.next === 'nothing') {
      return cursor.at === text.length ? null : malformed(cursor, EXPECTED.nothing)
    }
    const refusal = step(cursor)
    if (refusal !== null) return refusal
  }
}

function step(cursor: Cursor): Refusal | null {
  const { text, at, next, open } = cursor
  const character = text[at]
  const container = open.at(-1)
  if (character === closingOf(container) && next !== 'value' && next !== 'key') return close(cursor)
  if (next === 'key' || next === 'keyOrEnd') return takeKey(cursor)
  if (next !== 'commaOrEnd') return takeValue(cursor)
  if (character !== ',') return malformed(cursor, EXPECTED.commaOrEnd)
  cursor.at += 1
  cursor.next = container?.kind === 'object' ? 'key' : 'value'
  if (container?.kind === 'array') container.place += 1
  return null
}

function takeKey(cursor: Cursor): Refusal | null {
  const start = cursor.at
  if (cursor.text[start] !== '"') return malformed(cursor, EXPECTED[cursor.next])
  if (!takeString(cursor)) return malformed(cursor, IN_STRING)
  const written = cursor.text.slice(start, cursor.at)
  // "a" and "\u0061" are one key.
  const key = written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1)
  const object = cursor.open.at(-1)
  if (object?.kind === 'object') {
    if (object.keys.size === JSON_MEMBERS_MAX)
      return refused('json_too_many_members', cursor.open.slice(0, -1), {
        membersMax: JSON_MEMBERS_MAX,
      })
    const known = object.keys.has(key)
    object.keys.add(key)
    object.place = key
    if (known) return refused('json_key_doubled', cursor.open)
  }
  skipBlanks(cursor)
  if (cursor.text[cursor.at] !== ':') return malformed(cursor, COLON)
  cursor.at += 1
  cursor.next = 'value'
  return null
}

function takeValue(cursor: Cursor): Refusal | null {
  const { text, at, open } = cursor
  const character = text[at]
  cursor.values += 1
  if (cursor.values > JSON_VALUES_MAX) {
    return refused('json_too_many_values', [], { valuesMax: JSON_VALUES_MAX })
  }
  if (character === '{' || character === '[') {
    if (open.length === JSON_DEPTH_MAX)
      return refused('json_too_deep', open, { depthMax: JSON_DEPTH_MAX })
    const isObject = character === '{'
    open.push(
      isObject ? { kind: 'object', keys: new Set(), place: '' } : { kind: 'array', place: 0 },
    )
    cursor.at += 1
    cursor.next = isObject ? 'keyOrEnd' : 'valueOrEnd'
    return null
  }
  if (character === '"') {
    if (!takeString(cursor)) return malformed(cursor, IN_STRING)
  } else if (!takeWord(cursor)) return malformed(cursor, EXPECTED[cursor.next])
  cursor.next = open.length === 0 ? 'nothing' : 'commaOrEnd'
  return null
}

const NUMBER_OR_NAME = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y

function takeWord(cursor: Cursor): boolean {
  NUMBER_OR_NAME.lastIndex = cursor.at
  if (!NUMBER_OR_NAME.test(cursor.text)) return false
  cursor.at = NUMBER_OR_NAME.lastIndex
  return true
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_PRINTABLE = 0x20
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

function takeString(cursor: Cursor): boolean {
  const { text } = cursor
  for (let at = cursor.at + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) {
      cursor.at = at + 1
      return true
    }
    if (unit === BACKSLASH) ESCAPE.lastIndex = at
    if (unit < FIRST_PRINTABLE || (unit === BACKSLASH && !ESCAPE.test(text))) {
      cursor.at = at
      return false
    }
    if (unit === BACKSLASH) at = ESCAPE.lastIndex - 1
  }
  cursor.at = text.length
  return false
}

function skipBlanks(cursor: Cursor): void {
  const { text } = cursor
  while (isBlank(text.charCodeAt(cursor.at))) cursor.at += 1
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}

function closingOf(container: Container | undefined): '}' | ']' | null {
  if (container === undefined) return null
  return container.kind === 'object' ? '}' : ']'
}

function close(cursor: Cursor): null {
  cursor.open.pop()
  cursor.at += 1
  cursor.next = cursor.open.length === 0 ? 'nothing' : 'commaOrEnd'
  return null
}

function malformed({ text, at }: Cursor, expected: string): Refusal {
  const line = text.slice(0, at).split('\n').length
  const column = at - text.lastIndexOf('\n', at - 1)
  const detail = `Line ${line}, column ${column}: here ${expected} was expected.`
  return { problem: 'malformed_json', details: { detail, line, column } }
}

/** A key of the caller's may be as long as the body. */
const POINTER_LENGTH_MAX = 500

function refused(
  problem: Refusal['problem'],
  open: readonly Container[],
  figures: Readonly<Record<string, number>> = {},
): Refusal {
  const pointer = jsonPointer(open.map(({ place }) => place)).slice(0, POINTER_LENGTH_MAX)
  return { problem, details: { pointer, ...figures } }
}
