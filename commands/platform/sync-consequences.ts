/**
 * What a decision makes of what stores are to be told, in its own append: an order that is complete by it is marked as
 * paid (P3), and what is not so any more is withdrawn, as long as nothing of it was sent.
 */
import type { Folio } from '../../src/aggregates/folio.js'
import { refundOfDocument } from '../../src/aggregates/platform-refund.js'
import type { SyncTask } from '../../src/aggregates/sync-task.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { compare, isNegative, type Money, plus, zero } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { isBound, moneyLeftIn, storeCreditLeftIn } from '../credit/money-in-folio.js'
import { captureObstacles } from './capture-conditions.js'
import { requestedCapture } from './capture-request.js'
import { isDisputed, isImported } from './store-order.js'
import { withdrawn } from './sync-task-in.js'

type Context = Pick<FolioContext, 'folio' | 'folioId' | 'instance' | 'principal'>

/** On the folio as the decision leaves it. */
export function syncConsequences(context: Context): readonly LedgerFact[] {
  const { folio } = context
  const gone = [...folio.syncTasks.values()].flatMap((task): LedgerFact[] => {
    // What is due has nothing on its way: attempts before, if any, have come to nothing.
    const reason = task.state.at === 'due' ? groundGone(task, context) : null
    return reason === null ? [] : [withdrawn(task, reason)]
  })
  return gone.length > 0 ? gone : completed(context)
}

/** Why what asked for it is not so any more; `null`: it is. */
export function groundGone(
  task: SyncTask,
  context: Pick<Context, 'folio' | 'instance'>,
): string | null {
  switch (task.kind) {
    case 'capture':
      return captureObstacles(context)[0] ?? null
    case 'refund': {
      const { purpose, creditNoteId, amount } = task.request
      // A note has one refund at the store, for ever (B4).
      if (refundOfDocument(context.folio.platformRefunds, creditNoteId) !== null) {
        return 'platform_refund_exists'
      }
      const { order } = context.folio
      // L24: meanwhile the money may be taken back by the bank as well.
      if (order.status !== 'absent' && isImported(order) && isDisputed(order)) {
        return 'chargeback_open'
      }
      if (purpose === 'record') {
        return compare(givenBackHere(creditNoteId, context.folio, amount), amount) < 0
          ? 'not_given_back_any_more'
          : null
      }
      if (!isBound(context.folio, creditNoteId)) return null
      return isNegative(valueLeftIn(context.folio, amount.currency))
        ? 'refund_exceeds_money_received'
        : null
    }
    case 'declined_refund':
      return null
  }
}

/** An allocation may have been taken back since the store was to be told of it (B10). */
function givenBackHere(creditNoteId: string, { creditNotes }: Folio, { currency }: Money): Money {
  const note = creditNotes.get(creditNoteId)
  return note?.status === 'posted' ? plus(note.refunded, note.allocated) : zero(currency)
}

function completed(context: Context): readonly LedgerFact[] {
  const { folio } = context
  const { order } = folio
  if (order.status === 'absent' || !isImported(order) || wasAskedFor(folio)) return []
  return captureObstacles(context).length > 0 ? [] : [requestedCapture(order, 'completed', context)]
}

/** Once for an order. What a person let go, or the store was past, is asked for again by a person only. */
function wasAskedFor({ syncTasks }: Folio): boolean {
  return [...syncTasks.values()].some(
    ({ kind, state }) => kind === 'capture' && state.at !== 'withdrawn',
  )
}

function valueLeftIn(folio: Folio, currency: string) {
  const money = moneyLeftIn(folio, { direction: 'out', currency })
  return plus(money, storeCreditLeftIn(folio, currency))
}
