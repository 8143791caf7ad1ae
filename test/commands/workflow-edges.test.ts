/** How far an imported order is carried (L28) where something was done before, or the store says less than all. */
import { describe, expect, test } from 'vitest'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { after, FOLIO_ID, type Scene, testBooks } from '../support/decider-spec.js'
import { imported, importing, instance, workflow } from './imported-orders.js'
import { gbp, INVOICE, item, ORDER } from './scenes.js'

const typesOf = (facts: readonly LedgerFact[]) => facts.map(({ type }) => type)
const store = (...workflows: ReturnType<typeof workflow>[]) => ({
  instance: instance({ workflows }),
})
type More = Readonly<Record<string, unknown>>

const GOODS = [item('100')]
const SECOND = `${FOLIO_ID}-i2`
const carried = (lines: readonly object[], more: More, scene: Partial<Scene>, day = 2) =>
  importing(lines, more, scene, day).answer.carried

describe('what the store closes', () => {
  const closed = { status: 'Cancelled' }

  test.each(['cancelled', 'CANCELED', 'Declined', 'Incomplete'])('%s waits', (status) => {
    expect(carried(GOODS, { status }, store(workflow()))?.waits).toBe('closed_at_store')
  })

  test('after a draft was made: it stays, and waits for that', () => {
    const scene = imported(GOODS, {}, store(workflow({ until: 'draft_invoice' })))
    expect(carried(GOODS, closed, scene, 3)).toEqual({
      until: 'draft_invoice',
      waits: 'closed_at_store',
      invoice: INVOICE,
    })
  })

  test('after it was posted: it was carried so far, and waits for nothing', () => {
    const scene = imported(GOODS, {}, store(workflow()))
    expect(carried(GOODS, closed, scene, 3)).toEqual({
      until: 'posted_invoice',
      waits: null,
      invoice: INVOICE,
    })
  })
})

describe('an order that grew after its invoice was posted', () => {
  const grown = [...GOODS, item('5')]
  const posted = () => imported(GOODS, {}, store(workflow()))

  test('begins anew with what is left', () => {
    const { facts, answer } = importing(grown, {}, posted(), 3)
    expect(typesOf(facts)).toEqual(['OrderImported', 'InvoiceDrafted', 'InvoicePosted'])
    expect(facts[1]).toMatchObject({ data: { invoiceId: SECOND, lines: [{ orderLine: 1 }] } })
    expect(answer.carried).toEqual({ until: 'posted_invoice', waits: null, invoice: SECOND })
  })

  test('waits as one of which nothing was made, where its workflow waits', () => {
    const scene = { ...posted(), ...store(workflow({ when: 'captured' })) }
    expect(carried(grown, {}, scene, 3)).toEqual({
      until: 'order',
      waits: 'not_captured',
      invoice: null,
    })
  })
})

describe('the same state again', () => {
  test('is recorded again where it waits for something else, as a repetition', () => {
    const waiting = imported(GOODS)
    const scene = { ...waiting, ...store(workflow({ when: 'captured' })) }
    const { facts, answer } = importing(GOODS, {}, scene)
    expect(facts).toMatchObject([
      {
        type: 'OrderImported',
        data: {
          isRepeat: true,
          carried: { until: 'order', waits: 'not_captured', invoice: null },
        },
      },
    ])
    expect(facts).toHaveLength(1)
    expect(facts[0]?.data).not.toHaveProperty('differences')
    expect(answer).toMatchObject({ changed: false, carried: { waits: 'not_captured' } })
  })

  test('carried further says again what differs', () => {
    const drafted = imported(GOODS, {}, store(workflow({ until: 'draft_invoice' })))
    const grown = [item('100', { quantity: '2' })]
    const posted = after(postInvoice, { invoiceId: INVOICE }, drafted)
    const waiting = imported(grown, {}, { ...posted, ...store(workflow({ when: 'captured' })) }, 3)
    const again = importing(grown, {}, { ...waiting, ...store(workflow({ when: 'shipped' })) }, 3)
    expect(again.answer).toMatchObject({
      changed: false,
      carried: { waits: 'not_shipped' },
      differences: [{ line: 0, difference: gbp('120.00') }],
    })
  })

  test('of a state from before outcomes were recorded is left alone where nothing comes of it', () => {
    const known = imported(GOODS)
    const facts = known.facts.map((fact): LedgerFact => {
      if (fact.type !== 'OrderImported') return fact
      const { carried: _carried, ...data } = fact.data
      return { type: 'OrderImported', data }
    })
    expect(importing(GOODS, {}, { facts }).facts).toEqual([])
    const { facts: made } = importing(GOODS, {}, { facts, ...store(workflow()) })
    expect(typesOf(made)).toEqual(['OrderImported', 'InvoiceDrafted', 'InvoicePosted'])
  })
})

