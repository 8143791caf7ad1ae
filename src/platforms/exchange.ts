/**
 * One request and its answer over HTTP/1.1. Whether anything of it was written is known for certain: undici asks
 * `onRequestStart` right before it writes, once the connection stands (lib/dispatcher/client-h1.js, `writeH1`), and what
 * is aborted there was not written.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { type Dispatcher, errors } from 'undici'
import { AddressNotAllowed } from './guarded-connector.js'
import type { CallOptions } from './platform.js'
import type { Timers } from './timers.js'
import { reasonOf } from './transport-reason.js'

export type HttpRequest = Readonly<{
  method: 'GET' | 'POST' | 'PUT'
  path: string
  headers: Readonly<Record<string, string>>
  body: string | null
  /** The connection is closed behind it. */
  isAlone: boolean
}>

export type Answered = Head &
  Readonly<{
    outcome: 'answered'
    /** `null`: it was not read; `unread` says why. */
    body: string | null
    unread: string
  }>

export type Exchanged = Readonly<
  | Answered
  /** Not a byte of it was written. */
  | { outcome: 'not_sent'; reason: NotSentReason; detail: string }
  /** Nor of this one: the store takes nothing now. */
  | { outcome: 'held' }
  /** It was written, in part at least; `status`, where an answer began. */
  | {
      outcome: 'broken'
      reason: 'lost' | 'late' | 'garbled'
      status: number | null
      detail: string
    }
>

type NotSentReason = 'forbidden' | 'late' | 'called_off' | 'unreachable' | 'not_allowed'

export type Terms = Readonly<{
  options: CallOptions
  timers: Timers
  /** Asked at the moment before the first byte. */
  mayLeave: () => 'yes' | 'held' | 'forbidden'
  /** Told when an answer begins, whatever becomes of its body. */
  began: (head: Head) => void
}>

export type Head = Readonly<{ status: number; headers: IncomingHttpHeaders }>

export const BODY_BYTES_MAX = 5 * 1024 * 1024

export function exchange(
  dispatcher: Dispatcher,
  { method, path, headers, body, isAlone }: HttpRequest,
  terms: Terms,
): Promise<Exchanged> {
  return new Promise((settle) => {
    const handler = new ExchangeHandler(terms, settle)
    dispatcher.dispatch({ method, path, headers, body, reset: isAlone }, handler)
  })
}

class GivenUp extends Error {}

/** Settles once, with what is known by then, and destroys the socket where an answer is no longer waited for. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #terms: Terms
  readonly #settle: (exchanged: Exchanged) => void
  readonly #callOffDeadline: () => void
  #controller: Dispatcher.DispatchController | null = null
  #isSettled = false
  #hasLeft = false
  #head: Head | null = null
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(terms: Terms, settle: (exchanged: Exchanged) => void) {
    const { options, timers } = terms
    this.#terms = terms
    this.#settle = settle
    this.#callOffDeadline = timers.after(options.deadlineMs - timers.monotonicMs(), this.#late)
    options.signal?.addEventListener('abort', this.#calledOff, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const wasAsked = this.#controller !== null
    this.#controller = controller
    const { options, timers, mayLeave } = this.#terms
    if (options.signal?.aborted === true) this.#calledOff()
    if (timers.monotonicMs() >= options.deadlineMs) this.#late()
    // undici may write a request again that it thinks safe to repeat. Nothing here is ever written twice.
    if (wasAsked || this.#isSettled) {
      controller.abort(new GivenUp())
      return
    }
    const answer = mayLeave()
    if (answer === 'yes') this.#hasLeft = true
    else if (answer === 'held') this.#giveUp({ outcome: 'held' })
    else this.#giveUp({ outcome: 'not_sent', reason: answer, detail: 'it was no longer to leave' })
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return
    this.#head = { status, headers }
    if (!this.#isSettled) this.#terms.began(this.#head)
    const { 'content-encoding': encoding = 'identity' } = headers
    if (status >= 300 && status < 400) this.#unread('a redirect, which is not followed')
    else if (encoding !== 'identity') this.#unread('a compressed body, which was not asked for')
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return
    this.#bytes += chunk.length
    if (this.#bytes > BODY_BYTES_MAX) this.#unread(`a body of more than ${BODY_BYTES_MAX} bytes`)
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const body = new TextDecoder().decode(Buffer.concat(this.#chunks))
    if (this.#head !== null) this.#end({ outcome: 'answered', ...this.#head, body, unread: '' })
  }

  onResponseError(_controller: unknown, error: Error): void {
    const detail = reasonOf(error)
    if (!this.#hasLeft) {
      const reason = error instanceof AddressNotAllowed ? 'not_allowed' : 'unreachable'
      this.#end({ outcome: 'not_sent', reason, detail })
      return
    }
    const isGarbled =
      error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError
    const reason = isGarbled ? 'garbled' : 'lost'
    this.#end({ outcome: 'broken', reason, status: this.#head?.status ?? null, detail })
  }

  #late = (): void => this.#stop('late', 'it did not answer in time')
  #calledOff = (): void => this.#stop('called_off', 'the call was called off')

  #stop(reason: 'late' | 'called_off', detail: string): void {
    const status = this.#head?.status ?? null
    this.#giveUp(
      this.#hasLeft
        ? { outcome: 'broken', reason: reason === 'late' ? 'late' : 'lost', status, detail }
        : { outcome: 'not_sent', reason, detail },
    )
  }

  #unread(unread: string): void {
    const head = this.#head
    if (head !== null) this.#giveUp({ outcome: 'answered', ...head, body: null, unread })
  }

  #giveUp(exchanged: Exchanged): void {
    this.#end(exchanged)
    this.#controller?.abort(new GivenUp())
  }

  #end(exchanged: Exchanged): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#chunks = []
    this.#callOffDeadline()
    this.#terms.options.signal?.removeEventListener('abort', this.#calledOff)
    this.#settle(exchanged)
  }
}
