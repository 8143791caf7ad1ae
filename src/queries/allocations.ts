/** L7: credits on invoices, the newest first. */
import { z } from 'zod'
import type { AllocationRow } from '../read-model/schema.js'
import { type Found, type Page, type ReadDatabase, findRow, listPage } from './list-page.js'
import { directionParameter, flagParameter, nameParameter, pageParameters } from './parameters.js'

export const allocationsParameters = pageParameters.extend({
  party: z.uuid().optional(),
  direction: directionParameter.optional(),
  documentId: nameParameter.optional(),
  invoiceId: nameParameter.optional(),
  status: z.enum(['Reserved', 'Applied', 'Refused', 'Released']).optional(),
  finished: flagParameter.optional(),
})

const UNFINISHED_PAGE_SIZE = 200

export function allocations(
  db: ReadDatabase,
  {
    limit,
    after,
    minPosition: _waited,
    finished: isFinished,
    ...filter
  }: z.infer<typeof allocationsParameters>,
): Promise<Page<AllocationRow>> {
  return listPage(
    db,
    { projection: 'allocation_list', order: 'desc', filter: { ...filter, isFinished } },
    { limit, after },
  )
}

export function allocationOf(
  db: ReadDatabase,
  allocationId: string,
): Promise<Found<AllocationRow>> {
  return findRow(db, 'allocation_list', { allocationId })
}

/** All that somebody still has to finish, the oldest first. */
export async function unfinishedAllocations(
  db: ReadDatabase,
): Promise<readonly Pick<AllocationRow, 'allocationId' | 'invoiceId'>[]> {
  const unfinished: AllocationRow[] = []
  let after: string | null = null
  do {
    const page: Page<AllocationRow> = await listPage<AllocationRow>(
      db,
      { projection: 'allocation_list', order: 'asc', filter: { isFinished: false } },
      { limit: UNFINISHED_PAGE_SIZE, after },
    )
    unfinished.push(...page.rows)
    after = page.next
  } while (after !== null)
  return unfinished
}
