/** Words of persons, pulls and declines that cross each other: money leaves once, and what the store is told is true. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { concludeAllocation } from '../../commands/credit/conclude-allocation.js'
import { returnCredit } from '../../commands/credit/return-credit.js'
import { adoptRemote } from '../../commands/platform/adopt-remote.js'
import { dismissSync } from '../../commands/platform/dismiss-sync.js'
import { linkPlatformRefund } from '../../commands/platform/link-platform-refund.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { retrySync } from '../../commands/platform/retry-sync.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import { importOrder } from '../../commands/order/import-order.js'
import { refundedAtStore } from '../../commands/platform/refunded-at-store.js'
import { availableCredit } from '../../src/aggregates/credit.js'
import { creditIn } from '../../src/aggregates/folio.js'
import { after, decide, folioOf, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { orderList } from '../../projections/order-list.js'
import { fold, planFold } from '../../src/workers/fold-events.js'
import { platformRefund } from '../../src/platforms/bigcommerce/refund-answers.js'
import { wireRefund } from '../../src/platforms/bigcommerce/refund-wire.js'
import { pullRefunds } from '../../src/workers/pull-refunds.js'
import { state } from './imported-orders.js'
import { OTHER_INVOICE, otherFolio, PARTY } from './allocation-scenes.js'
import { gbp, invoice, item, ORDER, ZERO } from './scenes.js'
import {
  booksWithGateway,
  credited,
  failed,
  importedOrder,
  invoiced,
  LINES,
  made,
  NOTE,
  noted,
  paidOnline,
  pulled,
  requested,
  SENDING,
  started,
  storeRefund,
  TASK,
  types,
  unmarked,
} from './store-scenes.js'

const SHUT = '2026-11-22T12:02:32.000Z'
const availableOf = (scene: Partial<Scene>) =>
  availableCredit(creditIn(folioOf(scene.facts ?? []), NOTE)!).amount

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

describe('B4: let go, and asked for anew', () => {
  test('the first one is heard of before the second is sent', () => {
    const gone = after(dismissSync, { taskId: TASK, reason: 'x' }, failed('uncertain', started()))
    const anew = after(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Again' }, gone)
    const heard = pulled(storeRefund(), anew)
    expect(types(heard)).toContain('PlatformRefundPaid')
    expect(
      decide(startAttempt, { taskId: `${FOLIO_ID}-t2`, sending: SENDING, shutUntil: SHUT }, heard),
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

describe('B5: declined together', () => {
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
    const folio = folioOf(declined.facts)
    expect(refundedAtStore(folio.order as never, folio).amount).toBe('0.00')
    // The list of orders says the same as the order itself.
    const metadata = { recordedAt: '2026-11-22T12:00:00.000Z', principal: 'tester' }
    const events = declined.facts.map((fact, revision) => ({ ...fact, metadata, revision }))
    const { written } = fold(planFold(orderList, events as never), new Map())
    expect(written).toMatchObject([{ refundedAtStore: '0.00' }])
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
  test('a refund of nothing, without payments, does not stop the others of its order', async () => {
    const asStore = (refund: string, payments: object[]) => ({
      ...{ refund, order: '77', createdAt: '2026-11-22T11:59:00.000Z', reasons: [] },
      ...{ total: gbp('60.00'), tax: gbp('10.00'), items: [], payments },
    })
    const payment = { ...made('stripe'), description: '', declinedMessage: null }
    const asked: unknown[] = []
    const pulling = pullRefunds(
      {
        store: {
          refunds: () =>
            Promise.resolve({
              outcome: 'read',
              value: [asStore('500', []), asStore('501', [payment])],
            }),
        },
        ...{ order: '77', orderId: ORDER, currency: 'GBP', timeZone: 'Europe/London' },
        correlation: 'x',
      } as never,
      {
        handler: {
          folio: (
            command: { input: z.ZodType },
            input: { refunds: { platformRefundId: string }[] },
          ) => {
            const parsed = command.input.safeParse(input)
            if (!parsed.success) return Promise.resolve({ outcome: 'malformed', issues: [] })
            asked.push(...input.refunds.map((one) => one.platformRefundId))
            const answer = { recorded: ['501'], held: [], declined: [] }
            return Promise.resolve({ outcome: 'accepted', answer })
          },
        },
        newId: () => 'x',
        monotonicMs: () => 0,
      } as never,
    )
    expect(await pulling).toMatchObject({ recorded: 1, failures: [{ of: 'order' }] })
    expect(asked).toEqual(['501'])
  })
})

test('payments of a refund stand in the order they were made, however the store lists them', () => {
  const listed = (payments: readonly object[]) =>
    platformRefund(
      wireRefund.parse({
        ...{ id: '501', order_id: '77', created: '2026-11-22T11:59:00+00:00', reason: '' },
        ...{ total_amount: '60.00', total_tax: '10.00', items: [], payments },
      }),
      { order: '77', currency: 'GBP' },
    ).payments.map(({ provider }) => provider)
  const stripe = { id: '9', provider_id: 'stripe', amount: '20.00', is_declined: true }
  const paypal = { id: '10', provider_id: 'paypal', amount: '40.00' }
  // By their places a declined one is told from the others: moved, one would be declined twice.
  expect(listed([paypal, stripe])).toEqual(listed([stripe, paypal]))
})
