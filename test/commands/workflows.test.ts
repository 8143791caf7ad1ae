import { describe, expect, test } from 'vitest'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  after,
  decide,
  expectRefusal,
  FOLIO_ID,
  folioOf,
  testBooks,
} from '../support/decider-spec.js'
import { imported, importing, instance, workflow } from './imported-orders.js'
import { gbp, INVOICE, item, journal, ORDER } from './scenes.js'

const typesOf = (facts: readonly LedgerFact[]) => facts.map(({ type }) => type)
const store = (...workflows: ReturnType<typeof workflow>[]) => ({
  instance: instance({ workflows }),
})
const GOODS = [item('100')]
/** A gateway's account beside the default chart. */
const withGateway = (() => {
  const books = testBooks()
  const gateway = {
    ...books.accounts.get('cash')!,
    account: 'gateway-card',
    type: 'gateway',
  } as const
  return { books: testBooks({ accounts: new Map(books.accounts).set('gateway-card', gateway) }) }
})()
const byCard = (changes: object = {}) =>
  store(workflow({ until: 'registered_payment', account: 'gateway-card', ...changes }))
const card = (transaction: string, amount: string) => ({
  method: 'card',
  gateway: 'card',
  transaction,
  amount: gbp(amount),
})

describe('a workflow carries an imported order', () => {
  test.each([
    ['order', ['OrderImported']],
    ['draft_invoice', ['OrderImported', 'InvoiceDrafted']],
    ['posted_invoice', ['OrderImported', 'InvoiceDrafted', 'InvoicePosted']],
    [
      'registered_payment',
      ['OrderImported', 'InvoiceDrafted', 'InvoicePosted', 'PaymentRegistered'],
    ],
  ] as const)('until %s, in one append', (until, types) => {
    const decided = importing(GOODS, {}, store(workflow({ until, account: 'bank' })))
    expect(typesOf(decided.facts)).toEqual(types)
    const invoice = until === 'order' ? null : INVOICE
    expect(decided.answer).toMatchObject({
      changed: true,
      carried: { until, waits: null, invoice },
    })
  })

  test('later steps name the numbers that the earlier ones were given', () => {
    const { facts, numbers } = importing(
      GOODS,
      {},
      store(workflow({ until: 'registered_payment', account: 'bank' })),
    )
    expect(numbers.map(({ series, document }) => [series, document])).toEqual([
      ['INV', INVOICE],
      ['PAY', `${FOLIO_ID}-p1`],
    ])
    const [, , posted, paid] = facts
    expect(posted).toMatchObject({ data: { entry: { number: 'INV/2026/00001' } } })
    expect(paid).toMatchObject({
      data: { invoiceNumber: 'INV/2026/00001', entry: { number: 'PAY/2026/00002' } },
    })
    expect(journal(paid)).toEqual([
      'debit outstanding-receipts 120.00',
      'credit receivable 120.00 [i1]',
    ])
    expect(folioOf(facts).invoices.get(INVOICE)).toMatchObject({ due: gbp('0.00') })
  })

  test('by its payment method, else by the workflow for all others', () => {
    const both = store(
      workflow({ until: 'order' }),
      workflow({ paymentMethod: 'Bank Deposit', until: 'draft_invoice' }),
    )
    const until = (paymentMethod?: string) =>
      importing(GOODS, paymentMethod === undefined ? {} : { paymentMethod }, both).answer.carried
        ?.until
    expect(until('Bank Deposit')).toBe('draft_invoice')
    expect(until('PayPal')).toBe('order')
    expect(until()).toBe('order')
  })

  test.each([
    ['', false],
    ['authorized', false],
    ['capture pending', false],
    ['Captured', true],
    ['PAID', true],
    ['partially refunded', true],
    ['refunded', false],
  ])('once captured: %s', (paymentStatus, goes) => {
    const { answer } = importing(GOODS, { paymentStatus }, store(workflow({ when: 'captured' })))
    expect(answer.carried).toEqual(
      goes
        ? { until: 'posted_invoice', waits: null, invoice: INVOICE }
        : { until: 'order', waits: 'not_captured', invoice: null },
    )
  })

  test('once shipped: as the store says, or when every piece was delivered from here', () => {
    const shipping = store(workflow({ when: 'shipped' }))
    const waits = { until: 'order', waits: 'not_shipped', invoice: null }
    const goes = { until: 'posted_invoice', waits: null, invoice: INVOICE }
    const lines = [item('10', { quantity: '2' }), item('5', { kind: 'shipping' })]
    expect(importing(lines, { status: 'Awaiting Shipment' }, shipping).answer.carried).toEqual(
      waits,
    )
    expect(importing(lines, { status: 'Shipped' }, shipping).answer.carried).toEqual(goes)
    const delivered = (quantity: string) =>
      after(
        validateDelivery,
        { shipmentId: `${FOLIO_ID}-s1` },
        after(
          planShipment,
          { orderId: ORDER, lines: [{ line: 0, quantity }] },
          imported(lines, {}, shipping),
        ),
      )
    expect(importing(lines, {}, delivered('1'), 3).answer.carried).toEqual(waits)
    expect(importing(lines, {}, delivered('2'), 3).answer.carried).toEqual(goes)
  })

  test.each(['Cancelled', 'Declined', 'Incomplete'])('not where the store says %s', (status) => {
    expect(importing(GOODS, { status }, store(workflow())).answer.carried).toEqual({
      until: 'order',
      waits: 'closed_at_store',
      invoice: null,
    })
  })

  test('not where none matches, nor where the store is not registered', () => {
    const waits = (scene: object) => importing(GOODS, {}, scene).answer.carried?.waits
    expect(waits(store(workflow({ paymentMethod: 'PayPal' })))).toBe('no_workflow')
    expect(waits({})).toBe('instance_not_registered')
  })
})

