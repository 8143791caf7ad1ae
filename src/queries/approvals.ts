/** N6: refunds that wait or waited, the newest first. */
import { z } from 'zod'
import type { ApprovalRow } from '../read-model/schema.js'
import { listPage, type Page, type ReadDatabase } from './list-page.js'
import { pageParameters } from './parameters.js'

export const approvalsParameters = pageParameters.extend({
  status: z.enum(['Waiting', 'Approved', 'Declined']).optional(),
})

export function approvals(
  db: ReadDatabase,
  { limit, after, minPosition: _waited, ...filter }: z.infer<typeof approvalsParameters>,
): Promise<Page<ApprovalRow>> {
  return listPage(db, { projection: 'approval_list', order: 'desc', filter }, { limit, after })
}
