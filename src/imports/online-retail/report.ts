import { randomUUID } from 'node:crypto'
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import type { ImportPlan, LineBase, PlannedDocument } from './import-plan.js'

/**
 * One row of the report: an input line, or a part of one where a credit line went to several
 * notes. All rows' `booked` and `refused` sum to the plan's totals, in GBP as decimal text.
 */
export type ReportRow = {
  number: string
  line: number
  stockCode: string
  outcome: 'booked' | 'refused'
  /** Empty where the line is booked. */
  reason: string
  booked: string
  refused: string
  /** `invoice`, `linked credit note of <InvoiceNo>`, `ad-hoc credit note (<cause>)`, or empty. */
  bookedAs: string
}

export type ReportOptions = {
  /** A last word on each row, for what the ledger decided otherwise than the plan. */
  revise?: (row: ReportRow) => ReportRow
}

export type ReportOutcome =
  { written: true; rows: number } | { written: false; code: string; message: string }

const header = 'InvoiceNo,Line,StockCode,Outcome,Reason,Booked,Refused,BookedAs\n'
const rowsPerWriteMax = 1_000

/**
 * Writes the report at `path`, whole or not at all: it is written beside it, made durable, and
 * put in its place at the end. Missing folders are made. A full disk, a folder that may not be
 * written and the like are answered, not thrown.
 */
export const writeReport = async (
  plan: ImportPlan,
  path: string,
  { revise = (row) => row }: ReportOptions = {},
): Promise<ReportOutcome> => {
  const partial = `${path}.${randomUUID()}.partial`
  try {
    await mkdir(dirname(path), { recursive: true })
    const rows = await writeRows(partial, plan, revise)
    await rename(partial, path)
    return { written: true, rows }
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (!isSystemError(error)) throw error
    const message = `The report cannot be written to ${path}: ${error.message}.`
    return { written: false, code: error.code, message }
  }
}

/** Why no report can come to stand at `path`, asked before anything is booked; undefined where one can. */
export const reportRefusal = async (path: string, source: string): Promise<string | undefined> => {
  const partial = `${path}.${randomUUID()}.partial`
  try {
    const [here, there] = await Promise.all(
      [path, source].map((one) => realpath(one).catch(() => one)),
    )
    if (here === there) return `The report cannot be written to ${path}: it is the file to import.`
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory() === true)
      return `The report cannot be written to ${path}: it is a folder.`
    await mkdir(dirname(path), { recursive: true })
    await (await open(partial, 'wx')).close()
    await rm(partial)
    return undefined
  } catch (error) {
    if (!isSystemError(error)) throw error
    return `The report cannot be written to ${path}: ${error.message}.`
  }
}

/** The rows of a plan, document by document in file order, and by line within each. */
export function* reportRows(plan: ImportPlan): Generator<ReportRow> {
  for (const entry of plan.entries) {
    yield* rowsOf(entry).sort((left, right) => left.line - right.line)
  }
}

const rowsOf = (entry: PlannedDocument): ReportRow[] => {
  const { number } = entry
  const refused = entry.refusedLines.map(({ line, stockCode, amount, reason }): ReportRow => ({
    number,
    line,
    stockCode,
    outcome: 'refused',
    reason,
    booked: '0.00',
    refused: amount,
    bookedAs: '',
  }))
  if (entry.kind === 'refused') return refused
  if (entry.kind === 'sale') {
    return [
      ...refused,
      ...entry.lines.map((line) => bookedRow(number, line, line.amount, 'invoice')),
    ]
  }
  const linked = entry.linked.flatMap(({ invoiceNumber, lines }) =>
    lines.map((line) => creditRow(number, line, `linked credit note of ${invoiceNumber}`)),
  )
  const adHoc = entry.adHoc.map((line) =>
    creditRow(number, line, `ad-hoc credit note (${line.cause})`),
  )
  return [...refused, ...linked, ...adHoc]
}

/** A note's amounts are positive in the plan and negative in the input. */
const creditRow = (number: string, line: LineBase, bookedAs: string): ReportRow =>
  bookedRow(number, line, `-${line.amount}`, bookedAs)

const bookedRow = (
  number: string,
  { line, stockCode }: LineBase,
  booked: string,
  bookedAs: string,
): ReportRow => ({
  number,
  line,
  stockCode,
  outcome: 'booked',
  reason: '',
  booked,
  refused: '0.00',
  bookedAs,
})

const writeRows = async (
  path: string,
  plan: ImportPlan,
  revise: (row: ReportRow) => ReportRow,
): Promise<number> => {
  const file = await open(path, 'wx')
  let count = 0
  try {
    await file.appendFile(header)
    let batch: string[][] = []
    for (const row of reportRows(plan)) {
      batch.push(cellsOf(revise(row)))
      count += 1
      if (batch.length < rowsPerWriteMax) continue
      await file.appendFile(stringify(batch))
      batch = []
    }
    await file.appendFile(stringify(batch))
    await file.sync()
  } finally {
    await file.close()
  }
  return count
}

const cellsOf = (row: ReportRow): string[] => [
  inert(row.number),
  row.line.toString(),
  inert(row.stockCode),
  row.outcome,
  inert(row.reason),
  row.booked,
  row.refused,
  inert(row.bookedAs),
]

/**
 * Text that a spreadsheet would take for a formula is made plain text by a quotation mark. Done
 * here and not by the library for every cell, because an amount may begin with a minus.
 */
const inert = (text: string): string => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text)

const isSystemError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