describe('the same state again', () => {
  test('changes nothing, also where it waits', () => {
    for (const scene of [store(workflow({ when: 'captured' })), store(workflow()), {}]) {
      const again = importing(GOODS, {}, imported(GOODS, {}, scene))
      expect(again.facts).toEqual([])
      expect(again.answer).toMatchObject({ changed: false, carried: null })
    }
  })

  test('is carried further once the settings let it', () => {
    const waiting = imported(GOODS)
    const again = importing(GOODS, {}, { ...waiting, ...store(workflow()) })
    expect(typesOf(again.facts)).toEqual(['OrderImported', 'InvoiceDrafted', 'InvoicePosted'])
    expect(again.answer).toMatchObject({ changed: false, carried: { until: 'posted_invoice' } })
    const settled = imported(GOODS, {}, { ...waiting, ...store(workflow()) })
    expect(importing(GOODS, {}, settled).facts).toEqual([])
  })

  test('an older state is ignored, whatever could be done now', () => {
    const waiting = imported(GOODS, {}, {}, 9)
    expect(importing(GOODS, {}, { ...waiting, ...store(workflow()) }, 8).facts).toEqual([])
  })
})

describe('a newer state', () => {
  const drafting = store(workflow({ until: 'draft_invoice' }))

  test('goes on with the draft that was made', () => {
    const drafted = imported(GOODS, {}, drafting)
    const { facts, answer } = importing(
      GOODS,
      { status: 'Shipped' },
      { ...drafted, ...store(workflow()) },
      3,
    )
    expect(typesOf(facts)).toEqual(['OrderImported', 'InvoicePosted'])
    expect(answer.carried).toEqual({ until: 'posted_invoice', waits: null, invoice: INVOICE })
  })

  test('replaces the draft where it says something else', () => {
    const drafted = imported(GOODS, {}, drafting)
    const { facts, answer } = importing([item('90')], {}, drafted, 3)
    expect(typesOf(facts)).toEqual(['OrderImported', 'InvoiceDraftDiscarded', 'InvoiceDrafted'])
    expect(answer.carried).toEqual({
      until: 'draft_invoice',
      waits: null,
      invoice: `${FOLIO_ID}-i2`,
    })
  })

  test('leaves a draft alone that a person discarded', () => {
    const discarded = after(discardDraft, { document: INVOICE }, imported(GOODS, {}, drafting))
    const carried = { until: 'order', waits: 'draft_discarded', invoice: null }
    expect(importing(GOODS, { status: 'Shipped' }, discarded, 3).answer.carried).toEqual(carried)
    expect(importing([item('90')], {}, discarded, 3).answer.carried).toMatchObject({
      until: 'draft_invoice',
    })
  })

  test('invoices what a person has left, and nothing twice', () => {
    const lines = [item('10', { quantity: '3' })]
    const part = after(
      invoiceOrder,
      { orderId: ORDER, lines: [{ line: 0, quantity: '1' }] },
      imported(lines),
    )
    const { facts } = importing(lines, { status: 'Shipped' }, { ...part, ...store(workflow()) }, 3)
    expect(facts[1]).toMatchObject({ type: 'InvoiceDrafted', data: { lines: [{ quantity: '2' }] } })
    const all = after(invoiceOrder, { orderId: ORDER }, imported(lines))
    expect(
      typesOf(importing(lines, { status: 'Shipped' }, { ...all, ...store(workflow()) }, 3).facts),
    ).toEqual(['OrderImported'])
  })

  test('of a cancelled order goes nowhere', () => {
    const cancelled = after(cancelOrder, { orderId: ORDER, reason: 'x' }, imported(GOODS))
    const { facts, answer } = importing([item('90')], {}, { ...cancelled, ...store(workflow()) }, 3)
    expect(typesOf(facts)).toEqual(['OrderImported'])
    expect(answer.carried?.waits).toBe('order_cancelled')
  })
})

