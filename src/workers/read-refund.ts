/** A refund as it was read at its store, as the ledger takes it. */
import type { StoreRefundInput } from '../../commands/platform/store-refund-input.js'
import type { PlatformRefund } from '../platforms/platform.js'
import { dayIn } from './day-in.js'
import { taskIn } from './refund-marker.js'

const MESSAGE_LENGTH_MAX = 500

export function readRefund(refund: PlatformRefund, timeZone: string): StoreRefundInput {
  const { createdAt, total, tax, payments, items, reasons } = refund
  const messages = payments.flatMap(({ declinedMessage }) => declinedMessage ?? [])
  return {
    platformRefundId: refund.refund,
    createdAt,
    createdOn: dayIn(timeZone, createdAt),
    amount: total,
    tax,
    payments: payments.map(({ provider, amount, isOffline, isDeclined }) => ({
      ...{ provider, amount, isOffline, isDeclined },
    })),
    marker: taskIn(reasons),
    items: items.map(({ kind, platformLine, quantity, amount }) => ({
      kind,
      platformLine: platformLine === '' ? null : platformLine,
      quantity,
      amount,
    })),
    declinedMessage: messages.join('; ').slice(0, MESSAGE_LENGTH_MAX).toWellFormed(),
  }
}
