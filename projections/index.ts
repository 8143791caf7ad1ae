/** The registry: what stands here is built, followed, rebuilt and shown (R5). */
import { accountList } from './account-list.js'
import { approvalList } from './approval-list.js'
import { allocationList } from './allocation-list.js'
import { creditMemoList } from './credit-memo-list.js'
import { creditNoteList } from './credit-note-list.js'
import { forgottenSubjects } from './forgotten-subjects.js'
import { instanceList } from './instance-list.js'
import { invoiceList } from './invoice-list.js'
import { numberSeries } from './number-series.js'
import { openItems } from './open-items.js'
import { orderList } from './order-list.js'
import { paymentList } from './payment-list.js'
import { platformRefundList } from './platform-refund-list.js'
import { prepaymentList } from './prepayment-list.js'
import type { Projection } from './projection.js'
import { shipmentList } from './shipment-list.js'
import { syncTaskList } from './sync-task-list.js'
import { taxSummary } from './tax-summary.js'
import { trialBalance } from './trial-balance.js'
import { trialBalanceByCurrency } from './trial-balance-by-currency.js'
import { unusedNumbers } from './unused-numbers.js'

export const PROJECTIONS: readonly Projection[] = [
  orderList,
  invoiceList,
  creditNoteList,
  creditMemoList,
  shipmentList,
  approvalList,
  forgottenSubjects,
  paymentList,
  prepaymentList,
  accountList,
  instanceList,
  syncTaskList,
  platformRefundList,
  openItems,
  allocationList,
  trialBalance,
  trialBalanceByCurrency,
  taxSummary,
  numberSeries,
  unusedNumbers,
]
