import { z } from 'zod'
import { documentIdSchema } from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { firstFact } from '../first-fact.js'
import { captureObstacles, captureTask } from './capture-conditions.js'
import { requestedCapture } from './capture-request.js'
import { isImported } from './store-order.js'

/**
 * *Mark Order As Paid*, by hand (P1, P2): the store is told by a worker, and the order counts as captured once the store
 * shows it. What completes an order asks for the same by itself (P3).
 */
export const markOrderPaid = folioCommand({
  name: 'mark-order-paid',
  area: 'platform',
  summary: 'Marks an order as paid at its store, by a manual capture',
  rows: ['P1', 'P2', 'P4', 'P5', 'P6'],
  input: z.strictObject({ orderId: documentIdSchema }),
  output: z.strictObject({ taskId: documentIdSchema, href: z.string() }),
  document: ({ orderId }) => orderId,
  books: () => DEFAULT_BOOKS,
  decide({ orderId }, context) {
    const { folio } = context
    const { order } = folio
    if (order.status === 'absent' || order.orderId !== orderId) {
      return refuse({ code: 'order_not_found', order: orderId })
    }
    const known = captureTask(folio)
    const obstacles: string[] = [...captureObstacles(context)]
    if (known !== null) {
      obstacles.push(known.state.at === 'done' ? 'captured_already' : 'capture_under_way')
    }
    if (obstacles.length > 0 || !isImported(order)) {
      return refuse({ code: 'order_not_markable_as_paid', order: orderId, obstacles })
    }
    return accept(requestedCapture(order, 'asked', context))
  },
  answer: (facts) => {
    const { taskId } = firstFact(facts, 'CaptureRequested').data
    return { taskId, href: `/sync-tasks/${taskId}` }
  },
})
