/** Facts of what a store is told and has of an order: tasks, attempts, refunds, captures. */
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Posting } from '../../src/events/parts.js'
import { type Money, plus } from '../../src/money/money.js'
import {
  entry,
  folioId,
  gbp,
  INSTANCE,
  noteId,
  numbered,
  orderId,
  posting,
} from './ledger-story.js'

export const taskId = (folio: number, task = 1): string => `${folioId(folio)}-t${task}`
export const refundId = (folio: number, refund = 1): string => `${folio * 100 + refund}`

/** The accounts that store refunds need beyond those of a story. */
export function storeAccounts(): FactOfType<'AccountOpened'>[] {
  const accounts = { 'gateway-stripe': 'gateway', 'store-credit': 'liability' } as const
  return Object.entries(accounts).map(([account, type]) => ({
    type: 'AccountOpened',
    data: { books: 'default', account, name: account, type, booksCurrency: 'GBP' },
  }))
}

function storeOrder(folio: number) {
  return {
    books: 'default',
    instance: INSTANCE,
    orderId: orderId(folio),
    orderNumber: `${1000 + folio}`,
    platformOrderId: `${folio}`,
  }
}

type Task = Readonly<{ folio: number; task?: number }>
type OfNote = Task & Readonly<{ note?: number; amount: string }>

export function platformRefundRequested(
  options: OfNote & Readonly<{ purpose?: 'give_back' | 'record' }>,
): FactOfType<'PlatformRefundRequested'> {
  const { folio, task, note = 1, amount, purpose = 'give_back' } = options
  return {
    type: 'PlatformRefundRequested',
    data: {
      taskId: taskId(folio, task),
      ...storeOrder(folio),
      creditNoteId: noteId(folio, note),
      creditNoteNumber: `RINV/2026/${numbered(folio * 10 + note)}`,
      purpose,
      amount: gbp(amount),
      tax: gbp('0.00'),
      items: [{ kind: 'order', amount: gbp(amount) }],
      description: 'Came back',
      providers: null,
      remaining: gbp('0.00'),
      requestedBy: 'bob',
    },
  }
}

export function captureRequested({ folio, task }: Task): FactOfType<'CaptureRequested'> {
  return {
    type: 'CaptureRequested',
    data: {
      taskId: taskId(folio, task),
      ...storeOrder(folio),
      cause: 'completed',
      received: gbp('120.00'),
      requestedBy: 'bob',
    },
  }
}

export function attemptStarted(
  options: Task & Readonly<{ attempt?: number; amount?: string }>,
): FactOfType<'AttemptStarted'> {
  const { folio, task, attempt = 1, amount = '60.00' } = options
  const payments = [{ provider: 'stripe', amount: gbp(amount), isOffline: false }]
  return {
    type: 'AttemptStarted',
    data: {
      taskId: taskId(folio, task),
      attempt,
      sending: { kind: 'refund', payments, override: null },
      shutUntil: '2026-03-01T10:02:32.000Z',
    },
  }
}

type Failure = FactOfType<'AttemptFailed'>['data']

export function attemptFailed(
  options: Task &
    Readonly<{ then: Failure['then']; note?: number | null }> &
    Partial<Pick<Failure, 'setback' | 'detail' | 'notBefore' | 'candidates' | 'attempt'>>,
): FactOfType<'AttemptFailed'> {
  const { folio, task, note = 1, then, setback = 'refused', detail = '' } = options
  const { notBefore = null, candidates = [], attempt = 1 } = options
  return {
    type: 'AttemptFailed',
    data: {
      taskId: taskId(folio, task),
      documentId: note === null ? null : noteId(folio, note),
      ...{ attempt, setback, status: null, detail, figures: null, candidates, then, notBefore },
    },
  }
}

export function syncRetried({ folio, task }: Task): FactOfType<'SyncRetried'> {
  return {
    type: 'SyncRetried',
    data: { taskId: taskId(folio, task), reason: 'Once more', acceptsDifference: false, by: 'eve' },
  }
}

export function syncDismissed(
  options: Task & Readonly<{ note?: number | null }>,
): FactOfType<'SyncDismissed'> {
  const { folio, task, note = 1 } = options
  const documentId = note === null ? null : noteId(folio, note)
  return {
    type: 'SyncDismissed',
    data: { taskId: taskId(folio, task), documentId, reason: 'Paid by bank', by: 'eve' },
  }
}

export function syncTaskWithdrawn(
  options: Task & Readonly<{ note?: number | null }>,
): FactOfType<'SyncTaskWithdrawn'> {
  const { folio, task, note = 1 } = options
  const documentId = note === null ? null : noteId(folio, note)
  const data = { taskId: taskId(folio, task), documentId, reason: 'invoices_not_paid' }
  return { type: 'SyncTaskWithdrawn', data }
}

type Parts = Readonly<{ online?: string; storeCredit?: string; offline?: string }>
type OfRefund = Readonly<{ folio: number; refund?: number; document?: string }> & Parts

function paymentsOf({ online, storeCredit, offline }: Parts, isDeclined = false) {
  const parts = [
    { provider: 'stripe', amount: online, isOffline: false, isDeclined },
    { provider: 'storecredit', amount: storeCredit, isOffline: false, isDeclined: false },
    { provider: 'custom', amount: offline, isOffline: true, isDeclined: false },
  ]
  return parts.flatMap(({ amount, ...payment }) =>
    amount === undefined ? [] : [{ ...payment, amount: gbp(amount) }],
  )
}

