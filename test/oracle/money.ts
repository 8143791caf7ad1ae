/** Money in and out: what waits for the bank, item by item; what gateways hold; what a folio gave back (L12). */
import type { EventOfType } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import { add, units } from './arithmetic.js'
import type { createBalances } from './balances.js'
import { signed } from './balances.js'
import type { CreditItem } from './documents.js'
import type { Report } from './report.js'

const MONEY_TYPES: readonly string[] = ['bank', 'cash', 'cheque', 'outstanding', 'gateway']
const HAND_TYPES: readonly string[] = ['bank', 'cash', 'cheque']

type Moved = EventOfType<'PaymentRegistered' | 'CreditRefunded'>
type Payment = { data: Moved['data']; matched: boolean }
type Folio = { received: bigint; givenBack: bigint }

export function createMoney(report: Report, balances: ReturnType<typeof createBalances>) {
  const payments = new Map<string, Payment>()
  /** Items in payment: what each still holds on its account, debits positive. */
  const awaited = new Map<string, { key: string; value: bigint }>()
  /** What each money account must show, from what the events say they moved. */
  const expected = new Map<string, bigint>()
  const folios = new Map<string, Folio>()
  const transactions = new Map<string, string>()

  function register(event: EventOfType<'PaymentRegistered'>): void {
    const { paymentId, amount, applied, overpayment, online } = event.data
    const parts = units(applied) + (overpayment === undefined ? 0n : units(overpayment.amount))
    if (units(amount) !== parts || units(amount) <= 0n) {
      report('payment_parts', paymentId, `${amount.amount} is not ${parts} units`)
    }
    move(event, online === undefined ? HAND_TYPES : ['gateway'])
    folioOf(event).received += units(amount)
    if (online === undefined) return
    const transaction = JSON.stringify([event.stream, online.gateway, online.transaction])
    const before = transactions.get(transaction)
    if (before !== undefined)
      report('transaction_twice', paymentId, `has the transaction of ${before}`)
    transactions.set(transaction, paymentId)
  }

  function refund(event: EventOfType<'CreditRefunded'>, credit: CreditItem | null): void {
    const { paymentId, amount, date, remaining, documentId, party, direction } = event.data
    if (units(amount) <= 0n) report('refund_amount', paymentId, `is ${amount.amount}`)
    move(event, HAND_TYPES)
    if (credit === null) return
    if (date < credit.date)
      report('refund_before_document', paymentId, `is of ${date}, ${credit.id} of ${credit.date}`)
    if (party !== credit.party || direction !== credit.direction || event.stream !== credit.folio) {
      report('refund_differs', paymentId, `is of another folio, side or party than ${credit.id}`)
    }
    if (units(remaining) !== credit.open) {
      report(
        'refund_remaining',
        paymentId,
        `says ${remaining.amount} are left, ${credit.open} units are`,
      )
    }
    if (credit.kind === 'credit_note' && credit.invoice === null) return
    const folio = folioOf(event)
    folio.givenBack += units(amount)
    if (folio.givenBack > folio.received) {
      report(
        'given_back_beyond_received',
        event.stream,
        `${folio.givenBack} units of ${folio.received} after ${paymentId} on ${documentId}`,
      )
    }
  }

  function reconcile(event: EventOfType<'PaymentReconciled'>): void {
    const { paymentId, flow, account, statementAmount, charges, entry } = event.data
    const payment = payments.get(paymentId)
    const item = awaited.get(paymentId)
    if (payment === undefined || item === undefined || payment.matched) {
      report('match_without_payment', paymentId, 'awaits no match')
      return
    }
    payment.matched = true
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
    const moves = new Map<string, bigint>()
    const { currency } = payment.data.amount
    add(moves, `${entry.books} ${payment.data.heldIn} ${currency}`, -item.value)
    add(moves, `${entry.books} ${account} ${currency}`, sign * statement)
    checkMoves(entry, moves)
    const charged = entry.postings
      .filter((posting) => posting.account === 'payment-fees')
      .reduce((sum, { side, amount: posted }) => sum + signed(side, posted), 0n)
    if (charged !== fee) report('charges', paymentId, `${charged} units posted, ${fee} charged`)
  }

  /** An entry of no money must leave every money account as it is. */
  function none(entry: Entry): void {
    checkMoves(entry, new Map())
  }

  function move({ data, stream }: Moved, types: readonly string[]): void {
    const { paymentId, flow, direction, account, heldIn, matching, amount, entry } = data
    if (payments.has(paymentId)) report('payment_twice', paymentId, `stands in ${stream} twice`)
    payments.set(paymentId, { data, matched: false })
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
    if (chosen?.currency !== undefined && chosen.currency !== amount.currency) {
      report(
        'money_currency',
        paymentId,
        `${amount.currency} over ${account} in ${chosen.currency}`,
      )
    }
    const isRefund = 'documentId' in data
    if ((flow === 'received') !== ((direction === 'out') !== isRefund)) {
      report('money_flow', paymentId, `is ${flow} on the ${direction} side`)
    }
    const value = flow === 'received' ? units(amount) : -units(amount)
    const key = `${entry.books} ${heldIn} ${amount.currency}`
    if (matching === 'awaited') awaited.set(paymentId, { key, value })
    checkMoves(entry, new Map([[key, value]]))
  }

  function checkMoves(entry: Entry, moves: ReadonlyMap<string, bigint>): void {
    const posted = new Map<string, bigint>()
    for (const { account, side, amount } of entry.postings) {
      const type = balances.accountOf(entry.books, account)?.type
      if (type === undefined || !MONEY_TYPES.includes(type)) continue
      add(posted, `${entry.books} ${account} ${amount.currency}`, signed(side, amount))
    }
    for (const [key, value] of moves) add(expected, key, value)
    for (const key of new Set([...posted.keys(), ...moves.keys()])) {
      const [is, must] = [posted.get(key) ?? 0n, moves.get(key) ?? 0n]
      if (is !== must)
        report('money_posted', `${entry.number} ${key}`, `${is} units, its event moves ${must}`)
    }
  }

  /** Outstanding accounts are the payments in payment; gateways hold what was captured less what was refunded. */
  function check(): void {
    const inPayment = new Map<string, bigint>()
    for (const { key, value } of awaited.values()) add(inPayment, key, value)
    for (const [key, balance] of balances.accounts) {
      const [books = '', account = ''] = key.split(' ')
      const type = balances.accountOf(books, account)?.type ?? ''
      if (!MONEY_TYPES.includes(type)) continue
      const waits = type === 'outstanding' || type === 'cheque'
      const must = (waits ? inPayment.get(key) : expected.get(key)) ?? 0n
      const rule = waits ? 'in_payment' : type === 'gateway' ? 'gateway_balance' : 'money_balance'
      if (balance !== must) report(rule, key, `shows ${balance} units, its items make ${must}`)
    }
  }

  function folioOf({ stream, data }: Moved): Folio {
    const key = `${stream} ${data.direction} ${data.amount.currency}`
    const folio = folios.get(key) ?? { received: 0n, givenBack: 0n }
    folios.set(key, folio)
    return folio
  }

  return { register, refund, reconcile, none, check }
}
