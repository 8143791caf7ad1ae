/** The tax of a deposit, which comes and goes with the money (J12). */
import type { Entry } from '../../src/events/parts.js'
import { type Both, NOTHING, plusBoth } from './arithmetic.js'
import type { CreditItem } from './documents.js'
import type { Report } from './report.js'
import { signedBoth } from './sides.js'

/** What an entry moves of the tax of a deposit. */
export function checkTaxPosted(
  { number, postings }: Entry,
  { id, direction }: CreditItem,
  tax: Both,
  report: Report,
): void {
  const posted = postings
    .filter(({ account, document }) => account === 'output-tax' && document === id)
    .reduce((sum, posting) => plusBoth(sum, signedBoth(posting)), NOTHING)
  const [amount, inBooks] = [posted.amount, posted.books].map((value) =>
    value < 0n ? -value : value,
  )
  if (amount !== tax.amount || inBooks !== tax.books) {
    const said = `${posted.amount} units (${posted.books} in books) on the ${direction} side`
    report('deposit_tax', `${id} ${number}`, `${said}, right are ${tax.amount} (${tax.books})`)
  }
}
