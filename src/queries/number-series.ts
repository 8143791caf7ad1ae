/** Number series by year: given out, used, voided, and not yet on a document. */
import type { z } from 'zod'
import type { NumberSeriesRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { pageParameters } from './parameters.js'

export const numberSeriesParameters = pageParameters.extend({})

export function numberSeries(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof numberSeriesParameters>,
): Promise<Page<NumberSeriesRow>> {
  return listPage(db, { projection: 'number_series', order: 'asc', filter }, { limit, after })
}
