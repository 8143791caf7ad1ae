/** What every entry must be by itself: balanced, of one document currency, with all of an exchange difference apart. */
import type { Entry, Posting } from '../../src/events/parts.js'
import { digitsOf, exchanged, magnitude, units } from './arithmetic.js'
import { signed } from './sides.js'
import type { Report } from './report.js'

const EXCHANGE_ACCOUNTS: readonly string[] = ['exchange-gain', 'exchange-loss']

export function checkBalanced(entry: Entry, report: Report): void {
  for (const figure of ['amount', 'booksAmount'] as const) {
    let difference = 0n
    for (const posting of entry.postings) difference += signed(posting.side, posting[figure])
    if (difference === 0n) continue
    const sentence = `${figure}: debits less credits are ${difference} units`
    report('entry_unbalanced', entry.number, sentence)
  }
}

export function checkCurrencies(entry: Entry, report: Report): void {
  const currencies = new Set(entry.postings.map(({ amount }) => amount.currency))
  if (currencies.size > 1) {
    report('entry_currencies', entry.number, `is in ${[...currencies].join(' and ')}`)
  }
  for (const { account, amount, booksAmount } of entry.postings) {
    if (units(amount) < 0n || units(booksAmount) < 0n) {
      report('posting_negative', entry.number, `${amount.amount} on ${account}`)
    }
    if (amount.currency === booksAmount.currency && amount.amount !== booksAmount.amount) {
      report('books_amount', entry.number, `${amount.amount} is booked as ${booksAmount.amount}`)
    }
    if (EXCHANGE_ACCOUNTS.includes(account) && units(amount) !== 0n) {
      report(
        'exchange_difference',
        entry.number,
        `${amount.amount} ${amount.currency} on ${account}`,
      )
    }
  }
}

/**
 * Each posting near to its amount at the document's rate. Sides are shared out by largest remainder, and what a note
 * takes back is in proportion to what its invoice has left, so that single postings may be out by `unitsMax`.
 */
export function checkRate(
  { number, postings }: Entry,
  rate: string,
  unitsMax: bigint,
  report: Report,
): void {
  for (const posting of postings) {
    if (EXCHANGE_ACCOUNTS.includes(posting.account)) continue
    const { account, amount, booksAmount } = posting
    const right = exchanged(amount, rate, digitsOf(booksAmount.amount))
    if (magnitude(units(booksAmount) - right) > unitsMax) {
      const said = `${amount.amount} ${amount.currency} at ${rate} is booked as ${booksAmount.amount}`
      report('books_rate', `${number} ${account}`, `${said}, ${right} units are right`)
    }
  }
}

/** Whether one entry is the other on the opposite sides, whatever the order. */
export function isOpposite(postings: readonly Posting[], others: readonly Posting[]): boolean {
  const said = (line: Posting, side: Posting['side']) =>
    JSON.stringify([line.account, side, line.amount, line.booksAmount, line.document, line.tax])
  const other = (side: Posting['side']) => (side === 'debit' ? 'credit' : 'debit')
  const left = postings.map((line) => said(line, line.side)).sort()
  const right = others.map((line) => said(line, other(line.side))).sort()
  return left.join() === right.join()
}
