/** Payments and refunds, the newest first. */
import { z } from 'zod'
import type { PaymentRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { directionParameter, pageParameters } from './parameters.js'

export const paymentsParameters = pageParameters.extend({
  direction: directionParameter.optional(),
  flow: z.enum(['received', 'paid']).optional(),
  status: z.enum(['In Payment', 'Paid', 'Reversed']).optional(),
})

export function payments(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof paymentsParameters>,
): Promise<Page<PaymentRow>> {
  return listPage(db, { projection: 'payment_list', order: 'desc', filter }, { limit, after })
}
