/** Connected stores, by books, platform and address. */
import { z } from 'zod'
import type { InstanceRow } from '../read-model/schema.js'
import { type Found, type Page, type ReadDatabase, findRow, listPage } from './list-page.js'
import { pageParameters } from './parameters.js'

export const instancesParameters = pageParameters.extend({
  platform: z.enum(['bigcommerce', 'magento2']).optional(),
})

export function instances(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof instancesParameters>,
): Promise<Page<InstanceRow>> {
  return listPage(db, { projection: 'instance_list', order: 'asc', filter }, { limit, after })
}

export function findInstance(db: ReadDatabase, instance: string): Promise<Found<InstanceRow>> {
  return findRow(db, 'instance_list', { instance })
}
