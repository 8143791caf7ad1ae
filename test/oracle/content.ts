/** The amounts of one posted document: its lines make its totals and taxes, and these make its entry (J1, J7, J33, J34). */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Tax } from '../../src/events/parts.js'
import { add, digitsOf, extension, magnitude, taxOn, units } from './arithmetic.js'
import { signed } from './sides.js'
import { baseOf, chargedRate, taxCode } from './taxed-lines.js'
import type { Report } from './report.js'

type Invoice = EventOfType<'InvoicePosted'>['data']
type Note = EventOfType<'CreditNotePosted'>['data']
type Lines = (Invoice | Note)['lines']

const REVENUE: Readonly<Record<string, string>> = {
  item: 'sales',
  shipping: 'shipping',
  handling: 'shipping',
  wrapping: 'fees-charged',
  fee: 'fees-charged',
  rounding: 'rounding',
  opening: 'opening-balances',
}
const REVENUE_ACCOUNTS = new Set([...Object.values(REVENUE), 'store-credit', 'discounts'])

/** How the books book it, as they were set when it was decided. */
export type Booking = Readonly<{
  giftCertificates: 'multi_purpose' | 'single_purpose'
  /** Of what the document takes back: as that was booked. */
  discountsApart: boolean
}>

/** What a document says in sums and in its entry must be what its lines say. */
export function checkSums(data: Invoice | Note, document: string, report: Report): void {
  const differs = (what: string, said: bigint, right: bigint): void => {
    if (said !== right)
      report('document_sums', `${document} ${what}`, `says ${said} units, its lines make ${right}`)
  }
  const taxes = new Map<string, { tax: Tax; base: bigint; amount: bigint }>()
  data.lines.forEach(({ kind, net, taxAmount, gross, tax }, index) => {
    differs(`line ${index}`, units(gross), units(net) + units(taxAmount))
    // What rounding brings is no supply, and of what was open before it was counted then: the tax summary has neither.
    if (kind === 'rounding' || kind === 'opening') return
    const row = taxes.get(taxCode(tax)) ?? { tax, base: 0n, amount: 0n }
    taxes.set(taxCode(tax), {
      tax,
      base: row.base + units(net),
      amount: row.amount + units(taxAmount),
    })
  })
  const sumOf = (figure: 'net' | 'taxAmount' | 'gross') =>
    (data.lines as Lines[number][]).reduce((sum, line) => sum + units(line[figure]), 0n)
  differs('net', units(data.totals.net), sumOf('net'))
  differs('tax', units(data.totals.tax), sumOf('taxAmount'))
  differs('gross', units(data.totals.gross), sumOf('gross'))
  if (data.taxes.length !== taxes.size) {
    report(
      'document_sums',
      `${document} taxes`,
      `has ${data.taxes.length} rows for ${taxes.size} codes`,
    )
  }
  for (const said of data.taxes) {
    const right = taxes.get(taxCode(said))
    differs(`base of ${taxCode(said)}`, units(said.base), right?.base ?? 0n)
    differs(`tax of ${taxCode(said)}`, units(said.amount), right?.amount ?? 0n)
  }
}

/** The invoice's own figures: each line's base, and the tax on it, per line or per code. */
export function checkPricing(data: Invoice | Note, document: string, report: Report): void {
  const { prices, rounding } = data
  const digits = digitsOf(data.totals.gross.amount)
  const groups = new Map<string, { tax: Tax; base: bigint; taken: bigint }>()
  data.lines.forEach((line, index) => {
    const base = baseOf(line, prices)
    const right =
      extension(line.quantity, line.unitPrice, digits) -
      (line.discount === undefined ? 0n : units(line.discount))
    if (base !== right)
      report('line_base', `${document} line ${index}`, `${base} units, right are ${right}`)
    const given = taxGiven(line)
    if (given !== null) {
      const taken = units(line.taxAmount)
      if (taken !== given)
        report(
          'invoice_tax',
          `${document} line ${index}`,
          `${taken} units, the platform charged ${given}`,
        )
      return
    }
    const key = rounding === 'per_line' ? `line ${index}` : taxCode(line.tax)
    const group = groups.get(key) ?? { tax: line.tax, base: 0n, taken: 0n }
    groups.set(key, {
      tax: line.tax,
      base: group.base + base,
      taken: group.taken + units(line.taxAmount),
    })
  })
  for (const [of, { tax, base, taken }] of groups) {
    const right = taxOn(base, chargedRate(tax), prices)
    if (taken !== right) {
      report(
        'invoice_tax',
        `${document} ${of}`,
        `${taken} units on ${base} at ${tax.ratePercent} %, right are ${right}`,
      )
    }
  }
}

function movesTogether({ prices, rounding }: Invoice | Note): boolean {
  return prices === 'tax_included' && rounding === 'global'
}