describe('a step that is refused', () => {
  test('leaves those before it, and is named', () => {
    const scene = { ...store(workflow({ until: 'registered_payment', account: 'nowhere' })) }
    const { facts, answer } = importing(GOODS, {}, scene)
    expect(typesOf(facts)).toEqual(['OrderImported', 'InvoiceDrafted', 'InvoicePosted'])
    expect(answer.carried).toEqual({
      until: 'posted_invoice',
      waits: 'account_not_found',
      invoice: INVOICE,
    })
  })

  test('is taken up again by the next import', () => {
    const stuck = imported(
      GOODS,
      {},
      store(workflow({ until: 'registered_payment', account: 'nowhere' })),
    )
    const mended = {
      ...stuck,
      ...store(workflow({ until: 'registered_payment', account: 'cash' })),
    }
    const { facts, answer } = importing(GOODS, {}, mended)
    expect(typesOf(facts)).toEqual(['OrderImported', 'PaymentRegistered'])
    expect(answer.carried?.until).toBe('registered_payment')
  })

  test('for an amount beyond all limits refuses no import', () => {
    const lines = [
      item('999999999999', { quantity: '900' }),
      item('999999999999', { quantity: '900' }),
    ]
    const totals = { net: gbp('1.00'), tax: gbp('0.00'), gross: gbp('1.00') }
    const { facts, answer } = importing(lines, { totals }, store(workflow()))
    expect(typesOf(facts)).toEqual(['OrderImported'])
    expect(answer.carried?.waits).toBe('amount_too_large')
  })

  test('for its size refuses no import: a later one goes on', () => {
    const lines = Array.from({ length: 800 }, (_, index) =>
      item('1', { description: `${index} ${'x'.repeat(150)}` }),
    )
    const first = imported(lines, {}, store(workflow()))
    expect(typesOf(first.newest)).toEqual(['OrderImported', 'InvoiceDrafted'])
    const { facts, answer } = importing(lines, {}, first)
    expect(typesOf(facts)).toEqual(['OrderImported', 'InvoicePosted'])
    expect(answer.carried).toEqual({ until: 'posted_invoice', waits: null, invoice: INVOICE })
  })
})

