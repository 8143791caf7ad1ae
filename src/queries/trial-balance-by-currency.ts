/** R4: debits, credits and balance of every account by the currency of the documents, in it and in the books'. */
import type { z } from 'zod'
import type { TrialBalanceByCurrencyRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { currencyParameter, nameParameter, pageParameters } from './parameters.js'

export const trialBalanceByCurrencyParameters = pageParameters.extend({
  account: nameParameter.optional(),
  currency: currencyParameter.optional(),
})

export function trialBalanceByCurrency(
  db: ReadDatabase,
  {
    limit,
    after,
    minPosition: _waited,
    ...filter
  }: z.infer<typeof trialBalanceByCurrencyParameters>,
): Promise<Page<TrialBalanceByCurrencyRow>> {
  return listPage(
    db,
    { projection: 'trial_balance_by_currency', order: 'asc', filter },
    { limit, after },
  )
}
