/** Scenes of orders that a BigCommerce store has, invoiced, paid and credited here. */
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { PLATFORM_SETTINGS_DEFAULT } from '../../src/events/instance-events.js'
import type { InstanceSettings } from '../../src/events/instance-events.js'
import { after, FOLIO_ID, type Scene, testBooks } from '../support/decider-spec.js'
import { imported, instance } from './imported-orders.js'
import { gbp, INVOICE, item, ORDER } from './scenes.js'

export const NOTE = `${FOLIO_ID}-c1`
export const TASK = `${FOLIO_ID}-t1`
export const GATEWAY = 'gateway-stripe'

export const storeOf = (settings: Partial<InstanceSettings> = {}) =>
  instance({ ...PLATFORM_SETTINGS_DEFAULT, ...settings })

/** The clearing account of a gateway beside the default chart. */
export const booksWithGateway = () => {
  const books = testBooks()
  const cash = books.accounts.get('cash')
  if (cash === undefined) throw new Error('The default chart has cash.')
  const gateway = { ...cash, account: GATEWAY, name: 'Stripe', type: 'gateway' as const }
  return testBooks({ accounts: new Map(books.accounts).set(GATEWAY, gateway) })
}

/** Two pieces of 50.00 with shipping of 10.00, 20 % on top: 132.00 at the store, which names its lines. */
export const LINES = [
  item('50', { quantity: '2', platformLine: '11' }),
  item('10', { kind: 'shipping', platformLine: '7' }),
]

type More = Readonly<Record<string, unknown>>

export const importedOrder = (more: More = {}, settings: Partial<InstanceSettings> = {}) =>
  imported(
    LINES,
    {
      paymentStatus: 'captured',
      status: 'Awaiting Fulfillment',
      gateway: 'stripe',
      payments: [{ method: 'card', gateway: 'stripe', transaction: 'ch_1', amount: gbp('132.00') }],
      ...more,
    },
    { books: booksWithGateway(), instance: storeOf(settings) },
  )

export const invoiced = (scene: Partial<Scene> = importedOrder()) =>
  after(postInvoice, { invoiceId: INVOICE }, after(invoiceOrder, { orderId: ORDER }, scene))

export const paidOnline = (scene: Partial<Scene> = invoiced(), amount = '132.00') =>
  after(
    registerPayment,
    {
      invoiceId: INVOICE,
      account: GATEWAY,
      amount: gbp(amount),
      online: { gateway: 'stripe', transaction: 'ch_1' },
    },
    scene,
  )

/** A posted note over one of the two pieces: 60.00. */
export const credited = (scene: Partial<Scene> = paidOnline(), more: More = {}) =>
  after(
    postCreditNote,
    { creditNoteId: NOTE },
    after(
      draftCreditNote,
      {
        invoiceId: INVOICE,
        reason: 'Came back',
        lines: [{ invoiceLine: 0, quantity: '1' }],
        ...more,
      },
      scene,
    ),
  )

export const requested = (scene: Partial<Scene> = credited()) =>
  after(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Came back' }, scene)

export const SENDING = {
  kind: 'refund',
  payments: [{ provider: 'stripe', amount: gbp('60.00'), isOffline: false }],
  override: null,
} as const

export const started = (scene: Partial<Scene> = requested(), more: More = {}) =>
  after(
    startAttempt,
    { taskId: TASK, sending: SENDING, shutUntil: '2026-11-22T12:02:32.000Z', ...more },
    scene,
  )

/** As the worker hands over what the store has. */
export const storeRefund = (more: More = {}) => ({
  platformRefundId: '501',
  createdAt: '2026-11-22T11:59:00.000Z',
  createdOn: '2026-11-22',
  amount: gbp('60.00'),
  tax: gbp('10.00'),
  payments: [{ provider: 'stripe', amount: gbp('60.00'), isOffline: false, isDeclined: false }],
  marker: TASK,
  items: [{ kind: 'item', platformLine: '11', quantity: 1, amount: null }],
  declinedMessage: '',
  ...more,
})

/** An order that was not paid at its store. */
export const AWAITING = {
  paymentStatus: '',
  status: 'Awaiting Payment',
  gateway: 'bankdeposit',
  payments: [],
}

/** Paid here and not yet at its store, which is asked to mark it as paid. */
export const payable = () =>
  after(
    registerPayment,
    { invoiceId: INVOICE, account: 'bank', amount: gbp('132.00') },
    invoiced(importedOrder(AWAITING, { markOrdersPaid: true })),
  )

export const CAPTURE_SENDING = { kind: 'capture_record', amount: gbp('132.00') } as const

/** Of what the last step made. */
export const types = ({ newest }: { newest: readonly { type: string }[] }) =>
  newest.map(({ type }) => type)

/** What became of the first attempt. */
export const failed = (setback: string, scene: Partial<Scene> = started(), more: object = {}) =>
  after(
    recordPlatformAnswer,
    { taskId: TASK, attempt: 1, answer: 'failed', setback, ...more },
    scene,
  )

/** Read at the store and handed over. */
export const pulled = (refund: object, scene: Partial<Scene>) =>
  after(recordPlatformRefunds, { orderId: ORDER, refunds: [refund] }, scene)

/** A payment of a refund. */
export const made = (provider: string, amount = '60.00', more: object = {}) => ({
  provider,
  amount: gbp(amount),
  isOffline: provider === 'custom',
  isDeclined: false,
  ...more,
})

/** A refund that nobody here asked for. */
export const unmarked = (payments: object[] = [made('stripe')], more: object = {}) =>
  storeRefund({ marker: null, payments, ...more })

/** A second note over the first piece. */
export const noted = (scene: Partial<Scene>) =>
  after(
    postCreditNote,
    { creditNoteId: `${FOLIO_ID}-c2` },
    after(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'x', lines: [{ invoiceLine: 0, quantity: '1' }] },
      scene,
    ),
  )
