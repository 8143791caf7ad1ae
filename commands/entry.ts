/** Journal entries as decisions write them: balanced, positive, with both amounts (L8). */
import type { Entry, LineKind, Posting, TaxTotal } from '../src/events/parts.js'
import { isNegative, isZero, type Money, negate, plus, zero } from '../src/money/money.js'

/** An entry does not balance: the decision that made it is broken. */
export class UnbalancedEntry extends Error {
  constructor(entry: Entry, difference: Money) {
    super(`Entry ${entry.number} is out of balance by ${difference.amount} ${difference.currency}`)
    this.name = 'UnbalancedEntry'
  }
}

type Side = Posting['side']
/** `booksAmount`: in the currency of the books, where that is another one than the amount's (L8). */
type Detail = Partial<Pick<Posting, 'document' | 'tax' | 'booksAmount'>>

export function debit(account: string, amount: Money, detail: Detail = {}): Posting {
  return posting('debit', account, amount, detail)
}

export function credit(account: string, amount: Money, detail: Detail = {}): Posting {
  return posting('credit', account, amount, detail)
}

/** One posting a tax code, with its base, also where the tax is 0 (J1, J3). */
export function taxPostings(side: Side, account: string, taxes: readonly TaxTotal[]): Posting[] {
  return taxes.map(({ code, ratePercent, base, amount }) =>
    posting(side, account, amount, { tax: { code, ratePercent, base } }),
  )
}

/** The buyer's own tax under reverse charge: owed and deducted at once, the same amount twice (J33). */
export function selfAssessed(side: Side, tax: TaxTotal, amount: Money): Posting[] {
  const detail = { tax: { code: tax.code, ratePercent: tax.ratePercent, base: tax.base } }
  return [
    posting(side, 'input-tax', amount, detail),
    posting(side === 'debit' ? 'credit' : 'debit', 'output-tax', amount, detail),
  ]
}

/** The same amounts on the other sides: it takes an entry back. */
export function opposite(postings: readonly Posting[]): Posting[] {
  return postings.map((line) => ({
    ...line,
    side: line.side === 'debit' ? ('credit' as const) : ('debit' as const),
  }))
}

/** Checks that debits equal credits and leaves out postings of nothing; tax postings stay, for their base. */
export function entryOf(entry: Entry): Entry {
  const postings = entry.postings.filter(
    ({ amount, booksAmount, tax }) => tax !== undefined || !isZero(amount) || !isZero(booksAmount),
  )
  for (const figure of ['amount', 'booksAmount'] as const) {
    const difference = postings.reduce<Money | null>((total, line) => {
      const signed = line.side === 'debit' ? line[figure] : negate(line[figure])
      return plus(total ?? zero(signed.currency), signed)
    }, null)
    if (difference !== null && !isZero(difference)) throw new UnbalancedEntry(entry, difference)
  }
  return { ...entry, postings }
}

/** The revenue account of a customer's line by its kind (J1). */
export const REVENUE_ACCOUNTS: Readonly<Record<LineKind, string>> = {
  item: 'sales',
  shipping: 'shipping',
  handling: 'shipping',
  wrapping: 'fees-charged',
  fee: 'fees-charged',
  gift_certificate: 'store-credit',
  rounding: 'rounding',
  opening: 'opening-balances',
}

/** A negative amount stands on the other side, positive: a discount line debits Sales. */
function posting(
  side: Side,
  account: string,
  amount: Money,
  { document, tax, booksAmount = amount }: Detail,
): Posting {
  const turned = isNegative(amount) || (isZero(amount) && isNegative(booksAmount))
  const value = turned ? negate(amount) : amount
  return {
    account,
    side: turned ? (side === 'debit' ? 'credit' : 'debit') : side,
    amount: value,
    booksAmount: turned ? negate(booksAmount) : booksAmount,
    ...(document === undefined ? {} : { document }),
    ...(tax === undefined ? {} : { tax: { ...tax, base: turned ? negate(tax.base) : tax.base } }),
  }
}
