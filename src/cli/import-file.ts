/** The main job: a file of real sales is read whole, booked, reported, and proven from the read models. */
import { join } from 'node:path'
import { DEFAULT_BOOKS } from '../../commands/command.js'
import { PROJECTIONS } from '../../projections/index.js'
import { type Booked, bookPlan } from '../imports/online-retail/book-plan.js'
import type { ImportPlan } from '../imports/online-retail/import-plan.js'
import { FORMAT } from '../imports/online-retail/names.js'
import { planImport } from '../imports/online-retail/plan.js'
import { readOnlineRetail } from '../imports/online-retail/read-file.js'
import {
  reportRefusal,
  type ReportRow,
  reportRows,
  writeReport,
} from '../imports/online-retail/report.js'
import { money, minus, type Money, plus, sum } from '../money/money.js'
import type { Ledger } from '../open-ledger.js'
import { documentTotals } from '../queries/document-totals.js'
import { projectionStatus } from '../workers/projection-status.js'
import { BadInput, Interrupted } from './failure.js'
import { say } from './output.js'
import { type Persist, persistence } from './persist.js'
import { startProgress } from './progress.js'

export type ImportSummary = Readonly<{
  lines: number
  documents: number
  invoices: number
  creditNotesLinked: number
  creditNotesAdHoc: number
  /** Amounts in GBP, as decimal text. Booked plus refused is the input. */
  inputTotal: string
  bookedTotal: string
  refusedTotal: string
  /** Lines by reason. */
  refusals: Readonly<Record<string, number>>
  eventsAppended: number
  seconds: number
}>

export type ImportRequest = Readonly<{ file: string; vat: boolean; report: string | undefined }>

/** What the read models hold is not what was booked: nothing is called done. */
export class ProofFailed extends Error {
  constructor(what: string, expected: string, found: string) {
    super(`The read models do not prove the import: ${what} should be ${expected} and is ${found}.`)
    this.name = 'ProofFailed'
  }
}

/** No waiting brings a read model further that met an event it cannot take. */
export class ReadModelStopped extends Error {
  constructor(name: string, error: string) {
    super(
      `All is booked, but the read model ${name} stands still and proves nothing: ${error}. ` +
        '`folio doctor` looks further.',
    )
    this.name = 'ReadModelStopped'
  }
}

/** All is booked and proven; only the file that lists it could not be written. */
export class ReportNotWritten extends Error {
  constructor(message: string, code: string) {
    const why = DISK_FULL.test(code) ? 'The disk is full. Make room; all' : 'All'
    super(`${message} ${why} is booked, and the same import again writes the report.`)
    this.name = 'ReportNotWritten'
  }
}

const DISK_FULL = /^(?:ENOSPC|EDQUOT)$/

const CURRENCY = 'GBP'
const PLACES_SHOWN_MAX = 1_000
const READ_MODELS_DEADLINE_MS = 300_000
const READ_MODELS_LOOK_MS = 1_000

/** Reads and plans a file, with nothing opened yet: what cannot be read touches no ledger. */
export async function planFile(
  { file, vat, report }: ImportRequest,
  today: string,
): Promise<ImportPlan> {
  const refusal = report === undefined ? undefined : await reportRefusal(report, file)
  if (refusal !== undefined) throw new BadInput(refusal)
  say(`Reading ${file}`)
  const source = await readOnlineRetail(file, { today })
  if (!source.readable) {
    const shown = source.places
      .slice(0, PLACES_SHOWN_MAX)
      .map(({ line, message }) => (line === 0 ? `  ${message}` : `  ${file}:${line}: ${message}`))
    const more = source.placesTotal - shown.length
    throw new BadInput(
      [
        `Nothing was booked: the file cannot be read at ${places(source.placesTotal)}.`,
        ...shown,
        ...(more > 0 ? [`  … and ${more} more`] : []),
      ].join('\n'),
    )
  }
  return planImport(source, { vat })
}

/** Books a plan and proves it. Run again, it finds everything done and appends nothing. */
export async function importPlan(
  plan: ImportPlan,
  ledger: Ledger,
  options: Readonly<{ dataDirectory: string; report: string | undefined; signal: AbortSignal }>,
): Promise<ImportSummary & { report: string }> {
  const begunAt = performance.now()
  say(
    `Booking ${plan.documents} documents of ${plan.lines} lines. ` +
      'The file has no payments: each sale counts as paid in full on its day, over the account bank.',
  )
  const { signal } = options
  const persist = persistence(ledger, signal)
  const booked = await book(plan, ledger, { persist, signal })
  await readModelsAt(ledger, booked, { persist, signal })
  const rows = revisedRows(plan, booked)
  const totals = totalsOf(plan, rows)
  await prove(ledger, booked, { persist, totals })
  const report = options.report ?? join(options.dataDirectory, 'imports', `${plan.sha256}.csv`)
  const written = await writeReport(plan, report, { revise: reviser(booked) })
  if (!written.written) throw new ReportNotWritten(written.message, written.code)
  return {
    lines: plan.lines,
    documents: plan.documents,
    invoices: booked.invoices.length,
    creditNotesLinked: booked.linkedNotes.length,
    creditNotesAdHoc: booked.adHocNotes.length,
    inputTotal: plan.inputTotal,
    bookedTotal: totals.booked.amount,
    refusedTotal: totals.refused.amount,
    refusals: totals.refusals,
    eventsAppended: booked.eventsAppended,
    seconds: Math.round(performance.now() - begunAt) / 1000,
    report,
  }
}

