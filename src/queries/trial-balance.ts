/** R4: debits, credits and balance of every account, and their totals, in the currency of the books. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { TrialBalanceRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage, liveTable } from './list-page.js'
import { pageParameters } from './parameters.js'

export const trialBalanceParameters = pageParameters.extend({})

export function trialBalance(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof trialBalanceParameters>,
): Promise<Page<TrialBalanceRow>> {
  return listPage(db, { projection: 'trial_balance', order: 'asc', filter }, { limit, after })
}

export type TrialBalanceTotal = Readonly<{
  books: string
  currency: string
  debit: string
  credit: string
  balance: string
}>

/** One line a legal entity. Debits and credits are equal, always. */
export async function trialBalanceTotals(
  db: ReadDatabase,
  books: string | undefined,
): Promise<readonly TrialBalanceTotal[]> {
  const { from } = await liveTable(db, 'trial_balance')
  const totals = db
    .selectFrom(from.as('t'))
    .select([
      sql<string>`books`.as('books'),
      sql<string>`currency`.as('currency'),
      sql<string>`sum(debit)`.as('debit'),
      sql<string>`sum(credit)`.as('credit'),
      sql<string>`sum(balance)`.as('balance'),
    ])
    .groupBy([sql`books`, sql`currency`])
    .orderBy(sql`books`)
  return (books === undefined ? totals : totals.where(sql`books`, '=', books)).execute()
}
