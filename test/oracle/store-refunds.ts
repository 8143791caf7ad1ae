/**
 * Refunds at stores: each once, on one document, and a note has one for ever (B4); what left through gateways and as store
 * credit is booked as it was paid (J21, J23), what was declined is taken back as it was booked (J22), and how an order's
 * payment stands follows from its refunds (B5).
 */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import {
  add,
  type Both,
  minusBoth,
  type Money,
  partOf,
  plusBoth,
  share,
  units,
} from './arithmetic.js'
import { checkTaxPosted } from './deposit-tax.js'
import { available, type CreditItem, type Documents, type Taken } from './documents.js'
import { isOpposite } from './entries.js'
import type { FolioFunds } from './funds.js'
import type { createMoney } from './money.js'
import type { createNumbers } from './numbers.js'
import type { Report } from './report.js'
import type { SyncTasks } from './sync-tasks.js'

type Seen = EventOfType<'PlatformRefundSeen' | 'PlatformRefundRecorded'>['data']
type Payment = Seen['payments'][number]
/** What left a document through the store, and what of it has not come back. */
type Paid = { credit: CreditItem; entry: Entry; whole: bigint; left: Taken; accounts: string[] }
type Refund = {
  id: string
  orderId: string
  amount: Money
  payments: readonly Payment[]
  document: string | null
  paid: Paid | null
}

const STORE_CREDIT = 'storecredit'