function sumOf(parts: Parts): Money {
  return paymentsOf(parts)
    .map(({ amount }) => amount)
    .reduce(plus)
}

function storeRefund(options: OfRefund) {
  const { folio, refund } = options
  return {
    ...storeOrder(folio),
    platformRefundId: refundId(folio, refund),
    createdAt: '2026-03-20T09:00:00.000Z',
    createdOn: '2026-03-20',
    amount: sumOf(options),
    tax: gbp('0.00'),
    payments: paymentsOf(options),
  }
}

function refunded({ folio, document = noteId(folio) }: OfRefund) {
  const isNote = /-c\d+$/.test(document)
  return {
    documentId: document,
    documentKind: isNote ? ('credit_note' as const) : ('prepayment' as const),
    documentNumber: isNote ? 'RINV/2026/00001' : 'PRE/2026/00001',
  }
}

export function platformRefundSeen(
  options: OfRefund & Readonly<{ held?: FactOfType<'PlatformRefundSeen'>['data']['held'] }>,
): FactOfType<'PlatformRefundSeen'> {
  const { held = 'several_notes' } = options
  const data = { ...storeRefund(options), held, paymentStatus: 'partially refunded' }
  return { type: 'PlatformRefundSeen', data }
}

export function platformRefundRecorded(
  options: OfRefund &
    Readonly<{ task?: number | null; toBePaid?: string; paymentStatus?: string; by?: string }>,
): FactOfType<'PlatformRefundRecorded'> {
  const { folio, task = null, toBePaid = options.offline ?? '0.00', by = null } = options
  return {
    type: 'PlatformRefundRecorded',
    data: {
      ...storeRefund(options),
      ...refunded(options),
      taskId: task === null ? null : taskId(folio, task),
      knownBy: by === null ? 'answer' : 'person',
      by,
      reason: by === null ? null : 'Seen there',
      toBePaid: gbp(toBePaid),
      paymentStatus: options.paymentStatus ?? 'partially refunded',
    },
  }
}

export function platformRefundPaid(options: OfRefund): FactOfType<'PlatformRefundPaid'> {
  const { folio, refund = 1, online, storeCredit } = options
  const { document = noteId(folio) } = options
  const leaving = sumOf({
    ...(online === undefined ? {} : { online }),
    ...(storeCredit === undefined ? {} : { storeCredit }),
  })
  return {
    type: 'PlatformRefundPaid',
    data: {
      platformRefundId: refundId(folio, refund),
      books: 'default',
      instance: INSTANCE,
      orderId: orderId(folio),
      ...refunded(options),
      online: gbp(online ?? '0.00'),
      storeCredit: gbp(storeCredit ?? '0.00'),
      accounts: online === undefined ? [] : ['gateway-stripe'],
      remaining: gbp('0.00'),
      entry: entry(`PAY/2026/${numbered(50_000 + folio * 100 + refund)}`, '2026-03-20', [
        posting(accountOf(document), 'debit', leaving, { document }),
        ...moneyPostings({ online, storeCredit }, 'credit'),
      ]),
    },
  }
}

export function platformRefundDeclined(
  options: OfRefund & Readonly<{ online: string; task?: number; declined?: string }>,
): FactOfType<'PlatformRefundDeclined'> {
  const { folio, refund = 1, task = 2, online, declined = online } = options
  const { document = noteId(folio) } = options
  return {
    type: 'PlatformRefundDeclined',
    data: {
      taskId: taskId(folio, task),
      ...storeOrder(folio),
      platformRefundId: refundId(folio, refund),
      ...refunded(options),
      declined: gbp(declined),
      message: 'The card has expired',
      payments: paymentsOf(options, true),
      remaining: gbp(declined),
      paymentStatus: 'captured',
      entry: entry(`JRN/2026/${numbered(50_000 + folio * 100 + refund)}`, '2026-03-21', [
        posting('gateway-stripe', 'debit', gbp(declined)),
        posting(accountOf(document), 'credit', gbp(declined), { document }),
      ]),
    },
  }
}

function moneyPostings(
  {
    online,
    storeCredit,
  }: Readonly<{ online: string | undefined; storeCredit: string | undefined }>,
  side: Posting['side'],
): Posting[] {
  return [
    ...(online === undefined ? [] : [posting('gateway-stripe', side, gbp(online))]),
    ...(storeCredit === undefined ? [] : [posting('store-credit', side, gbp(storeCredit))]),
  ]
}

function accountOf(document: string): string {
  return /-c\d+$/.test(document) ? 'receivable' : 'customer-prepayments'
}

export function orderCaptured({ folio, task }: Task): FactOfType<'OrderCaptured'> {
  return {
    type: 'OrderCaptured',
    data: {
      taskId: taskId(folio, task),
      ...storeOrder(folio),
      ...{ knownBy: 'answer', by: null, reason: null, way: 'capture_record', transaction: '9001' },
      amount: gbp('120.00'),
      paymentStatus: 'captured',
    },
  }
}

export function forceRefundSet(folio: number, forceRefund: boolean): FactOfType<'ForceRefundSet'> {
  const data = { orderId: orderId(folio), forceRefund, reason: 'One more', by: 'eve' }
  return { type: 'ForceRefundSet', data }
}
