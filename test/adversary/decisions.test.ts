import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { concludeAllocation } from '../../commands/credit/conclude-allocation.js'
import { returnCredit } from '../../commands/credit/return-credit.js'
import { adoptRemote } from '../../commands/platform/adopt-remote.js'
import { dismissSync } from '../../commands/platform/dismiss-sync.js'
import { linkPlatformRefund } from '../../commands/platform/link-platform-refund.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { retrySync } from '../../commands/platform/retry-sync.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import { importOrder } from '../../commands/order/import-order.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundedAtStore } from '../../commands/platform/refunded-at-store.js'
import { availableCredit } from '../../src/aggregates/credit.js'
import { creditIn } from '../../src/aggregates/folio.js'
import { after, decide, folioOf, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { state } from '../commands/imported-orders.js'
import { OTHER_INVOICE, otherFolio, PARTY } from '../commands/allocation-scenes.js'
import { gbp, INVOICE, invoice, item, ORDER, ZERO } from '../commands/scenes.js'
import {
  booksWithGateway,
  credited,
  importedOrder,
  invoiced,
  LINES,
  NOTE,
  paidOnline,
  requested,
  SENDING,
  started,
  storeRefund,
  TASK,
} from '../commands/store-scenes.js'

const SHUT = '2026-11-22T12:02:32.000Z'
const types = ({ newest }: { newest: readonly { type: string }[] }) =>
  newest.map(({ type }) => type)
const failed = (setback: string, scene: Partial<Scene>, more: object = {}) =>
  after(
    recordPlatformAnswer,
    { taskId: TASK, attempt: 1, answer: 'failed', setback, ...more },
    scene,
  )
const pulled = (refund: object, scene: Partial<Scene>) =>
  after(recordPlatformRefunds, { orderId: ORDER, refunds: [refund] }, scene)
const made = (provider: string, amount = '60.00', more: object = {}) => ({
  provider,
  amount: gbp(amount),
  isOffline: provider === 'custom',
  isDeclined: false,
  ...more,
})
const unmarked = (payments: object[] = [made('stripe')], more: object = {}) =>
  storeRefund({ marker: null, payments, ...more })
const noted = (scene: Partial<Scene>) =>
  after(
    postCreditNote,
    { creditNoteId: `${FOLIO_ID}-c2` },
    after(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'x', lines: [{ invoiceLine: 0, quantity: '1' }] },
      scene,
    ),
  )
const availableOf = (scene: Partial<Scene>) =>
  availableCredit(creditIn(folioOf(scene.facts ?? []), NOTE)!).amount
const stateOf = (scene: Partial<Scene>, task = TASK) =>
  folioOf(scene.facts ?? []).syncTasks.get(task)?.state.at

describe('B8: declined while it was held', () => {
  const declinedThen = () =>
    pulled(
      unmarked([made('stripe', '60.00', { isDeclined: true })]),
      pulled(unmarked(), noted(credited())),
    )
  test('linked by a person, its money is not gone', () => {
    const linked = after(
      linkPlatformRefund,
      { creditNoteId: NOTE, platformRefundId: '501', reason: 'x' },
      declinedThen(),
    )
    expect(types(linked)).toContain('PlatformRefundDeclined')
    expect(availableOf(linked)).toBe('60.00')
  })
  test('adopted by a person, its money is not gone', () => {
    const held = pulled(
      unmarked([made('stripe', '60.00', { isDeclined: true })]),
      failed('uncertain', started(), { candidates: ['501'] }),
    )
    const adopted = after(adoptRemote, { taskId: TASK, remoteId: '501', reason: 'x' }, held)
    expect(types(adopted)).toContain('PlatformRefundDeclined')
    expect(availableOf(adopted)).toBe('60.00')
  })
})

describe('L24: disputed after it was asked for', () => {
  const disputed = (scene: Partial<Scene>) =>
    after(
      importOrder,
      state(
        LINES,
        {
          paymentStatus: 'captured',
          status: 'Disputed',
          gateway: 'stripe',
          payments: [
            { method: 'card', gateway: 'stripe', transaction: 'ch_1', amount: gbp('132.00') },
          ],
        },
        3,
      ),
      scene,
    )
  test('no attempt begins', () => {
    const scene = disputed(requested())
    expect(
      decide(startAttempt, { taskId: TASK, sending: SENDING, shutUntil: SHUT }, scene),
    ).toHaveProperty('refusal')
  })
  test('a retry sends nothing', () => {
    let scene: Partial<Scene> = started()
    scene = disputed(failed('uncertain', scene, { candidates: ['9'] }))
    const again = decide(retrySync, { taskId: TASK, reason: 'x' }, scene)
    const next = 'refusal' in again ? scene : { ...scene, facts: [...scene.facts!, ...again.facts] }
    expect(
      decide(startAttempt, { taskId: TASK, sending: SENDING, shutUntil: SHUT }, next),
    ).toHaveProperty('refusal')
  })
})

