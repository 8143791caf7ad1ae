/** Work on the event log itself. */
import type { Command } from 'commander'
import type { Config } from '../config.js'
import { type EventStore, EventStoreUnavailable } from '../event-store/event-store.js'
import { isEventStoreDb } from '../open-storage.js'
import { differenceText, type LogDifference } from '../workers/compare-logs.js'
import {
  copyLog,
  type CopyProgress,
  ForeignTarget,
  type LogCopy,
  SameLog,
} from '../workers/copy-log.js'
import { run, type Run, type Shared, withSharedOptions } from './command-line.js'
import { BadInput, FailedWithResult, Interrupted } from './failure.js'
import { EMBEDDED, type LogPlace, placeOfConfig, placeOfOption, withLog } from './log-place.js'
import { print, printJson, say, table } from './output.js'
import { type Progress, startProgress } from './progress.js'

type CopyOptions = Shared & Readonly<{ from?: string; to: string }>

/** Both logs were read back, and they are not the same. */
export class CopyDiffers extends FailedWithResult {
  constructor(difference: LogDifference, result: object) {
    super(
      'CopyDiffers',
      `The copy is not the same as its source: ${differenceText(difference)}. ` +
        (difference.target === null
          ? 'The source was written to meanwhile: stop every process that works with it and run the same again.'
          : 'Do not work with it; copy to another one.'),
      result,
    )
  }
}

const GOES_ON = 'What is copied so far is kept; the same command goes on from there.'

const PHASES = {
  comparing: 'Events there already',
  copying: 'Events copied',
  verifying: 'Events read back',
} as const

export function logCommand(program: Command): void {
  const log = program.command('log').description('work on the event log itself')
  withSharedOptions(log.command('copy'))
    .description(
      'copy the event log into an empty one, between EventStoreDB and PostgreSQL, and verify the copy',
    )
    .requiredOption(
      '--to <log>',
      `the log to copy to: esdb://…, postgresql://…, or "${EMBEDDED}" for the one in the data folder`,
    )
    .option('--from <log>', 'the log to copy, likewise (default: the one that Folio works with)')
    .action(async (options: CopyOptions) => {
      await run(options, (running) => copy(options, running))
    })
}

async function copy(options: CopyOptions, { config, json, interruption }: Run): Promise<void> {
  const to = placeOfOption('--to', options.to)
  const from =
    options.from === undefined ? placeOfConfig(config) : placeOfOption('--from', options.from)
  const copied = await withLog(from, config, async (source) => {
    if ((await source.head()) === null) {
      throw new BadInput(`${from.label} holds no event: there is nothing to copy.`)
    }
    return withLog(to, config, (target) => copyTelling(source, target, interruption.signal))
  })
  const result = resultOf(copied)
  printCopy(copied)
  if (copied.difference !== null) throw new CopyDiffers(copied.difference, result)
  say(nextSteps(to, config))
  if (json) printJson(result)
}

async function copyTelling(
  source: EventStore,
  target: EventStore,
  signal: AbortSignal,
): Promise<LogCopy> {
  const progress = progressByPhase()
  try {
    return await copyLog({ source, target, signal, onProgress: progress.tell })
  } catch (reason) {
    if (reason instanceof SameLog || reason instanceof ForeignTarget) {
      throw new BadInput(reason.message)
    }
    if (signal.aborted) throw new Interrupted(`Stopped. ${GOES_ON}`)
    if (reason instanceof EventStoreUnavailable) say(GOES_ON)
    throw reason
  } finally {
    progress.stop()
  }
}

function progressByPhase() {
  let drawn: (Progress & Pick<CopyProgress, 'phase'>) | null = null
  return {
    tell: ({ phase, events, of }: CopyProgress): void => {
      if (drawn?.phase !== phase) {
        drawn?.stop()
        drawn = { phase, ...startProgress(PHASES[phase], of) }
      }
      drawn.update(events)
    },
    stop: (): void => {
      drawn?.stop()
    },
  }
}

function resultOf({ eventsAppended, source, target, difference }: LogCopy): object {
  return { eventsAppended, source, target, identical: difference === null }
}

function printCopy({ source, target }: LogCopy): void {
  const columns = [
    { label: 'Log' },
    { label: 'Events', align: 'right' },
    { label: 'SHA-256' },
  ] as const
  const rows = Object.entries({ source, target }).map(([name, { events, hash }]) => [
    name,
    `${events}`,
    hash,
  ])
  print(table(columns, rows))
}

function nextSteps({ log }: LogPlace, { databaseUrl }: Config): string {
  const toEventStoreDb = isEventStoreDb(log)
  const keysStay = toEventStoreDb || log === (databaseUrl ?? EMBEDDED)
  const settings = toEventStoreDb
    ? 'set EVENTSTORE_URL to the log copied to'
    : log === EMBEDDED
      ? 'remove EVENTSTORE_URL and DATABASE_URL'
      : 'remove EVENTSTORE_URL, set DATABASE_URL to the database copied to'
  return [
    'The copy is the same as its source.',
    'The keys of personal fields (schema subject_keys) and the API keys (schema access) are not in the log and were ' +
      (keysStay
        ? 'not copied: they stay in the PostgreSQL that Folio works with.'
        : 'not copied: bring both schemas into the database copied to before anything starts on it, ' +
          'or names and addresses stay sealed.'),
    `Next: ${settings}, run folio rebuild, and start.`,
  ].join('\n')
}