/** Revenue (or purchases) by kind and one tax posting a code, on the right side; `turn` is -1 for what takes back. */
export function checkEntry(
  data: Invoice | Note,
  document: string,
  turn: 1n | -1n,
  booking: Booking,
  report: Report,
): void {
  const out = data.direction === 'out'
  // Customer invoices credit revenue and tax; everything else follows by turning the sign.
  const sign = out ? -turn : turn
  const right = new Map<string, bigint>()
  const said = new Map<string, bigint>()
  // Where tax within the prices is rounded over several lines, a note may move a unit between two revenue accounts;
  // that a full credit leaves nothing on any of them is judged over all notes of the invoice.
  const isLinked = 'invoice' in data && data.invoice !== null
  const together = out && isLinked && (movesTogether(data) || booking.discountsApart)
  const revenueOf = (account: string) =>
    together && REVENUE_ACCOUNTS.has(account) ? 'revenue' : account
  for (const line of data.lines) {
    const account = out ? revenueAccount(line.kind, booking) : purchaseAccount(line.kind)
    const apart =
      'discountNet' in line && line.discountNet !== undefined ? units(line.discountNet) : 0n
    add(right, out ? revenueOf(account) : account, sign * (units(line.net) + apart))
    if (apart !== 0n) add(right, revenueOf('discounts'), -sign * apart)
  }
  for (const row of data.taxes) {
    if (!out && row.reverseCharge === true) continue
    const key = `${out ? 'output-tax' : 'input-tax'} ${row.code} ${row.ratePercent}`
    add(right, key, sign * units(row.amount))
    add(right, `${key} base`, sign * units(row.base))
    if (
      !data.entry.postings.some(
        ({ tax }) => tax?.code === row.code && tax.ratePercent === row.ratePercent,
      )
    ) {
      report('tax_line_missing', document, `${row.code} at ${row.ratePercent} % has no posting`)
    }
  }
  const selfAssessed = out ? [] : data.taxes.filter(({ reverseCharge }) => reverseCharge === true)
  for (const { code, ratePercent, base } of selfAssessed) {
    add(right, `input-tax ${code} ${ratePercent} base`, sign * units(base))
    add(right, `output-tax ${code} ${ratePercent} base`, -sign * units(base))
    add(right, `self-assessed ${code} ${ratePercent}`, 0n)
    if (turn === 1n) {
      // Of a note it is cumulative, and judged over all notes of the bill.
      add(right, `deducted ${code} ${ratePercent}`, taxOn(units(base), ratePercent, 'tax_excluded'))
    }
  }
  const assessed = new Set(selfAssessed.map(({ code, ratePercent }) => `${code} ${ratePercent}`))
  const control = out ? 'receivable' : 'payable'
  for (const { account, side, amount, tax } of data.entry.postings) {
    if (account === control) continue
    const code = tax === undefined ? '' : `${tax.code} ${tax.ratePercent}`
    if (tax !== undefined) add(said, `${account} ${code} base`, signed(side, tax.base))
    if (assessed.has(code) && turn === 1n && account === 'input-tax') {
      add(said, `deducted ${code}`, signed(side, amount))
    }
    if (assessed.has(code)) add(said, `self-assessed ${code}`, signed(side, amount))
    else
      add(said, tax === undefined ? revenueOf(account) : `${account} ${code}`, signed(side, amount))
  }
  for (const key of new Set([...right.keys(), ...said.keys()])) {
    const [is, must] = [said.get(key) ?? 0n, right.get(key) ?? 0n]
    if (is !== must)
      report('entry_content', `${document} ${key}`, `posts ${is} units, its lines make ${must}`)
  }
}

function revenueAccount(kind: string, { giftCertificates }: Booking): string {
  if (kind === 'gift_certificate')
    return giftCertificates === 'multi_purpose' ? 'store-credit' : 'sales'
  return REVENUE[kind] ?? kind
}

function purchaseAccount(kind: string): string {
  return kind === 'rounding' || kind === 'opening' ? (REVENUE[kind] ?? kind) : 'purchases'
}

/** What the platform charged counts as it came; under reverse charge nothing is charged (L19). */
export function taxGiven({ platformTax, tax }: Lines[number]): bigint | null {
  return platformTax === undefined || tax.reverseCharge === true ? null : units(platformTax)
}

/** Discounts stand apart exactly where the books say so, with the tax that is in them taken out (J2). */
export function checkDiscounts(
  { invoiceId, direction, lines, prices }: Invoice,
  discounts: 'net' | 'gross',
  report: Report,
): void {
  lines.forEach(({ kind, discount, discountNet, tax }, index) => {
    const given = discount === undefined || direction === 'in' ? 0n : units(discount)
    const apart = discountNet === undefined ? 0n : units(discountNet)
    const right =
      discounts === 'net' || kind === 'gift_certificate'
        ? 0n
        : prices === 'tax_excluded'
          ? given
          : given - taxOn(given, chargedRate(tax), prices)
    // The tax within is that of the list price less that of what is asked: it may be a unit off.
    const unitsMax = prices === 'tax_excluded' || discounts === 'net' ? 0n : 1n
    if (magnitude(apart - right) > unitsMax) {
      report('discount_apart', `${invoiceId} line ${index}`, `${apart} units, right are ${right}`)
    }
  })
}
