/** M1: customer invoices, or with `direction` in vendor bills, the newest first. */
import { z } from 'zod'
import type { InvoiceRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { directionParameter, originParameters, pageParameters } from './parameters.js'

export const invoicesParameters = pageParameters.extend({
  ...originParameters,
  direction: directionParameter.default('out'),
  status: z
    .enum(['Draft', 'Not Paid', 'Partially Paid', 'In Payment', 'Paid', 'Reversed'])
    .optional(),
})

export function invoices(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof invoicesParameters>,
): Promise<Page<InvoiceRow>> {
  return listPage(db, { projection: 'invoice_list', order: 'desc', filter }, { limit, after })
}
