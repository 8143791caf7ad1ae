/** M3: the store's credit memos, the newest first. */
import { z } from 'zod'
import type { CreditMemoRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { originParameters, pageParameters } from './parameters.js'

export const creditMemosParameters = pageParameters.extend({
  ...originParameters,
  refundStatus: z.enum(['Pending', 'Refunded', 'Cancelled']).optional(),
})

export function creditMemos(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof creditMemosParameters>,
): Promise<Page<CreditMemoRow>> {
  return listPage(db, { projection: 'credit_memo_list', order: 'desc', filter }, { limit, after })
}
