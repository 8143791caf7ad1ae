/**
 * Judges a log by itself (style B21): plain sums of minor units over what the events say, at every position. It imports
 * nothing of the product but the shapes of its events, so it cannot repeat a mistake of what it judges. It takes any
 * log: of the memory adapter, of PostgreSQL, of an import.
 */
import type { StoredEvent } from '../../src/event-store/event-store.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createAllocations } from './allocations.js'
import { createAppends } from './appends.js'
import { createApprovals } from './approvals.js'
import { createBalances } from './balances.js'
import { createBooks } from './books.js'
import { createChain } from './chain.js'
import { createCrediting } from './crediting.js'
import { createDocuments } from './documents.js'
import { createFunds } from './funds.js'
import { createMoney } from './money.js'
import { createNumbers } from './numbers.js'
import { createOrders } from './orders.js'
import { createFindings } from './report.js'
import { createRules } from './rules.js'
import { createShipments } from './shipments.js'
import { createStoreRefunds } from './store-refunds.js'
import { createSyncTasks } from './sync-tasks.js'

export type Oracle = Readonly<{
  /**
   * The next event of the log, judged with every rule that it can break. With the event as it is stored its hash is
   * worked out again too; that takes the bytes, for personal fields are hashed as they are sealed.
   */
  feed(event: LedgerEvent, stored?: StoredEvent): void
  /** Every total at this position: trial balance, control accounts, parties, money. Gives all violations so far. */
  check(): readonly string[]
  /** After the last event. */
  finish(): readonly string[]
  /** Numbers taken that stand on no document and were not given up; after a clean run there is none. */
  unexplainedNumbers(): readonly string[]
  /** Reservations of which one side has not heard the end; after a run that nothing broke off there is none. */
  unfinishedAllocations(): readonly string[]
  violations: readonly string[]
}>

export function createOracle(): Oracle {
  const { report, at, found } = createFindings()
  const chain = createChain(report)
  const appends = createAppends(report)
  const books = createBooks(report)
  const numbers = createNumbers(report)
  const documents = createDocuments(report)
  const balances = createBalances(report, documents.items)
  const crediting = createCrediting(report)
  const money = createMoney(report, balances)
  const orders = createOrders(report)
  const funds = createFunds(report)
  const approvals = createApprovals(report, documents, funds)
  const tasks = createSyncTasks(report, { documents, funds, approvals })
  const parts = {
    ...{ report, books, numbers, documents, balances, crediting, money, orders, funds },
    ...{ approvals, tasks },
    allocations: createAllocations(report, { documents, books, funds }),
    shipments: createShipments(report, orders),
    storeRefunds: createStoreRefunds(report, { documents, funds, money, numbers, tasks }),
  }
  const apply = createRules(parts)
  let lastStream: string | null = null

  function endAppend(): void {
    if (lastStream !== null) documents.checkSettled(lastStream)
    parts.approvals.endAppend()
    parts.storeRefunds.endAppend()
  }

  function feed(event: LedgerEvent, stored?: StoredEvent): void {
    if (appends.feed(event)) {
      endAppend()
      numbers.beginAppend()
    }
    at(event)
    lastStream = event.stream
    chain.feed(event, stored)
    if (event.stream.startsWith('books-')) books.feed(event)
    if ('entry' in event.data) books.checkPeriod(event, event.data.entry)
    for (const item of apply(event)) if (item !== null) balances.checkDocument(item)
  }

  function check(): readonly string[] {
    balances.check()
    money.check()
    for (const folio of documents.folios.keys()) {
      if (folio !== appends.openStream()) documents.checkSettled(folio)
    }
    return found
  }

  return {
    feed,
    check,
    finish: () => {
      endAppend()
      numbers.finish()
      return check()
    },
    unexplainedNumbers: numbers.unexplained,
    unfinishedAllocations: parts.allocations.unfinished,
    violations: found,
  }
}
