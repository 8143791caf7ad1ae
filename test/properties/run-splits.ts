/** Random invoices, each credited in random pieces until nothing is left: by quantity, at a lower price, by amount. */
import {
  type CreditedDocument,
  type CreditedInvoice,
  creditedNets,
  type CreditingRefusal,
  creditLines,
  grossLeft,
  type LineRequest,
  nothingCredited,
  withCredited,
} from '../../src/aggregates/crediting.js'
import { creditAmount } from '../../src/aggregates/crediting-by-amount.js'
import { priceDocument, type PricedDocument } from '../../src/aggregates/pricing.js'
import type { Money } from '../../src/money/money.js'
import {
  add,
  inDigits,
  magnitude,
  millionths,
  rounded,
  taxOn,
  units,
} from '../oracle/arithmetic.js'
import { canonical, DIGITS, type InvoiceToCredit, randomInvoice } from './random-invoices.js'
import { createRandom, type Random } from './random.js'
import { type Asked, createSplitAccount } from './split-account.js'

export type SplitTally = Readonly<{
  sets: number
  notes: number
  /** What happened how often: kinds of notes, of invoices, of endings, and refusals. */
  counts: ReadonlyMap<string, bigint>
  violations: readonly string[]
}>

const NOTES_MAX = 6
/** Many small amounts, each rounded, take the tax far from the rounded one. */
const DROPS_MAX = 20
const VIOLATIONS_MAX = 20

export function runSplits(options: Readonly<{ seed: number; count: number }>): SplitTally {
  const random = createRandom(options.seed)
  const counts = new Map<string, bigint>()
  const violations: string[] = []
  let [sets, notes] = [0, 0]
  for (let attempt = 0; sets < options.count && violations.length < VIOLATIONS_MAX; attempt += 1) {
    const ofSet = random.branch(attempt)
    const drop = ofSet.chance(0.2) ? BigInt(ofSet.whole(1, 12)) : null
    const asked = randomInvoice(ofSet, drop !== null)
    const invoice = priceDocument(asked.lines, asked.terms)
    // An invoice of nothing, or of less, is never posted.
    if (units(invoice.totals.gross) <= 0n) continue
    sets += 1
    const split = splitOf(asked, invoice, counts)
    notes += split.credit(ofSet, drop)
    for (const violation of split.violations()) violations.push(`set ${attempt}: ${violation}`)
  }
  return { sets, notes, counts, violations }
}

