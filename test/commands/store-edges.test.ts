/** Answers that come late, twice, or odd; what a fresh reader found at the edges of stores. */
import { describe, expect, test } from 'vitest'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { dismissSync } from '../../commands/platform/dismiss-sync.js'
import { linkPlatformRefund } from '../../commands/platform/link-platform-refund.js'
import { markOrderPaid } from '../../commands/platform/mark-order-paid.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import { after, decide, folioOf, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { imported } from './imported-orders.js'
import { gbp, INVOICE, journal, ORDER, PAYMENT } from './scenes.js'
import {
  booksWithGateway,
  CAPTURE_SENDING as capture,
  credited,
  failed,
  GATEWAY,
  importedOrder,
  invoiced,
  LINES,
  made,
  NOTE,
  noted,
  paidOnline,
  payable,
  pulled,
  requested,
  SENDING,
  started,
  storeOf,
  storeRefund,
  TASK,
  types,
  unmarked,
} from './store-scenes.js'

const eur = (amount: string) => ({ amount, currency: 'EUR' })
const SHUT = '2026-11-22T12:02:32.000Z'
const stateOf = (scene: Partial<Scene>, task = TASK) =>
  folioOf(scene.facts ?? []).syncTasks.get(task)?.state.at

describe('after an unknown answer only the store opens the lane', () => {
  test.each([
    'unavailable',
    'limited',
    'not_sent',
    'not_authorised',
    'refused',
    'not_offered',
    'amount_differs',
  ])('%s', (setback) => {
    expect(['unknown', 'person']).toContain(stateOf(failed(setback, failed('unknown', started()))))
  })
  test('not before shutUntil, even where nothing was found', () => {
    const scene = failed('not_found', failed('unknown', started()))
    expect(
      decide(
        startAttempt,
        { taskId: TASK, sending: SENDING, shutUntil: '2026-11-22T12:05:00.000Z' },
        scene,
      ),
    ).toHaveProperty('refusal')
  })
  test('unknown without an attempt is no CorruptStream', () => {
    expect(() =>
      decide(
        recordPlatformAnswer,
        { taskId: TASK, attempt: null, answer: 'failed', setback: 'unknown' },
        requested(),
      ),
    ).not.toThrow()
  })
})
test('a capture that a person let go stays so', () => {
  const gave = failed(
    'uncertain',
    after(startAttempt, { taskId: TASK, sending: capture, shutUntil: SHUT }, payable()),
  )
  expect(types(after(dismissSync, { taskId: TASK, reason: 'no' }, gave))).toEqual(['SyncDismissed'])
})
test('credit that a withdrawal frees settles its due invoice (L11)', () => {
  expect(
    types(after(reversePayment, { paymentId: PAYMENT, reason: 'Bounced' }, requested())),
  ).toContain('CreditSettled')
})
test('tied by a person to a note paid out here, nothing is to be paid (B10)', () => {
  const paid = after(refundCredit, { documentId: NOTE, account: 'cash' }, noted(credited()))
  const linked = after(
    linkPlatformRefund,
    { creditNoteId: NOTE, platformRefundId: '501', reason: 'x' },
    pulled(unmarked([made('custom')]), paid),
  )
  expect(linked.newest[0]?.data).toMatchObject({ toBePaid: gbp('0.00') })
})
test('pulled onto a note paid out in part, the rest is to be paid (B10)', () => {
  const part = after(
    refundCredit,
    { documentId: NOTE, amount: gbp('20.00'), account: 'cash' },
    credited(),
  )
  expect(pulled(unmarked([made('custom')]), part).newest[0]?.data).toMatchObject({
    toBePaid: gbp('40.00'),
  })
})
test('linking says which account is missing', () => {
  const held = pulled(unmarked(), noted(credited()))
  const gateway = held.books!.accounts.get(GATEWAY)!
  const books = {
    ...held.books!,
    accounts: new Map(held.books!.accounts).set(GATEWAY, { ...gateway, closed: true }),
  }
  expect(
    decide(
      linkPlatformRefund,
      { creditNoteId: NOTE, platformRefundId: '501', reason: 'x' },
      { ...held, books },
    ),
  ).toMatchObject({ refusal: { code: 'clearing_account_missing' } })
})
test('a declined refund of a taxed deposit is the opposite of what was booked', () => {
  const base = booksWithGateway()
  const books = {
    ...base,
    settings: { ...base.settings, depositTax: { code: 'S', ratePercent: '20' } },
  }
  const prepaid = after(
    registerPayment,
    {
      orderId: ORDER,
      account: GATEWAY,
      amount: gbp('60.00'),
      online: { gateway: 'stripe', transaction: 'c' },
    },
    { ...importedOrder(), books },
  )
  const declined = pulled(
    unmarked([made('stripe', '60.00', { isDeclined: true })]),
    pulled(unmarked(), prepaid),
  )
  expect(journal(declined.facts.at(-1)).join()).not.toContain('NaN')
})
test('a declined refund in another currency leaves nothing on the clearing account', () => {
  const order = imported(
    LINES,
    {
      paymentStatus: 'captured',
      status: 'Shipped',
      gateway: 'stripe',
      currency: 'EUR',
      exchangeRate: '0.8',
      payments: [],
    },
    { books: booksWithGateway(), instance: storeOf() },
  )
  const inv = after(
    postInvoice,
    { invoiceId: INVOICE },
    after(invoiceOrder, { orderId: ORDER }, order),
  )
  const paid = after(
    registerPayment,
    {
      invoiceId: INVOICE,
      account: GATEWAY,
      amount: eur('132.00'),
      exchangeRate: '0.8',
      online: { gateway: 'stripe', transaction: 'x' },
    },
    inv,
  )
  const note = credited(paid)
  const books = {
    ...note.books!,
    rates: new Map([['EUR', [{ from: '2026-11-01', rate: '0.9' }]]]) as never,
  }
  const refund = (isDeclined: boolean) =>
    unmarked([{ ...made('stripe'), amount: eur('60.00'), isDeclined }], {
      amount: eur('60.00'),
      tax: eur('10.00'),
    })
  const scene = pulled(refund(true), pulled(refund(false), { ...note, books }))
  const moved = scene.facts
    .slice(-2)
    .flatMap(({ data }) => ('entry' in data ? data.entry.postings : []))
    .filter(({ account }) => account === GATEWAY)
  expect(moved.map(({ booksAmount }) => booksAmount.amount)).toEqual(['54.00', '54.00'])
})
test('of two gateways the declined one gets its money back, though its account was closed since', () => {
  const books = booksWithGateway()
  const paypal = { ...books.accounts.get(GATEWAY)!, account: 'gateway-paypal' }
  const both = (isDeclined: boolean) =>
    unmarked([made('stripe', '20.00'), made('paypal', '40.00', { isDeclined })])
  const scene = pulled(both(false), {
    ...credited(),
    books: { ...books, accounts: new Map(books.accounts).set('gateway-paypal', paypal) },
  })
  const closed = {
    ...scene,
    books: {
      ...scene.books!,
      accounts: new Map(scene.books!.accounts).set('gateway-paypal', { ...paypal, closed: true }),
    },
  }
  expect(journal(pulled(both(true), closed).facts.at(-1))[0]).toBe('debit gateway-paypal 40.00')
})
test('a note whose refund is there sends no second one (B4)', () => {
  const gone = after(dismissSync, { taskId: TASK, reason: 'x' }, failed('uncertain', started()))
  const second = after(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Again' }, gone)
  const late = after(
    recordPlatformAnswer,
    {
      taskId: TASK,
      attempt: 1,
      answer: 'refunded',
      refund: storeRefund({ payments: [made('custom')] }),
      foundBy: 'read_back',
    },
    second,
  )
  expect(
    decide(startAttempt, { taskId: `${FOLIO_ID}-t2`, sending: SENDING, shutUntil: SHUT }, late),
  ).toHaveProperty('refusal')
})
test('an order is captured once', () => {
  const gave = failed(
    'uncertain',
    after(startAttempt, { taskId: TASK, sending: capture, shutUntil: SHUT }, payable()),
  )
  let scene: Partial<Scene> = after(dismissSync, { taskId: TASK, reason: 'no' }, gave)
  const t2 = `${FOLIO_ID}-t2`
  if (stateOf(scene, t2) === undefined) scene = after(markOrderPaid, { orderId: ORDER }, scene)
  const shown = (taskId: string, attempt: number | null, on: Partial<Scene>) =>
    after(
      recordPlatformAnswer,
      {
        taskId,
        attempt,
        answer: 'captured',
        way: 'shown',
        transaction: '1',
        amount: gbp('132.00'),
        paymentStatus: 'captured',
        foundBy: 'read_back',
      },
      on,
    )
  expect(types(shown(TASK, 1, shown(t2, null, scene)))).not.toContain('OrderCaptured')
})
test('an answer in another currency is held, and throws nothing', () => {
  const odd = storeRefund({
    amount: eur('60.00'),
    tax: eur('10.00'),
    payments: [{ ...made('stripe'), amount: eur('60.00') }],
  })
  expect(() =>
    decide(
      recordPlatformAnswer,
      { taskId: TASK, attempt: 1, answer: 'refunded', refund: odd, foundBy: 'answer' },
      started(),
    ),
  ).not.toThrow()
})
test('a refund whose payments do not make its amount is held', () => {
  const odd = storeRefund({ payments: [made('stripe', '50.00')] })
  expect(
    types(
      after(
        recordPlatformAnswer,
        { taskId: TASK, attempt: 1, answer: 'refunded', refund: odd, foundBy: 'answer' },
        started(),
      ),
    ),
  ).not.toContain('PlatformRefundPaid')
})
test('a note that a person discarded is not drafted again by the next pull', () => {
  const drafted = pulled(
    unmarked(),
    paidOnline(invoiced(importedOrder({}, { storeRefunds: 'draft' }))),
  )
  expect(types(pulled(unmarked(), after(discardDraft, { document: NOTE }, drafted)))).not.toContain(
    'CreditNoteDrafted',
  )
})
test('a capture of another sum than was received is not begun without a word (P6)', () => {
  expect(
    decide(
      startAttempt,
      { taskId: TASK, sending: { ...capture, amount: gbp('999.00') }, shutUntil: SHUT },
      payable(),
    ),
  ).toHaveProperty('refusal')
})
