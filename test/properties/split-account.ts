/**
 * An account of its own of what notes took of one invoice, in whole units, which knows the rules of L5, L6 and L14 and
 * nothing of the product's arithmetic. Every note that the product makes is entered here and judged by them.
 */
import type { CreditedDocument, LineRequest } from '../../src/aggregates/crediting.js'
import type { PricedDocument } from '../../src/aggregates/pricing.js'
import type { CreditLine, PricedLine, TaxTotal } from '../../src/events/parts.js'
import type { Money } from '../../src/money/money.js'
import {
  add,
  extension,
  inDigits,
  isWithin,
  magnitude,
  millionths,
  rounded,
  taxOn,
  units,
} from '../oracle/arithmetic.js'
import { canonical, DIGITS, type InvoiceToCredit } from './random-invoices.js'

export type Asked = Readonly<{ amount: bigint } | { requests: readonly LineRequest[] }>
type Piece = Readonly<{ invoiceLine: number; base: bigint }>
type LineState = {
  readonly line: PricedLine
  readonly whole: bigint
  readonly group: Group
  quantity: bigint
  base: bigint
  net: bigint
}
type Group = {
  readonly ratePercent: string
  readonly whole: bigint
  readonly lines: LineState[]
  tax: bigint
  taken: bigint
}

