/**
 * What the notes of an invoice took back of it (L5, L6, L14): never more than it has, with taxes that are right at every
 * prefix, and nothing left on any account, in either currency, once all of it is credited.
 */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Entry, Tax } from '../../src/events/parts.js'
import {
  add,
  addBoth,
  digitsOf,
  exchanged,
  isWithin,
  millionths,
  taxOn,
  units,
} from './arithmetic.js'
import { signed, signedBoth } from './sides.js'
import { checkAmountNote, isAmountNote } from './crediting-by-amount.js'
import { taxGiven } from './content.js'
import { controlAccount, type InvoiceItem } from './documents.js'
import type { Report } from './report.js'
import { baseOf, chargedRate, taxCode, type InvoiceState, type LineState } from './taxed-lines.js'

type Note = EventOfType<'CreditNotePosted'>['data']

export function createCrediting(report: Report) {
  const states = new Map<string, InvoiceState>()
  const notes = new Map<string, Note>()

  function postInvoice(item: InvoiceItem, entry: Entry): void {
    const state = stateOf(item)
    touch(state, entry, 1n)
    states.set(item.id, state)
  }

  /** An open item of the time before: it was booked to the account of opening balances (J42). */
  function openInvoice(item: InvoiceItem): void {
    const state = stateOf(item)
    const sign = item.direction === 'out' ? -1n : 1n
    const { amount, books } = item.open
    addBoth(state.touched, 'opening-balances', { amount: sign * amount, books: sign * books })
    states.set(item.id, state)
  }

  function postNote({ data }: EventOfType<'CreditNotePosted'>): void {
    notes.set(data.creditNoteId, data)
    const state = data.invoice === null ? undefined : states.get(data.invoice.invoiceId)
    if (state === undefined) return
    if (isAmountNote(data)) {
      checkAmountNote(data, state, report)
      state.isDisturbed = true
    }
    const before = state.lines.map((line) => ({ ...line }))
    for (const line of data.lines) takeBack(state, line, data, report)
    state.gross += units(data.totals.gross)
    if (state.gross > state.item.total) {
      report(
        'credited_beyond_invoice',
        state.item.id,
        `${state.gross} of ${state.item.total} units after ${data.creditNoteId}`,
      )
    }
    checkTaxes(state, before, data, report)
    checkSelfAssessed(state, data, report)
    touch(state, data.entry, 1n)
    if (isCreditedInFull(state)) checkNothingLeft(state, data.creditNoteId, report)
  }

  function voidNote({ data }: EventOfType<'CreditNoteVoided'>): void {
    const note = notes.get(data.creditNoteId)
    const state = data.invoiceId === null ? undefined : states.get(data.invoiceId)
    if (note === undefined || state === undefined) return
    for (const line of note.lines) {
      const of = line.invoiceLine === undefined ? undefined : state.lines[line.invoiceLine]
      if (of === undefined) continue
      of.quantity -= line.byAmount === true ? 0n : millionths(line.quantity)
      of.base -= units(note.prices === 'tax_excluded' ? line.net : line.gross)
      of.tax -= units(line.taxAmount)
    }
    state.gross -= units(note.totals.gross)
    state.isDisturbed = true
    touch(state, note.entry, -1n)
    takeSelfAssessed(state, note.entry, -1n)
  }

  return { postInvoice, openInvoice, postNote, voidNote }
}

function stateOf(item: InvoiceItem): InvoiceState {
  return {
    item,
    lines: item.content.lines.map((line) => ({
      line,
      quantity: 0n,
      base: 0n,
      tax: 0n,
      lowered: false,
    })),
    gross: 0n,
    touched: new Map(),
    assessed: new Map(),
    isDisturbed: false,
  }
}

function takeBack(
  { lines }: InvoiceState,
  note: Note['lines'][number],
  { creditNoteId, prices }: Note,
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
  const isMoneyAlone = note.byAmount === true
  state.quantity += isMoneyAlone ? 0n : millionths(note.quantity)
  state.base += units(prices === 'tax_excluded' ? note.net : note.gross)
  state.tax += units(note.taxAmount)
  state.lowered ||= !isMoneyAlone && note.unitPrice !== line.unitPrice
  const isOfNothing = !isMoneyAlone && millionths(note.quantity) === 0n
  if (isOfNothing || !isWithin(state.quantity, millionths(line.quantity))) {
    const sentence = `${state.quantity} millionths of a quantity of ${line.quantity}`
    report('credited_beyond_line', at, sentence)
  }
  if (!isWithin(state.base, baseOf(line, prices))) {
    report('credited_beyond_line', at, `${state.base} of ${baseOf(line, prices)} units`)
  }
}

type Group = { of: string; tax: Tax; whole: Taken; before: Taken; after: Taken; isMixed: boolean }
type Taken = { base: bigint; tax: bigint }

/**
 * The rounded tax on everything credited so far: per line, or per code where the invoice rounded globally. After notes
 * by amount, what a note takes is kept within what is left (L14), and the last takes the rest.
 */
