/** R4: base and tax by month, code and rate, off the postings that carry a tax (J1, J3, J7, J12, J33). */
import type { Posting } from '../src/events/parts.js'
import { type Money, negate, zero } from '../src/money/money.js'
import { taxSummaryTable, type TaxSummaryRow } from '../src/read-model/schema.js'
import { added } from './documents.js'
import { onEntries, type PostingEvent } from './entries.js'
import { projection } from './projection.js'

type Key = Pick<TaxSummaryRow, 'books' | 'period' | 'kind' | 'code' | 'ratePercent' | 'currency'>
type Tax = NonNullable<Posting['tax']>
type TaxPosting = Posting & Readonly<{ tax: Tax }>

const posted = {
  rows: (event: PostingEvent): readonly Key[] => {
    const keys = taxPostings(event).map((posting) => keyOf(event, posting))
    return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()]
  },
  fold: (row: TaxSummaryRow | undefined, event: PostingEvent, key: Key): TaxSummaryRow => {
    const id = JSON.stringify(key)
    return taxPostings(event)
      .filter((posting) => JSON.stringify(keyOf(event, posting)) === id)
      .reduce<TaxSummaryRow>(
        (summed, posting) => withTax(summed, posting),
        row ?? nothing(key, event),
      )
  },
}

export const taxSummary = projection({
  name: 'tax_summary',
  version: 1,
  table: taxSummaryTable,
  on: onEntries(posted),
})

function taxPostings({ data: { entry } }: PostingEvent): readonly TaxPosting[] {
  return entry.postings.filter((posting): posting is TaxPosting => posting.tax !== undefined)
}

function keyOf({ data: { entry } }: PostingEvent, { account, tax }: TaxPosting): Key {
  return {
    books: entry.books,
    period: entry.postingDate.slice(0, '2026-11'.length),
    kind: account === 'input-tax' ? 'input' : 'output',
    code: tax.code,
    ratePercent: tax.ratePercent,
    currency: tax.base.currency,
  }
}

function nothing(key: Key, event: PostingEvent): TaxSummaryRow {
  const booksCurrency = taxPostings(event)[0]?.booksAmount.currency ?? key.currency
  const none = zero(key.currency).amount
  const booksNone = zero(booksCurrency).amount
  const { books, period, kind, code, ratePercent, currency } = key
  return {
    ...key,
    base: none,
    tax: none,
    booksCurrency,
    booksBase: booksNone,
    booksTax: booksNone,
    sortKey: [books, period, kind, code, ratePercent, currency].join(' '),
  }
}

/** What is owed stands on the credit side, what is deducted on the debit side; the other side takes it back. */
function withTax(row: TaxSummaryRow, { side, amount, booksAmount, tax }: TaxPosting) {
  const isMore = (row.kind === 'output') === (side === 'credit')
  const signed = (value: Money) => (isMore ? value : negate(value))
  return {
    ...row,
    base: added(row.base, signed(tax.base)),
    tax: added(row.tax, signed(amount)),
    booksBase: added(row.booksBase, signed(tax.booksBase ?? tax.base)),
    booksTax: added(row.booksTax, signed(booksAmount)),
  }
}
