/** Money that comes before the invoice (L13): J11, J12, J20 and J38, deposits taxed when they come included. */
import { describe, expect, test } from 'vitest'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { remainingCredit } from '../../src/aggregates/credit.js'
import { after, decide, folioOf } from '../support/decider-spec.js'
import {
  booksWith,
  gbp,
  INVOICE,
  item,
  journal,
  order,
  orderInvoice,
  posted,
  prepaid,
  PREPAYMENT,
  SUPPLIER,
} from './scenes.js'

const ordered = () => order([item('100')])
const due = (facts: Parameters<typeof folioOf>[0]) => {
  const invoice = folioOf(facts).invoices.get(INVOICE)
  return invoice?.status === 'posted' ? invoice.due : null
}
const left = (facts: Parameters<typeof folioOf>[0], id = PREPAYMENT) => {
  const advance = folioOf(facts).advances.get(id)
  return advance === undefined ? null : remainingCredit(advance)
}

describe('a prepayment', () => {
  test('J12: of an order lies on its account and on the prepayments of the customer', () => {
    const { newest } = prepaid(ordered(), '120.00')
    expect(newest.map(journal)).toEqual([
      ['debit outstanding-receipts 120.00', 'credit customer-prepayments 120.00 [pre1]'],
    ])
    expect(newest[0]).toMatchObject({
      type: 'PrepaymentRegistered',
      data: { order: { number: '1001' }, prepayment: { documentId: PREPAYMENT } },
    })
  })

  test('L13: captured by a gateway it lies there, gross, with its transaction', () => {
    const online = { gateway: 'stripe', transaction: 'ch_1' }
    const scene = ordered()
    const books = booksWith({}).books!
    const gateway = {
      account: 'gateway-stripe',
      name: 'Stripe',
      type: 'gateway' as const,
      currency: null,
      outstanding: null,
      closed: false,
    }
    const withGateway = {
      ...scene,
      books: { ...books, accounts: new Map(books.accounts).set('gateway-stripe', gateway) },
    }
    const taken = prepaid(withGateway, '120.00', { account: 'gateway-stripe', online })
    expect(taken.newest.map(journal)).toEqual([
      ['debit gateway-stripe 120.00', 'credit customer-prepayments 120.00 [pre1]'],
    ])
    const again = decide(
      registerPayment,
      {
        orderId: `${PREPAYMENT.slice(0, 36)}-o1`,
        account: 'gateway-stripe',
        amount: gbp('1.00'),
        online,
      },
      taken,
    )
    expect(again).toEqual({
      refusal: {
        code: 'gateway_transaction_registered',
        transaction: 'ch_1',
        payment: `${PREPAYMENT.slice(0, 36)}-p1`,
      },
    })
    const { newest } = posted(orderInvoice(taken))
    expect(newest[1]).toMatchObject({ type: 'AllocationApplied', data: { credit: { online } } })
  })

  test('J38: to a supplier it is money paid', () => {
    const { newest } = after(registerPayment, {
      direction: 'in',
      party: SUPPLIER,
      account: 'cash',
      amount: gbp('50.00'),
    })
    expect(newest.map(journal)).toEqual([
      ['debit supplier-prepayments 50.00 [pre1]', 'credit cash 50.00'],
    ])
  })

  test('J20: is refunded out of the prepayments, as far as it reaches', () => {
    const { newest } = after(
      refundCredit,
      { documentId: PREPAYMENT, amount: gbp('20.00') },
      prepaid(ordered(), '120.00'),
    )
    expect(newest.map(journal)).toEqual([
      ['debit customer-prepayments 20.00 [pre1]', 'credit outstanding-payments 20.00'],
    ])
  })
})

