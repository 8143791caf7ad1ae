/** The chart of accounts, by slug. */
import { z } from 'zod'
import type { AccountRow } from '../read-model/schema.js'
import { type Found, type Page, type ReadDatabase, findRow, listPage } from './list-page.js'
import { nameParameter, pageParameters } from './parameters.js'

export const accountsParameters = pageParameters.extend({
  type: nameParameter.optional(),
})

export function accounts(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof accountsParameters>,
): Promise<Page<AccountRow>> {
  return listPage(db, { projection: 'account_list', order: 'asc', filter }, { limit, after })
}

export function findAccount(
  db: ReadDatabase,
  key: Readonly<{ books: string; account: string }>,
): Promise<Found<AccountRow>> {
  return findRow(db, 'account_list', key)
}