export function createSplitAccount({ terms, lines }: InvoiceToCredit, invoice: PricedDocument) {
  const digits = DIGITS[terms.currency] ?? 2
  const { prices, rounding } = terms
  const groups = new Map<string, Group>()
  const violations: string[] = []
  const taken = new Map<string, bigint>()
  let byAmountBefore = false
  let limited = 0

  const states = invoice.lines.map((line, index): LineState => {
    const { code, ratePercent, reverseCharge } = line.tax
    const key = rounding === 'per_line' ? `${index}` : codeOf(line.tax)
    const group = groups.get(key) ?? {
      ratePercent: reverseCharge === true ? '0' : ratePercent,
      whole: 0n,
      lines: [],
      tax: 0n,
      taken: 0n,
    }
    const asked = lines[index] ?? line
    const whole =
      extension(asked.quantity, asked.unitPrice, digits) -
      (asked.discount === undefined ? 0n : units(asked.discount))
    groups.set(key, group)
    const state = { line, whole, group, quantity: 0n, base: 0n, net: 0n }
    group.lines.push(state)
    check(whole === units(prices === 'tax_excluded' ? line.net : line.gross), 'priced', code)
    return state
  })
  for (const group of groups.values()) {
    group.tax = taxOn(wholeOf(group), group.ratePercent, prices)
  }

  function check(isRight: boolean, rule: string, ...details: unknown[]): void {
    if (!isRight) violations.push(`${rule}: ${details.map(asText).join(' ')}`)
  }

  const baseLeft = ({ whole, base }: LineState) => whole - base
  const groupBaseLeft = (group: Group) => total(group.lines.map(baseLeft))
  const groupLeft = (group: Group) =>
    groupBaseLeft(group) + (prices === 'tax_excluded' ? group.tax - group.taken : 0n)
  const grossLeft = () => total([...groups.values()].map(groupLeft))
  const isTaken = () =>
    states.every((state) => baseLeft(state) === 0n) &&
    [...groups.values()].every(({ tax, taken: soFar }) => tax === soFar)

  /** Bases that a request must come to, or the rule it breaks. */
  function expectedBases(requests: readonly LineRequest[]): Piece[] | string {
    const progress = states.map(({ quantity, base }) => ({ quantity, base }))
    const pieces: Piece[] = []
    for (const { invoiceLine, quantity, unitPrice } of requests) {
      const [state, before] = [states[invoiceLine], progress[invoiceLine]]
      if (state === undefined || before === undefined) return 'invoice_line_not_found'
      const { line, whole } = state
      const piece = millionths(quantity)
      const after = before.quantity + piece
      if (!isWithin(after, millionths(line.quantity))) return 'credit_quantity_exceeds_invoice_line'
      const upTo = (part: bigint) => proportion(whole, part, millionths(line.quantity))
      const sold = upTo(after) - upTo(before.quantity)
      const left = whole - before.base
      let base = isWithin(sold, left) ? sold : left
      if (unitPrice !== undefined && unitPrice !== line.unitPrice) {
        const requested = extension(quantity, unitPrice, digits)
        if (isOpposite(requested, whole)) return 'credit_price_opposite'
        if (isOpposite(millionths(unitPrice), millionths(line.unitPrice))) {
          return 'credit_price_opposite'
        }
        if (magnitude(requested) > magnitude(base)) return 'credit_amount_exceeds_invoice_line'
        base = requested
      }
      progress[invoiceLine] = { quantity: after, base: before.base + base }
      pieces.push({ invoiceLine, base })
    }
    return pieces
  }

  function post(note: CreditedDocument, asked: Asked, nets: readonly Money[]): void {
    checkSums(note)
    const before = grossLeft()
    if ('amount' in asked) checkAmount(note, asked.amount)
    else checkQuantities(note, asked.requests)
    for (const line of note.lines) take(line)
    for (const { tax, taken: soFar, ...group } of groups.values()) {
      const left = groupBaseLeft({ tax, taken: soFar, ...group })
      check(
        tax === soFar || (left !== 0n && tax - soFar < 0n === left < 0n) || isSteep(group),
        'tax left of another sign than its base',
        `${tax - soFar} of ${left}`,
      )
    }
    if ('amount' in asked) byAmountBefore = true
    check(before - grossLeft() === units(note.totals.gross), 'left', `${before} to ${grossLeft()}`)
    check(grossLeft() >= 0n, 'credited beyond the invoice', `${grossLeft()}`)
    for (const row of note.taxes) addRow(taken, row, 1n)
    check(total(nets.map(units)) === units(note.totals.net), 'nets', note.totals.net.amount)
    states.forEach((state, index) => {
      const net = nets[index]
      if (net !== undefined) state.net += units(net)
    })
  }

  function checkSums({ lines: own, taxes, totals }: CreditedDocument): void {
    const { net, tax, gross } = totals
    check(units(gross) > 0n, 'a note of nothing', gross.amount)
    check(units(net) + units(tax) === units(gross), 'net and tax', gross.amount)
    for (const figure of ['net', 'taxAmount', 'gross'] as const) {
      const sum = total(own.map((line) => units(line[figure])))
      const of = { net, taxAmount: tax, gross }[figure]
      check(sum === units(of), 'lines', `${figure} ${sum} of ${of.amount}`)
    }
    const rows = new Map<string, bigint>()
    for (const line of own)
      addRow(rows, { ...line.tax, base: line.net, amount: line.taxAmount }, 1n)
    for (const row of taxes) addRow(rows, row, -1n)
    check(
      [...rows.values()].every((value) => value === 0n),
      'tax rows',
      gross.amount,
    )
    for (const line of own) {
      check(units(line.net) + units(line.taxAmount) === units(line.gross), 'line', line.net.amount)
    }
    if (states.some(({ whole }) => whole < 0n)) return
    const amounts = [...own.flatMap((line) => [line.net, line.taxAmount, line.gross]), net, tax]
    check(
      amounts.every((amount) => units(amount) >= 0n),
      'negative',
      amounts,
    )
  }

  /** L14 from its words: proportion to what is left, largest remainder, tax in the share's proportion, net the rest. */
  function checkAmount(note: CreditedDocument, amount: bigint): void {
    check(units(note.totals.gross) === amount, 'gross', `${note.totals.gross.amount} of ${amount}`)
    const all = [...groups.values()]
    const takesAll = amount === grossLeft()
    const shares = parts(amount, all.map(groupLeft))
    all.forEach((group, place) => {
      const share = shares[place] ?? 0n
      const [gross, left] = [groupLeft(group), group.tax - group.taken]
      const tax = takesAll ? left : gross === 0n ? 0n : proportion(left, share, gross)
      const base = prices === 'tax_excluded' ? share - tax : share
      const weights = group.lines.map(baseLeft)
      const bases = takesAll ? weights : total(weights) === 0n ? [] : parts(base, weights)
      const own = group.lines.map((state) => lineOf(note, state))
      const got = total(own.map((line) => (line === undefined ? 0n : units(line.taxAmount))))
      check(got === tax, 'tax of an amount', `${got}, not ${tax} of ${share} of ${gross}`)
      own.forEach((line, index) => {
        const [right, is] = [bases[index] ?? 0n, line === undefined ? 0n : baseOf(line)]
        check(is === right, 'base of an amount', `${is}, not ${right} of ${base}`)
      })
    })
    for (const line of note.lines) {
      const price = canonical(inDigits(baseOf(line), digits))
      const isShown = line.quantity === '1' && line.unitPrice === price && !('discount' in line)
      check(isShown && line.byAmount === true, 'shown by amount', line)
      check(baseOf(line) !== 0n || units(line.taxAmount) !== 0n, 'a line of nothing', price)
    }
  }

  /** Bases as asked, within what is left; L6's tax to the unit but where notes by amount left less, or more. */
  function checkQuantities(note: CreditedDocument, requests: readonly LineRequest[]): void {
    const expected = expectedBases(requests)
    if (typeof expected === 'string') {
      check(false, 'refused', expected)
      return
    }
    const bases = note.lines.map(baseOf)
    const right = expected.map(({ base }) => base)
    check(bases.join() === right.join(), 'bases', `${bases.join()}, not ${right.join()}`)
    for (const group of groups.values()) {
      const own = note.lines.filter(({ invoiceLine = -1 }) => states[invoiceLine]?.group === group)
      if (own.length === 0) continue
      const base = total(own.map(baseOf))
      const tax = total(own.map((line) => units(line.taxAmount)))
      const cumulative = taxOn(creditedOf(group) + base, group.ratePercent, prices) - group.taken
      const kept = byAmountBefore ? within(cumulative, base, group) : cumulative
      if (kept !== cumulative) limited += 1
      check(tax === kept, 'tax of quantities', `${tax}, not ${kept} (${cumulative}) on ${base}`)
    }
  }

  /** L6's tax, kept within what is left and within what it is charged on. */
  function within(cumulative: bigint, base: bigint, group: Group): bigint {
    const [taxLeft, baseAfter] = [group.tax - group.taken, groupBaseLeft(group) - base]
    if (baseAfter === 0n) return taxLeft
    const sign = base < 0n ? -1n : 1n
    let kept = cumulative * sign < 0n ? 0n : cumulative
    if (prices === 'tax_included' && !isWithin(kept, base)) kept = base
    const isBeyond = baseAfter > 0n ? kept > taxLeft : kept < taxLeft
    return isBeyond ? taxLeft : kept
  }

  function take(line: CreditLine): void {
    const state = states[line.invoiceLine ?? -1]
    if (state === undefined) {
      check(false, 'line', `names ${line.invoiceLine ?? 'none'}`)
      return
    }
    if (line.byAmount !== true) state.quantity += millionths(line.quantity)
    state.base += baseOf(line)
    state.group.taken += units(line.taxAmount)
    check(isWithin(state.base, state.whole), 'beyond the line', `${state.base} of ${state.whole}`)
    check(isWithin(state.quantity, millionths(state.line.quantity)), 'quantity', line.quantity)
  }

  /** Everything was credited: to the last unit, by tax code and rate and by line. */
  function checkNothingLeft(): void {
    check(isTaken(), 'left at the end', `${grossLeft()}`)
    const left = new Map(taken)
    for (const row of invoice.taxes) addRow(left, row, -1n)
    check(
      [...left.values()].every((value) => value === 0n),
      'tax by code',
      ...taken.keys(),
    )
    states.forEach(({ net, line }, index) => {
      check(net === units(line.net), 'net of a line', `${index}: ${net} of ${line.net.amount}`)
    })
  }

  function baseOf(line: Pick<CreditLine, 'net' | 'gross'>): bigint {
    return units(prices === 'tax_excluded' ? line.net : line.gross)
  }

  function lineOf(note: CreditedDocument, state: LineState): CreditLine | undefined {
    return note.lines.find(({ invoiceLine }) => invoiceLine === states.indexOf(state))
  }

  return {
    violations,
    grossLeft,
    refusalOf: (requests: readonly LineRequest[]): string | null => {
      const expected = expectedBases(requests)
      return typeof expected === 'string' ? expected : null
    },
    post,
    checkNothingLeft,
    quantityLeft: (index: number) => {
      const state = states[index]
      return state === undefined ? 0n : millionths(state.line.quantity) - state.quantity
    },
    limited: () => limited,
  }
}

