/** Refunds of every kind above the threshold of a role wait for somebody else; the sum per document counts (N6). */
import type { OpenBooks } from '../../src/aggregates/books.js'
import { availableCredit, type Credit } from '../../src/aggregates/credit.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { compare, minus, type Money, plus, zero } from '../../src/money/money.js'
import type { FolioContext } from '../command.js'
import { nextApprovalId } from '../document-id.js'
import { identityOf } from './allocated-credit.js'

type Requested = FactOfType<'RefundApprovalRequested'>

/** The request, where the refund brings the document above what the role may give back alone; `null`: it may. */
export function approvalRequest(
  credit: Credit,
  { amount, refund }: Readonly<{ amount: Money; refund: Requested['data']['refund'] }>,
  { folio, folioId, books, principal, role, today }: FolioContext,
): Requested | null {
  const threshold = thresholdOf(role, amount.currency, books)
  const documentSum = [credit.refunded, credit.waiting, credit.underWay].reduce(plus, amount)
  if (threshold === null || compare(documentSum, threshold) <= 0) return null
  const { documentId, kind: documentKind, direction, party } = identityOf(credit)
  return {
    type: 'RefundApprovalRequested',
    data: {
      approvalId: nextApprovalId(folioId, folio),
      books: books.books,
      documentId,
      documentKind,
      documentNumber: credit.number,
      direction,
      party,
      amount,
      remaining: minus(availableCredit(credit), amount),
      refund,
      requestedBy: principal,
      role,
      requestedOn: today,
      documentSum,
      threshold,
    },
  }
}

/** Up to where the role refunds alone; `null`: it is not bound. Named with other currencies only, it never is alone. */
function thresholdOf(
  role: string,
  currency: string,
  { settings: { refundThresholds } }: Pick<OpenBooks, 'settings'>,
): Money | null {
  const ofRole = refundThresholds.filter((named) => named.role === role)
  if (ofRole.length === 0) return null
  const inCurrency = ofRole.find(({ threshold }) => threshold.currency === currency)
  return inCurrency?.threshold ?? zero(currency)
}
