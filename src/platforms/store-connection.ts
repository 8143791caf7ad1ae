/**
 * The connection to one store. Questions share a few connections that are kept; whatever changes something goes over one
 * of its own, opened for it and closed behind it, for a kept one that the other side has just closed would leave unknown
 * what became of it.
 */
import { Client, Pool } from 'undici'
import { exchange, type Exchanged, type Head, type HttpRequest, type Terms } from './exchange.js'
import { guardedConnector, type Resolve, systemResolve } from './guarded-connector.js'
import { networksOf } from './networks.js'
import type { CallOptions, SendOptions } from './platform.js'
import { createGate, type Gate } from './rate-gate.js'
import type { RateLimits, RequestKind } from './rate-limit.js'
import { systemTimers, type Timers } from './timers.js'

export type Place = Readonly<{
  /** As `storeAddress` gave it. */
  address: string
  allowedNetworks: readonly string[]
  headers: () => Readonly<Record<string, string>>
  rateLimitsOf: (head: Head) => RateLimits
  certificateAuthority?: string
  resolve?: Resolve
  timers?: Timers
  /** Shared by all connections to a store, as its quota is; one of its own unless given. */
  gate?: Gate
}>

export type Question = Pick<HttpRequest, 'method' | 'body'> & Readonly<{ path: string }>

/** What became of a request; `limited`: the store takes none now, and nothing was sent. */
export type Reply = Readonly<
  Exclude<Exchanged, { outcome: 'held' }> | { outcome: 'limited'; retryAfterMs: number | null }
>

export type StoreConnection = Readonly<{
  /** Changes nothing at the store. `path` is below the store's address. */
  ask: (question: Question, options: CallOptions) => Promise<Reply>
  send: (request: Question, options: SendOptions) => Promise<Reply>
  /** What is under way comes to its end; nothing more is begun. */
  close: () => Promise<void>
}>

const CONNECTIONS_MAX = 8

export function openConnection(place: Place): StoreConnection {
  const { headers, rateLimitsOf, timers = systemTimers } = place
  const { origin, pathname } = new URL(place.address)
  const settings = settingsFor(place)
  const pool = new Pool(origin, { ...settings, connections: CONNECTIONS_MAX })
  const { gate = storeGate(timers) } = place
  const sending = new Set<Promise<unknown>>()
  let isClosed = false

  const request = (asked: Question, isAlone: boolean): HttpRequest => ({
    ...asked,
    path: `${pathname}${asked.path}`,
    headers: headers(),
    isAlone,
  })

  const inTurn = async (
    kind: RequestKind,
    options: CallOptions,
    perform: (terms: Terms) => Promise<Exchanged>,
  ): Promise<Reply> => {
    for (;;) {
      const turn = await gate.enter(kind, options)
      if (turn.outcome === 'late') return { outcome: 'limited', retryAfterMs: turn.retryAfterMs }
      if (turn.outcome === 'called_off') return CALLED_OFF
      const { pass } = turn
      const exchanged = await perform({
        options,
        timers,
        mayLeave: () => (pass.mayLeave() ? 'yes' : 'held'),
        began: (head) => pass.answered({ status: head.status, limits: rateLimitsOf(head) }),
      }).finally(pass.over)
      // Something was refused while this one's connection was made: it waits again.
      if (exchanged.outcome !== 'held') return exchanged
    }
  }

  const sendAlone = async (asked: Question, options: SendOptions, terms: Terms) => {
    const client = new Client(origin, settings)
    // Whoever sends is asked last.
    const mayLeave = () => {
      const answer = terms.mayLeave()
      return answer !== 'yes' || options.mayLeave() ? answer : 'forbidden'
    }
    try {
      return await exchange(client, request(asked, true), { ...terms, mayLeave })
    } finally {
      client.destroy().catch(() => undefined)
    }
  }

  return {
    ask: (question, options) =>
      inTurn('read', options, (terms) => exchange(pool, request(question, false), terms)),
    send: async (asked, options) => {
      if (isClosed) return CALLED_OFF
      const sent = inTurn('write', options, (terms) => sendAlone(asked, options, terms))
      sending.add(sent)
      return sent.finally(() => sending.delete(sent))
    },
    close: async () => {
      isClosed = true
      await Promise.allSettled([pool.close(), ...sending])
    },
  }
}

/** For all connections to one store. */
export function storeGate(timers: Timers = systemTimers): Gate {
  return createGate({ concurrentMax: CONNECTIONS_MAX, timers })
}

const CALLED_OFF: Reply = {
  outcome: 'not_sent',
  reason: 'called_off',
  detail: 'the call was called off',
}

/** Deadlines are the exchange's own: from the first step to the last byte of the answer. */
function settingsFor({
  address,
  allowedNetworks,
  certificateAuthority,
  resolve = systemResolve,
}: Place): Client.Options {
  const networks = networksOf(allowedNetworks)
  const guard = { origin: new URL(address), networks, resolve }
  return {
    connect: guardedConnector(
      certificateAuthority === undefined ? guard : { ...guard, certificateAuthority },
    ),
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
  }
}

/** Stores close idle connections after a minute or more. */
const KEEP_ALIVE_MAX_MS = 30_000
