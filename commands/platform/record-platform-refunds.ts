import { z } from 'zod'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import { documentIdSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { refuse } from '../decision.js'
import { inSequence } from '../in-sequence.js'
import { pulledRefunds } from './pulled-refund.js'
import { isImported } from './store-order.js'
import { storeRefundInput } from './store-refund-input.js'

const REFUNDS_MAX = 200
/** An append holds 900 kB; what does not fit is held, and recorded with the next pull. */
const BYTES_MAX = 750_000

/**
 * All refunds that the store has of an order, as they were read: those of our own are answers, those made at the store
 * are booked, and what cannot be placed by itself is held, each once (B8, B9).
 */
export const recordPlatformRefunds = folioCommand({
  name: 'record-platform-refunds',
  area: 'platform',
  summary: 'Records the refunds that a store has of an order; for the worker that has read them',
  rows: ['B5', 'B7', 'B8', 'B9', 'B10', 'M10'],
  input: z.strictObject({
    orderId: documentIdSchema,
    refunds: z.array(storeRefundInput).max(REFUNDS_MAX),
  }),
  output: z.strictObject({
    recorded: z.array(z.string()).describe("The store's ids of those that were placed now."),
    held: z.array(z.string()).describe('Those that wait: for a task to end, or for a person.'),
    declined: z.array(z.string()),
  }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId, refunds }, context) {
    const { order } = context.folio
    if (order.status === 'absent' || order.orderId !== orderId) {
      return refuse({ code: 'order_not_found', order: orderId })
    }
    if (!isImported(order)) return refuse({ code: 'order_not_on_platform', order: orderId })
    return inSequence(pulledRefunds(refunds), context, BYTES_MAX).decision
  },
  answer: (facts) => {
    const recorded = idsIn(facts, 'PlatformRefundRecorded')
    // What was placed in the same append waits for nobody.
    const held = idsIn(facts, 'PlatformRefundSeen').filter((id) => !recorded.includes(id))
    return { recorded, held: [...new Set(held)], declined: idsIn(facts, 'PlatformRefundDeclined') }
  },
})

function idsIn(
  facts: readonly LedgerFact[],
  of: 'PlatformRefundRecorded' | 'PlatformRefundSeen' | 'PlatformRefundDeclined',
): string[] {
  return facts.flatMap((fact) =>
    fact.type === of ? [(fact as FactOfType<typeof of>).data.platformRefundId] : [],
  )
}
