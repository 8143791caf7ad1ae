/**
 * What BigCommerce says about a refused request, in its own words. It says so in four shapes: V3 an object, V3 a list
 * within `data` (also with `error` for a title), V2 a bare list; and a proxy before it answers with a page.
 */
import { parseExactJson } from '../exact-json.js'

/** Empty where it says nothing. */
export function errorWords(body: string): string {
  let json: unknown
  try {
    json = parseExactJson(body)
  } catch {
    return wordsOfPage(body)
  }
  return wordsOf(isRecord(json) && Array.isArray(json['data']) ? json['data'] : json)
}

const TITLES = ['title', 'message', 'error', 'detail', 'error_description']
const ERRORS_MAX = 5
/** Lists within lists that somebody reads; a store may send thousands. */
const DEPTH_MAX = 5

function wordsOf(said: unknown, depth = 0): string {
  if (depth > DEPTH_MAX) return ''
  if (Array.isArray(said)) {
    const words = said.slice(0, ERRORS_MAX).map((one) => wordsOf(one, depth + 1))
    return words.filter(Boolean).join('; ')
  }
  if (typeof said === 'string') return said
  if (!isRecord(said)) return ''
  const titles = TITLES.map((name) => said[name]).filter((title) => typeof title === 'string')
  const [title = ''] = titles.filter((text) => text !== '')
  const details = [said['errors'], said['details']]
    .map((one) => detailWords(one))
    .filter(Boolean)
    .join('; ')
  return [title, details].filter(Boolean).join(': ')
}

/** `{ field: text }`, a text, or a list of either. */
function detailWords(details: unknown, depth = 0): string {
  if (typeof details === 'string') return details
  if (depth > DEPTH_MAX) return ''
  if (Array.isArray(details)) {
    const words = details.slice(0, ERRORS_MAX).map((one) => detailWords(one, depth + 1))
    return words.filter(Boolean).join('; ')
  }
  if (!isRecord(details)) return ''
  return Object.entries(details)
    .slice(0, ERRORS_MAX)
    .map(([field, text]) => `${field}: ${detailWords(text, depth + 1)}`)
    .join('; ')
}

const PAGE_LENGTH_MAX = 10_000

function wordsOfPage(body: string): string {
  return body
    .slice(0, PAGE_LENGTH_MAX)
    .replaceAll(/<(script|style)\b[^]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .trim()
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
