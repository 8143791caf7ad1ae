/**
 * How far an imported order is carried by itself (L28): by the workflow of its payment method, up to a draft invoice, a
 * posted one, or the payment registered. What stops it is named, and the order waits there for a person, or for its next
 * import, which takes it up again.
 */
import type { Folio } from '../../src/aggregates/folio.js'
import type { Invoice } from '../../src/aggregates/invoice.js'
import { workflowFor } from '../../src/aggregates/instance.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import type { LiveInvoice } from '../../src/aggregates/order-documents.js'
import type { Workflow } from '../../src/events/instance-events.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import type { Carried } from '../../src/events/order-events.js'
import { isPositive, type Money } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { accept, type Accepted } from '../decision.js'
import { nextInvoiceId } from '../document-id.js'
import { inSequence, type Step } from '../in-sequence.js'
import { hasLinesLeft, invoiceOrder } from '../invoice/invoice-order.js'
import { postInvoice } from '../invoice/post-invoice.js'
import { registerPayment } from '../payment/register-payment.js'
import { PARTIALLY_REFUNDED } from '../platform/store-order.js'
import { isDelivered } from '../shipment/lines-to-ship.js'

type Carrying = Readonly<{ decision: Accepted; carried: Carried }>

type Before = Readonly<{
  /** How far its former state was carried. */
  carried: Carried | undefined
  /** The order says something else than the draft that was made of it. */
  isDraftStale: boolean
  bytesMax: number
}>

export type ImportedOrder = OpenOrder & Readonly<{ platform: NonNullable<OpenOrder['platform']> }>

export function carryOrder(order: ImportedOrder, before: Before, context: FolioContext): Carrying {
  const own = ownInvoice(order, before, context)
  const plan = wasDiscarded(before, context) ? 'draft_discarded' : planOf(order, context)
  if (typeof plan === 'string') return { decision: accept(), carried: waiting(plan, own, before) }
  if (plan.until === 'order') return { decision: accept(), carried: waiting(null, own, before) }
  const invoiceId = own?.content.invoiceId ?? nextInvoiceId(context.folioId, context.folio)
  const isToBePaid = plan.until === 'registered_payment'
  const steps = [
    ...discardStale(before, context),
    draftStep(order, invoiceId),
    ...(plan.until === 'draft_invoice' ? [] : [postStep(invoiceId)]),
    ...(isToBePaid && plan.account !== undefined
      ? paymentSteps(order, plan.account, invoiceId, context)
      : []),
  ]
  const { decision, refusal, folio } = inSequence(steps, context, before.bytesMax)
  const invoice = folio.invoices.get(invoiceId)
  const stopped = refusal?.code ?? null
  if (invoice?.status === 'draft') {
    return { decision, carried: { until: 'draft_invoice', waits: stopped, invoice: invoiceId } }
  }
  // A person has invoiced it all, or nothing could be drafted.
  if (invoice?.status !== 'posted') {
    return { decision, carried: { until: 'order', waits: stopped, invoice: null } }
  }
  // What was carried further before stays so, whatever its workflow has become.
  const wasPaid =
    before.carried?.until === 'registered_payment' && before.carried.invoice === invoiceId
  const isPaid = (isToBePaid || wasPaid) && !isPositive(invoice.due)
  return {
    decision,
    carried: {
      until: isPaid ? 'registered_payment' : 'posted_invoice',
      waits: isPaid || !isToBePaid ? null : (stopped ?? 'money_missing'),
      invoice: invoiceId,
    },
  }
}

/** What was carried further before stays so, and what is posted waits for nothing. */
function waiting(waits: string | null, own: LiveInvoice | null, { carried }: Before): Carried {
  if (own === null || carried === undefined) return { until: 'order', waits, invoice: null }
  return { ...carried, waits: own.status === 'posted' ? carried.waits : waits }
}

/** What the workflow made before and goes on with; a draft that is stale, or an order that has grown since, begins anew. */
function ownInvoice(
  order: ImportedOrder,
  before: Before,
  { folio }: FolioContext,
): LiveInvoice | null {
  const invoice = invoiceBefore(before, folio)
  if (invoice === undefined || invoice.status === 'discarded') return null
  if (invoice.status === 'draft') return before.isDraftStale ? null : invoice
  return hasLinesLeft(order, folio) ? null : invoice
}

/** A person did not want the draft: it is not made again until the order says something else. */
function wasDiscarded(before: Before, { folio }: FolioContext): boolean {
  return !before.isDraftStale && invoiceBefore(before, folio)?.status === 'discarded'
}