function checkTaxes(
  state: InvoiceState,
  before: readonly LineState[],
  note: Note,
  report: Report,
): void {
  const { prices } = state.item.content
  for (const { of, tax, whole, before: was, after, isMixed } of groupsOf(state, before)) {
    const at = `${note.creditNoteId} ${of}`
    const taken = after.tax - was.tax
    const isAll = after.base === whole.base && whole.base !== 0n
    if (isAll && !isMixed && after.tax !== whole.tax) {
      report('note_tax', at, `${after.tax} units of ${whole.tax} on all that it was charged on`)
    }
    if (isAmountNote(note) || ((state.isDisturbed || isGiven(of)) && isMixed)) continue
    const cumulative = taxOn(after.base, chargedRate(tax), prices) - was.tax
    const isPlain = !state.isDisturbed && !isGiven(of)
    if (!isPlain && taken === 0n && after.base === was.base) continue
    const right = isPlain
      ? cumulative
      : after.base === whole.base
        ? whole.tax - was.tax
        : kept(cumulative, whole.tax - was.tax)
    const withinBase = prices === 'tax_included' ? kept(right, after.base - was.base) : right
    if (taken !== right && (isPlain || taken !== withinBase)) {
      const sentence = `${taken} units taken back on ${after.base - was.base} at ${tax.ratePercent} %`
      report('note_tax', at, `${sentence}, right are ${right}`)
    }
  }
}

/** Its tax was charged by the platform, whatever the rate comes to. */
function isGiven(group: string): boolean {
  return group.startsWith('platform')
}

/** Between nothing and what is left, on whichever side of zero that is. */
function kept(value: bigint, left: bigint): bigint {
  if (left < 0n) return -kept(-value, -left)
  return value < 0n ? 0n : value > left ? left : value
}

function groupsOf({ item, lines }: InvoiceState, before: readonly LineState[]): Iterable<Group> {
  const { prices, rounding } = item.content
  const groups = new Map<string, Group>()
  lines.forEach(({ line, base, tax }, index) => {
    const isGiven = taxGiven(line) !== null
    const key = isGiven
      ? `platform line ${index}`
      : rounding === 'per_line'
        ? `line ${index}`
        : taxCode(line.tax)
    const none = { base: 0n, tax: 0n }
    const group = groups.get(key) ?? {
      of: key,
      tax: line.tax,
      whole: none,
      before: none,
      after: none,
      isMixed: false,
    }
    const whole = { base: baseOf(line, prices), tax: units(line.taxAmount) }
    groups.set(key, {
      ...group,
      whole: plusTaken(group.whole, whole),
      before: plusTaken(group.before, before[index] ?? none),
      after: plusTaken(group.after, { base, tax }),
      isMixed:
        group.isMixed ||
        isOdd(whole) ||
        (group.whole.base < 0n !== whole.base < 0n && group.whole.base !== 0n),
    })
  })
  return groups.values()
}

/** A platform may charge what no rate comes to, such as tax on a discount. */
function isOdd({ base, tax }: Taken): boolean {
  return base !== 0n && tax !== 0n && base < 0n !== tax < 0n
}

function plusTaken(left: Taken, right: Taken): Taken {
  return { base: left.base + right.base, tax: left.tax + right.tax }
}

/** Tax under reverse charge is owed and deducted by us: what notes take back of it is cumulative like any other. */
function checkSelfAssessed(
  state: InvoiceState,
  { creditNoteId, entry }: Note,
  report: Report,
): void {
  const { item, lines, assessed } = state
  if (item.direction === 'out') return
  const bases = new Map<string, { tax: Tax; base: bigint }>()
  for (const { line, base, tax } of lines) {
    if (line.tax.reverseCharge !== true) continue
    const key = `${line.tax.code} ${line.tax.ratePercent}`
    const net = item.content.prices === 'tax_excluded' ? base : base - tax
    bases.set(key, { tax: line.tax, base: (bases.get(key)?.base ?? 0n) + net })
  }
  takeSelfAssessed(state, entry, 1n)
  if (state.isDisturbed) return
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

function takeSelfAssessed({ assessed }: InvoiceState, entry: Entry, turn: bigint): void {
  for (const { account, side, amount, tax } of entry.postings) {
    if (account !== 'input-tax' || tax === undefined) continue
    add(assessed, `${tax.code} ${tax.ratePercent}`, -turn * signed(side, amount))
  }
}

/** Everything but the control account: revenue, expense and tax, with the tax's base, by code and rate. */
function touch({ item, touched }: InvoiceState, entry: Entry, turn: bigint): void {
  for (const posting of entry.postings) {
    const { account, side, tax, booksAmount } = posting
    if (account === controlAccount(item)) continue
    const code = tax === undefined ? '' : ` ${tax.code} ${tax.ratePercent}`
    const value = signedBoth(posting)
    addBoth(touched, `${account}${code}`, {
      amount: turn * value.amount,
      books: turn * value.books,
    })
    if (tax === undefined) continue
    const books =
      tax.booksBase === undefined
        ? exchanged(tax.base, '1', digitsOf(booksAmount.amount))
        : units(tax.booksBase)
    const sign = side === 'debit' ? turn : -turn
    addBoth(touched, `${account}${code} base`, {
      amount: sign * units(tax.base),
      books: sign * books,
    })
  }
}

function isCreditedInFull({ item, lines, gross }: InvoiceState): boolean {
  const { prices } = item.content
  return (
    lines.every(
      ({ line, quantity, lowered }) => !lowered && quantity === millionths(line.quantity),
    ) ||
    (gross === item.total && lines.every(({ line, base }) => base === baseOf(line, prices)))
  )
}

function checkNothingLeft(
  { item, lines, touched, gross }: InvoiceState,
  note: string,
  report: Report,
): void {
  for (const [account, { amount, books }] of touched) {
    if (amount !== 0n || books !== 0n) {
      report(
        'full_credit_leaves',
        `${item.id} ${account}`,
        `${amount} units and ${books} books units after ${note} credited the rest`,
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
