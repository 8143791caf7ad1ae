/**
 * What the notes of an invoice took back of it (L5, L6): never more than it has, with cumulative taxes that are right at
 * every prefix, and nothing left on any account once all of it is credited.
 */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Entry, Tax } from '../../src/events/parts.js'
import { add, isWithin, millionths, taxOn, units } from './arithmetic.js'
import { signed } from './balances.js'
import { controlAccount, type InvoiceItem } from './documents.js'
import type { Report } from './report.js'

type Line = EventOfType<'InvoicePosted'>['data']['lines'][number]
type LineState = { line: Line; quantity: bigint; base: bigint; tax: bigint; lowered: boolean }
type InvoiceState = {
  item: InvoiceItem
  lines: LineState[]
  gross: bigint
  touched: Map<string, bigint>
  /** Input tax of reverse charge that the notes took back, by code and rate. */
  assessed: Map<string, bigint>
}

export function createCrediting(report: Report) {
  const states = new Map<string, InvoiceState>()

  function postInvoice(item: InvoiceItem): void {
    const lines = item.content.lines.map((line): LineState => ({
      line,
      quantity: 0n,
      base: 0n,
      tax: 0n,
      lowered: false,
    }))
    const state = {
      item,
      lines,
      gross: 0n,
      touched: new Map(),
      assessed: new Map(),
    } satisfies InvoiceState
    touch(state, item.content.entry)
    states.set(item.id, state)
  }

  function postNote({ data }: EventOfType<'CreditNotePosted'>): void {
    const state = data.invoice === null ? undefined : states.get(data.invoice.invoiceId)
    if (state === undefined) return
    for (const line of data.lines) takeBack(state, line, data, report)
    state.gross += units(data.totals.gross)
    if (state.gross > state.item.total) {
      report(
        'credited_beyond_invoice',
        state.item.id,
        `${state.gross} of ${state.item.total} units after ${data.creditNoteId}`,
      )
    }
    checkTaxes(state, data.creditNoteId, report)
    checkSelfAssessed(state, data, report)
    touch(state, data.entry)
    if (isCreditedInFull(state)) checkNothingLeft(state, data.creditNoteId, report)
  }

  return { postInvoice, postNote }
}

function takeBack(
  { lines }: InvoiceState,
  note: EventOfType<'CreditNotePosted'>['data']['lines'][number],
  { creditNoteId, prices }: EventOfType<'CreditNotePosted'>['data'],
  report: Report,
): void {
  const state = note.invoiceLine === undefined ? undefined : lines[note.invoiceLine]
  if (state === undefined) {
    report('invoice_line_missing', creditNoteId, `names line ${note.invoiceLine ?? 'none'}`)
    return
  }
  const { line } = state
  const at = `${creditNoteId} line ${note.invoiceLine ?? 0}`
  if (taxCode(note.tax) !== taxCode(line.tax) || note.kind !== line.kind) {
    report(
      'note_line_differs',
      at,
      `${note.kind} ${taxCode(note.tax)}, not ${line.kind} ${taxCode(line.tax)}`,
    )
  }
  state.quantity += millionths(note.quantity)
  state.base += units(prices === 'tax_excluded' ? note.net : note.gross)
  state.tax += units(note.taxAmount)
  state.lowered ||= note.unitPrice !== line.unitPrice
  if (millionths(note.quantity) === 0n || !isWithin(state.quantity, millionths(line.quantity))) {
    report(
      'credited_beyond_line',
      at,
      `${state.quantity} millionths of a quantity of ${line.quantity}`,
    )
  }
  if (!isWithin(state.base, baseOf(line, prices))) {
    report('credited_beyond_line', at, `${state.base} of ${baseOf(line, prices)} units`)
  }
}