function invoiceBefore({ carried }: Before, { invoices }: Folio): Invoice | undefined {
  const invoiceId = carried?.invoice ?? null
  return invoiceId === null ? undefined : invoices.get(invoiceId)
}

/** The workflow, once what it waits for is there; else what is waited for. */
function planOf(order: ImportedOrder, { instance, folio }: FolioContext): Workflow | string {
  const { platform, status, paymentMethod } = order
  if (status === 'cancelled') return 'order_cancelled'
  if (platform.isHistory === true) return 'history'
  if (instance === null) return 'instance_not_registered'
  if (CLOSED_AT_STORE.has(platform.status.toLowerCase())) return 'closed_at_store'
  const workflow = workflowFor(instance, paymentMethod)
  if (workflow === null) return 'no_workflow'
  if (workflow.until === 'order') return workflow
  if (workflow.when === 'captured' && !isCaptured(order, folio)) return 'not_captured'
  if (workflow.when === 'shipped' && !isShipped(order, folio)) return 'not_shipped'
  return workflow
}

/** Of these orders nothing is asked any more, or not yet. */
const CLOSED_AT_STORE: ReadonlySet<string> = new Set([
  'cancelled',
  'canceled',
  'declined',
  'incomplete',
])
const CAPTURED: ReadonlySet<string> = new Set(['captured', 'paid'])
const SHIPPED: ReadonlySet<string> = new Set(['shipped', 'completed', 'complete'])

/** A part may be given back before the order is first seen; of what was invoiced before, nothing is invoiced anew then. */
function isCaptured({ platform }: ImportedOrder, { invoices }: Folio): boolean {
  const status = platform.paymentStatus.toLowerCase()
  return CAPTURED.has(status) || (status === PARTIALLY_REFUNDED && invoices.size === 0)
}

/** The store says so, or every piece was delivered from here. */
function isShipped(order: ImportedOrder, folio: Folio): boolean {
  return SHIPPED.has(order.platform.status.toLowerCase()) || isDelivered(order, folio)
}

function discardStale(before: Before, { folio }: FolioContext): Step[] {
  const invoice = invoiceBefore(before, folio)
  if (invoice?.status !== 'draft' || !before.isDraftStale) return []
  const { invoiceId } = invoice.content
  const discarded: LedgerFact = { type: 'InvoiceDraftDiscarded', data: { invoiceId } }
  return [() => accept(discarded)]
}

/** Over everything left; nothing where the invoice is there already, or a person has invoiced it all. */
function draftStep(order: ImportedOrder, invoiceId: string): Step {
  const { orderId } = order
  return (context) =>
    context.folio.invoices.has(invoiceId) || !hasLinesLeft(order, context.folio)
      ? null
      : invoiceOrder.decide({ orderId }, context)
}

function postStep(invoiceId: string): Step {
  return (context) =>
    context.folio.invoices.get(invoiceId)?.status === 'draft'
      ? postInvoice.decide({ invoiceId }, context)
      : null
}

/**
 * What is due, over the workflow's account; at a gateway the transactions that the store names, for what none accounts
 * for was not received, as far as anybody knows. Each whole: it is known from then on, and what it has beyond the due
 * amount would never be booked (L4).
 */
function paymentSteps(
  { payments, gateway: ofOrder }: ImportedOrder,
  account: string,
  invoiceId: string,
  { books }: FolioContext,
): Step[] {
  if (books.accounts.get(account)?.type !== 'gateway') {
    return [paymentStep(invoiceId, (due) => ({ account, amount: due }))]
  }
  return payments.flatMap(({ gateway = ofOrder ?? account, transaction, amount }): Step[] => {
    if (transaction === undefined) return []
    const online = { gateway, transaction }
    const step = paymentStep(invoiceId, () => ({ account, amount, online }))
    return [(context) => (isRegistered(online, context) ? null : step(context))]
  })
}

type Payment = Readonly<{
  account: string
  amount: Money
  online?: Readonly<{ gateway: string; transaction: string }>
}>

function paymentStep(invoiceId: string, asked: (due: Money) => Payment): Step {
  return (context) => {
    const invoice = context.folio.invoices.get(invoiceId)
    if (invoice?.status !== 'posted' || !isPositive(invoice.due)) return null
    return registerPayment.decide({ invoiceId, ...asked(invoice.due) }, context)
  }
}

function isRegistered(
  { gateway, transaction }: Readonly<{ gateway: string; transaction: string }>,
  { folio }: FolioContext,
): boolean {
  return [...folio.payments.values()].some(
    ({ online }) => online?.gateway === gateway && online.transaction === transaction,
  )
}
