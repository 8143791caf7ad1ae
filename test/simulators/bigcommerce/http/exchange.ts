/** One request from its arrival to its end: counted, allowed, broken where a fault says so, and answered. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Route, routeOf } from '../contract/exchange.js'
import { isAfter, isEffect, type StoreSettings } from '../options.js'
import { type CallRecord, limitTold, overlapsRefund, storeRecord } from '../record/record.js'
import { HANDLERS } from '../routes/handlers.js'
import type { Engine } from '../state/engine.js'
import type { Store } from '../state/world.js'
import { type Answer, errorIn } from './answers.js'
import { hitBefore, TITLES } from './before.js'
import { parseRequest, type Place, readBody } from './body.js'
import type { Draws } from './draw.js'
import { type Quota, quotaHeaders, retryAfter } from './quota.js'
import { send, sendBroken } from './send.js'
import { watch, type Watched } from './watch.js'

export type Serving = Readonly<{
  engine: Engine
  record: CallRecord
  draws: Draws
  quota: Quota
}>

type Incoming = Readonly<{ request: IncomingMessage; response: ServerResponse }>

/** A path below `/stores/{hash}`, with its query. */
export type Asked = Readonly<{ hash: string; path: string; search: URLSearchParams; url: string }>

export async function serve(serving: Serving, incoming: Incoming, asked: Asked): Promise<void> {
  const { engine, record, quota } = serving
  const arrivedAtMs = Date.now()
  const { request, response } = incoming
  const isV2 = asked.path.startsWith('/v2/')
  const route = routeOf(request.method ?? '', asked.path)
  const found = route === 'wrong_method' ? null : route
  const store = engine.world.stores.get(asked.hash)
  const order = found?.parameters['order'] ?? null
  const place: Place = { isV2, of: found?.route.class ?? 'reads', order }
  if (store?.settings.token !== request.headers['x-auth-token'] || store === undefined) {
    storeRecord(record, asked.hash).unauthorized += 1
    send(response, errorIn({ ...place, of: 'reads' }, 401, UNAUTHORIZED), {})
    return
  }
  const standing = quota.take(store.settings, arrivedAtMs)
  const headers = standing === null ? {} : quotaHeaders(store.settings, standing)
  if (found === null) {
    const status = route === null ? 404 : 405
    send(response, errorIn({ ...place, of: 'reads' }, status, NOT_THERE[status]), headers)
    return
  }
  const watched = watch(serving, response, found, { hash: asked.hash, order, arrivedAtMs })
  if (standing?.isOver === true) {
    const { settings } = store
    const answer = overQuota(serving, settings, place, standing.resetsAtMs)
    watched.done(answer.status)
    send(response, answer, { ...headers, ...retryAfter(settings, standing) })
    return
  }
  await answerTo(serving, incoming, { asked, found, store, place, headers, watched })
}

type Routed = Readonly<{
  asked: Asked
  found: Route
  store: Store
  place: Place
  headers: Readonly<Record<string, string>>
  watched: Watched
}>

async function answerTo(
  { engine, record, draws }: Serving,
  { request, response }: Incoming,
  { asked, found, store, place, headers, watched }: Routed,
): Promise<void> {
  const target = { store: asked.hash, class: place.of, order: place.order }
  const text = await readBody(request).catch(() => undefined)
  // It went away before it had said what it wants.
  if (text === undefined) {
    watched.done(null)
    return
  }
  watched.sent(text ?? '', store.settings)
  const hit = { draws, record, target, place, url: asked.url }
  const { stopped, kinds } = await hitBefore(request, response, hit)
  watched.hit(kinds)
  if (stopped !== null) {
    watched.done(stopped.stops === 'with_answer' ? stopped.answer.status : null)
    if (stopped.stops === 'with_answer') {
      send(response, stopped.answer, stopped.hidesQuota ? {} : headers)
    }
    return
  }
  const answer = await handle(engine, draws, { asked, found, store, place, watched }, text, {
    overlaps: watched.request !== null && overlapsRefund(record, watched.request),
    headers: request.headers,
  })
  const [fault] = answer.status < 400 ? draws.hits(target, isAfter) : []
  watched.hit(fault === undefined ? [] : [fault.kind])
  const seen = fault?.kind === 'error_after' ? failed(place, fault.status ?? 502) : answer
  watched.done(seen.status)
  if (fault === undefined) send(response, seen, headers)
  else await sendBroken(request, response, { fault, answer: seen, headers })
}

async function handle(
  engine: Engine,
  draws: Draws,
  { asked, found, store, place, watched }: Omit<Routed, 'headers'>,
  text: string | null,
  { overlaps, headers }: Readonly<{ overlaps: boolean; headers: IncomingMessage['headers'] }>,
): Promise<Answer> {
  if (store.settings.forbidden.includes(place.of)) {
    return errorIn({ ...place, of: 'reads' }, 403, 'You do not have permission to do this.')
  }
  const parsed = parseRequest({ route: found.route, headers }, text, asked.search, place)
  if ('answer' in parsed) return parsed.answer
  const target = { store: asked.hash, class: place.of, order: place.order }
  const isRead = place.of === 'reads' || place.of === 'quotes'
  const effects = isRead ? [] : draws.hits(target, isEffect)
  watched.hit(effects.map(({ kind }) => kind))
  const nowMs = Date.now()
  const stale = effects.find(({ kind }) => kind === 'stale')
  const decline = effects.find(({ kind }) => kind === 'late_decline')
  const answer = await HANDLERS[found.name]({
    engine,
    store,
    isV2: place.isV2,
    parameters: found.parameters,
    query: parsed.query,
    body: parsed.body,
    nowMs,
    visibleAtMs: stale === undefined ? nowMs : nowMs + draws.delayMs(stale),
    declineAtMs: decline === undefined ? null : nowMs + draws.delayMs(decline),
    overlaps,
  })
  // Nobody is told what a crash would take back.
  await engine.settled(store, place.order)
  return answer
}

const UNAUTHORIZED = 'The token is not valid for this store.'
const NOT_THERE = {
  404: 'The requested resource was not found.',
  405: 'The method is not allowed for the requested resource.',
}

function failed(place: Place, status: number): Answer {
  return errorIn(place, status, TITLES[status] ?? 'Error')
}

function overQuota(
  { record }: Serving,
  { hash }: StoreSettings,
  place: Place,
  resetsAtMs: number,
): Answer {
  limitTold(storeRecord(record, hash), Date.now(), resetsAtMs)
  return errorIn({ ...place, of: 'reads' }, 429, 'Too many requests.')
}
