/** Store credit, gift certificates (L18: J5, J26) and discounts booked apart (J2). */
import { describe, expect, test } from 'vitest'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { after, expectRefusal, folioOf } from '../support/decider-spec.js'
import {
  bill,
  booksWith,
  gbp,
  INVOICE,
  invoice,
  item,
  journal,
  note,
  order,
  orderInvoice,
  paid,
  posted,
  prepaid,
  ZERO,
} from './scenes.js'

const due = (facts: readonly LedgerFact[]) => {
  const found = folioOf(facts).invoices.get(INVOICE)
  return found?.status === 'posted' ? found.due : null
}
const certificate = item('50', { kind: 'gift_certificate', tax: ZERO })

describe('a gift certificate', () => {
  test('J5: sold, it is what a shopper can still spend', () => {
    expect(invoice([certificate]).newest.map(journal)).toEqual([
      [
        'debit receivable 50.00 [i1]',
        'credit store-credit 50.00',
        'credit output-tax 0.00 (zero 0 % of 50.00)',
      ],
    ])
  })

  test('J5: of a single purpose it is revenue, taxed when sold', () => {
    const taxed = item('50', { kind: 'gift_certificate' })
    const sold = invoice([taxed], {}, booksWith({ giftCertificates: 'single_purpose' }))
    expect(sold.newest.map(journal)).toEqual([
      [
        'debit receivable 60.00 [i1]',
        'credit sales 50.00',
        'credit output-tax 10.00 (GB-20 20 % of 50.00)',
      ],
    ])
  })

  test('is taken back from where its invoice booked it, whatever the setting is by then', () => {
    const sold = invoice([certificate])
    const since = { ...sold, ...booksWith({ giftCertificates: 'single_purpose' }) }
    expect(note(since).newest.map(journal)[0]?.[0]).toBe('debit store-credit 50.00')
  })
})

describe('store credit', () => {
  test('J26: spent by hand, it is a payment out of the liability', () => {
    const { newest, facts } = paid(invoice(), '20.00', { account: 'store-credit' })
    expect(newest.map(journal)).toEqual([
      ['debit store-credit 20.00', 'credit receivable 20.00 [i1]'],
    ])
    expect(newest[0]).toMatchObject({ data: { matching: 'none' } })
    expect(due(facts)).toEqual(gbp('100.00'))
  })

  test('J26: that the order was paid with settles its invoice as it is posted, before any prepayment', () => {
    const placed = order([item('100')], {
      storeCredit: gbp('30.00'),
      giftCertificates: gbp('10.00'),
    })
    const { newest, facts } = posted(orderInvoice(prepaid(placed, '60.00')))
    expect(newest.map(journal).slice(1)).toEqual([
      ['debit store-credit 40.00', 'credit receivable 40.00 [i1]'],
      ['debit customer-prepayments 60.00 [pre1]', 'credit receivable 60.00 [i1]'],
    ])
    expect(due(facts)).toEqual(gbp('20.00'))
  })

  test('J26: over several invoices it is spent once', () => {
    const placed = order([item('10'), item('100')], { storeCredit: gbp('30.00') })
    const first = posted(orderInvoice(placed, { lines: [{ line: 0, quantity: '1' }] }))
    const second = `${INVOICE.slice(0, -1)}2`
    const both = posted(orderInvoice(first), { invoiceId: second })
    const spent = both.facts.flatMap((fact) =>
      fact.type === 'PaymentRegistered' ? [fact.data.amount] : [],
    )
    expect(spent).toEqual([gbp('12.00'), gbp('18.00')])
  })

  test('L12: is no money: what was paid with it does not leave as cash', () => {
    const credited = note(paid(invoice(), '120.00', { account: 'store-credit' }))
    const cash = { documentId: `${INVOICE.slice(0, -2)}c1`, account: 'cash' }
    expectRefusal(refundCredit, cash, credited, {
      code: 'refund_exceeds_money_received',
      left: gbp('0.00'),
      requested: gbp('120.00'),
    })
  })

  test('is nothing that a bill is paid with, and never more than is due', () => {
    const spend = (amount: string) => ({
      invoiceId: INVOICE,
      account: 'store-credit',
      amount: gbp(amount),
    })
    expect(() => after(registerPayment, spend('1.00'), bill())).toThrow(
      'store_credit_of_customers_only',
    )
    expect(() => after(registerPayment, spend('120.01'), invoice())).toThrow(
      'store_credit_exceeds_due',
    )
  })
})

describe('discounts booked gross', () => {
  const apart = booksWith({ discounts: 'gross' })
  const discounted = [item('50', { quantity: '2', discount: gbp('10.00') })]

  test('J2: sales at list price, the discount on its own account, the same tax', () => {
    expect(invoice(discounted, {}, apart).newest.map(journal)).toEqual([
      [
        'debit receivable 108.00 [i1]',
        'credit sales 100.00',
        'debit discounts 10.00',
        'credit output-tax 18.00 (GB-20 20 % of 90.00)',
      ],
    ])
  })

  test('J5: of a gift certificate is none: what it was sold for is what can be spent', () => {
    const sold = invoice([{ ...certificate, discount: gbp('5.00') }], {}, apart)
    expect(sold.newest.map(journal)[0]?.slice(0, 2)).toEqual([
      'debit receivable 45.00 [i1]',
      'credit store-credit 45.00',
    ])
  })

  test('J2: with tax in the prices the discount counts without its tax', () => {
    const lines = [item('120', { discount: gbp('12.00') })]
    expect(invoice(lines, { prices: 'tax_included' }, apart).newest.map(journal)).toEqual([
      [
        'debit receivable 108.00 [i1]',
        'credit sales 100.00',
        'debit discounts 10.00',
        'credit output-tax 18.00 (GB-20 20 % of 90.00)',
      ],
    ])
  })

  test('J6: of all that it costs it nets to nothing, and says so on both accounts', () => {
    const lines = [item('10', { discount: gbp('10.00') })]
    const { newest } = posted(orderInvoice({ ...order(lines), ...apart }))
    expect(newest.map(journal)).toEqual([
      [
        'credit sales 10.00',
        'debit discounts 10.00',
        'credit output-tax 0.00 (GB-20 20 % of 0.00)',
      ],
    ])
  })

  test('J7: notes take back both, in parts, to nothing, though the setting has changed since', () => {
    const lines = [item('33.33', { quantity: '3', discount: gbp('10.00') })]
    const sold = { ...invoice(lines, {}, apart), ...booksWith({}) }
    const one = note(sold, { lines: [{ invoiceLine: 0, quantity: '1' }] })
    expect(one.newest.map(journal)[0]?.slice(0, 2)).toEqual([
      'debit sales 33.33',
      'credit discounts 3.33',
    ])
    const two = note(one, { amount: gbp('20.00') }, `${INVOICE.slice(0, -2)}c2`)
    const rest = note(two, {}, `${INVOICE.slice(0, -2)}c3`)
    const sums = new Map<string, number>()
    for (const fact of rest.facts) {
      for (const line of journal(fact)) {
        const [side, account = '', amount = '0'] = line.split(' ')
        if (!['sales', 'discounts', 'output-tax'].includes(account)) continue
        const pence = Math.round(Number(amount) * 100) * (side === 'debit' ? 1 : -1)
        sums.set(account, (sums.get(account) ?? 0) + pence)
      }
    }
    expect(Object.fromEntries(sums)).toEqual({ sales: 0, discounts: 0, 'output-tax': 0 })
  })
})
