/** M2: shipments, the newest first; those that are only planned are asked for by their status. */
import { z } from 'zod'
import type { ShipmentRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { originParameters, pageParameters } from './parameters.js'

export const shipmentsParameters = pageParameters.extend({
  ...originParameters,
  status: z.enum(['Planned', 'Delivered']).default('Delivered'),
})

export function shipments(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof shipmentsParameters>,
): Promise<Page<ShipmentRow>> {
  return listPage(db, { projection: 'shipment_list', order: 'desc', filter }, { limit, after })
}
