/** Subject keys in PostgreSQL, beside the log and never in it: another schema, another back-up (architecture 2). */
import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { KEY_BYTES, open, SealBroken, seal, unwrapKey, wrapKey } from './seal.js'
import type { SubjectKeys } from './subject-keys.js'

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
const SUBJECTS_PER_STATEMENT_MAX = 1000
const SCHEMA_LOCK = 7_305_113
const CHECK_PLACE = 'master key check'

export async function openPostgresSubjectKeys(pool: Pool, masterKey: Buffer): Promise<SubjectKeys> {
  await createSchema(pool)
  await checkMasterKey(pool, masterKey)
  const cache = new Map<string, Buffer>()
  const wanted = new Map<string, Promise<Buffer>>()
  let making: Promise<ReadonlyMap<string, Buffer>> | null = null
  let next: Set<string> = new Set()

  async function find(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const missing = subjects.filter((subject) => !cache.has(subject))
    for (let from = 0; from < missing.length; from += SUBJECTS_PER_STATEMENT_MAX) {
      await fetch(missing.slice(from, from + SUBJECTS_PER_STATEMENT_MAX))
    }
    return new Map(
      subjects.flatMap((subject) => {
        const key = cache.get(subject)
        return key === undefined ? [] : [[subject, key]]
      }),
    )
  }

  async function fetch(subjects: readonly string[]): Promise<void> {
    const { rows } = await pool.query<{ subject: string; wrapped_key: string }>(
      'select subject, wrapped_key from subject_keys.keys where subject = any($1)',
      [subjects],
    )
    for (const row of rows)
      remember(row.subject, unwrapKey(masterKey, row.subject, row.wrapped_key))
  }

  function obtain(subject: string): Promise<Buffer> {
    const cached = cache.get(subject)
    if (cached !== undefined) return Promise.resolve(cached)
    const underWay = wanted.get(subject)
    if (underWay !== undefined) return underWay
    next.add(subject)
    // Callers that wait while a statement runs share the next one.
    making = (making ?? Promise.resolve(new Map())).then(makeNext, makeNext)
    const key = making.then((made) => {
      const found = made.get(subject) ?? cache.get(subject)
      if (found === undefined) throw new Error(`No key was made for ${subject}`)
      return found
    })
    wanted.set(subject, key)
    const forget = () => wanted.delete(subject)
    key.then(forget, forget)
    return key
  }

  async function makeNext(): Promise<ReadonlyMap<string, Buffer>> {
    const subjects = [...next].slice(0, SUBJECTS_PER_STATEMENT_MAX)
    next = new Set([...next].slice(SUBJECTS_PER_STATEMENT_MAX))
    if (subjects.length === 0) return new Map()
    const wrapped = subjects.map((subject) => wrapKey(masterKey, subject, randomBytes(KEY_BYTES)))
    await pool.query(
      `insert into subject_keys.keys (subject, wrapped_key)
       select * from unnest($1::text[], $2::text[]) on conflict (subject) do nothing`,
      [subjects, wrapped],
    )
    return find(subjects)
  }

  function remember(subject: string, key: Buffer): void {
    cache.set(subject, key)
    const oldest = cache.keys().next()
    if (cache.size > KEYS_CACHED_MAX && oldest.done !== true) cache.delete(oldest.value)
  }

  return { find, obtain }
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