export function createStoreRefunds(
  report: Report,
  {
    documents,
    funds,
    money,
    numbers,
    tasks,
  }: Readonly<{
    documents: Documents
    funds: FolioFunds
    money: ReturnType<typeof createMoney>
    numbers: ReturnType<typeof createNumbers>
    tasks: SyncTasks
  }>,
) {
  const refunds = new Map<string, Refund>()
  const totals = new Map<string, Money>()
  const forced = new Map<string, boolean>()
  /** Recorded in this append, with money to be booked in it. */
  let unpaid: Refund | null = null

  function keyOf({ instance, platformRefundId }: Pick<Seen, 'instance' | 'platformRefundId'>) {
    return `${instance} ${platformRefundId}`
  }

  function see({ data }: EventOfType<'PlatformRefundSeen'>): void {
    enter(data, null)
    checkStatus(data)
  }

  function enter(data: Seen, document: string | null): Refund {
    const { platformRefundId: id, orderId, amount, payments } = data
    const known = refunds.get(keyOf(data))
    if (known !== undefined && (known.document !== null || known.orderId !== orderId)) {
      const where = known.document ?? known.orderId
      report('platform_refund_twice', keyOf(data), `belongs to ${where}`)
    }
    const refund = { id, orderId, amount, payments, document, paid: null }
    refunds.set(keyOf(data), refund)
    return refund
  }

  function record({ data }: EventOfType<'PlatformRefundRecorded'>): void {
    const { documentId, documentKind, taskId, payments, toBePaid } = data
    const credit = documents.creditOf(documentId, keyOf(data))
    const others = [...refunds.values()].filter(({ document }) => document === documentId)
    // Of a prepayment a store may give back more than once.
    if (credit?.kind === 'credit_note' && others.length > 0) {
      const sentence = `has ${others[0]?.id ?? ''} and ${data.platformRefundId}`
      report('platform_refund_twice', documentId, sentence)
    }
    const refund = enter(data, documentId)
    if (taskId !== null) tasks.answered(taskId, documentId)
    const offline = sumOf(payments.filter(({ isOffline }) => isOffline))
    const isRight = units(toBePaid) === 0n || units(toBePaid) === offline
    if (!isRight || (credit !== null && credit.kind !== documentKind)) {
      const sentence = `${toBePaid.amount} of ${offline} units are to be paid of a ${documentKind}`
      report('platform_refund_figures', keyOf(data), sentence)
    }
    checkPaid()
    if (payments.some(({ isOffline }) => !isOffline)) unpaid = refund
    checkStatus(data)
  }

  function pay({
    data,
    stream,
  }: EventOfType<'PlatformRefundPaid'>): readonly (CreditItem | null)[] {
    const { documentId, online, storeCredit, accounts, remaining, entry } = data
    numbers.standStoreRefund(entry, stream)
    const by = keyOf(data)
    const refund = refunds.get(by)
    if (refund === undefined || refund !== unpaid || refund.document !== documentId) {
      report('platform_refund_figures', by, 'is paid and was not recorded before')
      return []
    }
    unpaid = null
    const given = givenOf(refund.payments)
    const back = sumOf(refund.payments.filter(isStoreCredit))
    if (
      units(online) !== sumOf(given) ||
      units(storeCredit) !== back ||
      accounts.length !== given.length
    ) {
      const sentence = `${online.amount} and ${storeCredit.amount} over ${accounts.join()}`
      report('platform_refund_figures', by, `${sentence}; its payments say otherwise`)
    }
    const moves = new Map<string, bigint>([['store-credit', -back]])
    given.forEach(({ amount }, index) => add(moves, accounts[index] ?? '', -units(amount)))
    money.atStore(entry, moves)
    const credit = documents.creditOf(documentId, by)
    if (credit === null) return []
    const whole = units(online) + units(storeCredit)
    const taken = documents.take(credit, whole, by)
    credit.open = minusBoth(credit.open, taken)
    credit.refunded += whole
    documents.checkFree(credit, by)
    checkTaxPosted(entry, credit, taken.tax, report)
    funds.givenAtStore(credit, units(online), back)
    checkLeft(by, remaining, credit)
    checkDated(entry, credit)
    refund.paid = { credit, entry, whole, left: taken, accounts: [...accounts] }
    return [credit]
  }

  function decline({ data, stream }: EventOfType<'PlatformRefundDeclined'>): readonly CreditItem[] {
    const { documentId, declined, payments, remaining, entry } = data
    numbers.standJournal(entry, stream)
    const by = keyOf(data)
    const refund = refunds.get(by)
    const paid = refund?.paid ?? null
    if (refund === undefined || paid === null || refund.document !== documentId) {
      report('platform_refund_decline', by, 'is declined and was never paid')
      return []
    }
    const newly = new Map<string, bigint>()
    givenOf(payments).forEach(({ amount, isDeclined }, index) => {
      const before = givenOf(refund.payments)[index]?.isDeclined
      if (isDeclined && before === false) add(newly, paid.accounts[index] ?? '', units(amount))
    })
    const amount = [...newly.values()].reduce((sum, value) => sum + value, 0n)
    if (units(declined) !== amount || amount <= 0n)
      report('platform_refund_decline', by, `is ${declined.amount}, ${amount} units are declined`)
    const { credit } = paid
    const back = partBack(paid.left, amount)
    paid.left = { ...minusBoth(paid.left, back), tax: minusBoth(paid.left.tax, back.tax) }
    refund.payments = payments
    credit.open = plusBoth(credit.open, back)
    credit.refunded -= amount
    documents.putBack(credit, back)
    funds.givenAtStore(credit, -amount, 0n)
    money.atStore(entry, newly)
    checkTaxPosted(entry, credit, back.tax, report)
    // All of it is exactly what was booked, on the opposite sides.
    if (amount === paid.whole && !isOpposite(entry.postings, paid.entry.postings)) {
      const sentence = `${entry.number} is not the opposite of ${paid.entry.number}`
      report('platform_refund_decline', by, sentence)
    }
    checkLeft(by, remaining, credit)
    checkDated(entry, credit)
    tasks.declined(data)
    checkStatus(data)
    return [credit]
  }

  function checkLeft(by: string, remaining: Money, credit: CreditItem): void {
    if (units(remaining) === available(credit)) return
    const sentence = `says ${remaining.amount} are left, ${available(credit)} units are`
    report('platform_refund_figures', by, sentence)
  }

  function checkDated({ number, postingDate }: Entry, credit: CreditItem): void {
    if (postingDate < credit.postingDate)
      report('dated_before', number, `is of ${postingDate}, ${credit.id} of ${credit.postingDate}`)
  }

  /** What stands of the order's refunds in its own currency. */
  function standing(orderId: string): bigint {
    const { currency } = totals.get(orderId) ?? { currency: '' }
    return [...refunds.values()]
      .filter((refund) => refund.orderId === orderId && refund.amount.currency === currency)
      .reduce((sum, { amount, payments }) => {
        return sum + units(amount) - sumOf(payments.filter(({ isDeclined }) => isDeclined))
      }, 0n)
  }

  function isInFull(orderId: string): boolean {
    const total = totals.get(orderId)
    return total !== undefined && standing(orderId) >= units(total)
  }

  function checkStatus({ orderId, paymentStatus }: Pick<Seen, 'orderId' | 'paymentStatus'>): void {
    const right = isInFull(orderId)
      ? 'refunded'
      : standing(orderId) === 0n
        ? 'captured'
        : 'partially refunded'
    if (paymentStatus !== right)
      report('payment_status', orderId, `is called ${paymentStatus}, its refunds make it ${right}`)
  }

  /** B1, B6: asked for once more only where somebody has forced it. */
  function checkRequest({ data }: EventOfType<'PlatformRefundRequested'>): void {
    const { creditNoteId, orderId, taskId } = data
    const existing = [...refunds.values()].find(({ document }) => document === creditNoteId)
    if (existing !== undefined)
      report(
        'platform_refund_twice',
        creditNoteId,
        `has ${existing.id}, and ${taskId} is asked for`,
      )
    if (isInFull(orderId) && forced.get(orderId) !== true)
      report('refunded_already', orderId, `is refunded in full, and ${taskId} is asked for`)
  }

  /** What was recorded with money in it is booked in the same append. */
  function checkPaid(): void {
    if (unpaid !== null)
      report('platform_refund_figures', unpaid.id, 'moved money that is not booked')
    unpaid = null
  }

  return {
    checkRequest,
    see,
    record,
    pay,
    decline,
    force: ({ data }: EventOfType<'ForceRefundSet'>): void => {
      forced.set(data.orderId, data.forceRefund)
    },
    feedOrder: ({ data }: EventOfType<'OrderImported'>): void => {
      totals.set(data.orderId, data.totals.gross)
    },
    endAppend: checkPaid,
  }
}

function isStoreCredit({ isOffline, provider }: Payment): boolean {
  return !isOffline && provider === STORE_CREDIT
}

/** What gateways gave back. */
function givenOf(payments: readonly Payment[]): readonly Payment[] {
  return payments.filter((payment) => !payment.isOffline && !isStoreCredit(payment))
}

function sumOf(payments: readonly Payment[]): bigint {
  return payments.reduce((sum, { amount }) => sum + units(amount), 0n)
}

/** A part of what was taken, with as much of the tax of a deposit. */
function partBack(left: Taken, amount: bigint): Taken {
  if (amount === left.amount) return left
  const part: Both = partOf(left, amount)
  const tax = left.amount === 0n ? 0n : share(left.tax.amount, amount, left.amount)
  return { ...part, tax: partOf(left.tax, tax) }
}
