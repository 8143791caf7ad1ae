/** What judges, by area; rules put it together. */
import type { createAllocations } from './allocations.js'
import type { createApprovals } from './approvals.js'
import type { createBalances } from './balances.js'
import type { BooksHistory } from './books.js'
import type { createCrediting } from './crediting.js'
import type { Documents, Item } from './documents.js'
import type { FolioFunds } from './funds.js'
import type { createMoney } from './money.js'
import type { createNumbers } from './numbers.js'
import type { createOrders } from './orders.js'
import type { Report } from './report.js'
import type { createShipments } from './shipments.js'
import type { createStoreRefunds } from './store-refunds.js'
import type { SyncTasks } from './sync-tasks.js'

export type Parts = Readonly<{
  report: Report
  books: BooksHistory
  numbers: ReturnType<typeof createNumbers>
  documents: Documents
  balances: ReturnType<typeof createBalances>
  crediting: ReturnType<typeof createCrediting>
  money: ReturnType<typeof createMoney>
  orders: ReturnType<typeof createOrders>
  funds: FolioFunds
  allocations: ReturnType<typeof createAllocations>
  approvals: ReturnType<typeof createApprovals>
  shipments: ReturnType<typeof createShipments>
  tasks: SyncTasks
  storeRefunds: ReturnType<typeof createStoreRefunds>
}>
export type Touched = readonly (Item | null)[]
