/** Orders, the newest first. */
import { z } from 'zod'
import type { OrderRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { nameParameter, originParameters, pageParameters } from './parameters.js'

export const ordersParameters = pageParameters.extend({
  ...originParameters,
  status: z.enum(['Open', 'Cancelled']).optional(),
  waits: nameParameter.optional(),
})

export function orders(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof ordersParameters>,
): Promise<Page<OrderRow>> {
  return listPage(db, { projection: 'order_list', order: 'desc', filter }, { limit, after })
}
