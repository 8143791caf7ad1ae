/** Follows one request for the record, until the store is through with it and its client is served or gone. */
import type { ServerResponse } from 'node:http'
import type { Route } from '../contract/exchange.js'
import type { StoreSettings } from '../options.js'
import {
  arrived,
  type CallRecord,
  ended,
  type Ending,
  type RecordLine,
  type RequestRecord,
  storeRecord,
} from '../record/record.js'
import type { Engine } from '../state/engine.js'

export type Watched = Readonly<{
  request: RequestRecord | null
  sent(body: string, settings: StoreSettings): void
  hit(kinds: readonly string[]): void
  /** The store is through with it; it ends when the client has its answer or is gone, too. */
  done(status: number | null): void
}>

export function watch(
  { engine, record }: Readonly<{ engine: Engine; record: CallRecord }>,
  response: ServerResponse,
  { name, route }: Route,
  {
    hash,
    order,
    arrivedAtMs,
  }: Readonly<{ hash: string; order: number | null; arrivedAtMs: number }>,
): Watched {
  const of = route.class
  const request = arrived(record, { store: hash, order, route: name, class: of, arrivedAtMs })
  const faults: string[] = []
  let markers: readonly string[] = []
  let status: number | null = null
  let [isDone, isClosed] = [false, false]
  let ending: Ending = 'gone'
  if (request !== null) {
    const line: RecordLine = { type: 'request_arrived', request }
    engine.note(line)
  }
  const end = (): void => {
    if (!isDone || !isClosed) return
    const answers = storeRecord(record, hash).answersByStatus
    if (status !== null) answers.set(status, (answers.get(status) ?? 0) + 1)
    if (request === null) return
    const atMs = Date.now()
    ended(record, request, { endedAtMs: atMs, status, ending, markers, faults })
    const how = { atMs, status, ending, markers, faults }
    const line: RecordLine = { type: 'request_ended', id: request.id, ...how }
    engine.note(line)
  }
  response.once('close', () => {
    isClosed = true
    if (response.writableFinished) ending = 'answered'
    else if (faults.some((kind) => CUTS.includes(kind))) ending = 'cut'
    end()
  })
  return {
    request,
    sent: (body, settings) => {
      if (body !== '') markers = markersIn(body, settings)
    },
    hit: (kinds) => faults.push(...kinds),
    done: (answered) => {
      isDone = true
      status = answered
      end()
    },
  }
}

const CUTS = ['answer_lost', 'half_body', 'reset_before']
function markersIn(body: string, { markerPattern }: StoreSettings): string[] {
  return [...new Set(body.match(new RegExp(markerPattern, 'g')) ?? [])]
}
