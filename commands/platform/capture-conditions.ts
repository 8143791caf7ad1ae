/** When an order can be marked as paid at its store (P1): all that is against it, so that an operator sees all at once. */
import type { Folio } from '../../src/aggregates/folio.js'
import { type RegisteredInstance, workflowFor } from '../../src/aggregates/instance.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import { postedInvoicesOf } from '../../src/aggregates/order-documents.js'
import { type CaptureTask, isOpen } from '../../src/aggregates/sync-task.js'
import { compare, isPositive, isZero, type Money, sum } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { isFullyInvoiced } from '../invoice/fully-invoiced.js'
import { STORE_CREDIT } from '../money-account.js'
import {
  type ImportedOrder,
  isBeyondCapture,
  isDisputed,
  isImported,
  isKnownPaymentStatus,
} from './store-order.js'

export const CAPTURE_OBSTACLES = [
  'mark_paid_is_off',
  'order_not_on_platform',
  'not_fully_invoiced',
  'no_invoice',
  'invoices_not_paid',
  'payment_status_unknown',
  'payment_status_closed',
  'order_closed',
  'gateway_captures_itself',
] as const
export type CaptureObstacle = (typeof CAPTURE_OBSTACLES)[number]

type Around = Pick<FolioContext, 'folio' | 'instance'>

/** Empty: it can be marked as paid. */
export function captureObstacles({ folio, instance }: Around): readonly CaptureObstacle[] {
  const { order } = folio
  if (order.status === 'absent' || !isImported(order)) return ['order_not_on_platform']
  const paymentStatus = order.paymentStatus
  const obstacles: readonly (readonly [CaptureObstacle, boolean])[] = [
    ['mark_paid_is_off', instance?.markOrdersPaid !== true || instance.platform !== 'bigcommerce'],
    ['not_fully_invoiced', !isFullyInvoiced(order, folio)],
    ['no_invoice', askingInvoices(order, folio).length === 0],
    ['invoices_not_paid', !areInvoicesPaid(order, folio, instance)],
    ['payment_status_unknown', !isKnownPaymentStatus(paymentStatus)],
    ['payment_status_closed', isBeyondCapture(paymentStatus)],
    ['order_closed', isClosed(order)],
    ['gateway_captures_itself', capturesItself(order, instance)],
  ]
  return obstacles.flatMap(([obstacle, stands]) => (stands ? [obstacle] : []))
}

/** The one that is open, or has ended well: there is one effect at the store for an order, whoever asks. */
export function captureTask({ syncTasks }: Folio): CaptureTask | null {
  const tasks = [...syncTasks.values()].filter((task) => task.kind === 'capture')
  return tasks.find((task) => isOpen(task) || task.state.at === 'done') ?? null
}

/** What the ledger has received for the order, store credit apart. */
export function receivedFor(order: ImportedOrder, { payments }: Folio): Money {
  const { currency } = order
  const received = [...payments.values()].filter(
    ({ documentId, reversed, flow, account, amount }) =>
      documentId === null &&
      !reversed &&
      flow === 'received' &&
      account !== STORE_CREDIT &&
      amount.currency === currency,
  )
  return sum(
    received.map(({ amount }) => amount),
    currency,
  )
}

/** Those that are not reversed: their own notes alone did not settle them. */
function askingInvoices(order: ImportedOrder, folio: Folio): readonly PostedInvoice[] {
  return postedInvoicesOf(order, folio).filter(
    ({ content: { totals }, settled, due }) =>
      !(isZero(due) && isPositive(totals.gross) && compare(settled, totals.gross) >= 0),
  )
}

/** Where the workflow ends with the payment, only registered payments count (P4). */
function areInvoicesPaid(
  order: ImportedOrder,
  folio: Folio,
  instance: RegisteredInstance | null,
): boolean {
  const workflow = instance === null ? null : workflowFor(instance, order.paymentMethod)
  const onlyPayments = workflow?.until === 'registered_payment'
  return askingInvoices(order, folio).every(({ due, paid, content: { totals } }) =>
    onlyPayments ? compare(paid, totals.gross) >= 0 : !isPositive(due),
  )
}

const CLOSED: ReadonlySet<string> = new Set(['cancelled', 'declined', 'incomplete'])

function isClosed(order: ImportedOrder): boolean {
  const { status, platform } = order
  return status === 'cancelled' || CLOSED.has(platform.status.toLowerCase()) || isDisputed(order)
}

/** Ways to pay that no gateway has part in. */
const OFFLINE: ReadonlySet<string> = new Set([
  'bankdeposit',
  'cheque',
  'check',
  'cod',
  'custom',
  'instore',
  'manual',
  'moneyorder',
  'offline',
])

/** As the workflow of its method says; without one, whatever is not known to be offline. */
function capturesItself(order: ImportedOrder, instance: RegisteredInstance | null): boolean {
  const workflow = instance === null ? null : workflowFor(instance, order.paymentMethod)
  if (workflow !== null) return workflow.capturesItself
  const { gateway } = order
  return gateway !== undefined && !OFFLINE.has(gateway.toLowerCase())
}
