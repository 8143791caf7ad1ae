import { z } from 'zod'
import { documentIdSchema } from '../../src/events/text.js'
import { followingCommand } from '../command.js'
import { accept } from '../decision.js'

const input = z.strictObject({
  allocationId: documentIdSchema,
  documentId: documentIdSchema,
  cause: z.enum(['refused', 'reversed']),
})

/** The credit's folio hears that nothing of the allocation stands on the invoice's: the credit can be used again (L7). */
export const returnCredit = followingCommand({
  name: 'return-credit',
  input,
  document: ({ documentId }) => documentId,
  decide({ allocationId, documentId, cause }, { folio }) {
    const state = folio.allocations.get(allocationId)?.state
    // A reversal may be heard of before the application that it takes back.
    if (state?.at !== 'reserved' && state?.at !== 'concluded') return accept()
    const { amount } = state.credit
    return accept({ type: 'AllocationReleased', data: { allocationId, documentId, amount, cause } })
  },
})
