/** What is taken back: payments (J30, L25) and credit notes (J41), and what follows from it in the same append (J8). */
import { describe, expect, test } from 'vitest'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { remainingCredit } from '../../src/aggregates/credit.js'
import { creditIn } from '../../src/aggregates/folio.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { after, expectRefusal, folioOf, testBooks } from '../support/decider-spec.js'
import {
  adHocNote,
  bill,
  gbp,
  INVOICE,
  invoice,
  item,
  journal,
  NOTE,
  note,
  order,
  orderInvoice,
  OVERPAYMENT,
  paid,
  PAYMENT,
  posted,
  prepaid,
  PREPAYMENT,
  ZERO,
} from './scenes.js'

const bounced = { paymentId: PAYMENT, reason: 'The cheque bounced' }
const mistaken = { creditNoteId: NOTE, reason: 'Posted on the wrong invoice' }
const due = (facts: readonly LedgerFact[]) => {
  const found = folioOf(facts).invoices.get(INVOICE)
  return found?.status === 'posted' ? found.due : null
}
const left = (facts: readonly LedgerFact[], id: string) => {
  const credit = creditIn(folioOf(facts), id)
  return credit === null ? null : remainingCredit(credit)
}

describe('a payment reversed', () => {
  test('J30: takes back what it had debited, and its invoice is due again', () => {
    const { newest, facts } = after(
      reversePayment,
      bounced,
      paid(invoice(), '120.00', { account: 'cheques' }),
    )
    expect(newest.map(journal)).toEqual([['credit cheques 120.00', 'debit receivable 120.00 [i1]']])
    expect(due(facts)).toEqual(gbp('120.00'))
  })

  test('J30: matched with the bank before, it leaves the bank', () => {
    const matched = after(reconcilePayment, { paymentId: PAYMENT }, paid(invoice(), '120.00'))
    expect(after(reversePayment, bounced, matched).newest.map(journal)).toEqual([
      ['credit bank 120.00', 'debit receivable 120.00 [i1]'],
    ])
  })

  test('J30: takes the overpayment with it that came out of it', () => {
    const { newest, facts } = after(reversePayment, bounced, paid(invoice(), '150.00'))
    expect(newest.map(journal)).toEqual([
      [
        'credit outstanding-receipts 150.00',
        'debit receivable 120.00 [i1]',
        'debit customer-prepayments 30.00 [ovp1]',
      ],
    ])
    expect([due(facts), left(facts, OVERPAYMENT)]).toEqual([gbp('120.00'), gbp('0.00')])
  })

  test('J30: of a bill the sides swap', () => {
    expect(after(reversePayment, bounced, paid(bill(), '120.00')).newest.map(journal)).toEqual([
      ['credit payable 120.00 [i1]', 'debit outstanding-payments 120.00'],
    ])
  })

  test('a prepayment is gone with its money', () => {
    const { facts } = after(reversePayment, bounced, prepaid(order([item('100')]), '50.00'))
    expect(left(facts, PREPAYMENT)).toEqual(gbp('0.00'))
  })

  test('L25: unused credit of the invoice’s own notes settles it first, under the reversal’s number', () => {
    const credited = note(paid(invoice(), '120.00'), { amount: gbp('50.00') })
    const { newest, facts } = after(reversePayment, bounced, credited)
    expect(newest.map(journal)[1]).toEqual([
      'debit receivable 50.00 [c1]',
      'credit receivable 50.00 [i1]',
    ])
    expect([due(facts), left(facts, NOTE)]).toEqual([gbp('70.00'), gbp('0.00')])
    const [reversed, settled] = newest
    if (reversed?.type !== 'PaymentReversed' || settled?.type !== 'CreditSettled') throw new Error()
    expect(settled.data.entry.number).toBe(reversed.data.entry.number)
  })

  test('L25: a settlement never counts before its note: then it has a number of its own', () => {
    const late = note(paid(invoice(), '120.00', { date: '2026-11-11' }), {
      documentDate: '2026-11-20',
    })
    const { newest } = after(reversePayment, { ...bounced, date: '2026-11-15' }, late)
    const [reversed, settled] = newest
    if (reversed?.type !== 'PaymentReversed' || settled?.type !== 'CreditSettled') throw new Error()
    expect([reversed.data.entry.postingDate, settled.data.entry.postingDate]).toEqual([
      '2026-11-15',
      '2026-11-20',
    ])
    expect(settled.data.entry.number).not.toBe(reversed.data.entry.number)
  })

  test('L10: that it bounced in a closed period is booked on the first open day, and marked', () => {
    const scene = paid(invoice(), '120.00', { date: '2026-11-10' })
    const closed = {
      ...scene,
      books: testBooks({ period: { closedThrough: '2026-11-15', change: null } }),
    }
    const [reversed] = after(reversePayment, { ...bounced, date: '2026-11-12' }, closed).newest
    expect(reversed).toMatchObject({
      data: { date: '2026-11-12', entry: { postingDate: '2026-11-16', movedFrom: '2026-11-12' } },
    })
  })

  test('L12: what its notes gave back before is money given back: no further refund goes beyond what came in', () => {
    const refunded = after(
      refundCredit,
      { documentId: NOTE },
      note(paid(invoice([item('100'), item('50', { tax: ZERO })]), '170.00'), {
        lines: [{ invoiceLine: 1, quantity: '1' }],
      }),
    )
    const reversed = after(reversePayment, bounced, refunded)
    const paidAgain = paid(reversed, '200.00')
    const second = `${NOTE.slice(0, -1)}2`
    const credited = note(paidAgain, { lines: [{ invoiceLine: 0, quantity: '1' }] }, second)
    // 200 came in, and 50 went out before: of 120 and 30 beyond, 150 can.
    const over = after(refundCredit, { documentId: `${OVERPAYMENT.slice(0, -1)}1` }, credited)
    expectRefusal(refundCredit, { documentId: second, amount: gbp('120.01') }, over, {
      code: 'refund_exceeds_remaining_credit',
      remaining: gbp('120.00'),
      requested: gbp('120.01'),
    })
    expect(after(refundCredit, { documentId: second }, over).newest).toHaveLength(1)
  })

  test('L25: is refused while the overpayment out of it was used, and names by what', () => {
    const used = after(
      refundCredit,
      { documentId: OVERPAYMENT, amount: gbp('10.00') },
      paid(invoice(), '150.00'),
    )
    expectRefusal(reversePayment, bounced, used, {
      code: 'payment_credit_used',
      document: OVERPAYMENT,
      amount: gbp('30.00'),
      usedBy: [`${PAYMENT.slice(0, -1)}2`],
    })
  })
})

