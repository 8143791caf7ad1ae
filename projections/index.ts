/** The registry: what stands here is built, followed, rebuilt and shown (R5). */
import { accountList } from './account-list.js'
import { creditMemoList } from './credit-memo-list.js'
import { creditNoteList } from './credit-note-list.js'
import { invoiceList } from './invoice-list.js'
import { numberSeries } from './number-series.js'
import { openItems } from './open-items.js'
import { orderList } from './order-list.js'
import { paymentList } from './payment-list.js'
import type { Projection } from './projection.js'
import { shipmentList } from './shipment-list.js'
import { trialBalance } from './trial-balance.js'

export const PROJECTIONS: readonly Projection[] = [
  orderList,
  invoiceList,
  creditNoteList,
  creditMemoList,
  shipmentList,
  paymentList,
  accountList,
  openItems,
  trialBalance,
  numberSeries,
]
