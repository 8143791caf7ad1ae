import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { PROJECTIONS } from '../../projections/index.js'
import type { Projection } from '../../projections/projection.js'
import { rebuildProjections, type RebuildResult, RebuildUnderWay } from '../workers/rebuild.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { BadInput, FailedWithResult, Interrupted } from './failure.js'
import { print, printJson, say, table } from './output.js'
import { type Progress, startProgress } from './progress.js'
import { withLedger } from './with-ledger.js'

/** A rebuild of the same version came out otherwise than the live rows: one of the two is wrong. */
export class RebuildDiffers extends FailedWithResult {
  constructor(differing: readonly RebuildResult[], projections: readonly RebuildResult[]) {
    const names = differing.map(({ name }) => name).join(', ')
    super(
      'RebuildDiffers',
      `The rebuilt rows of ${names} are not the live ones. The old build is kept for comparison.`,
      { projections },
    )
  }
}

/** Longer than the lease of a rebuild. */
const LEASE_WAIT_MS = 15_000
const LEASE_LOOK_MS = 250

export function rebuildCommand(program: Command): void {
  withSharedOptions(program.command('rebuild'))
    .description(
      'build read models anew from the log beside the live ones, compare, and switch over',
    )
    .argument('[projections...]', 'names of read models; all where none is named')
    .action(async (names: string[], options: Shared) => {
      await run(options, async ({ config, json, interruption }) => {
        const chosen = chosenOf(names)
        await withLedger(config, { projections: false, overAnyLog: true }, async (ledger) => {
          try {
            const { db, store, log, holder } = ledger
            let progress: Progress | null = null
            const results = await whenFree(interruption.signal, () =>
              rebuildProjections({
                db,
                store,
                log,
                projections: chosen,
                holder,
                signal: interruption.signal,
                onProgress: ({ events, of }) => {
                  progress ??= startProgress('Events', of)
                  progress.update(events)
                },
              }),
            ).finally(() => {
              progress?.stop()
            })
            printResults(results)
            const differing = results.filter(({ identical }) => identical === false)
            if (differing.length > 0) throw new RebuildDiffers(differing, results)
            if (json) printJson({ projections: results })
          } catch (reason) {
            if (!interruption.signal.aborted) throw reason
            throw new Interrupted(
              'Stopped. What is built so far is kept; the next rebuild goes on from there.',
            )
          }
        })
      })
    })
}

/** A rebuild that was killed holds its lease for some seconds more; one that works goes on holding it. */
async function whenFree<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  const begunAt = performance.now()
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work()
    } catch (reason) {
      const waitedMs = performance.now() - begunAt
      if (!(reason instanceof RebuildUnderWay) || waitedMs > LEASE_WAIT_MS) throw reason
      if (attempt === 0) say('Another rebuild is under way, or was killed; waiting for its lease.')
      await pause(LEASE_LOOK_MS, undefined, { signal })
    }
  }
}

function chosenOf(names: readonly string[]): readonly Projection[] {
  const known = new Map(PROJECTIONS.map((projection) => [projection.name, projection]))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new BadInput(
      `There is no read model ${unknown.join(', ')}. There are: ${[...known.keys()].join(', ')}.`,
    )
  }
  return names.length === 0 ? PROJECTIONS : names.flatMap((name) => known.get(name) ?? [])
}

function printResults(results: readonly RebuildResult[]): void {
  const columns = [
    { label: 'Read model' },
    { label: 'Events', align: 'right' },
    { label: 'Rows', align: 'right' },
    { label: 'Seconds', align: 'right' },
    { label: 'Compared with live' },
  ] as const
  const rows = results.map(({ name, events, rows: count, seconds, identical }) => [
    name,
    `${events}`,
    `${count}`,
    seconds.toFixed(2),
    identical === null ? 'not comparable' : identical ? 'identical' : 'DIFFERENT',
  ])
  print(table(columns, rows))
}
