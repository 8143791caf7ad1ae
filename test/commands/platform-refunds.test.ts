/** A refund at the store, from the asking to the books: J21 to J24, declines, refunds made at the store, one for ever. */
import { describe, expect, test } from 'vitest'
import { approveRefund } from '../../commands/credit/approve-refund.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { adoptRemote } from '../../commands/platform/adopt-remote.js'
import { dismissSync } from '../../commands/platform/dismiss-sync.js'
import { linkPlatformRefund } from '../../commands/platform/link-platform-refund.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { retrySync } from '../../commands/platform/retry-sync.js'
import { setForceRefund } from '../../commands/platform/set-force-refund.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { availableCredit, remainingCredit } from '../../src/aggregates/credit.js'
import { creditIn } from '../../src/aggregates/folio.js'
import { after, decide, folioOf, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { gbp, INVOICE, journal, ORDER, PAYMENT } from './scenes.js'
import {
  booksWithGateway,
  credited,
  failed,
  GATEWAY,
  importedOrder,
  invoiced,
  NOTE,
  paidOnline,
  requested,
  SENDING,
  started,
  storeRefund,
  TASK,
} from './store-scenes.js'

/** The lane of an attempt is open again. */
const AFTERWARDS = '2026-11-22T12:03:00.000Z'
type Facts = Readonly<{ newest: readonly { type: string; data: unknown }[] }>
const typesOf = ({ newest }: Facts) => newest.map(({ type }) => type)
const creditOf = (scene: Partial<Scene>, document = NOTE) => {
  const credit = creditIn(folioOf(scene.facts ?? []), document)
  if (credit === null) throw new Error(`There is no credit ${document}`)
  return { available: availableCredit(credit).amount, remaining: remainingCredit(credit).amount }
}
type More = Readonly<Record<string, unknown>>
const answered = (scene: Partial<Scene> = started(), more: More = {}) =>
  after(
    recordPlatformAnswer,
    { taskId: TASK, attempt: 1, answer: 'refunded', refund: storeRefund(more), foundBy: 'answer' },
    scene,
  )
const pulled = (refunds: readonly object[], scene: Partial<Scene>) =>
  after(recordPlatformRefunds, { orderId: ORDER, refunds }, scene)
const taskOf = (scene: Partial<Scene>, task = TASK) =>
  folioOf(scene.facts ?? []).syncTasks.get(task)
const unmarked = (more: More = {}) => storeRefund({ marker: null, ...more })

describe('asked for', () => {
  test('its items are pieces at their price, its tax the note’s, and its credit is reserved', () => {
    const scene = requested()
    expect(scene.newest).toMatchObject([
      {
        type: 'PlatformRefundRequested',
        data: {
          purpose: 'give_back',
          amount: gbp('60.00'),
          tax: gbp('10.00'),
          items: [{ kind: 'item', platformLine: '11', quantity: 1 }],
          remaining: gbp('0.00'),
        },
      },
    ])
    expect(creditOf(scene)).toEqual({ available: '0.00', remaining: '60.00' })
  })

  test('nothing else gives it back meanwhile: neither by hand, nor a second time, nor voided', () => {
    const scene = requested()
    expect(decide(refundCredit, { documentId: NOTE, account: 'cash' }, scene)).toMatchObject({
      refusal: { code: 'nothing_left_to_refund' },
    })
    expect(
      decide(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Again' }, scene),
    ).toMatchObject({ refusal: { code: 'platform_refund_under_way', task: TASK } })
    expect(decide(voidCreditNote, { creditNoteId: NOTE, reason: 'Wrong' }, scene)).toMatchObject({
      refusal: { code: 'credit_note_in_use' },
    })
  })

  test('above the threshold it waits for somebody else, who sets it going', () => {
    const { settings } = booksWithGateway()
    const refundThresholds = [{ role: 'accountant', threshold: gbp('50.00') }]
    const scene = credited()
    const books = { ...scene.books!, settings: { ...settings, refundThresholds } }
    const waiting = requested({ ...scene, books, role: 'accountant', principal: 'asks' })
    expect(typesOf(waiting)).toEqual(['RefundApprovalRequested'])
    expect(creditOf(waiting).available).toBe('0.00')
    const approved = after(
      approveRefund,
      { approvalId: `${FOLIO_ID}-ap1` },
      { ...waiting, principal: 'approves' },
    )
    expect(typesOf(approved)).toEqual(['RefundApproved', 'PlatformRefundRequested'])
  })
})

describe('items (B11)', () => {
  const itemsOf = (more: More) => {
    const [first] = requested(credited(paidOnline(), more)).newest
    return first?.data as { items: unknown[]; tax: unknown }
  }

  test.each([
    [
      'goods back for less',
      { lines: [{ invoiceLine: 0, quantity: '1', unitPrice: '40' }] },
      [{ kind: 'item', platformLine: '11', quantity: 1, lessBy: gbp('10.00') }],
    ],
    [
      'shipping alone',
      { lines: [{ invoiceLine: 1, quantity: '1' }] },
      [{ kind: 'shipping', platformLine: '7', amount: gbp('10.00') }],
    ],
    [
      'an amount',
      { lines: undefined, amount: gbp('33.33') },
      [{ kind: 'order', amount: gbp('33.33') }],
    ],
    [
      'part of a piece',
      { lines: [{ invoiceLine: 0, quantity: '0.5' }] },
      [{ kind: 'order', amount: gbp('30.00') }],
    ],
    [
      'a piece and a part',
      {
        lines: [
          { invoiceLine: 0, quantity: '1.5' },
          { invoiceLine: 1, quantity: '1' },
        ],
      },
      [
        { kind: 'shipping', platformLine: '7', amount: gbp('10.00') },
        { kind: 'order', amount: gbp('90.00') },
      ],
    ],
  ])('%s', (_what, more, items) => {
    expect(itemsOf(more).items).toEqual(items)
  })
})

describe('an attempt', () => {
  test('begins once: while it is open, nothing else of the order does', () => {
    const scene = started()
    expect(
      decide(
        startAttempt,
        { taskId: TASK, sending: SENDING, shutUntil: '2026-11-23T00:00:00.000Z' },
        scene,
      ),
    ).toMatchObject({ refusal: { code: 'sync_task_not_due', state: 'in_flight' } })
  })

  test('sends what was asked for, to the penny, over an account that the books have', () => {
    const begin = (payments: object[], override: object | null = null) =>
      decide(
        startAttempt,
        {
          taskId: TASK,
          sending: { kind: 'refund', payments, override },
          shutUntil: '2026-11-23T00:00:00.000Z',
        },
        requested(),
      )
    const [payment] = SENDING.payments
    expect(begin([{ ...payment, amount: gbp('60.01') }])).toMatchObject({
      refusal: { code: 'platform_refund_amount_differs' },
    })
    expect(begin([payment], { total: gbp('59.99'), tax: gbp('0.00') })).toMatchObject({
      refusal: { code: 'platform_refund_amount_differs' },
    })
    const without = { ...requested(), books: { ...booksWithGateway(), accounts: new Map() } }
    expect(
      decide(
        startAttempt,
        { taskId: TASK, sending: SENDING, shutUntil: '2026-11-23T00:00:00.000Z' },
        without,
      ),
    ).toMatchObject({ refusal: { code: 'clearing_account_missing', create: GATEWAY } })
  })

  test('an unknown answer shuts the lane, and only what the store has, or has not, opens it', () => {
    const unknown = failed('unknown')
    expect(taskOf(unknown)?.state).toMatchObject({ at: 'unknown' })
    expect(creditOf(unknown).available).toBe('0.00')
    expect(
      decide(
        startAttempt,
        { taskId: TASK, sending: SENDING, shutUntil: '2026-11-23T00:00:00.000Z' },
        unknown,
      ),
    ).toMatchObject({ refusal: { code: 'sync_task_not_due' } })
    const again = failed('not_found', { ...unknown, now: AFTERWARDS })
    expect(taskOf(again)?.state).toEqual({ at: 'due', notBefore: null })
  })

  test('refused for good gives the credit back, and the store’s words are kept', () => {
    const refused = failed('refused', started(), { status: 422, detail: 'Not settled yet' })
    expect(refused.newest).toMatchObject([
      { type: 'AttemptFailed', data: { then: 'end', detail: 'Not settled yet' } },
    ])
    expect(creditOf(refused)).toEqual({ available: '60.00', remaining: '60.00' })
    // Nothing was done: the note can be asked for again.
    expect(typesOf(requested(refused))).toEqual(['PlatformRefundRequested'])
  })

  test('after ten setbacks it waits for a person, who retries it, or lets it go', () => {
    let scene: Partial<Scene> & Facts = requested()
    for (let nth = 1; nth <= 10; nth += 1) {
      scene = failed('not_sent', started(scene), { attempt: nth })
    }
    expect(taskOf(scene)?.state.at).toBe('person')
    expect(creditOf(scene).available).toBe('0.00')
    const retried = after(retrySync, { taskId: TASK, reason: 'The store is back' }, scene)
    expect(taskOf(retried)).toMatchObject({ failures: 0, state: { at: 'due' } })
    const dismissed = after(dismissSync, { taskId: TASK, reason: 'Paid by bank' }, scene)
    expect(creditOf(dismissed).available).toBe('60.00')
  })

  test('an answer to an attempt that is over changes nothing', () => {
    const scene = failed('not_found', { ...failed('unknown'), now: AFTERWARDS })
    expect(
      decide(
        recordPlatformAnswer,
        { taskId: TASK, attempt: 1, answer: 'failed', setback: 'refused' },
        scene,
      ),
    ).toMatchObject({
      facts: [],
      answer: { recorded: false },
    })
  })
})

describe('accepted', () => {
  test('J21: the money leaves the gateway’s account, and the id stands on the note for ever', () => {
    const done = answered()
    expect(typesOf(done)).toEqual(['PlatformRefundRecorded', 'PlatformRefundPaid'])
    expect(journal(done.facts.at(-1))).toEqual([
      'debit receivable 60.00 [c1]',
      `credit ${GATEWAY} 60.00`,
    ])
    expect(done.newest[0]?.data).toMatchObject({
      platformRefundId: '501',
      paymentStatus: 'partially refunded',
      toBePaid: gbp('0.00'),
    })
    expect(creditOf(done)).toEqual({ available: '0.00', remaining: '0.00' })
    const forced = after(
      setForceRefund,
      { orderId: ORDER, forceRefund: true, reason: 'Mend' },
      done,
    )
    expect(
      decide(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Again' }, forced),
    ).toMatchObject({ refusal: { code: 'platform_refund_exists', platformRefund: '501' } })
  })

  test('heard of twice, by answer and by pull, it is one', () => {
    const done = answered()
    expect(
      decide(
        recordPlatformAnswer,
        {
          taskId: TASK,
          attempt: 1,
          answer: 'refunded',
          refund: storeRefund(),
          foundBy: 'answer',
        },
        done,
      ),
    ).toMatchObject({ facts: [] })
    expect(
      decide(recordPlatformRefunds, { orderId: ORDER, refunds: [storeRefund()] }, done),
    ).toMatchObject({
      facts: [],
    })
    // The pull that sees it first is the answer.
    const byPull = pulled([storeRefund()], started())
    expect(typesOf(byPull)).toEqual(['PlatformRefundRecorded', 'PlatformRefundPaid'])
    expect(taskOf(byPull)?.state.at).toBe('done')
  })

  test('J23 and J24: store credit is a liability again, and what is offline is still to be paid', () => {
    const split = {
      payments: [
        { provider: 'stripe', amount: gbp('20.00'), isOffline: false, isDeclined: false },
        { provider: 'storecredit', amount: gbp('15.00'), isOffline: false, isDeclined: false },
        { provider: 'custom', amount: gbp('25.00'), isOffline: true, isDeclined: false },
      ],
    }
    const done = answered(started(), split)
    expect(journal(done.facts.at(-1))).toEqual([
      'debit receivable 35.00 [c1]',
      `credit ${GATEWAY} 20.00`,
      'credit store-credit 15.00',
    ])
    expect(done.newest[0]?.data).toMatchObject({ toBePaid: gbp('25.00') })
    expect(creditOf(done)).toEqual({ available: '25.00', remaining: '25.00' })
    const paid = after(refundCredit, { documentId: NOTE, account: 'cash' }, done)
    expect(creditOf(paid).remaining).toBe('0.00')
  })

  test('given back here before, the store is only told, offline; it pays nothing once more (B10)', () => {
    const given = after(refundCredit, { documentId: NOTE, account: 'cash' }, credited())
    const asked = requested(given)
    expect(asked.newest[0]?.data).toMatchObject({ purpose: 'record', amount: gbp('60.00') })
    expect(
      decide(
        startAttempt,
        { taskId: TASK, sending: SENDING, shutUntil: '2026-11-23T00:00:00.000Z' },
        asked,
      ),
    ).toMatchObject({
      refusal: { code: 'sync_ground_gone', reason: 'given_back_already' },
    })
    const custom = { provider: 'custom', amount: gbp('60.00'), isOffline: true }
    const told = started(asked, { sending: { kind: 'refund', payments: [custom], override: null } })
    const done = answered(told, { payments: [{ ...custom, isDeclined: false }] })
    expect(typesOf(done)).toEqual(['PlatformRefundRecorded'])
    expect(done.newest[0]?.data).toMatchObject({ toBePaid: gbp('0.00') })
  })

  test('J22: declined later, the credit is back, the id stays, and somebody is to see to it (B8)', () => {
    const declined = storeRefund({
      payments: [{ provider: 'stripe', amount: gbp('60.00'), isOffline: false, isDeclined: true }],
      declinedMessage: 'Card expired',
    })
    const scene = pulled([declined], answered())
    expect(typesOf(scene)).toEqual(['PlatformRefundDeclined'])
    expect(journal(scene.facts.at(-1))).toEqual([
      `debit ${GATEWAY} 60.00`,
      'credit receivable 60.00 [c1]',
    ])
    expect(scene.newest[0]?.data).toMatchObject({
      paymentStatus: 'captured',
      message: 'Card expired',
    })
    expect(creditOf(scene)).toEqual({ available: '60.00', remaining: '60.00' })
    expect(taskOf(scene, `${FOLIO_ID}-t2`)).toMatchObject({
      kind: 'declined_refund',
      state: { at: 'person' },
    })
    expect(
      decide(recordPlatformRefunds, { orderId: ORDER, refunds: [declined] }, scene),
    ).toMatchObject({ facts: [] })
    expect(
      decide(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Again' }, scene),
    ).toMatchObject({
      refusal: { code: 'platform_refund_exists' },
    })
    // Each of the three ways out: pay it, or void it and credit anew.
    expect(typesOf(after(refundCredit, { documentId: NOTE, account: 'cash' }, scene))).toEqual([
      'CreditRefunded',
    ])
    expect(
      typesOf(after(voidCreditNote, { creditNoteId: NOTE, reason: 'Declined' }, scene)),
    ).toEqual(['CreditNoteVoided'])
  })

  test('the order is refunded once the refunds reach its total, and then only Force Refund goes on (B5, B6)', () => {
    const whole = unmarked({
      amount: gbp('132.00'),
      payments: [
        { provider: 'stripe', amount: gbp('132.00'), isOffline: false, isDeclined: false },
      ],
    })
    const scene = pulled([whole], credited())
    expect(folioOf(scene.facts).order).toMatchObject({ paymentStatus: 'refunded' })
    const asked = { creditNoteId: NOTE, description: 'Mend' }
    expect(decide(refundOrderOnPlatform, asked, scene)).toMatchObject({
      refusal: { code: 'order_refunded_already', refunded: gbp('132.00'), total: gbp('132.00') },
    })
    const forced = after(
      setForceRefund,
      { orderId: ORDER, forceRefund: true, reason: 'Mend' },
      scene,
    )
    expect(typesOf(after(refundOrderOnPlatform, asked, forced))).toEqual([
      'PlatformRefundRequested',
    ])
  })
})

describe('made at the store itself (B9)', () => {
  test('tied to the one posted note of the same total', () => {
    const scene = pulled([unmarked()], credited())
    expect(scene.newest).toMatchObject([
      { type: 'PlatformRefundRecorded', data: { documentId: NOTE, knownBy: 'pull', taskId: null } },
      { type: 'PlatformRefundPaid' },
    ])
  })

  test('held while one of ours is open, and booked once that has ended', () => {
    const held = pulled([unmarked({ platformRefundId: '900' })], started())
    expect(held.newest).toMatchObject([{ type: 'PlatformRefundSeen', data: { held: 'task_open' } }])
    expect(
      decide(
        recordPlatformRefunds,
        { orderId: ORDER, refunds: [unmarked({ platformRefundId: '900' })] },
        held,
      ),
    ).toMatchObject({ facts: [] })
    const both = pulled([storeRefund(), unmarked({ platformRefundId: '900' })], held)
    expect(typesOf(both)).toEqual([
      'PlatformRefundRecorded',
      'PlatformRefundPaid',
      // No note is left for it: one is made.
      'PlatformRefundSeen',
      'CreditNoteDrafted',
      'CreditNotePosted',
      'PlatformRefundRecorded',
      'PlatformRefundPaid',
    ])
  })

  test('a note over it is posted, or a draft, as the instance says', () => {
    const posted = pulled([unmarked()], paidOnline())
    expect(typesOf(posted)).toEqual([
      'PlatformRefundSeen',
      'CreditNoteDrafted',
      'CreditNotePosted',
      'PlatformRefundRecorded',
      'PlatformRefundPaid',
    ])
    const drafted = pulled(
      [unmarked()],
      paidOnline(invoiced(importedOrder({}, { storeRefunds: 'draft' }))),
    )
    expect(typesOf(drafted)).toEqual([
      'PlatformRefundSeen',
      'CreditNoteDrafted',
      'PlatformRefundSeen',
    ])
    expect(drafted.newest.at(-1)?.data).toMatchObject({ held: 'note_drafted' })
    const confirmed = after(postCreditNote, { creditNoteId: NOTE }, drafted)
    expect(typesOf(pulled([unmarked()], confirmed))).toEqual([
      'PlatformRefundRecorded',
      'PlatformRefundPaid',
    ])
  })

  test('two notes of the same total are for a person to choose from', () => {
    const two = after(
      postCreditNote,
      { creditNoteId: `${FOLIO_ID}-c2` },
      after(
        draftCreditNote,
        { invoiceId: INVOICE, reason: 'The other', lines: [{ invoiceLine: 0, quantity: '1' }] },
        credited(),
      ),
    )
    const held = pulled([unmarked()], two)
    expect(held.newest).toMatchObject([
      { type: 'PlatformRefundSeen', data: { held: 'several_notes' } },
    ])
    const linked = after(
      linkPlatformRefund,
      { creditNoteId: `${FOLIO_ID}-c2`, platformRefundId: '501', reason: 'Said the buyer' },
      held,
    )
    expect(linked.newest[0]).toMatchObject({ data: { knownBy: 'person', by: 'tester' } })
    expect(
      decide(
        linkPlatformRefund,
        { creditNoteId: NOTE, platformRefundId: '501', reason: 'x' },
        linked,
      ),
    ).toMatchObject({
      refusal: { code: 'platform_refund_linked_already' },
    })
  })

  test('money without an invoice goes back out of its prepayment', () => {
    const prepaid = after(
      registerPayment,
      {
        orderId: ORDER,
        account: GATEWAY,
        amount: gbp('132.00'),
        online: { gateway: 'stripe', transaction: 'ch_1' },
      },
      importedOrder(),
    )
    const scene = pulled([unmarked()], prepaid)
    expect(journal(scene.facts.at(-1))).toEqual([
      'debit customer-prepayments 60.00 [pre1]',
      `credit ${GATEWAY} 60.00`,
    ])
  })

  test('what was given back here and there is held, for a person', () => {
    const given = after(refundCredit, { documentId: NOTE, account: 'cash' }, credited())
    expect(pulled([unmarked()], given).newest).toMatchObject([
      { type: 'PlatformRefundSeen', data: { held: 'credit_used' } },
    ])
  })

  test('with our marker and something else in it, nothing is taken for ours: a person adopts it, or not', () => {
    const odd = storeRefund({
      items: [{ kind: 'order', platformLine: null, quantity: null, amount: gbp('60.00') }],
    })
    const scene = pulled([odd], failed('unknown'))
    expect(scene.newest).toMatchObject([
      { type: 'PlatformRefundSeen', data: { held: 'differs_from_task' } },
      {
        type: 'AttemptFailed',
        data: { setback: 'uncertain', candidates: ['501'], then: 'person' },
      },
    ])
    const adopted = after(
      adoptRemote,
      { taskId: TASK, remoteId: '501', reason: 'It is ours' },
      scene,
    )
    expect(typesOf(adopted)).toEqual(['PlatformRefundRecorded', 'PlatformRefundPaid'])
    expect(
      decide(adoptRemote, { taskId: TASK, remoteId: '502', reason: 'x' }, scene),
    ).toMatchObject({
      refusal: { code: 'platform_refund_not_seen' },
    })
  })
})

test('the ground gone before it is sent: a bounced payment withdraws the refund, and its credit settles the invoice', () => {
  const scene = after(reversePayment, { paymentId: PAYMENT, reason: 'Bounced' }, requested())
  expect(typesOf(scene)).toContain('SyncTaskWithdrawn')
  expect(taskOf(scene)?.state.at).toBe('withdrawn')
})