describe('the posting of the order’s invoice', () => {
  test('J11: draws on its prepayment at once, under the invoice’s number', () => {
    const scene = posted(orderInvoice(prepaid(ordered(), '50.00')))
    expect(scene.newest.map(journal)[1]).toEqual([
      'debit customer-prepayments 50.00 [pre1]',
      'credit receivable 50.00 [i1]',
    ])
    const [made, drawn] = scene.newest
    if (made?.type !== 'InvoicePosted' || drawn?.type !== 'AllocationApplied') throw new Error()
    expect(drawn.data.entry.number).toBe(made.data.entry.number)
    expect([due(scene.facts), left(scene.facts)]).toEqual([gbp('70.00'), gbp('0.00')])
  })

  test('draws on the oldest first, and on no more than it asks', () => {
    const younger = prepaid(ordered(), '90.00', { date: '2026-11-05' })
    const both = prepaid(younger, '50.00', { date: '2026-11-02' })
    const scene = posted(orderInvoice(both, { documentDate: '2026-11-10' }))
    const draws = scene.newest.flatMap((fact) =>
      fact.type === 'AllocationApplied'
        ? [[fact.data.credit.documentId, fact.data.credit.amount]]
        : [],
    )
    const second = `${PREPAYMENT.slice(0, 36)}-pre2`
    expect(draws).toEqual([
      [second, gbp('50.00')],
      [PREPAYMENT, gbp('70.00')],
    ])
    expect([left(scene.facts), left(scene.facts, second)]).toEqual([gbp('20.00'), gbp('0.00')])
  })

  test('uses no money before it came: then the entry has a number of its own, on that day', () => {
    const paidLater = prepaid(ordered(), '50.00', { date: '2026-11-20' })
    const { newest } = posted(orderInvoice(paidLater, { documentDate: '2026-11-10' }))
    const drawn = newest[1]
    if (drawn?.type !== 'AllocationApplied') throw new Error('nothing was drawn')
    expect(drawn.data.entry).toMatchObject({
      number: expect.stringMatching(/^JRN/),
      postingDate: '2026-11-20',
    })
  })

  test('L7: leaves alone what another party paid ahead', () => {
    const edited = after(
      editDraft,
      { document: INVOICE, party: SUPPLIER },
      orderInvoice(prepaid(ordered(), '50.00')),
    )
    expect(posted(edited).newest).toHaveLength(1)
  })

  test('leaves alone what is refunded already', () => {
    const back = after(refundCredit, { documentId: PREPAYMENT }, prepaid(ordered(), '50.00'))
    const scene = posted(orderInvoice(back))
    expect(scene.newest).toHaveLength(1)
    expect(due(scene.facts)).toEqual(gbp('120.00'))
  })
})

describe('with tax on deposits', () => {
  const taxed = () => ({
    ...ordered(),
    ...booksWith({ depositTax: { code: 'GB-20', ratePercent: '20' } }),
  })

  test('J12: the tax within it is due when it comes, and leaves with what is drawn', () => {
    const deposit = prepaid(taxed(), '60.00')
    expect(deposit.newest.map(journal)).toEqual([
      [
        'debit outstanding-receipts 60.00',
        'credit customer-prepayments 50.00 [pre1]',
        'credit output-tax 10.00 [pre1] (GB-20 20 % of 50.00)',
      ],
    ])
    expect(posted(orderInvoice(deposit)).newest.map(journal)[1]).toEqual([
      'debit customer-prepayments 50.00 [pre1]',
      'debit output-tax 10.00 [pre1] (GB-20 20 % of 50.00)',
      'credit receivable 60.00 [i1]',
    ])
  })

  test('J20: parts of it take parts of the tax, and the last takes the rest', () => {
    const deposit = prepaid(taxed(), '0.10')
    const one = after(refundCredit, { documentId: PREPAYMENT, amount: gbp('0.03') }, deposit)
    const two = after(refundCredit, { documentId: PREPAYMENT, amount: gbp('0.03') }, one)
    const rest = after(refundCredit, { documentId: PREPAYMENT }, two)
    const taxes = [deposit, one, two, rest].map(({ newest }) =>
      newest
        .flatMap(journal)
        .filter((line) => line.includes('output-tax'))
        .map((line) => line.split(' ')[2]),
    )
    expect(taxes).toEqual([['0.02'], ['0.01'], ['0.00'], ['0.01']])
    expect(left(rest.facts)).toEqual(gbp('0.00'))
  })
})