describe('B4: what the store has of this very task', () => {
  const differing = storeRefund({
    items: [{ kind: 'order', platformLine: null, quantity: null, amount: gbp('60.00') }],
  })
  const inDoubt = () => pulled(differing, started())
  test('dismissed and asked anew, a second one is sent', () => {
    const gone = after(dismissSync, { taskId: TASK, reason: 'x' }, inDoubt())
    expect(
      decide(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Again' }, gone),
    ).toHaveProperty('refusal')
  })
})

describe('B10: recorded at the store, and not given back here after all', () => {
  const ALLOCATION = `${FOLIO_ID}-al1`
  const reserving = { ...allocateCredit, output: z.null(), answer: () => null }
  /** The note settled an invoice of another sale; the store is to be told; then the allocation is taken back. */
  const takenBack = () => {
    const note = credited(paidOnline(invoiced(importedOrder({ party: PARTY }))))
    const reserved = after(
      reserving,
      { documentId: NOTE, invoiceId: OTHER_INVOICE, amount: gbp('60.00') },
      { ...note, other: otherFolio(invoice([item('500', { tax: ZERO })], { party: PARTY }).facts) },
    )
    const settled = after(
      concludeAllocation,
      { allocationId: ALLOCATION, documentId: NOTE, number: 'JRN/2026/00009' },
      reserved,
    )
    const asked = after(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'x' }, settled)
    return after(
      returnCredit,
      { allocationId: ALLOCATION, documentId: NOTE, cause: 'reversed' },
      asked,
    )
  }
  test('the store is not told that it was', () => {
    const scene = takenBack()
    expect(availableOf(scene)).toBe('60.00')
    expect(
      decide(
        startAttempt,
        {
          taskId: TASK,
          sending: {
            kind: 'refund',
            payments: [{ provider: 'custom', amount: gbp('60.00'), isOffline: true }],
            override: null,
          },
          shutUntil: SHUT,
        },
        scene,
      ),
    ).toHaveProperty('refusal')
  })
})

describe('B5: a declined payment that was only recorded', () => {
  test('offline', () => {
    const offline = (isDeclined: boolean) =>
      storeRefund({ payments: [made('custom', '60.00', { isDeclined })] })
    const done = after(
      recordPlatformAnswer,
      { taskId: TASK, attempt: 1, answer: 'refunded', refund: offline(false), foundBy: 'answer' },
      started(requested(), {
        sending: {
          kind: 'refund',
          payments: [{ provider: 'custom', amount: gbp('60.00'), isOffline: true }],
          override: null,
        },
      }),
    )
    const declined = pulled(offline(true), done)
    const folio = folioOf(declined.facts)
    expect(refundedAtStore(folio.order as never, folio).amount).toBe('0.00')
    expect(folio.order).toMatchObject({ paymentStatus: 'captured' })
  })
  test('store credit', () => {
    const back = (isDeclined: boolean) =>
      storeRefund({ payments: [made('storecredit', '60.00', { isDeclined })] })
    const done = after(
      recordPlatformAnswer,
      { taskId: TASK, attempt: 1, answer: 'refunded', refund: back(false), foundBy: 'answer' },
      started(),
    )
    const declined = pulled(back(true), done)
    const folio = folioOf(declined.facts)
    expect(refundedAtStore(folio.order as never, folio).amount).toBe('0.00')
  })
  test('the gateway part and the offline part at once', () => {
    const both = (isDeclined: boolean) =>
      storeRefund({
        payments: [
          made('stripe', '20.00', { isDeclined }),
          made('custom', '40.00', { isDeclined }),
        ],
      })
    const done = after(
      recordPlatformAnswer,
      { taskId: TASK, attempt: 1, answer: 'refunded', refund: both(false), foundBy: 'answer' },
      started(),
    )
    const declined = pulled(both(true), done)
    const [fact] = declined.newest
    expect(fact?.type).toBe('PlatformRefundDeclined')
  })
})

describe('zero amounts', () => {
  test('a payment of nothing beside the one that is declined', () => {
    const books = booksWithGateway()
    const paypal = { ...books.accounts.get('gateway-stripe')!, account: 'gateway-paypal' }
    const with2 = { ...books, accounts: new Map(books.accounts).set('gateway-paypal', paypal) }
    const both = (isDeclined: boolean) =>
      unmarked([made('stripe', '0.00'), made('paypal', '60.00', { isDeclined })])
    const scene = pulled(both(false), { ...credited(), books: with2 })
    const declined = pulled(both(true), scene)
    const fact = declined.facts.at(-1)!
    expect(fact.type).toBe('PlatformRefundDeclined')
    const postings = 'entry' in fact.data ? fact.data.entry.postings : []
    expect(postings.find(({ account }) => account === 'gateway-paypal')).toMatchObject({
      side: 'debit',
      amount: gbp('60.00'),
    })
  })
  test('a refund of nothing, without payments, does not stop the others of its order', () => {
    const nothing = unmarked([], {
      platformRefundId: '500',
      amount: gbp('0.00'),
      tax: gbp('0.00'),
      items: [],
    })
    const parsed = recordPlatformRefunds.input.safeParse({
      orderId: ORDER,
      refunds: [nothing, unmarked()],
    })
    expect(parsed.success).toBe(true)
  })
})

test('a declined payment whose place among the others changed is booked back once', () => {
  const books = booksWithGateway()
  const paypal = { ...books.accounts.get('gateway-stripe')!, account: 'gateway-paypal' }
  const with2 = { ...books, accounts: new Map(books.accounts).set('gateway-paypal', paypal) }
  const first = unmarked([made('stripe', '20.00'), made('paypal', '40.00')])
  const a = made('stripe', '20.00', { isDeclined: true })
  const b = made('paypal', '40.00')
  let scene = pulled(first, { ...credited(), books: with2 })
  scene = pulled(unmarked([a, b]), scene)
  scene = pulled(unmarked([b, a]), scene)
  expect(scene.facts.filter(({ type }) => type === 'PlatformRefundDeclined')).toHaveLength(1)
})