describe('a credit note voided', () => {
  test('J41: the opposite of its own entry and of what it settled; its invoice is due again', () => {
    const { newest, facts } = after(voidCreditNote, mistaken, note(paid(invoice(), '100.00')))
    expect(newest.map(journal)).toEqual([
      [
        'credit sales 100.00',
        'credit output-tax 20.00 (GB-20 20 % of 100.00)',
        'debit receivable 120.00 [c1]',
        'credit receivable 20.00 [c1]',
        'debit receivable 20.00 [i1]',
      ],
    ])
    expect([due(facts), left(facts, NOTE)]).toEqual([gbp('20.00'), gbp('0.00')])
  })

  test('leaves the invoice as if it had never been: all of it can be credited again', () => {
    const voided = after(voidCreditNote, mistaken, note(invoice()))
    const second = `${NOTE.slice(0, -1)}2`
    const again = note(voided, {}, second)
    expect(again.newest.map(journal)[0]?.at(-1)).toBe('credit receivable 120.00 [c2]')
    expect(due(again.facts)).toEqual(gbp('0.00'))
  })

  test('L6: later notes were worked out on top of it, so the last one is voided first', () => {
    const lines = [item('100', { tax: ZERO, quantity: '2' })]
    const one = note(paid(invoice(lines), '100.00'), { lines: [{ invoiceLine: 0, quantity: '1' }] })
    const second = `${NOTE.slice(0, -1)}2`
    const two = note(one, {}, second)
    const inUse = { code: 'credit_note_in_use', creditNote: NOTE, usedBy: [second] } as const
    expectRefusal(voidCreditNote, mistaken, two, inUse)
    const without = after(voidCreditNote, { ...mistaken, creditNoteId: second }, two)
    expect(after(voidCreditNote, mistaken, without).newest).toHaveLength(1)
  })

  test('L2: is refused once what it gave free was invoiced again', () => {
    const once = posted(orderInvoice(order([item('10', { quantity: '2' })])))
    const free = note(once, { invoiceableAgain: true })
    const second = { invoiceId: `${INVOICE.slice(0, -1)}2` }
    const again = orderInvoice(free)
    const inUse = {
      code: 'credit_note_in_use',
      creditNote: NOTE,
      usedBy: [second.invoiceId],
    } as const
    expectRefusal(voidCreditNote, mistaken, again, inUse)
    expectRefusal(voidCreditNote, mistaken, posted(again, second), inUse)
    expect(after(voidCreditNote, mistaken, free).newest).toHaveLength(1)
  })

  test('ad hoc takes its own entry back alone', () => {
    const lines = [item('10', { tax: ZERO })]
    const granted = adHocNote(lines)
    expect(after(voidCreditNote, mistaken, granted).newest.map(journal)).toEqual([
      [
        'credit sales 10.00',
        'credit output-tax 0.00 (zero 0 % of 10.00)',
        'debit receivable 10.00 [c1]',
      ],
    ])
  })
})
