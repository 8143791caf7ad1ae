import type { StoreRefund } from '../../src/events/platform-events.js'
import type { FolioContext } from '../command.js'
import type { Refusal } from '../refusal.js'
import { clearingAccount, clearingAccountToOpen } from './clearing-account.js'
import { type Held, STORE_CREDIT_PROVIDER } from './place-refund.js'

/** Why a refund cannot be placed where a person wants it. */
export function heldRefusal(
  held: Held,
  { payments, platformRefundId, amount }: StoreRefund,
  documentId: string,
  context: FolioContext,
): Refusal {
  if (held === 'amounts_differ') {
    const code = 'platform_refund_amount_differs'
    const [first] = payments
    return { code, platformRefund: platformRefundId, amount, total: first?.amount ?? amount }
  }
  const unplaced = payments.find(
    ({ provider, isOffline }) =>
      !isOffline &&
      provider !== STORE_CREDIT_PROVIDER &&
      clearingAccount(provider, context) === null,
  )
  if (held !== 'no_account' || unplaced === undefined) {
    return { code: 'nothing_left_to_refund', document: documentId }
  }
  const { provider } = unplaced
  return { code: 'clearing_account_missing', provider, create: clearingAccountToOpen(provider) }
}
