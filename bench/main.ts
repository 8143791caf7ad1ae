/**
 * Measures Folio against its peers and limits on this machine (architecture 10).
 *
 *     npm run bench -- [commands] [http] [rebuild] [read] [start] [eventstoredb] [--rounds N] [--seconds S] [--json]
 */
import { cpus, loadavg, totalmem } from 'node:os'
import { Argument, Command, InvalidArgumentError } from 'commander'
import { type Options, type Row, withBench } from './bench.js'
import { ensurePeers } from './peers.js'
import { asJson, type Circumstances, drawTable } from './report.js'
import { commands } from './rows/commands.js'
import { eventstoredb } from './rows/eventstoredb.js'
import { http } from './rows/http.js'
import { read } from './rows/read.js'
import { rebuild } from './rows/rebuild.js'
import { start } from './rows/start.js'
import type { Comparison } from './statistics.js'

const ROWS: Readonly<Record<string, Row>> = {
  commands,
  http,
  rebuild,
  read,
  start,
  eventstoredb,
}

const INTERRUPTED = 130
const BYTES_PER_MB = 1024 * 1024
/** Others at work beyond this share of the cores make figures that say little. */
const LOAD_SHARE_MAX = 0.25

type Given = Options & Readonly<{ json?: true }>

const say = (line: string) => process.stderr.write(`${line}\n`)

await new Command('npm run bench --')
  .description('Measures Folio against its peers and limits; every commit is on the disk.')
  .addArgument(
    new Argument('[rows...]', 'which to measure; all unless given').choices(Object.keys(ROWS)),
  )
  .option('--rounds <n>', 'rounds of each row, beside one to warm up', wholeNumber, 5)
  .option('--seconds <n>', 'how long a round of commands lasts', wholeNumber, 3)
  .option('--events <n>', 'events of the log that is rebuilt and read', wholeNumber, 30_000)
  .option('--many-events <n>', 'events of the longer log of the memory row', wholeNumber, 100_000)
  .option('--json', 'print one JSON object instead of the table')
  .action(run)
  .parseAsync()

async function run(names: readonly string[], { json, ...options }: Given): Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const onSignal = () => {
    if (!signal.aborted) say('Stopping, and removing what was made …')
    stopping.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal)
  try {
    const circumstances = circumstancesOf(options)
    await ensurePeers(say, signal)
    const comparisons = await measured(names.length === 0 ? Object.keys(ROWS) : names, {
      ...options,
      signal,
      say,
    })
    const result = json
      ? JSON.stringify(asJson(comparisons, circumstances))
      : drawTable(comparisons)
    process.stdout.write(`${result}\n`)
  } catch (reason) {
    process.exitCode = signal.aborted ? INTERRUPTED : 1
    if (!signal.aborted)
      say(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason))
  }
}

function measured(
  names: readonly string[],
  options: Parameters<typeof withBench>[0],
): Promise<readonly Comparison[]> {
  return withBench(options, async (bench) => {
    const comparisons: Comparison[] = []
    for (const name of new Set(names)) comparisons.push(...((await ROWS[name]?.(bench)) ?? []))
    return comparisons
  })
}

function circumstancesOf({ rounds, seconds }: Options): Circumstances {
  const [processor] = cpus()
  const [loadAtStart = 0] = loadavg()
  const cores = cpus().length
  if (loadAtStart > cores * LOAD_SHARE_MAX) {
    say(
      `The load is ${loadAtStart.toFixed(1)} on ${cores} cores: others are at work, and figures will scatter.`,
    )
  }
  return {
    node: process.version,
    cores,
    processor: processor?.model ?? 'unknown',
    memoryMb: Math.round(totalmem() / BYTES_PER_MB),
    platform: `${process.platform} ${process.arch}`,
    loadAtStart,
    rounds,
    secondsPerRound: seconds,
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('A whole number from 1 is needed.')
  return Number.parseInt(text, 10)
}
