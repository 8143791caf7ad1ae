import type { Command } from 'commander'
import { PROJECTIONS } from '../../projections/index.js'
import type { Ledger } from '../open-ledger.js'
import { numberSeries, numberSeriesParameters } from '../queries/number-series.js'
import { controlDifferences } from '../queries/control-differences.js'
import { trialBalanceTotals } from '../queries/trial-balance.js'
import { projectionStatus } from '../workers/projection-status.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { print, printJson } from './output.js'
import { withLedger } from './with-ledger.js'

type Finding = Readonly<{ check: string; ok: boolean; detail: string }>

/** The doctor found something that wants a person. */
export class Unwell extends Error {
  constructor(findings: readonly Finding[]) {
    super(
      `${findings.length} of the checks failed: ${findings.map(({ check }) => check).join(', ')}.`,
    )
    this.name = 'Unwell'
  }
}

const SERIES_SHOWN = '200'
const CATCH_UP_MS = 30_000

export function doctorCommand(program: Command): void {
  withSharedOptions(program.command('doctor'))
    .description(
      'look at database, log, read models, balances and number series, and say what is wrong',
    )
    .action(async (options: Shared) => {
      await run(options, async ({ config, json }) => {
        await withLedger(config, { projections: true }, async (ledger) => {
          const findings = await examine(ledger)
          for (const { check, ok, detail } of findings)
            print(`${ok ? 'ok  ' : 'FAIL'}  ${check}: ${detail}`)
          if (json) printJson({ findings })
          const failed = findings.filter(({ ok }) => !ok)
          if (failed.length > 0) throw new Unwell(failed)
        })
      })
    })
}

async function examine(ledger: Ledger): Promise<Finding[]> {
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
  const series = await numberSeries(db, numberSeriesParameters.parse({ limit: SERIES_SHOWN }))
  for (const { series: name, year, taken, used, voided, open } of series.rows) {
    const detail = `${taken} taken, ${used} used, ${voided} voided, ${open} not yet known to be used`
    findings.push({ check: `numbers ${name}/${year}`, ok: true, detail })
  }
  return findings
}

async function readModels({ db, store }: Ledger): Promise<Finding[]> {
  const states = await projectionStatus(db, store, PROJECTIONS)
  return states.map(({ name, error, lag }) => ({
    check: `read model ${name}`,
    ok: error === null && lag.events === 0,
    detail: error ?? (lag.events === 0 ? 'up to date' : `${lag.events} events behind`),
  }))
}
