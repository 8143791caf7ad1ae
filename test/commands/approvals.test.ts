/** Four eyes on refunds above a threshold (N6): what waits is drawn, and is decided once, anew, by somebody else. */
import { describe, expect, test } from 'vitest'
import { configureBooks } from '../../commands/books/configure-books.js'
import { approveRefund } from '../../commands/credit/approve-refund.js'
import { declineRefund } from '../../commands/credit/decline-refund.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { availableCredit, remainingCredit } from '../../src/aggregates/credit.js'
import { creditIn } from '../../src/aggregates/folio.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import {
  after,
  decide,
  expectRefusal,
  FOLIO_ID,
  folioOf,
  type Scene,
  testBooks,
} from '../support/decider-spec.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { numberFaults, refundedOn } from './log-oracle.js'
import {
  adHocNote,
  eur,
  gbp,
  INVOICE,
  invoice,
  item,
  journal,
  NOTE,
  note,
  paid,
  ZERO,
} from './scenes.js'

const APPROVAL = `${FOLIO_ID}-ap1`
const books = testBooks({
  settings: {
    ...testBooks().settings,
    refundThresholds: [
      { role: 'operator', threshold: gbp('100.00') },
      { role: 'accountant', threshold: eur('50.00') },
    ],
  },
})
const clerk = { role: 'operator', principal: 'clerk' }
const chief = { role: 'approver', principal: 'chief' }
const fiveHundred: Partial<Scene> = { ...adHocNote(), books, ...clerk }
const ask = (amount: string, more: object = {}) => ({
  documentId: NOTE,
  amount: gbp(amount),
  account: 'bank',
  ...more,
})
const waiting = (amount = '100.01', more: object = {}, scene = fiveHundred) =>
  after(refundCredit, ask(amount, more), scene)
const statusOf = (asked: object, scene: Partial<Scene>) => {
  const decided = decide(refundCredit, asked, scene)
  return 'refusal' in decided ? decided.refusal.code : decided.answer.status
}
const creditOf = (scene: Partial<Scene>) => {
  const credit = creditIn(folioOf(scene.facts ?? []), NOTE)
  if (credit === null) throw new Error('There is no credit')
  return {
    remaining: remainingCredit(credit).amount,
    available: availableCredit(credit).amount,
    waiting: credit.waiting.amount,
  }
}

describe('what waits', () => {
  test('is what brings the document above the threshold of the role, and not the threshold itself', () => {
    expect(statusOf(ask('100.00'), fiveHundred)).toBe('refunded')
    expect(statusOf(ask('100.01'), fiveHundred)).toBe('waiting')
  })

  test('counts by document: what was refunded and what waits already', () => {
    const half = after(refundCredit, ask('60.00'), fiveHundred)
    expect(statusOf(ask('40.00'), half)).toBe('refunded')
    expect(statusOf(ask('40.01'), half)).toBe('waiting')
    expect(statusOf(ask('0.01'), waiting())).toBe('waiting')
  })

  test('is bound to roles: one that is not named refunds alone, one named without the currency never', () => {
    expect(statusOf(ask('500.00'), { ...fiveHundred, role: 'administrator' })).toBe('refunded')
    expect(statusOf(ask('0.01'), { ...fiveHundred, role: 'accountant' })).toBe('waiting')
  })

  test('says what it waits for, posts nothing and takes no number', () => {
    const decided = decide(refundCredit, ask('120.00', { reference: 'R-1' }), fiveHundred)
    expect(decided).toMatchObject({
      numbers: [],
      facts: [
        {
          type: 'RefundApprovalRequested',
          data: {
            approvalId: APPROVAL,
            documentNumber: expect.stringMatching(/^RINV/) as string,
            refund: { kind: 'refund_credit', account: 'bank', reference: 'R-1' },
            requestedBy: 'clerk',
            role: 'operator',
          },
        },
      ],
      answer: {
        status: 'waiting',
        payment: null,
        approval: {
          approvalId: APPROVAL,
          documentSum: gbp('120.00'),
          threshold: gbp('100.00'),
          href: `/approvals/${APPROVAL}`,
        },
        document: { documentId: NOTE, remaining: gbp('380.00') },
      },
    })
  })

  test('counts as drawn', () => {
    const scene = waiting('400.00')
    expect(creditOf(scene)).toEqual({ remaining: '500.00', available: '100.00', waiting: '400.00' })
    expectRefusal(refundCredit, ask('100.01'), scene, {
      code: 'refund_exceeds_remaining_credit',
      remaining: gbp('100.00'),
      requested: gbp('100.01'),
    })
  })

  test('is refused at once where the refund itself would be', () => {
    expect(statusOf(ask('500.01'), fiveHundred)).toBe('refund_exceeds_remaining_credit')
    expect(statusOf(ask('200.00', { account: 'sales' }), fiveHundred)).toBe(
      'account_type_not_allowed',
    )
  })
})