describe('money over a gateway', () => {
  test('is registered with the transactions that the store names', () => {
    const { facts, answer } = importing(
      GOODS,
      { payments: [card('T1', '70.00'), card('T2', '50.00')] },
      { ...withGateway, ...byCard() },
    )
    expect(facts.slice(3)).toMatchObject([
      { data: { amount: gbp('70.00'), online: { gateway: 'card', transaction: 'T1' } } },
      { data: { amount: gbp('50.00'), online: { gateway: 'card', transaction: 'T2' } } },
    ])
    expect(answer.carried?.until).toBe('registered_payment')
  })

  test('is what was received: no less, where less is due, and no more', () => {
    const amounts = (payments: readonly object[]) =>
      importing(GOODS, { payments }, { ...withGateway, ...byCard() })
    expect(amounts([card('T1', '150.00')]).facts[3]).toMatchObject({
      data: { amount: gbp('150.00'), overpayment: { amount: gbp('30.00') } },
    })
    expect(amounts([card('T1', '20.00')]).answer.carried).toMatchObject({
      until: 'posted_invoice',
      waits: 'money_missing',
    })
    expect(amounts([]).answer.carried?.waits).toBe('money_missing')
  })

  test('is not registered a second time', () => {
    const payments = [card('T1', '120.00')]
    const ahead = after(
      registerPayment,
      {
        orderId: ORDER,
        account: 'gateway-card',
        amount: gbp('120.00'),
        online: { gateway: 'card', transaction: 'T1' },
      },
      imported(GOODS, { payments }, withGateway),
    )
    const { facts, answer } = importing(GOODS, { payments }, { ...ahead, ...byCard() })
    expect(typesOf(facts)).not.toContain('PaymentRegistered')
    expect(answer.carried?.until).toBe('registered_payment')
  })
})

describe('history', () => {
  const from = (startDate: string) => ({
    instance: instance({ startDate, workflows: [workflow()] }),
  })

  test('is what was placed before the start date: it posts nothing', () => {
    const { facts, answer } = importing(GOODS, {}, from('2026-11-02'))
    expect(facts).toMatchObject([{ type: 'OrderImported', data: { isHistory: true } }])
    expect(facts).toHaveLength(1)
    expect(answer.carried?.waits).toBe('history')
    expectRefusal(invoiceOrder, { orderId: ORDER }, imported(GOODS, {}, from('2026-11-02')), {
      code: 'order_is_history',
      order: ORDER,
      startDate: '2026-11-02',
    })
    expect(typesOf(importing(GOODS, {}, from('2026-11-01')).facts)).toHaveLength(3)
  })

  test('is no history any more once the start date is moved before it', () => {
    const old = imported(GOODS, {}, from('2026-11-02'))
    const { facts } = importing(GOODS, {}, { ...old, ...from('2026-11-01') })
    expect(typesOf(facts)).toEqual(['OrderImported', 'InvoiceDrafted', 'InvoicePosted'])
  })

  test('is never what was invoiced', () => {
    const invoiced = imported(GOODS, {}, from('2026-11-01'))
    const { facts } = importing(
      GOODS,
      { status: 'Shipped' },
      { ...invoiced, ...from('2027-01-01') },
      3,
    )
    expect(facts[0]?.data).not.toHaveProperty('isHistory')
  })
})

test('orders of an instance are in its books', () => {
  const scene = { instance: instance(), books: testBooks({ books: 'second' }) }
  expect(() => importing(GOODS, { books: 'second' }, scene)).toThrow('instance_in_other_books')
})

test('a zero order is posted, and paid with that', () => {
  const { answer } = importing(
    [item('0')],
    {},
    store(workflow({ until: 'registered_payment', account: 'bank' })),
  )
  expect(answer.carried).toEqual({ until: 'registered_payment', waits: null, invoice: INVOICE })
})

test('posting by hand what waits as a draft closes the matter', () => {
  const drafted = imported(GOODS, {}, store(workflow({ until: 'draft_invoice' })))
  const posted = after(postInvoice, { invoiceId: INVOICE }, drafted)
  expect(decide(invoiceOrder, { orderId: ORDER }, posted)).toMatchObject({
    refusal: { code: 'nothing_left_to_invoice' },
  })
  expect(importing(GOODS, { status: 'Shipped' }, posted, 3).answer.carried).toEqual({
    until: 'posted_invoice',
    waits: null,
    invoice: INVOICE,
  })
})
