/** Money in and out: what waits for the bank, item by item; what gateways and shoppers hold; what was taken back. */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Entry, Posting } from '../../src/events/parts.js'
import {
  addBoth,
  type Both,
  digitsOf,
  exchanged,
  minusBoth,
  NOTHING,
  partOf,
  plusBoth,
  units,
} from './arithmetic.js'
import { type createBalances } from './balances.js'
import { signed, signedBoth } from './sides.js'
import { available, type CreditItem } from './documents.js'
import { isOpposite } from './entries.js'
import type { Report } from './report.js'

const MONEY_TYPES: readonly string[] = ['bank', 'cash', 'cheque', 'outstanding', 'gateway']
const HAND_TYPES: readonly string[] = ['bank', 'cash', 'cheque']
/** What shoppers can still spend is kept like money (J5, J26). */
const STORE_CREDIT = 'store-credit'

type Moved = EventOfType<'PaymentRegistered' | 'PrepaymentRegistered' | 'CreditRefunded'>
type Payment = { data: Moved['data']; matchedOn: string | null; reversed: boolean }

export function createMoney(report: Report, balances: ReturnType<typeof createBalances>) {
  const payments = new Map<string, Payment>()
  /** Items in payment: what each still holds on its account, debits positive. */
  const awaited = new Map<string, { key: string; value: Both }>()
  /** What was there when the books were taken over. */
  const opened = new Map<string, Both>()
  /** What each money account must show, from what the events say they moved. */
  const expected = new Map<string, Both>()
  const transactions = new Map<string, string>()

  function register(event: EventOfType<'PaymentRegistered'>): void {
    const { paymentId, amount, applied, overpayment, account, online } = event.data
    const parts = units(applied) + (overpayment === undefined ? 0n : units(overpayment.amount))
    if (units(amount) !== parts) {
      report('payment_parts', paymentId, `${amount.amount} is not ${parts} units`)
    }
    if (account === STORE_CREDIT && overpayment !== undefined) {
      report('payment_parts', paymentId, `spends more store credit than is asked`)
    }
    receive(event, online === undefined && account === STORE_CREDIT ? ['liability'] : HAND_TYPES)
  }

  function prepay(event: EventOfType<'PrepaymentRegistered'>): void {
    receive(event, HAND_TYPES)
  }

  function receive(
    event: EventOfType<'PaymentRegistered' | 'PrepaymentRegistered'>,
    types: readonly string[],
  ): void {
    const { paymentId, amount, online } = event.data
    if (units(amount) <= 0n) report('payment_parts', paymentId, `is ${amount.amount}`)
    move(event, online === undefined ? types : ['gateway'])
    if (online === undefined) return
    const transaction = JSON.stringify([event.stream, online.gateway, online.transaction])
    const before = transactions.get(transaction)
    if (before !== undefined)
      report('transaction_twice', paymentId, `has the transaction of ${before}`)
    transactions.set(transaction, paymentId)
  }

  function refund(event: EventOfType<'CreditRefunded'>, credit: CreditItem | null): void {
    const { paymentId, amount, date, remaining, party, direction } = event.data
    if (units(amount) <= 0n) report('refund_amount', paymentId, `is ${amount.amount}`)
    move(event, HAND_TYPES)
    if (credit === null) return
    if (date < credit.date)
      report('refund_before_document', paymentId, `is of ${date}, ${credit.id} of ${credit.date}`)
    if (party !== credit.party || direction !== credit.direction || event.stream !== credit.folio) {
      report('refund_differs', paymentId, `is of another folio, side or party than ${credit.id}`)
    }
    const left = available(credit)
    if (units(remaining) !== left) {
      report('refund_remaining', paymentId, `says ${remaining.amount} are left, ${left} units are`)
    }
  }

  function reconcile(event: EventOfType<'PaymentReconciled'>): void {
    const { paymentId, flow, account, date, statementAmount, charges, entry } = event.data
    const payment = payments.get(paymentId)
    const item = awaited.get(paymentId)
    if (payment === undefined || item === undefined || payment.matchedOn !== null) {
      report('match_without_payment', paymentId, `awaits no match on ${date}`)
      return
    }
    payment.matchedOn = account
    awaited.delete(paymentId)
    const amount = units(payment.data.amount)
    const fee = charges === undefined ? 0n : units(charges)
    const statement = units(statementAmount)
    const sign = flow === 'received' ? 1n : -1n
    if (
      statement !== amount - sign * fee ||
      fee < 0n ||
      statement < 0n ||
      flow !== payment.data.flow
    ) {
      report('statement_amount', paymentId, `${statement} with ${fee} charges for ${amount} units`)
    }
    const moves = new Map<string, Both>()
    const { currency } = payment.data.amount
    const kept = partOf(item.value, sign * fee)
    const ofFee = { amount: fee, books: sign * kept.books }
    addBoth(
      moves,
      `${entry.books} ${payment.data.heldIn} ${currency}`,
      minusBoth(NOTHING, item.value),
    )
    addBoth(moves, `${entry.books} ${account} ${currency}`, minusBoth(item.value, ofFee))
    checkMoves(entry, moves)
    const charged = entry.postings
      .filter((posting) => posting.account === 'payment-fees')
      .reduce((sum, posting) => plusBoth(sum, signedBoth(posting)), NOTHING)
    if (charged.amount !== ofFee.amount || charged.books !== ofFee.books)
      report('charges', paymentId, `${charged.amount} units posted, ${fee} charged`)
  }

  /** J30: everything that it had moved goes back, from where it is now. */
  function reverse({ data }: EventOfType<'PaymentReversed'>): void {
    const { paymentId, date, entry } = data
    const payment = payments.get(paymentId)
    if (payment === undefined || payment.reversed || 'documentId' in payment.data) {
      report('reversal_without_payment', paymentId, 'is no payment that stands')
      return
    }
    payment.reversed = true
    const { data: paid, matchedOn } = payment
    if (date < paid.date || entry.postingDate < paid.entry.postingDate)
      report('dated_before', paymentId, `is reversed on ${date}, it is of ${paid.date}`)
    const isHeld = ({ account }: Posting) => account === paid.heldIn && matchedOn !== null
    const standing = paid.entry.postings.map((posting) =>
      isHeld(posting) ? { ...posting, account: matchedOn ?? '' } : posting,
    )
    if (!isOpposite(entry.postings, standing) || paid.flow !== data.flow)
      report(
        'reversal_differs',
        paymentId,
        `${entry.number} is not the opposite of ${paid.entry.number}`,
      )
    awaited.delete(paymentId)
    const value = minusBoth(NOTHING, valueOf(paid))
    const key = `${entry.books} ${matchedOn ?? paid.heldIn} ${paid.amount.currency}`
    checkMoves(entry, new Map([[key, value]]))
  }

  /** What was sold is owed to shoppers, what is taken back of it no longer; no other account of money moves. */
  function sell(entry: Entry, sold: bigint): void {
    const posted = entry.postings.filter(({ account }) => account === STORE_CREDIT)
    const booked = posted.reduce(
      (sum, { side, booksAmount }) => sum + signed(side, booksAmount),
      0n,
    )
    const currency = entry.postings[0]?.amount.currency ?? ''
    const key = `${entry.books} ${STORE_CREDIT} ${currency}`
    checkMoves(entry, new Map([[key, { amount: -sold, books: booked }]]))
  }

  /** J21 to J23: what a store gave back or could not, by account; the rate is that of the day. */
  function atStore(entry: Entry, amounts: ReadonlyMap<string, bigint>): void {
    const moves = new Map<string, Both>()
    const currency = entry.postings[0]?.amount.currency ?? ''
    for (const [account, amount] of amounts) {
      if (amount === 0n) continue
      const type = balances.accountOf(entry.books, account)?.type ?? 'missing'
      if (account !== STORE_CREDIT && type !== 'gateway')
        report('money_account', entry.number, `moves over ${account}, a ${type} account`)
      const posted = entry.postings.filter((posting) => posting.account === account)
      const books = posted.reduce((sum, posting) => sum + signedBoth(posting).books, 0n)
      moves.set(`${entry.books} ${account} ${currency}`, { amount, books })
    }
    checkMoves(entry, moves)
  }

  /** J42: what the accounts show when the books are taken over. */
  function open(entry: Entry): void {
    for (const posting of entry.postings) {
      if (!isMoney(entry.books, posting.account)) continue
      const key = `${entry.books} ${posting.account} ${posting.amount.currency}`
      addBoth(opened, key, signedBoth(posting))
      addBoth(expected, key, signedBoth(posting))
    }
  }

  /** An entry of no money must leave every money account as it is. */
  function none(entry: Entry): void {
    checkMoves(entry, new Map())
  }

  /** J41: the opposite of entries that were judged before. */
  function takeBack(entry: Entry): void {
    const moves = new Map<string, Both>()
    for (const posting of entry.postings) {
      if (posting.account !== STORE_CREDIT) continue
      addBoth(
        moves,
        `${entry.books} ${STORE_CREDIT} ${posting.amount.currency}`,
        signedBoth(posting),
      )
    }
    checkMoves(entry, moves)
  }

  function move({ data, stream }: Moved, types: readonly string[]): void {
    const { paymentId, flow, direction, account, heldIn, matching, amount, entry } = data
    if (payments.has(paymentId)) report('payment_twice', paymentId, `stands in ${stream} twice`)
    payments.set(paymentId, { data, matchedOn: null, reversed: false })
    const chosen = balances.accountOf(entry.books, account)
    const held = balances.accountOf(entry.books, heldIn)
    const pair = chosen?.outstanding
    const right = pair === undefined ? account : flow === 'received' ? pair.receipts : pair.payments
    const mustWait = held?.type === 'outstanding' || held?.type === 'cheque'
    if (chosen === undefined || !types.includes(chosen.type)) {
      report(
        'money_account',
        paymentId,
        `moves over ${account}, a ${chosen?.type ?? 'missing'} account`,
      )
    }
    if (heldIn !== right || (matching === 'awaited') !== mustWait) {
      report('money_place', paymentId, `${heldIn}, ${matching}; right is ${right}`)
    }
    checkCurrency(data)
    const isRefund = 'documentId' in data
    if ((flow === 'received') !== ((direction === 'out') !== isRefund)) {
      report('money_flow', paymentId, `is ${flow} on the ${direction} side`)
    }
    const value = valueOf(data)
    const key = `${entry.books} ${heldIn} ${amount.currency}`
    if (matching === 'awaited') awaited.set(paymentId, { key, value })
    checkMoves(entry, new Map([[key, value]]))
  }

  /** Money of another currency has the day's rate; over an account of another one only with a rate given (N3, L20). */
  function checkCurrency({ paymentId, account, amount, exchangeRate, entry }: Moved['data']): void {
    const chosen = balances.accountOf(entry.books, account)
    const isForeign = chosen !== undefined && chosen.booksCurrency !== amount.currency
    if (!isForeign && (exchangeRate ?? '1') !== '1') {
      report('exchange_rate', paymentId, `${amount.currency} at ${exchangeRate ?? 'no rate'}`)
    }
    if (chosen?.currency === undefined || chosen.currency === amount.currency) return
    if (chosen.currency === chosen.booksCurrency && exchangeRate !== undefined) return
    report('money_currency', paymentId, `${amount.currency} over ${account} in ${chosen.currency}`)
  }

  function isMoney(books: string, account: string): boolean {
    const type = balances.accountOf(books, account)?.type
    return account === STORE_CREDIT || (type !== undefined && MONEY_TYPES.includes(type))
  }

  function checkMoves(entry: Entry, moves: ReadonlyMap<string, Both>): void {
    const posted = new Map<string, Both>()
    for (const posting of entry.postings) {
      const { account, amount } = posting
      if (!isMoney(entry.books, account)) continue
      addBoth(posted, `${entry.books} ${account} ${amount.currency}`, signedBoth(posting))
    }
    for (const [key, value] of moves) addBoth(expected, key, value)
    for (const key of new Set([...posted.keys(), ...moves.keys()])) {
      const [is, must] = [posted.get(key) ?? NOTHING, moves.get(key) ?? NOTHING]
      if (is.amount === must.amount && is.books === must.books) continue
      const said = `${is.amount} units (${is.books} in books)`
      const right = `${must.amount} (${must.books})`
      report('money_posted', `${entry.number} ${key}`, `${said}, its event moves ${right}`)
    }
  }

  /** Outstanding accounts are the payments in payment; gateways hold what was captured, shoppers what they bought. */
  function check(): void {
    const inPayment = new Map(opened)
    for (const { key, value } of awaited.values()) addBoth(inPayment, key, value)
    for (const [key, balance] of balances.accounts) {
      const [books = '', account = ''] = key.split(' ')
      const type = balances.accountOf(books, account)?.type ?? ''
      if (!isMoney(books, account)) continue
      const waits = type === 'outstanding' || type === 'cheque'
      const must = (waits ? inPayment.get(key) : expected.get(key)) ?? NOTHING
      if (balance.amount === must.amount && balance.books === must.books) continue
      const rule = waits
        ? 'in_payment'
        : type === 'gateway'
          ? 'gateway_balance'
          : account === STORE_CREDIT
            ? 'store_credit'
            : 'money_balance'
      const said = `shows ${balance.amount} units (${balance.books} in books)`
      report(rule, key, `${said}, its items make ${must.amount} (${must.books})`)
    }
  }

  return {
    register,
    prepay,
    refund,
    reconcile,
    reverse,
    sell,
    atStore,
    open,
    none,
    takeBack,
    check,
  }
}

/** At the day's rate, debits positive. */
function valueOf({ flow, amount, exchangeRate = '1', entry }: Moved['data']): Both {
  const booksDigits = digitsOf(entry.postings[0]?.booksAmount.amount ?? '')
  const value = { amount: units(amount), books: exchanged(amount, exchangeRate, booksDigits) }
  return flow === 'received' ? value : minusBoth(NOTHING, value)
}
