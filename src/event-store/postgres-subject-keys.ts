/** Subject keys in PostgreSQL, beside the log and never in it: another schema, another back-up (architecture 2). */
import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { KEY_BYTES, keyName, open, SealBroken, seal, unwrapKey, wrapKey } from './seal.js'
import type { SubjectKey, SubjectKeys } from './subject-keys.js'

/** The keys in this database were wrapped by another master key: nothing personal could be read or written. */
export class MasterKeyDiffers extends Error {
  constructor() {
    super(
      'FOLIO_MASTER_KEY is not the key that this database was first opened with. ' +
        'Give the first one: without it the personal fields of all events stay sealed.',
    )
    this.name = 'MasterKeyDiffers'
  }
}

/** Keys kept open in memory; the oldest is dropped beyond that. */
const KEYS_CACHED_MAX = 20_000
/** Names of forgotten keys kept in memory: they matter until every process has seen that the key is dropped. */
const KEYS_REVOKED_MAX = 100_000
/** So long a process may go on using a key that another one dropped. */
const DROPS_SEEN_EVERY_MS = 1_000
const SUBJECTS_PER_STATEMENT_MAX = 1000
const SCHEMA_LOCK = 7_305_113
const CHECK_PLACE = 'master key check'

export async function openPostgresSubjectKeys(pool: Pool, masterKey: Buffer): Promise<SubjectKeys> {
  await createSchema(pool)
  await checkMasterKey(pool, masterKey)
  const table = keyTable(pool, masterKey)
  const memory = keyMemory()

  async function find(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    if (memory.dropsAreOld()) memory.seeDrops(await table.drops())
    const missing = subjects.filter((subject) => memory.get(subject) === undefined)
    for (const some of inStatements(missing)) await remember(some)
    return new Map(
      subjects.flatMap((subject): [string, Buffer][] => {
        const key = memory.get(subject)
        return key === undefined || memory.isRevoked(key) ? [] : [[subject, key]]
      }),
    )
  }

  /** The drops only afterwards: whatever was dropped before the keys were read is seen now. */
  async function remember(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const found = await table.fetch(subjects)
    memory.seeDrops(await table.drops())
    for (const { subject, key } of found) memory.set(subject, key)
    return new Map(found.map(({ subject, key }) => [subject, key]))
  }

  const make = sharedMaking(async (subjects) => {
    await table.insert(subjects)
    return remember(subjects)
  })

  async function named(subjects: readonly string[]): Promise<readonly SubjectKey[]> {
    const keys: SubjectKey[] = []
    for (const some of inStatements(subjects)) keys.push(...(await table.fetch(some)).map(nameOf))
    return keys
  }

  async function drop(keys: readonly SubjectKey[]): Promise<readonly SubjectKey[]> {
    memory.revoke(keys)
    const gone: SubjectKey[] = []
    const asked = new Set(keys.map(({ subject, key }) => `${subject} ${key}`))
    for (const some of inStatements([...new Set(keys.map(({ subject }) => subject))])) {
      const found = (await table.fetch(some)).filter((row) => {
        const { subject, key } = nameOf(row)
        return asked.has(`${subject} ${key}`)
      })
      if (found.length > 0) await table.remove(found)
      gone.push(...found.map(nameOf))
    }
    if (gone.length > 0) memory.seeDrops(await table.drops())
    return gone
  }

  return {
    find,
    obtain: (subject) => {
      const known = memory.get(subject)
      return known === undefined ? make(subject) : Promise.resolve(known)
    },
    named,
    drop,
    revoke: memory.revoke,
    generation: memory.generation,
  }
}

type KeyRow = Readonly<{ subject: string; wrapped: string; key: Buffer }>

/** The statements; each takes at most so many subjects as {@link inStatements} gives. */
function keyTable(pool: Pool, masterKey: Buffer) {
  async function fetch(subjects: readonly string[]): Promise<readonly KeyRow[]> {
    const { rows } = await pool.query<{ subject: string; wrapped_key: string }>(
      'select subject, wrapped_key from subject_keys.keys where subject = any($1)',
      [subjects],
    )
    return rows.map(({ subject, wrapped_key: wrapped }) => ({
      subject,
      wrapped,
      key: unwrapKey(masterKey, subject, wrapped),
    }))
  }

  async function insert(subjects: readonly string[]): Promise<void> {
    const wrapped = subjects.map((subject) => wrapKey(masterKey, subject, randomBytes(KEY_BYTES)))
    await pool.query(
      `insert into subject_keys.keys (subject, wrapped_key)
       select * from unnest($1::text[], $2::text[]) on conflict (subject) do nothing`,
      [subjects, wrapped],
    )
  }

  /** Exactly these rows, and counted in the same transaction for the other processes. */
  async function remove(rows: readonly KeyRow[]): Promise<void> {
    await pool.query(
      `with asked as (select * from unnest($1::text[], $2::text[]) as asked (subject, wrapped_key)),
       gone as (delete from subject_keys.keys using asked
                where keys.subject = asked.subject and keys.wrapped_key = asked.wrapped_key)
       update subject_keys.drops set count = count + 1`,
      [rows.map(({ subject }) => subject), rows.map(({ wrapped }) => wrapped)],
    )
  }

  async function drops(): Promise<string> {
    const { rows } = await pool.query<{ count: string }>('select count from subject_keys.drops')
    return rows[0]?.count ?? '0'
  }

  return { fetch, insert, remove, drops }
}