type Waiting = Readonly<{ persist: Persist; signal: AbortSignal }>

async function book(
  plan: ImportPlan,
  ledger: Ledger,
  { persist, signal }: Waiting,
): Promise<Booked> {
  const progress = startProgress('Documents', plan.documents)
  try {
    return await bookPlan(plan, {
      handler: ledger.handler,
      books: DEFAULT_BOOKS,
      persist,
      signal,
      onDocument: (done) => {
        progress.update(done)
      },
    })
  } finally {
    progress.stop()
  }
}

async function readModelsAt(
  ledger: Ledger,
  booked: Booked,
  { persist, signal }: Waiting,
): Promise<void> {
  // Where nothing was booked the read models must be there all the same, to be asked.
  const position = booked.position ?? (await persist(() => ledger.store.head()))
  if (position === null) return
  const deadline = performance.now() + READ_MODELS_DEADLINE_MS
  let told = false
  for (;;) {
    const waited = await persist(() => ledger.waitFor(position, { timeoutMs: READ_MODELS_LOOK_MS }))
    if (waited.outcome === 'reached') return
    if (signal.aborted)
      throw new Interrupted('Stopped while the read models were catching up; all is booked.')
    if (performance.now() > deadline) {
      throw new ProofFailed('their position', `${position}`, `${waited.position ?? 'none'}`)
    }
    const states = await persist(() => projectionStatus(ledger.db, ledger.store, PROJECTIONS))
    const stopped = states.find(({ error }) => error !== null)
    if (stopped !== undefined) throw new ReadModelStopped(stopped.name, stopped.error ?? '')
    if (!told) say('Waiting for the read models to catch up …')
    told = true
  }
}

type Totals = Readonly<{ booked: Money; refused: Money; refusals: Record<string, number> }>

function totalsOf(plan: ImportPlan, rows: readonly ReportRow[]): Totals {
  const booked = sum(
    rows.map((row) => money(row.booked, CURRENCY)),
    CURRENCY,
  )
  const refused = sum(
    rows.map((row) => money(row.refused, CURRENCY)),
    CURRENCY,
  )
  const input = plus(booked, refused)
  if (input.amount !== plan.inputTotal) {
    throw new ProofFailed('booked plus refused', plan.inputTotal, input.amount)
  }
  const refusals: Record<string, number> = {}
  for (const { outcome, reason } of rows) {
    if (outcome === 'refused') refusals[reason] = (refusals[reason] ?? 0) + 1
  }
  return { booked, refused, refusals }
}

/** Every document is there, posted, and together they come to what was booked. */
async function prove(
  ledger: Ledger,
  booked: Booked,
  { persist, totals }: Readonly<{ persist: Persist; totals: Totals }>,
): Promise<void> {
  const { booked: expected } = totals
  const notes = [...booked.linkedNotes, ...booked.adHocNotes]
  const invoiced = await persist(() => documentTotals(ledger.db, 'invoices', booked.invoices))
  const credited = await persist(() => documentTotals(ledger.db, 'creditNotes', notes))
  const count = [...invoiced, ...credited].reduce((total, { found }) => total + found, 0)
  const wanted = booked.invoices.length + notes.length
  if (count !== wanted)
    throw new ProofFailed('the number of posted documents', `${wanted}`, `${count}`)
  const total = minus(totalOf(invoiced), totalOf(credited))
  if (total.amount !== expected.amount)
    throw new ProofFailed('their total', expected.amount, total.amount)
}

function totalOf(pages: readonly Readonly<{ total: string }>[]): Money {
  return sum(
    pages.map(({ total }) => money(total, CURRENCY)),
    CURRENCY,
  )
}

function revisedRows(plan: ImportPlan, booked: Booked): ReportRow[] {
  return [...reportRows(plan)].map(reviser(booked))
}

/** A document that the ledger would not book is refused as a whole, each line with its whole amount. */
function reviser({ refused }: Booked): (row: ReportRow) => ReportRow {
  const reasons = new Map(refused.map(({ number, reason }) => [number, reason]))
  return (row) => {
    const reason = reasons.get(row.number)
    if (reason === undefined || row.outcome === 'refused') return row
    return { ...row, outcome: 'refused', reason, booked: '0.00', refused: row.booked, bookedAs: '' }
  }
}

function places(count: number): string {
  return count === 1 ? '1 place' : `${count} places`
}

export const IMPORT_FORMATS = [FORMAT] as const
