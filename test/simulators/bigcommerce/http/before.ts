/** Faults that hit a request before the store has seen it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { type BeforeKind, isBefore } from '../options.js'
import { type CallRecord, limitTold, storeRecord } from '../record/record.js'
import { type Answer, errorIn } from './answers.js'
import type { Place } from './body.js'
import type { Draws, HitBy, Target } from './draw.js'
import { reset } from './send.js'

export type Stopped =
  | Readonly<{ stops: 'with_answer'; answer: Answer; hidesQuota: boolean }>
  /** Nothing is answered. */
  | Readonly<{ stops: 'silently' }>

export type Hit = Readonly<{ stopped: Stopped | null; kinds: readonly string[] }>

/** Waits where it is slow; the first of the others that hits is what happens. */
export async function hitBefore(
  request: IncomingMessage,
  response: ServerResponse,
  {
    draws,
    record,
    target,
    place,
    url,
  }: Readonly<{
    draws: Draws
    record: CallRecord
    target: Target
    place: Place
    url: string
  }>,
): Promise<Hit> {
  const hits = draws.hits(target, isBefore)
  const kinds = hits.map(({ kind }) => kind)
  for (const fault of hits.filter(({ kind }) => kind === 'slow')) await delay(draws.delayMs(fault))
  const [fault] = hits.filter(({ kind }) => kind !== 'slow')
  if (fault === undefined) return { stopped: null, kinds }
  const store = storeRecord(record, target.store)
  switch (fault.kind) {
    case 'reset_before':
      reset(request)
      return { stopped: { stops: 'silently' }, kinds }
    case 'hang_before':
      await closed(response)
      return { stopped: { stops: 'silently' }, kinds }
    case 'redirect':
      store.redirected += 1
      return { stopped: answered(redirect(fault, request, url), false), kinds }
    case 'limited': {
      const resetMs = fault.ms ?? LIMITED_MS
      limitTold(store, Date.now(), Date.now() + resetMs)
      return { stopped: answered(limited(place, resetMs), true), kinds }
    }
    case 'overloaded':
      store.limited += 1
      return { stopped: answered(errorIn(place, 429, 'Too many requests.'), true), kinds }
    case 'slow':
    case 'error_before': {
      const status = fault.status ?? 500
      return { stopped: answered(errorIn(place, status, TITLES[status] ?? 'Error'), false), kinds }
    }
  }
}

const LIMITED_MS = 1_000

export const TITLES: Readonly<Record<number, string>> = {
  422: 'The order cannot be changed.',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

function answered(answer: Answer, hidesQuota: boolean): Stopped {
  return { stops: 'with_answer', answer, hidesQuota }
}

function limited(place: Place, resetMs: number): Answer {
  const headers = {
    'X-Rate-Limit-Time-Window-Ms': `${resetMs}`,
    'X-Rate-Limit-Time-Reset-Ms': `${resetMs}`,
    'X-Rate-Limit-Requests-Quota': '1',
    'X-Rate-Limit-Requests-Left': '0',
    'X-Retry-After': `${Math.ceil(resetMs / 1_000)}`,
  }
  return { ...errorIn(place, 429, 'Too many requests.'), headers }
}

function redirect(
  { location, status }: HitBy<BeforeKind>,
  request: IncomingMessage,
  url: string,
): Answer {
  const here = `http://${request.headers.host ?? '127.0.0.1'}/_redirected${url}`
  return { status: status ?? 307, headers: { Location: location ?? here } }
}

function closed(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve()
  return new Promise((resolve) => response.once('close', resolve))
}
