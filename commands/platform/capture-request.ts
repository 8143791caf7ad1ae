import type { FactOfType } from '../../src/events/ledger-event.js'
import type { FolioContext } from '../command.js'
import { nextTaskId } from '../document-id.js'
import { receivedFor } from './capture-conditions.js'
import { type ImportedOrder, storeOrderOf } from './store-order.js'

export function requestedCapture(
  order: ImportedOrder,
  cause: 'asked' | 'completed',
  { folio, folioId, principal }: Pick<FolioContext, 'folio' | 'folioId' | 'principal'>,
): FactOfType<'CaptureRequested'> {
  return {
    type: 'CaptureRequested',
    data: {
      taskId: nextTaskId(folioId, folio),
      ...storeOrderOf(order),
      cause,
      received: receivedFor(order, folio),
      requestedBy: principal,
    },
  }
}
