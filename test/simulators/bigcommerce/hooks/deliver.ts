/** Delivers notices: at once, again after growing delays, and never to another machine. */
import { Agent, request } from 'node:http'
import type { Draws } from '../http/draw.js'
import { isLateNotice, isNotice, type NoticeKind, type StoreSettings } from '../options.js'
import type { Engine } from '../state/engine.js'
import type { Hook, Notice } from '../state/hook.js'
import { type Store, storeOf } from '../state/world.js'
import { isLoopback } from './loopback.js'
import { signatureHeaders } from './sign.js'

/** The platform's own, some 48 hours in all; a setting scales them. */
const RETRY_DELAYS_S = [60, 180, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 50_400, 86_400]

const SOCKETS_MAX = 64

export type Deliveries = Readonly<{ close(): void }>

export function startDeliveries(engine: Engine, draws: Draws): Deliveries {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX })
  const timers = new Set<NodeJS.Timeout>()
  let isClosed = false

  const after = (ms: number, act: () => void): void => {
    if (isClosed) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  /** Each time anew: a hook may be changed, switched off or removed between two deliveries. */
  const attempt = async (hash: string, noticeId: string, attempts: number): Promise<void> => {
    const store = storeOf(engine.world, hash)
    const notice = store.notices.get(noticeId)
    if (notice === undefined || isClosed) return
    const hook = store.hooks.get(notice.hook)
    if (hook?.isActive !== true) {
      end(store, notice, { delivered: false, attempts })
      return
    }
    const faults = faultsOf(draws, hash)
    if (faults.has('lose_notice')) {
      end(store, notice, { delivered: false, attempts })
      return
    }
    const status = await deliver(store, { hook, notice, agent, faults })
    if (faults.has('duplicate_notice')) await deliver(store, { hook, notice, agent, faults })
    if (status !== null && status >= 200 && status < 300) {
      end(store, notice, { delivered: true, attempts: attempts + 1 })
      return
    }
    const delay = RETRY_DELAYS_S[attempts]
    if (delay !== undefined) {
      const ms = delay * 1_000 * store.settings.hookRetryScale
      after(ms, () => void attempt(hash, noticeId, attempts + 1))
      return
    }
    end(store, notice, { delivered: false, attempts: attempts + 1 })
    if (store.settings.deactivateHooks) deactivate(engine, store, hook)
  }

  const end = (
    { settings }: Store,
    { id }: Notice,
    how: Readonly<{ delivered: boolean; attempts: number }>,
  ): void => {
    engine.pass({ type: 'notice_ended', store: settings.hash, notice: id, ...how })
  }

  engine.onNotice((hash, noticeId) => {
    const [late] = draws.hits({ store: hash, class: null, order: null }, isLateNotice)
    after(late === undefined ? 0 : draws.delayMs(late), () => void attempt(hash, noticeId, 0))
  })

  return {
    close() {
      isClosed = true
      for (const timer of timers) clearTimeout(timer)
      agent.destroy()
    },
  }
}

function faultsOf(draws: Draws, store: string): ReadonlySet<NoticeKind> {
  const target = { store, class: null, order: null }
  return new Set(draws.hits(target, isNotice).map(({ kind }) => kind))
}

/** Switched off by the platform, until somebody switches it on again. */
function deactivate(engine: Engine, { settings }: Store, hook: Hook): void {
  const off = { ...hook, isActive: false, isDeactivated: true, updatedAtMs: Date.now() }
  engine.pass({ type: 'hook_set', store: settings.hash, hook: off })
}

type Delivery = Readonly<{
  hook: Hook
  notice: Notice
  agent: Agent
  faults: ReadonlySet<NoticeKind>
}>

/** The status that was answered; `null`: none in time, or the destination is not to be reached. */
async function deliver(
  { settings, attempts }: Store,
  { hook, notice, agent, faults }: Delivery,
): Promise<number | null> {
  const { id, body } = notice
  const atMs = Date.now()
  const url = new URL(hook.destination)
  const isBlocked = settings.blockedDomains.includes(url.hostname)
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': `${Buffer.byteLength(body)}`,
    ...(faults.has('unsigned_notice')
      ? {}
      : signatureHeaders(secretOf(settings, faults), { id, atMs, body })),
    ...hook.headers,
  }
  const status =
    isLoopback(url) && !isBlocked
      ? await post(url, { agent, headers, body, timeoutMs: settings.hookTimeoutMs })
      : null
  attempts.push({ notice: id, hook: hook.id, scope: hook.scope, atMs, status })
  return status
}

function secretOf({ clientSecret }: StoreSettings, faults: ReadonlySet<NoticeKind>): string {
  return faults.has('forged_notice') ? `not-${clientSecret}` : clientSecret
}

type Posting = Readonly<{
  agent: Agent
  headers: Readonly<Record<string, string>>
  body: string
  timeoutMs: number
}>

function post(url: URL, { agent, headers, body, timeoutMs }: Posting): Promise<number | null> {
  return new Promise((resolve) => {
    const sending = request(
      // Whatever the name resolves to elsewhere, here it is this machine.
      {
        host: url.hostname === '[::1]' ? '::1' : '127.0.0.1',
        port: url.port === '' ? 80 : url.port,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: { Host: url.host, ...headers },
        agent,
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? null)
      },
    )
    sending.on('error', () => {
      resolve(null)
    })
    sending.end(body)
  })
}
