/** What has a remaining credit: credit notes, prepayments and overpayments (L12). */
import type { CreditNoteContent } from '../events/credit-note-events.js'
import type { Direction, Entry } from '../events/parts.js'
import type { CreditKind } from '../events/payment-events.js'
import { equals, minus, type Money, plus, proportion, zero } from '../money/money.js'
import { type Amounts, booksPart, creditOf, minusBoth, nothing, plusBoth } from './amounts.js'

/** How much of a credit was used, and how. Everything is counted in the currency of the document. */
type CreditUse = Readonly<{
  /** Settled its own invoice; it cannot be released again (J8). */
  settled: Money
  refunded: Money
  /** Settled other invoices (J10, J11), those of other folios included. */
  allocated: Money
  /** Reserved for an invoice of another folio, which has not answered yet: drawn like what is used (L7, L12). */
  reserved: Money
  /** Waits for approval: drawn too (N6). */
  waiting: Money
  /** Asked for at its store, under way or unknown: drawn too (B4). */
  underWay: Money
  /** What its postings come to in books currency, less what is reserved for other folios (J40). */
  booksOpen: Money
}>

export type PostedContent<Content extends { exchangeRate: string | null }> = Omit<
  Content,
  'exchangeRate'
> &
  Readonly<{ exchangeRate: string }>

export type CreditNote = Readonly<
  | { status: 'draft'; content: CreditNoteContent }
  | { status: 'discarded'; creditNoteId: string }
  | ({
      status: 'posted' | 'voided'
      content: PostedContent<CreditNoteContent>
      number: string
      /** The day it counts for: none of its refunds is dated before. */
      postingDate: string
      entry: Entry
      /** How many notes were posted in the folio before it. */
      postedAfter: number
      /** The entries by which it settled its own invoice: voiding it takes them back too (J41). */
      settlements: readonly Entry[]
    } & CreditUse)
>

export type PostedCreditNote = Extract<CreditNote, { status: 'posted' | 'voided' }>

/** Money that came before an invoice asked for it, or beyond what one asked (L4, L13). Made by a payment alone. */
export type Advance = Readonly<
  {
    kind: Extract<CreditKind, 'prepayment' | 'overpayment'>
    documentId: string
    /** The payment it came with; `null`: it was there when the books were taken over. */
    paymentId: string | null
    number: string
    direction: Direction
    party: string | null
    /** The day the money moved: nothing is done with it before. */
    date: string
    amount: Money
    online: Readonly<{ gateway: string; transaction: string }> | null
    /** Tax that was due when it came (J12), and what of it is still with it. */
    tax: null | Readonly<{ code: string; ratePercent: string; left: Amounts }>
    reversed: boolean
  } & CreditUse
>

export type Credit = PostedCreditNote | Advance

export function postedCreditNote(
  content: PostedContent<CreditNoteContent>,
  { entry, postedAfter }: Readonly<{ entry: Entry; postedAfter: number }>,
): PostedCreditNote {
  const { number, postingDate } = entry
  const used = unused(
    content.totals.gross,
    creditOf(entry, content.creditNoteId),
    content.direction,
  )
  const posted = { content, number, postingDate, entry, postedAfter, settlements: [] }
  return { status: 'posted', ...posted, ...used }
}

/** Nothing is used of a credit that its first entry opened. */
export function unused(total: Money, opened: Amounts | null, direction: Direction): CreditUse {
  const { booksAmount } = opened ?? nothing(total.currency, total.currency)
  const none = zero(total.currency)
  return {
    settled: none,
    refunded: none,
    allocated: none,
    reserved: none,
    waiting: none,
    underWay: none,
    // What we owe a customer stands on the credit side, what a supplier owes us on the debit side.
    booksOpen: direction === 'out' ? booksAmount : minus(zero(booksAmount.currency), booksAmount),
  }
}

export function totalOf(credit: Credit): Money {
  return 'content' in credit ? credit.content.totals.gross : credit.amount
}

/** The sum of its postings (L8): what is left of it, reserved or not. */
export function remainingCredit(credit: Credit): Money {
  if ('content' in credit ? credit.status === 'voided' : credit.reversed) {
    return zero(totalOf(credit).currency)
  }
  const { settled, refunded, allocated } = credit
  return minus(minus(minus(totalOf(credit), settled), refunded), allocated)
}

/** What is left to refund or to allocate: one figure that every way of giving back draws on (L12). */
export function availableCredit(credit: Credit): Money {
  const { reserved, waiting, underWay } = credit
  return [reserved, waiting, underWay].reduce(minus, remainingCredit(credit))
}

/** What a further use of it takes its part of, in both currencies: all that is not reserved for another folio. */
function openCredit(credit: Credit): Amounts {
  return {
    amount: minus(remainingCredit(credit), credit.reserved),
    booksAmount: credit.booksOpen,
  }
}

/** A part of a credit as it leaves it: in both currencies, and what of it is tax that was due before (J12). */
export type CreditPart = Amounts & Readonly<{ tax: Amounts | null }>
type TaxPart = Amounts & Readonly<{ code: string; ratePercent: string }>

export function partOfCredit(
  credit: Credit,
  amount: Money,
): Amounts & Readonly<{ tax: TaxPart | null }> {
  const open = openCredit(credit)
  const booksAmount = booksPart(open, amount)
  if ('content' in credit || credit.tax === null) return { amount, booksAmount, tax: null }
  const { code, ratePercent, left } = credit.tax
  const tax = equals(open.amount, amount)
    ? left.amount
    : proportion(left.amount, amount.amount, open.amount.amount)
  const part = { amount: tax, booksAmount: booksPart(left, tax) }
  return { amount, booksAmount, tax: { code, ratePercent, ...part } }
}

type Use = 'settled' | 'refunded' | 'allocated' | 'reserved'

/** After a part of it was used. */
export function withUse<Used extends Credit>(credit: Used, use: Use, part: CreditPart): Used {
  const used = {
    ...credit,
    [use]: plus(credit[use], part.amount),
    booksOpen: minus(credit.booksOpen, part.booksAmount),
  }
  return withTaxLeft(used, part.tax, minusBoth)
}

/** After a part of it came back. */
export function withoutUse<Used extends Credit>(credit: Used, use: Use, part: CreditPart): Used {
  const back = {
    ...credit,
    [use]: minus(credit[use], part.amount),
    booksOpen: plus(credit.booksOpen, part.booksAmount),
  }
  return withTaxLeft(back, part.tax, plusBoth)
}

function withTaxLeft<Used extends Credit>(
  credit: Used,
  tax: Amounts | null,
  move: typeof plusBoth,
): Used {
  if (tax === null || 'content' in credit || credit.tax === null) return credit
  return { ...credit, tax: { ...credit.tax, left: move(credit.tax.left, tax) } }
}