/** The rounded tax on everything credited so far: per line, or per code where the invoice rounded globally. */
function checkTaxes({ item, lines }: InvoiceState, note: string, report: Report): void {
  const { prices, rounding } = item.content
  const groups = new Map<string, { of: string; tax: Tax; base: bigint; taken: bigint }>()
  lines.forEach(({ line, base, tax }, index) => {
    const key = rounding === 'per_line' ? `line ${index}` : taxCode(line.tax)
    const group = groups.get(key) ?? { of: key, tax: line.tax, base: 0n, taken: 0n }
    groups.set(key, { ...group, base: group.base + base, taken: group.taken + tax })
  })
  for (const { of, tax, base, taken } of groups.values()) {
    const right = taxOn(base, chargedRate(tax), prices)
    if (taken !== right) {
      report(
        'note_tax',
        `${note} ${of}`,
        `${taken} units taken back so far on ${base} at ${tax.ratePercent} %, right are ${right}`,
      )
    }
  }
}

/** Tax under reverse charge is owed and deducted by us: what notes take back of it is cumulative like any other. */
function checkSelfAssessed(
  { item, lines, assessed }: InvoiceState,
  { creditNoteId, entry }: EventOfType<'CreditNotePosted'>['data'],
  report: Report,
): void {
  if (item.direction === 'out') return
  const bases = new Map<string, { tax: Tax; base: bigint }>()
  for (const { line, base, tax } of lines) {
    if (line.tax.reverseCharge !== true) continue
    const key = `${line.tax.code} ${line.tax.ratePercent}`
    const net = item.content.prices === 'tax_excluded' ? base : base - tax
    bases.set(key, { tax: line.tax, base: (bases.get(key)?.base ?? 0n) + net })
  }
  for (const { account, side, amount, tax } of entry.postings) {
    if (account !== 'input-tax' || tax === undefined) continue
    add(assessed, `${tax.code} ${tax.ratePercent}`, -signed(side, amount))
  }
  for (const [key, { tax, base }] of bases) {
    const [taken, right] = [assessed.get(key) ?? 0n, taxOn(base, tax.ratePercent, 'tax_excluded')]
    if (taken !== right) {
      report(
        'self_assessed_tax',
        `${creditNoteId} ${key}`,
        `${taken} units taken back on ${base}, right are ${right}`,
      )
    }
  }
}

/** Everything but the control account: revenue, expense and tax, with the tax's base, by code and rate. */
function touch({ item, touched }: InvoiceState, entry: Entry): void {
  for (const { account, side, amount, tax } of entry.postings) {
    if (account === controlAccount(item)) continue
    const code = tax === undefined ? '' : ` ${tax.code} ${tax.ratePercent}`
    add(touched, `${account}${code}`, signed(side, amount))
    if (tax !== undefined) add(touched, `${account}${code} base`, signed(side, tax.base))
  }
}

function isCreditedInFull({ lines }: InvoiceState): boolean {
  return lines.every(
    ({ line, quantity, lowered }) => !lowered && quantity === millionths(line.quantity),
  )
}

function checkNothingLeft(
  { item, lines, touched, gross }: InvoiceState,
  note: string,
  report: Report,
): void {
  for (const [account, balance] of touched) {
    if (balance !== 0n) {
      report(
        'full_credit_leaves',
        `${item.id} ${account}`,
        `${balance} units after ${note} credited the rest`,
      )
    }
  }
  const { prices } = item.content
  const short = lines.find(({ line, base }) => base !== baseOf(line, prices))
  if (gross !== item.total || short !== undefined) {
    report(
      'full_credit_leaves',
      item.id,
      `${gross} of ${item.total} units after ${note} credited the rest`,
    )
  }
}

export function baseOf(line: Line, prices: string): bigint {
  return units(prices === 'tax_excluded' ? line.net : line.gross)
}

export function taxCode({ code, ratePercent, reverseCharge }: Tax): string {
  return `${code} ${ratePercent}${reverseCharge === true ? ' reverse charge' : ''}`
}

/** Under reverse charge the supplier charges none. */
export function chargedRate({ ratePercent, reverseCharge }: Tax): string {
  return reverseCharge === true ? '0' : ratePercent
}
