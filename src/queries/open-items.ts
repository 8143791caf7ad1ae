/** L8: documents with something due or left; with `open` false the settled ones. The newest first. */
import { z } from 'zod'
import type { OpenItemRow } from '../read-model/schema.js'
import { type Found, type Page, type ReadDatabase, findRow, listPage } from './list-page.js'
import {
  currencyParameter,
  directionParameter,
  flagParameter,
  nameParameter,
  pageParameters,
} from './parameters.js'

export const openItemsParameters = pageParameters.extend({
  account: nameParameter.optional(),
  party: z.uuid().optional(),
  currency: currencyParameter.optional(),
  direction: directionParameter.optional(),
  open: flagParameter.default(true),
})

export function openItems(
  db: ReadDatabase,
  {
    limit,
    after,
    minPosition: _waited,
    open: isOpen,
    ...filter
  }: z.infer<typeof openItemsParameters>,
): Promise<Page<OpenItemRow>> {
  return listPage(
    db,
    { projection: 'open_items', order: 'desc', filter: { ...filter, isOpen } },
    { limit, after },
  )
}

export function openItemsOf(db: ReadDatabase, documentId: string): Promise<Found<OpenItemRow>> {
  return findRow(db, 'open_items', { documentId })
}