describe('an approval', () => {
  test('pays out in one append, decided anew', () => {
    const scene = waiting('400.00')
    const decided = decide(approveRefund, { approvalId: APPROVAL }, { ...scene, ...chief })
    if ('refusal' in decided) throw new Error(decided.refusal.code)
    expect(decided.facts.map(({ type }) => type)).toEqual(['RefundApproved', 'CreditRefunded'])
    expect(journal(decided.facts[1])).toEqual([
      'debit receivable 400.00 [c1]',
      'credit outstanding-payments 400.00',
    ])
    expect(decided.answer).toMatchObject({
      approvalId: APPROVAL,
      payment: { amount: gbp('400.00'), account: 'bank' },
      document: { remaining: gbp('100.00') },
    })
    const done = after(approveRefund, { approvalId: APPROVAL }, { ...scene, ...chief })
    expect(creditOf(done)).toEqual({ remaining: '100.00', available: '100.00', waiting: '0.00' })
  })

  test('of a refund without a date is paid on the day that it is approved', () => {
    const later = { ...waiting('400.00'), ...chief, today: '2026-12-24' }
    const { newest } = after(approveRefund, { approvalId: APPROVAL }, later)
    expect(newest[1]).toMatchObject({ data: { date: '2026-12-24' } })
    const dated = { ...waiting('400.00', { date: '2026-11-22' }), ...chief, today: '2026-12-24' }
    const asked = after(approveRefund, { approvalId: APPROVAL }, dated)
    expect(asked.newest[1]).toMatchObject({ data: { date: '2026-11-22' } })
  })

  test('is never given by whoever asked, whatever the role', () => {
    const own = { ...waiting(), role: 'administrator', principal: 'clerk' }
    expectRefusal(approveRefund, { approvalId: APPROVAL }, own, {
      code: 'approval_by_requester',
      approval: APPROVAL,
      requestedBy: 'clerk',
    })
  })

  test('is refused with what refuses the refund by now, and stays waiting', () => {
    const bank = { ...books.accounts.get('bank')!, closed: true }
    const closed = { ...books, accounts: new Map(books.accounts).set('bank', bank) }
    const scene = { ...waiting(), ...chief }
    expectRefusal(
      approveRefund,
      { approvalId: APPROVAL },
      { ...scene, books: closed },
      {
        code: 'account_closed',
        account: 'bank',
      },
    )
    expect(decide(approveRefund, { approvalId: APPROVAL }, scene)).toHaveProperty('facts')
  })

  test('is decided once', () => {
    const approved = after(approveRefund, { approvalId: APPROVAL }, { ...waiting(), ...chief })
    const declined = after(
      declineRefund,
      { approvalId: APPROVAL, reason: 'No' },
      { ...waiting(), ...chief },
    )
    for (const [scene, status] of [
      [approved, 'approved'],
      [declined, 'declined'],
    ] as const) {
      const refusal = { code: 'approval_decided_already', approval: APPROVAL, status } as const
      expectRefusal(approveRefund, { approvalId: APPROVAL }, scene, refusal)
      expectRefusal(declineRefund, { approvalId: APPROVAL, reason: 'No' }, scene, refusal)
    }
    const unknown = { code: 'approval_not_found', approval: `${FOLIO_ID}-ap2` } as const
    expectRefusal(approveRefund, { approvalId: `${FOLIO_ID}-ap2` }, approved, unknown)
    const decline = { approvalId: `${FOLIO_ID}-ap2`, reason: 'No' }
    expectRefusal(declineRefund, decline, approved, unknown)
  })
})

