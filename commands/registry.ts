/** The menu of what can be asked: HTTP routes, the OpenAPI document and permissions come from this list. */
import { closeAccount } from './books/close-account.js'
import { closePeriod } from './books/close-period.js'
import { configureBooks } from './books/configure-books.js'
import { openAccount } from './books/open-account.js'
import { openBooks } from './books/open-books.js'
import { postOpeningBalances } from './books/post-opening-balances.js'
import { reopenPeriod } from './books/reopen-period.js'
import { setExchangeRate } from './books/set-exchange-rate.js'
import { allocateCredit } from './credit/allocate-credit.js'
import { approveRefund } from './credit/approve-refund.js'
import { declineRefund } from './credit/decline-refund.js'
import { draftCreditNote } from './credit/draft-credit-note.js'
import { postCreditNote } from './credit/post-credit-note.js'
import { refundCredit } from './credit/refund-credit.js'
import { releaseCredit } from './credit/release-credit.js'
import { voidCreditNote } from './credit/void-credit-note.js'
import { configureInstance } from './instance/configure-instance.js'
import { registerInstance } from './instance/register-instance.js'
import { discardDraft } from './invoice/discard-draft.js'
import { draftInvoice } from './invoice/draft-invoice.js'
import { editDraft } from './invoice/edit-draft.js'
import { invoiceOrder } from './invoice/invoice-order.js'
import { postInvoice } from './invoice/post-invoice.js'
import { cancelOrder } from './order/cancel-order.js'
import { importOrder } from './order/import-order.js'
import { placeOrder } from './order/place-order.js'
import { recordSourceDocument } from './order/record-source-document.js'
import { mergeParties } from './party/merge-parties.js'
import { unmergeParties } from './party/unmerge-parties.js'
import { reconcilePayment } from './payment/reconcile-payment.js'
import { registerPayment } from './payment/register-payment.js'
import { reversePayment } from './payment/reverse-payment.js'
import { forgetSubject } from './party/forget-subject.js'
import { adoptRemote } from './platform/adopt-remote.js'
import { dismissSync } from './platform/dismiss-sync.js'
import { linkPlatformRefund } from './platform/link-platform-refund.js'
import { markOrderPaid } from './platform/mark-order-paid.js'
import { recordPlatformAnswer } from './platform/record-platform-answer.js'
import { recordPlatformRefunds } from './platform/record-platform-refunds.js'
import { refundOrderOnPlatform } from './platform/refund-order-on-platform.js'
import { retrySync } from './platform/retry-sync.js'
import { setForceRefund } from './platform/set-force-refund.js'
import { startAttempt } from './platform/start-attempt.js'
import { addTracking } from './shipment/add-tracking.js'
import { planShipment } from './shipment/plan-shipment.js'
import { validateDelivery } from './shipment/validate-delivery.js'

export const BOOKS_COMMANDS = [
  openBooks,
  configureBooks,
  openAccount,
  closeAccount,
  setExchangeRate,
  closePeriod,
  reopenPeriod,
  mergeParties,
  unmergeParties,
] as const

export const INSTANCE_COMMANDS = [registerInstance, configureInstance] as const

export const SUBJECT_COMMANDS = [forgetSubject] as const

export const FOLIO_COMMANDS = [
  placeOrder,
  importOrder,
  cancelOrder,
  recordSourceDocument,
  invoiceOrder,
  draftInvoice,
  editDraft,
  discardDraft,
  postInvoice,
  registerPayment,
  reconcilePayment,
  reversePayment,
  draftCreditNote,
  postCreditNote,
  voidCreditNote,
  refundCredit,
  approveRefund,
  declineRefund,
  allocateCredit,
  releaseCredit,
  postOpeningBalances,
  planShipment,
  validateDelivery,
  addTracking,
  refundOrderOnPlatform,
  markOrderPaid,
  setForceRefund,
  linkPlatformRefund,
  retrySync,
  adoptRemote,
  dismissSync,
  startAttempt,
  recordPlatformAnswer,
  recordPlatformRefunds,
] as const
