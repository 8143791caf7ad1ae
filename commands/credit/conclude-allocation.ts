import { z } from 'zod'
import { documentIdSchema, text } from '../../src/events/text.js'
import { followingCommand } from '../command.js'
import { accept } from '../decision.js'

const input = z.strictObject({
  allocationId: documentIdSchema,
  documentId: documentIdSchema,
  number: text(40),
})

/** The credit's folio hears that the invoice's applied the reservation: what was reserved is used (L7). */
export const concludeAllocation = followingCommand({
  name: 'conclude-allocation',
  input,
  document: ({ documentId }) => documentId,
  decide(concluded, { folio }) {
    const allocation = folio.allocations.get(concluded.allocationId)
    if (allocation?.state.at !== 'reserved') return accept()
    return accept({ type: 'AllocationConcluded', data: concluded })
  },
})