describe('a refund declined', () => {
  test('frees what it reserved', () => {
    const scene = after(
      declineRefund,
      { approvalId: APPROVAL, reason: 'No' },
      { ...waiting('400.00'), ...chief },
    )
    expect(scene.newest).toHaveLength(1)
    expect(creditOf(scene)).toEqual({ remaining: '500.00', available: '500.00', waiting: '0.00' })
  })

  test('settles the invoice of its own note, where that asks again', () => {
    // Paid in full, credited in full, the credit waits; then the payment bounces and the invoice is due.
    const paidInvoice = paid(invoice([item('120', { tax: ZERO })]), '120.00')
    const credited = { ...note(paidInvoice), books, ...clerk }
    const asked = waiting('120.00', {}, credited)
    expect(asked.newest.map(({ type }) => type)).toEqual(['RefundApprovalRequested'])
    const folio = folioOf(asked.facts)
    const { invoices } = folio
    expect(invoices.get(INVOICE)).toMatchObject({ due: gbp('0.00') })
    const bounced = after(
      reversePayment,
      { paymentId: `${FOLIO_ID}-p1`, reason: 'Bounced' },
      { ...asked, ...chief },
    )
    expect(bounced.newest.map(({ type }) => type)).toEqual(['PaymentReversed'])
    const declined = after(declineRefund, { approvalId: APPROVAL, reason: 'No' }, bounced)
    expect(declined.newest.map(({ type }) => type)).toEqual(['RefundDeclined', 'CreditSettled'])
  })
})

const ROUNDS = 200

describe('two at once', () => {
  const waitingNote = async (ledger: TestLedger) => {
    const lines = [item('10', { tax: ZERO })]
    const { creditNoteId } = await ledger.must(draftCreditNote, { reason: 'Goodwill', lines })
    await ledger.must(postCreditNote, { creditNoteId })
    const asked = { documentId: creditNoteId, account: 'cash' }
    const { approval } = await ledger.must(refundCredit, asked, clerk)
    return { creditNoteId, approvalId: approval?.approvalId ?? '' }
  }
  const twoProcesses = async () => {
    const store = createMemoryEventStore()
    const ledgers = [await createTestLedger(store), await createTestLedger(store)] as const
    const refundThresholds = [{ role: 'operator', threshold: gbp('1.00') }]
    const configured = await ledgers[0].askBooks(configureBooks, { refundThresholds })
    expect(configured.outcome).toBe('accepted')
    return ledgers
  }

  test(`approvers of one refund, in two processes, count once, ${ROUNDS} times`, async () => {
    const ledgers = await twoProcesses()
    for (let round = 0; round < ROUNDS; round += 1) {
      const { creditNoteId, approvalId } = await waitingNote(ledgers[0])
      const outcomes = await Promise.all(
        ledgers.map((ledger, index) =>
          ledger.ask(
            approveRefund,
            { approvalId },
            { role: 'approver', principal: `chief-${index}` },
          ),
        ),
      )
      expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1)
      expect(outcomes.find(({ outcome }) => outcome === 'refused')).toMatchObject({
        refusal: { code: 'approval_decided_already', status: 'approved' },
      })
      const folio = await ledgers[1].handler.readFolio(creditNoteId.slice(0, 36))
      expect([...folio.payments.values()].map(({ amount }) => amount)).toEqual([gbp('10.00')])
    }
    await Promise.all(ledgers.map(({ handler }) => handler.close()))
    expect(numberFaults(await ledgers[0].events())).toEqual([])
  }, 120_000)

  test('one who approves and one who declines: whoever comes first', async () => {
    const ledgers = await twoProcesses()
    const { creditNoteId, approvalId } = await waitingNote(ledgers[0])
    const outcomes = await Promise.all([
      ledgers[0].ask(approveRefund, { approvalId }, chief),
      ledgers[1].ask(declineRefund, { approvalId, reason: 'No' }, { ...chief, principal: 'boss' }),
    ])
    const accepted = outcomes.map(({ outcome }) => outcome === 'accepted')
    expect(accepted.filter(Boolean)).toHaveLength(1)
    expect(refundedOn(await ledgers[0].events(), creditNoteId)).toBe(accepted[0] ? '10.00' : '0.00')
  })
})