function splitOf(asked: InvoiceToCredit, invoice: PricedDocument, counts: Map<string, bigint>) {
  const { terms } = asked
  const digits = DIGITS[terms.currency] ?? 2
  const account = createSplitAccount(asked, invoice)
  const wrong: string[] = []
  let credited = nothingCredited(invoice.lines, terms.currency)
  let notes = 0
  const now = (): CreditedInvoice => ({ lines: invoice.lines, credited, terms })
  const count = (what: string, times = 1) => add(counts, what, BigInt(times))
  const inCurrency = (amount: bigint): Money => ({
    amount: inDigits(amount, digits),
    currency: terms.currency,
  })

  /** The note, unless the invoice has not so much left in all, or would be left with lines that nobody can credit. */
  function tryNote(request: Asked, kind: string): boolean {
    const document = asNote(request)
    if ('code' in document) {
      const expected = 'requests' in request ? account.refusalOf(request.requests) : null
      if (expected !== document.code)
        wrong.push(`refused ${document.code}, not ${expected ?? 'accepted'}`)
      count(document.code)
      return false
    }
    const gross = units(document.totals.gross)
    if (gross <= 0n || gross > account.grossLeft()) return false
    const next = withCredited(credited, document.lines, terms.prices)
    if (isDeadEnd(next)) {
      count('dead end')
      return false
    }
    account.post(document, request, creditedNets(now(), document.lines))
    credited = next
    notes += 1
    count(kind)
    if (isOddAmount(document, request)) count('no net plus its rounded tax')
    const left = units(grossLeft(now()))
    if (left !== account.grossLeft()) wrong.push(`${left} left, not ${account.grossLeft()}`)
    return true
  }

  function asNote(request: Asked): CreditedDocument | CreditingRefusal {
    return 'amount' in request
      ? creditAmount(inCurrency(request.amount), now())
      : creditLines(request.requests, now())
  }

  /** Lines that add up to nothing, such as 10 and -10: no note of theirs has an amount. */
  function isDeadEnd(next: CreditedInvoice['credited']): boolean {
    if (units(grossLeft({ ...now(), credited: next })) > 0n) return false
    return invoice.lines.some((line, index) => {
      const base = next[index]?.base
      const whole = terms.prices === 'tax_excluded' ? line.net : line.gross
      return base?.amount !== whole.amount
    })
  }

  function isOddAmount({ lines, taxes }: CreditedDocument, request: Asked): boolean {
    const [tax] = taxes
    if (!('amount' in request) || tax === undefined || taxes.length > 1 || lines.length > 1)
      return false
    const rate = tax.reverseCharge === true ? '0' : tax.ratePercent
    return taxOn(units(tax.base), rate, 'tax_excluded') !== units(tax.amount)
  }

  function byAmount(random: Random, drop: bigint | null): void {
    const left = account.grossLeft()
    const amount = random.pick([
      ...(drop !== null && drop < left ? Array<bigint>(50).fill(drop) : []),
      1n,
      left - 1n,
      left / 2n,
      left / 3n,
      (left * BigInt(random.whole(1, 99))) / 100n,
      (left * BigInt(random.whole(1, 99))) / 1000n,
    ])
    if (amount > 0n) tryNote({ amount }, 'by amount')
  }

  function byQuantity(random: Random, lowered: boolean): void {
    const requests = invoice.lines.flatMap((_, index) => {
      if (random.chance(0.5)) return []
      const request = randomRequest(random, index, lowered)
      // A line may be asked for twice; sometimes that is more than it has.
      return random.chance(0.03) ? [...request, ...request] : request
    })
    if (requests.length > 0) tryNote({ requests }, lowered ? 'at a lower price' : 'by quantity')
  }

  function randomRequest(random: Random, invoiceLine: number, lowered: boolean): LineRequest[] {
    const line = invoice.lines[invoiceLine]
    const left = account.quantityLeft(invoiceLine)
    const crumb = random.chance(0.5) ? (left < 0n ? -1n : 1n) : left / BigInt(random.whole(20, 400))
    const part = random.pick([
      left,
      left,
      left / 2n,
      left / 3n,
      whole(left / 2n),
      crumb,
      crumb,
      crumb,
    ])
    if (line === undefined || left === 0n || part === 0n) return []
    const quantity = canonical(inDigits(part, 6))
    if (!lowered || random.chance(0.3)) return [{ invoiceLine, quantity }]
    const percent = BigInt(random.chance(0.15) ? random.whole(-40, 120) : random.whole(0, 100))
    const price = rounded(millionths(line.unitPrice) * percent, 100n)
    return [{ invoiceLine, quantity, unitPrice: canonical(inDigits(price, 6)) }]
  }

  function allQuantities(): boolean {
    const requests = invoice.lines.flatMap((_, invoiceLine) => {
      const left = account.quantityLeft(invoiceLine)
      return left === 0n ? [] : [{ invoiceLine, quantity: canonical(inDigits(left, 6)) }]
    })
    return requests.length > 0 && tryNote({ requests }, 'all quantities')
  }

  function refuseTooMuch(): void {
    const left = account.grossLeft()
    for (const amount of [0n, -1n, left + 1n]) {
      const requested = inCurrency(amount)
      const right =
        amount > 0n
          ? { code: 'credit_exceeds_invoice', left: inCurrency(left), requested }
          : { code: 'credit_amount_not_positive', requested }
      const answer = creditAmount(requested, now())
      if (JSON.stringify(answer) !== JSON.stringify(right)) wrong.push(JSON.stringify(answer))
    }
  }

  function credit(random: Random, drop: bigint | null): number {
    const kinds = random.pick(['all', 'all', 'quantities', 'quantities and prices', 'amounts'])
    const amounts = drop === null ? { all: 0.4, amounts: 1 }[kinds] : 0.7
    const wanted = random.whole(0, drop === null ? NOTES_MAX : DROPS_MAX)
    for (let note = 1; note <= wanted && account.grossLeft() > 0n; note += 1) {
      if (random.chance(amounts ?? 0)) byAmount(random, drop)
      else byQuantity(random, kinds !== 'quantities' && random.chance(0.3))
      if (random.chance(0.02)) refuseTooMuch()
    }
    if (random.chance(0.5)) allQuantities()
    const left = account.grossLeft()
    if (left > 0n) tryNote({ amount: left }, 'all that is left by amount')
    account.checkNothingLeft()
    refuseTooMuch()
    count('invoices with discount lines', invoice.lines.some(isNegative) ? 1 : 0)
    count(`${terms.rounding} ${terms.prices} ${terms.currency}`)
    count('tax kept within what is left', account.limited())
    return notes
  }

  return { credit, violations: () => [...wrong, ...account.violations] }
}

function isNegative({ gross }: Readonly<{ gross: Money }>): boolean {
  return units(gross) < 0n
}

/** In millionths: `2.25` → `2`, but never nothing of something. */
function whole(quantity: bigint): bigint {
  const million = 1_000_000n
  return magnitude(quantity) < million ? quantity : (quantity / million) * million
}
