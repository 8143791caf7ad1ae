import { classify, reasonOfDocument } from './classify.js'
import type { Classified, RefusalReason } from './classify.js'
import { amountText, lineAmount } from './exact-amount.js'
import { fingerprintOf } from './fingerprint.js'
import type { ImportPlan, PlannedDocument, Totals } from './import-plan.js'
import { matchCreditNotes } from './match-credit-notes.js'
import type { MatchedCredit } from './match-credit-notes.js'
import { createLineBuilder } from './planned-lines.js'
import type { LineBuilder } from './planned-lines.js'
import type { Source, SourceDocument } from './source.js'
import { taxOf } from './tax.js'

/** The sums of a plan do not agree: a defect of this module, never of the file. */
export class UnbalancedPlan extends Error {
  override name = 'UnbalancedPlan'
}

export type PlanOptions = { vat: boolean }

/** Plans a readable file. The same file and options always give the same plan. */
export const planImport = (source: Source, { vat }: PlanOptions): ImportPlan => {
  const judged = source.documents.map((document, position) => judge(document, position))
  const credits = judged.filter(({ kind }) => kind === 'credit')
  const matches = matchCreditNotes(
    judged.filter(({ kind }) => kind === 'sale'),
    credits,
  )
  const matchOf = new Map(credits.map((credit, index) => [credit, matches[index]]))
  const build = createLineBuilder()
  const sums = { input: 0n, booked: 0n, refused: 0n }
  const refusals: Partial<Record<RefusalReason, number>> = {}
  const entries = judged.map((document): PlannedDocument => {
    const matched = matchOf.get(document)
    const totals = totalsOf(document, matched)
    sums.input += totals.input
    sums.booked += totals.booked
    sums.refused += totals.refused
    for (const { reason } of document.refused) refusals[reason] = (refusals[reason] ?? 0) + 1
    return planDocument(document, { matched, vat, totals, build })
  })
  return {
    sha256: source.sha256,
    lines: source.lines,
    documents: entries.length,
    currency: 'GBP',
    prices: 'tax_included',
    ...totalTexts(sums, 'the file'),
    refusals,
    entries,
  }
}

type Judged = Classified & {
  source: SourceDocument
  number: string
  position: number
  at: string
  customer: string | null
  country: string
}

const judge = (source: SourceDocument, position: number): Judged => {
  const [first] = source.lines
  if (!first) throw new UnbalancedPlan(`Document ${source.number} has no line.`)
  const { at, customer, country } = first
  return { ...classify(source), source, number: source.number, position, at, customer, country }
}

type Planning = {
  matched: MatchedCredit | undefined
  vat: boolean
  totals: Sums
  build: LineBuilder
}

const planDocument = (
  document: Judged,
  { matched, vat, totals, build }: Planning,
): PlannedDocument => {
  const date = document.at.slice(0, 10)
  const tax = taxOf(vat, date, document.country)
  const base = {
    number: document.number,
    date,
    time: document.at.slice(11),
    customer: document.customer,
    country: document.country,
    fingerprint: fingerprintOf(document.source, vat),
    refusedLines: document.refused.map(build.refused),
    datesDiffer: document.source.lines.some(({ at }) => at !== document.at),
    ...totalTexts(totals, document.number),
  }
  if (document.kind === 'refused') {
    return { kind: 'refused', ...base, reason: reasonOfDocument(document.refused) }
  }
  if (!matched) {
    return { kind: 'sale', ...base, lines: document.lines.map((line) => build.sale(line, tax)) }
  }
  const adHoc = matched.adHoc.map((part) => build.adHoc(part, tax))
  return { kind: 'credit', ...base, linked: build.linked(matched.linked), adHoc }
}

type Sums = { input: bigint; booked: bigint; refused: bigint }

/** The input is summed from the source alone, so that it can disagree with what was made of it. */
const totalsOf = (document: Judged, matched: MatchedCredit | undefined): Sums => ({
  input: sum(document.source.lines),
  booked: matched ? -sum(matched.linked) - sum(matched.adHoc) : sum(document.lines),
  refused: sum(document.refused.map(({ line }) => line)),
})

const sum = (lines: readonly { quantity: bigint; unitPrice: bigint }[]): bigint =>
  lines.reduce((total, { quantity, unitPrice }) => total + lineAmount(quantity, unitPrice), 0n)

const totalTexts = ({ input, booked, refused }: Sums, of: string): Totals => {
  if (booked + refused !== input) {
    throw new UnbalancedPlan(
      `Of ${of}, booked ${amountText(booked)} plus refused ${amountText(refused)} is not ` +
        `the input, ${amountText(input)}.`,
    )
  }
  return {
    inputTotal: amountText(input),
    bookedTotal: amountText(booked),
    refusedTotal: amountText(refused),
  }
}
