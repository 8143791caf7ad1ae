/** Prepayments and overpayments, the newest first; with `toRefund` the money left of cancelled orders (L15). */
import { sql } from 'kysely'
import { z } from 'zod'
import { prepaymentListTable, type RowOf, table } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage, liveTable } from './list-page.js'
import {
  currencyParameter,
  directionParameter,
  flagParameter,
  pageParameters,
} from './parameters.js'

export const prepaymentsParameters = pageParameters.extend({
  kind: z.enum(['Prepayment', 'Overpayment']).optional(),
  status: z.enum(['Open', 'Settled', 'Reversed']).optional(),
  direction: directionParameter.optional(),
  party: z.uuid().optional(),
  currency: currencyParameter.optional(),
  toRefund: flagParameter.optional(),
})

/** As the list shows it: the order of its folio, which has at most one, is asked with it. */
export const prepaymentsView = table({
  ...prepaymentListTable,
  columns: { ...prepaymentListTable.columns, toRefund: 'boolean' },
})
export type ShownPrepayment = RowOf<typeof prepaymentsView>

export async function prepayments(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof prepaymentsParameters>,
): Promise<Page<ShownPrepayment>> {
  const { from: orders } = await liveTable(db, 'order_list')
  return listPage(
    db,
    {
      projection: 'prepayment_list',
      order: 'desc',
      // Nothing is left of the others, so that the index serves the list of what is to be refunded.
      filter: filter.toRefund === true ? { status: 'Open', ...filter } : filter,
      selection: (from) => sql`(
        select p.*, p.status = 'Open' and exists (
          select 1 from ${orders} o
          where o.order_id = left(p.document_id, 36) || '-o1' and o.status = 'Cancelled'
        ) as to_refund from ${from} p)`,
    },
    { limit, after },
  )
}