describe('what a person has invoiced', () => {
  test('is not paid by the workflow, which has made no invoice', () => {
    const all = after(invoiceOrder, { orderId: ORDER }, imported(GOODS))
    const scene = {
      ...all,
      ...store(workflow({ until: 'registered_payment', account: 'bank' })),
    }
    const { facts, answer } = importing(GOODS, {}, scene)
    expect(typesOf(facts)).toEqual(['OrderImported'])
    expect(answer.carried).toEqual({ until: 'order', waits: null, invoice: null })
  })
})

describe('money over a gateway', () => {
  const books = (() => {
    const open = testBooks()
    const gateway = { ...open.accounts.get('cash')!, type: 'gateway' as const }
    const accounts = ['card', 'voucher'].map(
      (account) => [account, { ...gateway, account }] as const,
    )
    return testBooks({ accounts: new Map([...open.accounts, ...accounts]) })
  })()
  const scene = {
    books,
    ...store(workflow({ until: 'registered_payment', account: 'card' })),
  }
  const payment = (more: object = {}) => ({
    method: 'Card',
    transaction: 'T1',
    amount: gbp('120.00'),
    ...more,
  })
  const online = (more: More) =>
    importing(GOODS, more, scene).facts.flatMap((fact) =>
      fact.type === 'PaymentRegistered' ? [fact.data.online] : [],
    )

  test('is of the gateway that the payment names, else the order, else the account', () => {
    const named = { payments: [payment({ gateway: 'stripe' })], gateway: 'adyen' }
    expect(online(named)).toEqual([{ gateway: 'stripe', transaction: 'T1' }])
    const ofOrder = { payments: [payment()], gateway: 'adyen' }
    expect(online(ofOrder)).toEqual([{ gateway: 'adyen', transaction: 'T1' }])
    expect(online({ payments: [payment()] })).toEqual([{ gateway: 'card', transaction: 'T1' }])
  })

  test('is not received where no transaction is named', () => {
    const payments = [{ method: 'Card', amount: gbp('120.00') }]
    expect(online({ payments })).toEqual([])
    expect(carried(GOODS, { payments }, scene)).toEqual({
      until: 'posted_invoice',
      waits: 'money_missing',
      invoice: INVOICE,
    })
  })

  test('is told apart by gateway and transaction, each registered once', () => {
    const half = (more: object) => payment({ amount: gbp('40.00'), ...more })
    const first = [half({ gateway: 'stripe' })]
    const waiting = imported(GOODS, { payments: first }, scene)
    const then = [
      ...first,
      half({ gateway: 'adyen' }),
      half({ gateway: 'stripe', transaction: 'T2' }),
    ]
    const { facts, answer } = importing(GOODS, { payments: then }, waiting, 3)
    expect(typesOf(facts)).toEqual(['OrderImported', 'PaymentRegistered', 'PaymentRegistered'])
    expect(facts.slice(1)).toMatchObject([
      { data: { online: { gateway: 'adyen', transaction: 'T1' } } },
      { data: { online: { gateway: 'stripe', transaction: 'T2' } } },
    ])
    expect(answer.carried?.until).toBe('registered_payment')
  })
})

describe('once shipped', () => {
  const shipping = store(workflow({ when: 'shipped' }))
  const deliver = (lines: readonly object[], asked: object = {}, more: object = {}) =>
    after(
      validateDelivery,
      { shipmentId: `${FOLIO_ID}-s1`, restPlanned: false, ...more },
      after(planShipment, { orderId: ORDER, ...asked }, imported(lines, {}, shipping)),
    )
  const waits = (lines: readonly object[], scene: Partial<Scene>) =>
    carried(lines, {}, scene, 3)?.waits

  test.each(['Shipped', 'COMPLETED', 'complete'])('as the store says: %s', (status) => {
    expect(carried(GOODS, { status }, shipping)?.waits).toBeNull()
  })

  test('every piece of every line left; charges and discounts are no goods', () => {
    const lines = [
      item('10', { quantity: '2' }),
      item('4'),
      item('3', { kind: 'shipping' }),
      item('-5'),
      item('1', { quantity: '-1' }),
    ]
    expect(waits(lines, imported(lines, {}, shipping))).toBe('not_shipped')
    const planned = after(planShipment, { orderId: ORDER }, imported(lines, {}, shipping))
    expect(waits(lines, planned)).toBe('not_shipped')
    const part = { lines: [{ line: 0, quantity: '2' }] }
    expect(waits(lines, deliver(lines, part))).toBe('not_shipped')
    expect(waits(lines, deliver(lines))).toBeNull()
    expect(waits(lines, deliver(lines, {}, { lines: [{ line: 1, quantity: '1' }] }))).toBe(
      'not_shipped',
    )
  })

  test('never where there are no goods', () => {
    const lines = [item('3', { kind: 'fee' })]
    expect(waits(lines, imported(lines, {}, shipping))).toBe('not_shipped')
  })
})
