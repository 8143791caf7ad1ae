/**
 * What a reply means: for a question, whether asking again may help; for what was sent, whether it was done. A write is
 * refused only where BigCommerce documents that it did nothing; all else that left is unknown.
 */
import { parseExactJson } from '../exact-json.js'
import type { Answered } from '../exchange.js'
import type { ForPeople } from '../for-people.js'
import type { Failure, Read, Sent } from '../platform.js'
import { namedPauseMs } from '../rate-limit.js'
import type { Reply } from '../store-connection.js'
import { NotUnderstood, understood, type Understood } from '../understanding.js'
import { errorWords } from './error-words.js'
import { rateLimitsOf } from './rate-headers.js'

/** Reads the JSON of an answer, `null` for one without content; throws what `understood` takes. */
export type Reading<Value> = (json: unknown) => Value

export function readOf<Value>(
  reply: Reply,
  reading: Reading<Value>,
  words: ForPeople,
): Read<Value> {
  const failed = (failure: Partial<Failure> & Pick<Failure, 'reason' | 'detail'>): Read<Value> => ({
    outcome: 'failed',
    status: null,
    retryAfterMs: null,
    ...failure,
    detail: words(failure.detail),
  })
  switch (reply.outcome) {
    case 'limited':
      return failed({ reason: 'limited', detail: LIMITED, retryAfterMs: reply.retryAfterMs })
    case 'not_sent': {
      const reason = reply.reason === 'not_allowed' ? 'address_not_allowed' : 'unavailable'
      return failed({ reason, detail: reply.detail })
    }
    case 'broken': {
      const { status, detail } = reply
      return failed({
        reason: reply.reason === 'garbled' ? 'not_understood' : 'unavailable',
        status,
        detail,
      })
    }
    case 'answered': {
      if (!isSuccess(reply)) {
        const failure = failureOf(reply, words)
        return failed(isStrangersPage(reply) ? { ...failure, reason: 'not_understood' } : failure)
      }
      const read = contentOf(reply, reading)
      if (read.isUnderstood) return { outcome: 'read', value: read.value }
      return failed({ reason: 'not_understood', status: reply.status, detail: read.detail })
    }
  }
}

export function sentOf<Value>(
  reply: Reply,
  reading: Reading<Value>,
  words: ForPeople,
): Sent<Value> {
  switch (reply.outcome) {
    case 'limited': {
      const { retryAfterMs } = reply
      if (retryAfterMs === null) return { outcome: 'not_sent', detail: LIMITED }
      // As if it had been sent, and the store had said so.
      return { outcome: 'refused', reason: 'limited', status: null, detail: LIMITED, retryAfterMs }
    }
    case 'not_sent':
      return { outcome: 'not_sent', detail: words(reply.detail) }
    case 'broken':
      return { outcome: 'unknown', status: reply.status, detail: words(reply.detail) }
    case 'answered': {
      const { status } = reply
      if (DID_NOTHING.includes(status)) return { outcome: 'refused', ...failureOf(reply, words) }
      if (!isSuccess(reply))
        return { outcome: 'unknown', status, detail: failureOf(reply, words).detail }
      const read = contentOf(reply, reading)
      if (read.isUnderstood) return { outcome: 'done', value: read.value }
      return { outcome: 'unknown', status, detail: words(read.detail) }
    }
  }
}

const LIMITED = 'the store takes no more requests for now'

/**
 * The answers by which BigCommerce says that it changed nothing. 409 is documented as a change that was rejected. 408,
 * 423 and 499 are not among them: the first and last say that somebody stopped waiting, not that nothing was done, and
 * of a locked resource no more is said than that it is unavailable; of redirects nothing is said at all.
 */
const DID_NOTHING: readonly number[] = [
  400, 401, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422, 429, 431,
]

function isSuccess({ status }: Answered): boolean {
  return status >= 200 && status < 300
}

function contentOf<Value>(
  { status, body, unread }: Answered,
  reading: Reading<Value>,
): Understood<Value> {
  return understood(() => {
    if (body === null) throw new NotUnderstood(`answered with ${unread}`)
    return reading(status === 204 || body.trim() === '' ? null : jsonOf(body))
  })
}

/** That there is no such thing is believed of the platform alone, and it says so in JSON: no order is missed for a page. */
function isStrangersPage({ status, body }: Answered): boolean {
  if (status !== 404 || body === null || body.trim() === '') return false
  try {
    JSON.parse(body)
    return false
  } catch {
    return true
  }
}

function jsonOf(body: string): unknown {
  try {
    return parseExactJson(body)
  } catch {
    throw new NotUnderstood(`answered with no JSON: ${errorWords(body)}`)
  }
}

function failureOf(answered: Answered, words: ForPeople): Failure {
  const { status, body, unread } = answered
  const said = body === null ? `answered with ${unread}` : words(errorWords(body))
  return {
    reason: reasonFor(status),
    status,
    detail: said === '' ? `answered ${status}` : said,
    retryAfterMs: namedPauseMs(retryTimesOf(answered)),
  }
}

/** The end of the window says when to come back only where it was the window that was used up. */
function retryTimesOf(answered: Answered) {
  const limits = rateLimitsOf(answered)
  return answered.status === 429 ? limits : { ...limits, resetMs: null }
}

function reasonFor(status: number): Failure['reason'] {
  if (status < 200 || (status >= 300 && status < 400)) return 'not_understood'
  if (status >= 500) return 'unavailable'
  return REASONS[status] ?? 'refused'
}

const REASONS: Readonly<Record<number, Failure['reason']>> = {
  401: 'not_authorised',
  403: 'not_authorised',
  404: 'not_found',
  405: 'not_found',
  410: 'not_found',
  408: 'unavailable',
  423: 'unavailable',
  425: 'unavailable',
  429: 'limited',
  499: 'unavailable',
}
