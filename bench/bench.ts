/** What every row works with: the measured server, databases on it, contenders, and one end for all of them. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { MASTER_KEY_BYTES } from '../src/config.js'
import { openEmbeddedPostgres } from '../src/embedded-postgres/open.js'
import type { Figures, Setup } from './contender.js'
import { type RunningContender, startContender } from './running-contender.js'
import type { Comparison } from './statistics.js'

export type Options = Readonly<{
  rounds: number
  seconds: number
  /** Events in the log that is rebuilt. */
  events: number
  /** Events in the larger log of the memory row. */
  manyEvents: number
}>

export type Bench = Options &
  Readonly<{
    signal: AbortSignal
    say: (line: string) => void
    /** A new empty database on the one server, which keeps every commit as the product's does (fsync on). */
    database(): Promise<string>
    /** A new empty folder. */
    folder(): Promise<string>
    contender(name: string, setup: Setup): Promise<RunningContender>
    /** By number of events, for {@link filledLog}. */
    logs: Map<number, Promise<LedgerPlace>>
  }>

/** A database with a ledger in it, and the key of its personal fields. */
export type LedgerPlace = Readonly<{ database: string; masterKey: string }>

export type Row = (bench: Bench) => Promise<readonly Comparison[]>

/** Runs the work with a bench, of which nothing is left afterwards: no process, no folder. */
export async function withBench<Result>(
  options: Options & Pick<Bench, 'signal' | 'say'>,
  work: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const place = await mkdtemp(join(tmpdir(), 'folio-bench-'))
  const closing: (() => Promise<unknown>)[] = [() => rm(place, { recursive: true, force: true })]
  let server: Promise<string> | null = null
  const startServer = async () => {
    const opened = await openEmbeddedPostgres({ dataDirectory: join(place, 'server') })
    closing.push(() => opened.close())
    return opened.connectionString
  }
  const bench: Bench = {
    ...options,
    logs: new Map(),
    database: async () => newDatabase(await (server ??= startServer())),
    folder: async () => {
      const path = join(place, randomUUID())
      await mkdir(path)
      return path
    },
    contender: async (name, setup) => {
      const running = await startContender(name, setup, options.signal)
      closing.push(() => running.end())
      return running
    },
  }
  try {
    return await work(bench)
  } finally {
    for (const close of closing.reverse()) await close().catch(() => undefined)
  }
}

export async function newLedger(bench: Bench): Promise<LedgerPlace> {
  const masterKey = randomBytes(MASTER_KEY_BYTES).toString('base64')
  return { database: await bench.database(), masterKey }
}

/** A log of so many events of sales; rows that only read share it. */
export function filledLog(bench: Bench, events: number): Promise<LedgerPlace> {
  const found = bench.logs.get(events)
  if (found !== undefined) return found
  const filled = fillLog(bench, events)
  bench.logs.set(events, filled)
  return filled
}

async function fillLog(bench: Bench, events: number): Promise<LedgerPlace> {
  bench.say(`Filling a log with ${events} events …`)
  const place = await newLedger(bench)
  const filling = await bench.contender('folio-fill', { ...place, events })
  await filling.round(0)
  await filling.end()
  // As a database that has lived for a while has them: plans rest on the statistics of its tables.
  await query(place.database, 'vacuum analyze')
  return place
}

/** By name, what each contender gave in each round. The first round of all warms up and is not counted. */
export async function interleaved<Name extends string>(
  bench: Bench,
  label: string,
  sides: Readonly<Record<Name, (round: number) => Promise<Figures>>>,
  rounds = bench.rounds,
): Promise<Readonly<Record<Name, readonly Figures[]>>> {
  const names = Object.keys(sides) as Name[]
  const figures = Object.fromEntries(names.map((name) => [name, [] as Figures[]])) as Record<
    Name,
    Figures[]
  >
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      bench.signal.throwIfAborted()
      const given = await sides[name](round)
      if (round > 0) figures[name].push(given)
      const told = Object.entries(given).map(([what, figure]) => `${what} ${figure.toFixed(1)}`)
      const place = round === 0 ? 'warm-up' : `round ${round} of ${rounds}`
      bench.say(`${label}, ${place}, ${name}: ${told.join(', ')}`)
    }
  }
  return figures
}

export function figuresOf(rounds: readonly Figures[], name: string): readonly number[] {
  return rounds.map((figures) => {
    const figure = figures[name]
    if (figure === undefined) throw new TypeError(`A round gave no ${name}.`)
    return figure
  })
}

async function newDatabase(connectionString: string): Promise<string> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`
  await query(connectionString, `create database ${name} template template0`)
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.href
}

export async function query<Row extends pg.QueryResultRow>(
  connectionString: string,
  statement: string,
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}
