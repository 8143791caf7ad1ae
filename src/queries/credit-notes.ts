/** Credit notes with what each has left, the newest first. */
import { z } from 'zod'
import type { CreditNoteRow } from '../read-model/schema.js'
import { type Page, type ReadDatabase, listPage } from './list-page.js'
import { directionParameter, originParameters, pageParameters } from './parameters.js'

export const creditNotesParameters = pageParameters.extend({
  ...originParameters,
  direction: directionParameter.optional(),
  status: z.enum(['Draft', 'Open', 'Settled', 'Voided']).optional(),
})

export function creditNotes(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof creditNotesParameters>,
): Promise<Page<CreditNoteRow>> {
  return listPage(db, { projection: 'credit_note_list', order: 'desc', filter }, { limit, after })
}
