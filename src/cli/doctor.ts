import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { PROJECTIONS } from '../../projections/index.js'
import { seriesNameSchema } from '../events/series-events.js'
import type { Ledger } from '../open-ledger.js'
import { NEVER_RESET } from '../read-model/schema.js'
import { numberSeries, numberSeriesParameters } from '../queries/number-series.js'
import { forgottenSubjects } from '../queries/forgotten-subjects.js'
import type { Page } from '../queries/list-page.js'
import type { ForgottenSubjectRow } from '../read-model/schema.js'
import { controlDifferences } from '../queries/control-differences.js'
import { trialBalanceTotals } from '../queries/trial-balance.js'
import { projectionStatus } from '../workers/projection-status.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { FailedWithResult } from './failure.js'
import { print, printJson } from './output.js'
import { withLedger } from './with-ledger.js'

type Options = Shared & Readonly<{ releaseNumbers?: boolean }>
type Finding = Readonly<{ check: string; ok: boolean; detail: string }>

/** The doctor found something that wants a person. */
export class Unwell extends FailedWithResult {
  constructor(failed: readonly Finding[], findings: readonly Finding[]) {
    const checks = failed.map(({ check }) => check).join(', ')
    super('Unwell', `${failed.length} of the checks failed: ${checks}.`, { findings })
  }
}

const SERIES_SHOWN = '200'
const CATCH_UP_MS = 30_000

export function doctorCommand(program: Command): void {
  withSharedOptions(program.command('doctor'))
    .description(
      'look at database, log, read models, balances and number series, and say what is wrong',
    )
    .option(
      '--release-numbers',
      'give back numbers taken for documents that do not stand (after a crash that nobody will complete)',
    )
    .action(async (options: Options) => {
      await run(options, async ({ config, json }) => {
        await withLedger(config, { projections: true }, async (ledger) => {
          const findings = await examine(ledger, options.releaseNumbers === true)
          for (const { check, ok, detail } of findings)
            print(`${ok ? 'ok  ' : 'FAIL'}  ${check}: ${detail}`)
          const failed = findings.filter(({ ok }) => !ok)
          if (failed.length > 0) throw new Unwell(failed, findings)
          if (json) printJson({ findings })
        })
      })
    })
}

async function examine(ledger: Ledger, release: boolean): Promise<Finding[]> {
  const { store, db } = ledger
  const head = await store.head()
  const findings: Finding[] = [
    { check: 'database', ok: true, detail: ledger.database },
    {
      check: 'log',
      ok: true,
      detail: `${await store.identity()}, last position ${head ?? 'none'}`,
    },
  ]
  const threats = await store.threats()
  findings.push({
    check: 'nothing takes events away',
    ok: threats.length === 0,
    detail: threats.length === 0 ? 'no stream is cut off, limited or deleted' : threats.join(' '),
  })
  if (head !== null) await ledger.waitFor(head, { timeoutMs: CATCH_UP_MS })
  findings.push(...(await readModels(ledger)))
  for (const { books, currency, debit, credit } of await trialBalanceTotals(db, undefined)) {
    findings.push({
      check: `trial balance of ${books}`,
      ok: debit === credit,
      detail: `debits ${debit}, credits ${credit} ${currency}`,
    })
  }
  const differences = await controlDifferences(db)
  findings.push({
    check: 'control accounts',
    ok: differences.length === 0,
    detail:
      differences.length === 0
        ? 'each equals its open items'
        : differences
            .map(
              ({ account, balance, openItems }) =>
                `${account} has ${balance}, its open items ${openItems}`,
            )
            .join('; '),
  })
  findings.push(...(await examineNumbers(ledger, release)))
  findings.push(await examineForgotten(ledger))
  return findings
}

/** Every number is on a document, voided, or waits for a document that is named here. */
async function examineNumbers({ db, handler }: Ledger, release: boolean): Promise<Finding[]> {
  const findings: Finding[] = []
  const page = await numberSeries(db, numberSeriesParameters.parse({ limit: SERIES_SHOWN }))
  for (const { books, series, year, taken, voided } of page.rows) {
    const isReset = year !== NEVER_RESET
    const key = { books, series: seriesNameSchema.parse(series), year: isReset ? year : null }
    const caller = { principal: 'doctor', key: `settle-${randomUUID()}`, correlation: 'doctor' }
    const { released, waiting } = await handler.settleSeries(key, { release }, caller)
    const places = waiting.map(({ number, document }) => `${number} for ${document}`)
    const detail = [
      `${taken} taken, ${voided + released.length} voided`,
      ...(waiting.length === 0
        ? []
        : [`${waiting.length} wait for a document: ${places.join(', ')}`]),
    ].join('; ')
    const check = `numbers ${isReset ? `${series}/${year}` : series}`
    findings.push({ check, ok: true, detail })
  }
  return findings
}

/** Whoever was forgotten has no key: one that a crash left between event and drop is dropped now (A6). */
async function examineForgotten({ db, handler }: Ledger): Promise<Finding> {
  let people = 0
  let dropped = 0
  for (let after: string | null = null; ;) {
    const page: Page<ForgottenSubjectRow> = await forgottenSubjects(db, { limit: 200, after })
    for (const { subject } of page.rows) dropped += await handler.finishForgetting(subject)
    people += page.rows.length
    after = page.next
    if (after === null) break
  }
  const detail = `${people} forgotten${dropped === 0 ? '' : `; ${dropped} keys were still there and are dropped now`}`
  return { check: 'forgotten people', ok: true, detail }
}

async function readModels({ db, store }: Ledger): Promise<Finding[]> {
  const states = await projectionStatus(db, store, PROJECTIONS)
  return states.map(({ name, error, lag }) => ({
    check: `read model ${name}`,
    ok: error === null && lag.events === 0,
    detail: error ?? (lag.events === 0 ? 'up to date' : `${lag.events} events behind`),
  }))
}