/** What this process remembers of the keys, and which of them it must not use any more. */
function keyMemory() {
  const keys = new Map<string, Buffer>()
  const revoked = new Set<string>()
  let generation = 0
  let seen: string | null = null
  let seenAtMs = Number.NEGATIVE_INFINITY

  return {
    get: (subject: string) => keys.get(subject),
    set: (subject: string, key: Buffer) => {
      keys.set(subject, key)
      const oldest = keys.keys().next()
      if (keys.size > KEYS_CACHED_MAX && oldest.done !== true) keys.delete(oldest.value)
    },
    generation: () => generation,
    isRevoked: (key: Buffer) => revoked.has(keyName(key)),
    dropsAreOld: () => performance.now() - seenAtMs > DROPS_SEEN_EVERY_MS,
    /** What other processes dropped is forgotten here too. */
    seeDrops: (drops: string) => {
      seenAtMs = performance.now()
      if (seen !== null && seen !== drops) {
        keys.clear()
        generation += 1
      }
      seen = drops
    },
    revoke: (named: readonly SubjectKey[]) => {
      for (const { subject, key } of named) {
        revoked.add(key)
        const known = keys.get(subject)
        if (known === undefined || keyName(known) !== key) continue
        keys.delete(subject)
        generation += 1
      }
      for (const oldest of revoked) {
        if (revoked.size <= KEYS_REVOKED_MAX) break
        revoked.delete(oldest)
      }
    },
  }
}

/** Callers that wait while a statement runs share the next one. */
function sharedMaking(
  makeAll: (subjects: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>,
): (subject: string) => Promise<Buffer> {
  const wanted = new Map<string, Promise<Buffer>>()
  let making: Promise<ReadonlyMap<string, Buffer>> = Promise.resolve(new Map())
  const made = new Map<string, Buffer>()
  let next: Set<string> = new Set()

  async function makeNext(): Promise<ReadonlyMap<string, Buffer>> {
    const subjects = [...next].slice(0, SUBJECTS_PER_STATEMENT_MAX)
    next = new Set([...next].slice(SUBJECTS_PER_STATEMENT_MAX))
    if (subjects.length === 0) return made
    for (const [subject, key] of await makeAll(subjects)) made.set(subject, key)
    return made
  }

  return (subject) => {
    const underWay = wanted.get(subject)
    if (underWay !== undefined) return underWay
    next.add(subject)
    making = making.then(makeNext, makeNext)
    const key = making.then(() => {
      const found = made.get(subject)
      if (found === undefined) throw new Error(`No key was made for ${subject}`)
      return found
    })
    wanted.set(subject, key)
    const forget = () => {
      wanted.delete(subject)
      made.delete(subject)
    }
    key.then(forget, forget)
    return key
  }
}

function nameOf({ subject, key }: Readonly<{ subject: string; key: Buffer }>): SubjectKey {
  return { subject, key: keyName(key) }
}

function inStatements(subjects: readonly string[]): (readonly string[])[] {
  const parts = Math.ceil(subjects.length / SUBJECTS_PER_STATEMENT_MAX)
  return Array.from({ length: parts }, (_, part) =>
    subjects.slice(part * SUBJECTS_PER_STATEMENT_MAX, (part + 1) * SUBJECTS_PER_STATEMENT_MAX),
  )
}

async function createSchema(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
    await client.query('create schema if not exists subject_keys')
    await client.query(
      `create table if not exists subject_keys.keys (
         subject text primary key, wrapped_key text not null, made_at timestamptz not null default now())`,
    )
    await client.query(
      'create table if not exists subject_keys.master_key_check (one boolean primary key, box text not null)',
    )
    await client.query(
      'create table if not exists subject_keys.drops (one boolean primary key, count bigint not null)',
    )
    await client.query('insert into subject_keys.drops values (true, 0) on conflict do nothing')
    await client.query('commit')
  } catch (reason) {
    await client.query('rollback')
    throw reason
  } finally {
    client.release()
  }
}

async function checkMasterKey(pool: Pool, masterKey: Buffer): Promise<void> {
  await pool.query(
    'insert into subject_keys.master_key_check (one, box) values (true, $1) on conflict do nothing',
    [seal(masterKey, CHECK_PLACE, 'folio')],
  )
  const { rows } = await pool.query<{ box: string }>(
    'select box from subject_keys.master_key_check',
  )
  try {
    open(masterKey, CHECK_PLACE, rows[0]?.box ?? '')
  } catch (reason) {
    if (reason instanceof SealBroken) throw new MasterKeyDiffers()
    throw reason
  }
}
