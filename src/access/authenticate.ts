/** Who holds a key, without asking PostgreSQL at every request: a cache in front of the store of keys. */
import { hashOf, isKeyText } from './key-text.js'
import type { Principal } from './role.js'

/** Who holds the key; `null`: nobody. Rejects where PostgreSQL does not answer. */
export type Authenticate = (keyText: string) => Promise<Principal | null>

export type AuthenticateOptions = Readonly<{
  find: (hashes: readonly string[]) => Promise<ReadonlyMap<string, Principal>>
  /** Milliseconds of a clock that never goes back. */
  nowMs: () => number
}>

/** A request that comes this long after its key was revoked, or later, is refused by every process. */
export const REVOCATION_DELAY_MS_MAX = 5_000
/** Who tries one wrong key again and again asks PostgreSQL once in this time. */
const UNKNOWN_VALID_MS = 1_000
const KNOWN_MAX = 10_000
const UNKNOWN_MAX = 10_000
const HASHES_PER_QUERY_MAX = 10_000

/** More keys wait to be looked up than one query takes: a flood. Whoever asked may try again. */
export class TooManyKeys extends Error {
  constructor() {
    super(`${HASHES_PER_QUERY_MAX} API keys wait to be looked up already`)
    this.name = 'TooManyKeys'
  }
}

type Look = Readonly<{ hashes: Set<string>; answer: Promise<ReadonlyMap<string, Principal>> }>

/**
 * One query runs at a time, and the next takes all keys that came meanwhile. So keys that nobody holds, however many,
 * cost the database one query at a time, and nobody who holds one waits for longer than two.
 */
export function createAuthenticate({ find, nowMs }: AuthenticateOptions): Authenticate {
  const known = new Map<string, Readonly<{ principal: Principal; askedAtMs: number }>>()
  const unknown = new Map<string, number>()
  let running: (Look & Readonly<{ askedAtMs: number }>) | null = null
  let next: Look | null = null

  async function authenticate(keyText: string): Promise<Principal | null> {
    if (!isKeyText(keyText)) return null
    const hash = hashOf(keyText)
    const found = known.get(hash)
    if (found !== undefined && isFresh(found.askedAtMs, REVOCATION_DELAY_MS_MAX)) {
      return found.principal
    }
    const missedAtMs = unknown.get(hash)
    if (missedAtMs !== undefined && isFresh(missedAtMs, UNKNOWN_VALID_MS)) return null
    return (await lookFor(hash)).get(hash) ?? null
  }

  function lookFor(hash: string): Look['answer'] {
    // What was asked long ago may say that a key holds which has been revoked since.
    if (running?.hashes.has(hash) === true && isFresh(running.askedAtMs, REVOCATION_DELAY_MS_MAX)) {
      return running.answer
    }
    next ??= nextLook()
    if (next.hashes.size >= HASHES_PER_QUERY_MAX) throw new TooManyKeys()
    next.hashes.add(hash)
    return next.answer
  }

  function nextLook(): Look {
    const hashes = new Set<string>()
    const start = async () => {
      const askedAtMs = nowMs()
      running = { hashes, askedAtMs, answer }
      next = null
      try {
        const principals = await find([...hashes])
        for (const hash of hashes) remember(hash, principals.get(hash), askedAtMs)
        return principals
      } finally {
        running = null
      }
    }
    const answer = (running?.answer ?? Promise.resolve()).then(start, start)
    return { hashes, answer }
  }

  /** It holds as of when it was asked, not of when the answer came. */
  function remember(hash: string, principal: Principal | undefined, askedAtMs: number): void {
    known.delete(hash)
    unknown.delete(hash)
    if (principal === undefined) unknown.set(hash, askedAtMs)
    else known.set(hash, { principal, askedAtMs })
    dropOldest(known, KNOWN_MAX)
    dropOldest(unknown, UNKNOWN_MAX)
  }

  function isFresh(askedAtMs: number, validMs: number): boolean {
    return nowMs() - askedAtMs < validMs
  }

  return authenticate
}

function dropOldest(map: Map<string, unknown>, sizeMax: number): void {
  const oldest = map.keys().next()
  if (map.size > sizeMax && oldest.done !== true) map.delete(oldest.value)
}
