/** R4: numbers that stand on no document: open, given back, or voided for good, each with its reason. */
import { z } from 'zod'
import type { UnusedNumberRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { nameParameter, pageParameters } from './parameters.js'

export const unusedNumbersParameters = pageParameters.extend({
  series: nameParameter.optional(),
  status: z.enum(['Open', 'Released', 'Voided']).optional(),
})

export function unusedNumbers(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof unusedNumbersParameters>,
): Promise<Page<UnusedNumberRow>> {
  return listPage(db, { projection: 'unused_numbers', order: 'asc', filter }, { limit, after })
}