function asText(value: unknown): string {
  return typeof value === 'bigint' ? `${value}` : JSON.stringify(value)
}

function isOpposite(asked: bigint, invoiced: bigint): boolean {
  return asked !== 0n && asked < 0n !== invoiced < 0n
}

function wholeOf({ lines }: Group): bigint {
  return total(lines.map(({ whole }) => whole))
}

function creditedOf({ lines }: Group): bigint {
  return total(lines.map(({ base }) => base))
}

/** Above 100 % the last unit of a tax may outlive its net. */
function isSteep({ ratePercent }: Pick<Group, 'ratePercent'>): boolean {
  return millionths(ratePercent) > 100_000_000n
}

function codeOf({ code, ratePercent, reverseCharge }: PricedLine['tax']): string {
  return `${code} ${ratePercent} ${reverseCharge === true ? 'reverse charge' : ''}`
}

function addRow(rows: Map<string, bigint>, row: TaxTotal, sign: bigint): void {
  add(rows, `${codeOf(row)} base`, sign * units(row.base))
  add(rows, `${codeOf(row)} amount`, sign * units(row.amount))
}

/** Whole units in proportion to the weights: rounded down, and what is missing to the largest remainders. */
function parts(amount: bigint, weights: readonly bigint[]): bigint[] {
  const sum = total(weights)
  const sign = sum < 0n ? -1n : 1n
  const exact = weights.map((weight) => amount * weight * sign)
  const floors = exact.map((part) => floor(part, sum * sign))
  const remainders = exact.map((part, index) => part - (floors[index] ?? 0n) * sum * sign)
  const missing = amount - total(floors)
  const first = weights
    .map((_, index) => index)
    .sort((a, b) => Number((remainders[b] ?? 0n) - (remainders[a] ?? 0n)) || a - b)
    .slice(0, Number(missing))
  return floors.map((part, index) => part + (first.includes(index) ? 1n : 0n))
}

function floor(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}

function proportion(whole: bigint, part: bigint, of: bigint): bigint {
  return of < 0n ? rounded(-whole * part, -of) : rounded(whole * part, of)
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n)
}
