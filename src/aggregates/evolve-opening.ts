/** What stood in the books before: open invoices and prepayments whose lines nobody knows any more (J42). */
import type { Entry } from '../events/parts.js'
import type { OpeningItem } from '../events/opening-events.js'
import { type Money, negate, zero } from '../money/money.js'
import { creditOf } from './amounts.js'
import { type Advance, unused } from './credit.js'
import { type Folio, type FolioEventOf, withEntry, withInvoice } from './folio.js'
import { type PostedInvoice, postedInvoice } from './invoice.js'

export function afterOpeningBalances(
  folio: Folio,
  { data: { items, entry } }: FolioEventOf<'OpeningBalancesPosted'>,
): Folio {
  return items.reduce<Folio>(
    (next, item) =>
      item.kind === 'invoice'
        ? withInvoice(next, item.documentId, openingInvoice(item, entry))
        : {
            ...next,
            advances: withEntry(next.advances, item.documentId, openingPrepayment(item, entry)),
          },
    folio,
  )
}

/** One line over the account of opening balances, so that it can be credited like any other. */
function openingInvoice(item: OpeningItem, entry: Entry): PostedInvoice {
  const { documentId: invoiceId, amount, documentDate, dueDate = documentDate } = item
  const { direction, party, number, exchangeRate } = item
  const { currency } = amount
  const tax = { code: 'opening', ratePercent: '0' }
  const none = zero(currency)
  const posted = postedInvoice(
    {
      invoiceId,
      books: entry.books,
      direction,
      order: null,
      party,
      billTo: null,
      documentDate,
      dueDate,
      currency,
      exchangeRate,
      prices: 'tax_excluded',
      rounding: 'per_line',
      lines: [
        {
          kind: 'opening',
          description: number,
          quantity: '1',
          unitPrice: canonicalPrice(amount.amount),
          tax,
          net: amount,
          taxAmount: none,
          gross: amount,
        },
      ],
      taxes: [],
      totals: { net: amount, tax: none, gross: amount },
    },
    entry,
  )
  return { ...posted, number, postingDate: entry.postingDate, booked: bookedOf(item) }
}

/** Notes on it are booked with its own rate, not with the whole entry's figures. */
function bookedOf({ direction, ...item }: OpeningItem): PostedInvoice['booked'] {
  const credited = (value: Money) => (direction === 'out' ? value : negate(value))
  const [amount, booksAmount] = [credited(item.amount), credited(item.booksAmount)]
  return new Map([['opening-balances', { amount, booksAmount, base: null }]])
}

function openingPrepayment(item: OpeningItem, entry: Entry): Advance {
  const { documentId, number, direction, party, documentDate: date, amount } = item
  return {
    kind: 'prepayment',
    documentId,
    paymentId: null,
    number,
    direction,
    party,
    date,
    amount,
    online: null,
    tax: null,
    reversed: false,
    ...unused(amount, creditOf(entry, documentId), direction),
  }
}

function canonicalPrice(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount
}
