/** What stores are told, and the refunds that they have (S3, B9). */
import {
  findPlatformRefund,
  platformRefunds,
  platformRefundsParameters,
} from '../queries/platform-refunds.js'
import { syncTasks, syncTasksParameters } from '../queries/sync-tasks.js'
import { platformRefundListTable, syncTaskListTable } from '../read-model/schema.js'
import { column, list, VIEW } from './list.js'
import { actionableDocumentSchema } from './openapi/document-members.js'

export const syncTaskList = list({
  path: '/sync-tasks',
  title: 'Sync Tasks',
  projection: 'sync_task_list',
  table: syncTaskListTable,
  columns: [
    column('requestedAt', 'Requested', 'instant'),
    column('kind', 'Kind'),
    column('orderNumber', 'Order #'),
    column('documentNumber', 'Document'),
    column('currency', 'Currency'),
    column('amount', 'Amount', 'number'),
    column('state', 'State'),
    column('attempts', 'Attempts', 'number'),
    column('setback', 'Setback'),
    VIEW,
  ],
  members: [
    ...(['detail', 'changedAt'] as const),
    ...(['books', 'instance', 'orderId', 'platformOrderId', 'documentId'] as const),
    ...(['notBefore', 'shutUntil', 'failures', 'remoteId'] as const),
    ...(['requestedBy', 'reason', 'by'] as const),
  ],
  parameters: syncTasksParameters,
  query: syncTasks,
  find: 'in_folio',
  document: actionableDocumentSchema,
})

export const platformRefundList = list({
  path: '/platform-refunds',
  title: 'Refunds at Stores',
  projection: 'platform_refund_list',
  table: platformRefundListTable,
  columns: [
    column('platformRefundId', 'Refund'),
    column('createdAt', 'Created', 'instant'),
    column('orderNumber', 'Order #'),
    column('documentNumber', 'Document'),
    column('currency', 'Currency'),
    column('amount', 'Amount', 'number'),
    column('toBePaid', 'Only Recorded', 'number'),
    column('status', 'Status'),
    column('held', 'Waits Because'),
    VIEW,
  ],
  members: [
    ...(['books', 'instance', 'orderId', 'platformOrderId', 'documentId'] as const),
    ...(['paymentStatus', 'knownBy', 'taskId'] as const),
  ],
  parameters: platformRefundsParameters,
  query: platformRefunds,
  find: (db, id) => {
    // An instance's id has no colon in it; what a store calls a refund may have.
    const [instance = '', ...name] = id.split(':')
    return findPlatformRefund(db, { instance, platformRefundId: name.join(':') })
  },
})
