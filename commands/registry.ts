/** The menu of what can be asked: HTTP routes, the OpenAPI document and permissions come from this list. */
import { closeAccount } from './books/close-account.js'
import { openAccount } from './books/open-account.js'
import { openBooks } from './books/open-books.js'
import { draftCreditNote } from './credit/draft-credit-note.js'
import { postCreditNote } from './credit/post-credit-note.js'
import { refundCredit } from './credit/refund-credit.js'
import { discardDraft } from './invoice/discard-draft.js'
import { draftInvoice } from './invoice/draft-invoice.js'
import { editDraft } from './invoice/edit-draft.js'
import { invoiceOrder } from './invoice/invoice-order.js'
import { postInvoice } from './invoice/post-invoice.js'
import { cancelOrder } from './order/cancel-order.js'
import { importOrder } from './order/import-order.js'
import { placeOrder } from './order/place-order.js'
import { recordSourceDocument } from './order/record-source-document.js'
import { reconcilePayment } from './payment/reconcile-payment.js'
import { registerPayment } from './payment/register-payment.js'

export const BOOKS_COMMANDS = [openBooks, openAccount, closeAccount] as const

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
  draftCreditNote,
  postCreditNote,
  refundCredit,
] as const
