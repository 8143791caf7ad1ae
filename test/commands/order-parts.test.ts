/** The parts of an order that its invoices take: of lines that were changed in between, of charges, of its total. */
import { v5 as uuidv5 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { isFullyInvoiced } from '../../commands/invoice/fully-invoiced.js'
import { isSameContent } from '../../commands/order/same-content.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { after, decide, FOLIO_ID, folioOf, type Scene } from '../support/decider-spec.js'
import { imported, importing, instance, STORE } from './imported-orders.js'
import {
  bill,
  booksWith,
  gbp,
  invoice,
  item,
  journal,
  note,
  ORDER,
  order,
  orderInvoice,
  paid,
  posted,
  prepaid,
  ZERO,
} from './scenes.js'

const of = (id: string) => `${FOLIO_ID}-${id}`
const part = (scene: Partial<Scene>, quantity = '1', line = 0) =>
  orderInvoice(scene, { lines: [{ line, quantity }] })
const linesOf = (scene: Readonly<{ newest: readonly LedgerFact[] }>) =>
  scene.newest.flatMap((fact) => (fact.type === 'InvoiceDrafted' ? fact.data.lines : []))
const proportional = () => ({ instance: instance({ charges: 'in_proportion' }) })
const shipping = (more: object = {}) => item('9', { kind: 'shipping', tax: ZERO, ...more })

describe('a part of a line', () => {
  test('has no discount of its own where the order’s was lowered below what other parts have', () => {
    const lines = (discount: string) => [
      item('10', { quantity: '3', discount: gbp(discount), tax: ZERO }),
    ]
    const scene = imported(lines('1.00'), {}, part(imported(lines('9.00'))), 3)
    expect(linesOf(part(scene))).toMatchObject([{ quantity: '1', discount: gbp('0.00') }])
    const raised = imported(lines('12.00'), {}, part(imported(lines('9.00'))), 3)
    expect(linesOf(part(raised))).toMatchObject([{ quantity: '1', discount: gbp('5.00') }])
  })

  test('has the discount that makes the rest come to what the order asks, also where none was given', () => {
    const third = item('0.333', { quantity: '3', tax: ZERO })
    const two = part(part(order([third])))
    expect(linesOf(two)).toMatchObject([{ net: gbp('0.33') }])
    expect(linesOf(two)[0]).not.toHaveProperty('discount')
    expect(linesOf(part(two))).toMatchObject([{ net: gbp('0.34'), discount: gbp('-0.01') }])
  })

  test('has none of a tax that the order’s other parts have in full, below zero as above', () => {
    const lines = (platformTax: string, quantity = '2') => [
      item('50'),
      item('10', { quantity, platformTax: gbp(platformTax) }),
    ]
    const taxOf = (before: string, then: string, quantity = '2', one = '1') => {
      const first = part(imported(lines(before, quantity)), one, 1)
      return linesOf(part(imported(lines(then, quantity), {}, first, 3), one, 1))[0]?.platformTax
    }
    expect(taxOf('4.00', '4.00')).toEqual(gbp('2.00'))
    expect(taxOf('4.00', '1.00')).toEqual(gbp('0.00'))
    expect(taxOf('-4.00', '-4.00', '-2', '-1')).toEqual(gbp('-2.00'))
    expect(taxOf('-4.00', '-1.00', '-2', '-1')).toEqual(gbp('0.00'))
  })
})

describe('charges in proportion', () => {
  const charged = (scene: Readonly<{ newest: readonly LedgerFact[] }>) =>
    linesOf(scene).flatMap(({ kind, net }) => (kind === 'shipping' ? [net.amount] : []))

  test('go whole with the last goods that cost anything', () => {
    const lines = [item('10'), item('0'), shipping()]
    expect(charged(part(imported(lines, {}, proportional())))).toEqual(['9.00'])
  })

  test('whose price was changed in between go by what is left of their quantity', () => {
    const lines = (price: string) => [item('10', { quantity: '2' }), shipping({ unitPrice: price })]
    const half = part(imported(lines('8'), {}, proportional()))
    expect(charged(half)).toEqual(['4.00'])
    const dearer = imported([item('10', { quantity: '4' }), ...lines('12').slice(1)], {}, half, 3)
    // Half of the charge is left; with the second of four pieces half of the goods are invoiced.
    expect(charged(part(dearer))).toEqual([])
    expect(charged(part(dearer, '2'))).toEqual(['3.00'])
    expect(charged(part(dearer, '3'))).toEqual(['6.00'])
  })

  test('below zero are shared out like any other', () => {
    const lines = [item('10', { quantity: '2' }), shipping({ unitPrice: '-4' })]
    const half = part(imported(lines, {}, proportional()))
    expect(charged(half)).toEqual(['-2.00'])
    expect(charged(part(half))).toEqual(['-2.00'])
  })

  test('of nothing are invoiced with the first goods', () => {
    const lines = [item('10', { quantity: '2' }), shipping({ unitPrice: '0' })]
    expect(charged(part(imported(lines, {}, proportional())))).toEqual(['0.00'])
  })
})

describe("the platform's total", () => {
  const totals = (gross: string) => ({ net: gbp(gross), tax: gbp('0.00'), gross: gbp(gross) })
  const goods = (unitPrice: string, more: object = {}) => [
    item(unitPrice, { quantity: '2', tax: ZERO, ...more }),
  ]
  const roundings = (scene: Readonly<{ newest: readonly LedgerFact[] }>) =>
    linesOf(scene).flatMap(({ kind, net }) => (kind === 'rounding' ? [net.amount] : []))

  test('is reached by one line, whole', () => {
    const scene = orderInvoice(imported(goods('10'), { totals: totals('20.01') }))
    expect(linesOf(scene).at(-1)).toMatchObject({
      kind: 'rounding',
      description: 'Rounding',
      quantity: '1',
      unitPrice: '0.01',
      tax: { code: 'rounding', ratePercent: '0' },
    })
  })

  test('counts what may be invoiced again once, and what came back for good as invoiced', () => {
    const whole = posted(orderInvoice(imported(goods('10'), { totals: totals('20.00') })))
    const one = { lines: [{ invoiceLine: 0, quantity: '1' }] }
    const again = note(note(whole, { ...one, invoiceableAgain: true }), one, of('c2'))
    const rest = orderInvoice(again)
    expect(linesOf(rest)).toMatchObject([{ quantity: '1', net: gbp('10.00') }])
    expect(() => posted(rest, { invoiceId: of('i2') })).not.toThrow()
  })

  test.each([
    ['price', goods('9')],
    ['tax rate', goods('10', { tax: { code: 'zero', ratePercent: '5' } })],
    ['tax code', goods('10', { tax: { code: 'other', ratePercent: '0' } })],
  ])(
    'of an order whose %s was changed since is that of its lines as they are now',
    (_what, lines) => {
      const first = posted(part(imported(goods('10'), { totals: totals('20.00') })))
      const gross = lines[0]?.unitPrice === '9' ? '18.01' : '20.01'
      const taxed = lines[0]?.tax.ratePercent === '5' ? '21.01' : gross
      const scene = imported(lines, { totals: totals(taxed) }, first, 3)
      expect(roundings(part(scene))).toEqual(['0.01'])
    },
  )

  test('of an order that was lowered below what was invoiced is that of its lines as they are now', () => {
    const lines = (quantity: string) => [...goods('10', { quantity }), item('5', { tax: ZERO })]
    const first = posted(part(imported(lines('3'), { totals: totals('35.00') }), '3'))
    const scene = imported(lines('1'), { totals: totals('15.01') }, first, 3)
    expect(roundings(part(scene, '1', 1))).toEqual(['0.01'])
  })

  test('is no matter before the last invoice', () => {
    const scene = imported(goods('10'), { totals: totals('20.01') })
    expect(roundings(part(scene))).toEqual([])
    expect(() => posted(part(scene))).not.toThrow()
  })

  test('leaves no room for a rounding line on an invoice that is full', () => {
    const lines = Array.from({ length: 1000 }, () => item('1', { tax: ZERO }))
    const scene = orderInvoice(imported(lines, { totals: totals('1000.01') }))
    expect(linesOf(scene)).toHaveLength(1000)
    expect(roundings(scene)).toEqual([])
  })
})

describe('what settles an invoice as it is posted', () => {
  const goods = [item('10'), item('100')]
  const spent = (facts: readonly LedgerFact[]) =>
    facts.flatMap((fact) => (fact.type === 'PaymentRegistered' ? [fact.data.amount.amount] : []))

  test('is no store credit that other invoices took, unless that was taken back', () => {
    const placed = order(goods, { storeCredit: gbp('30.00') })
    const first = posted(part(placed))
    const second = (scene: Partial<Scene>) =>
      spent(posted(orderInvoice(scene), { invoiceId: of('i2') }).newest)
    expect(spent(first.newest)).toEqual(['12.00'])
    expect(second(first)).toEqual(['18.00'])
    const reversed = after(reversePayment, { paymentId: of('p1'), reason: 'x' }, first)
    expect(second(reversed)).toEqual(['30.00'])
    const more = paid(reversed, '12.00')
    expect(second(more)).toEqual(['30.00'])
  })

  test('each is worked out on the folio as those before it left it', () => {
    const placed = order([item('100')], { storeCredit: gbp('30.00') })
    const early = prepaid(prepaid(placed, '50.00', { date: '2026-11-05' }), '60.00', {
      date: '2026-11-20',
    })
    const { newest } = posted(orderInvoice(early, { documentDate: '2026-11-10' }))
    const numbers = newest.flatMap((fact) => ('entry' in fact.data ? [fact.data.entry.number] : []))
    expect(numbers.map((number) => number.split('/')[0])).toEqual(['INV', 'PAY', 'INV', 'JRN'])
    expect(newest.map(journal).slice(1)).toEqual([
      ['debit store-credit 30.00', 'credit receivable 30.00 [i1]'],
      ['debit customer-prepayments 50.00 [pre1]', 'credit receivable 50.00 [i1]'],
      ['debit customer-prepayments 40.00 [pre2]', 'credit receivable 40.00 [i1]'],
    ])
    const dues = newest.flatMap((fact) =>
      fact.type === 'AllocationApplied' ? [fact.data.due.amount] : [],
    )
    expect(dues).toEqual(['40.00', '0.00'])
  })

  test('is nothing of an invoice without an order', () => {
    expect(invoice().newest.map(({ type }) => type)).toEqual(['InvoicePosted'])
  })
})

describe('entries', () => {
  test('J33: a line of a bill is a purchase', () => {
    expect(bill([item('10')]).newest.map(journal)[0]).toContain('debit purchases 10.00')
  })

  test('J2: a discount of nothing is not shown apart', () => {
    const lines = [item('10', { discount: gbp('0.00') }), item('10')]
    const { newest } = invoice(lines, {}, booksWith({ discounts: 'gross' }))
    expect(newest.flatMap(journal).filter((line) => line.includes('discounts'))).toEqual([])
  })

  test('J2: a discount that comes to nothing without its tax is not shown apart', () => {
    const lines = [item('0.03', { discount: gbp('0.01') })]
    const { newest } = invoice(lines, { prices: 'tax_included' }, booksWith({ discounts: 'gross' }))
    expect(newest.map(journal)[0]).toEqual([
      'debit receivable 0.02 [i1]',
      'credit sales 0.02',
      'credit output-tax 0.00 (GB-20 20 % of 0.02)',
    ])
  })

  test('J33: the discounts of a supplier are never shown apart', () => {
    const lines = [item('10', { discount: gbp('1.00') })]
    const { newest } = bill(lines, {}, booksWith({ discounts: 'gross' }))
    expect(newest.map(journal)[0]).toContain('debit purchases 9.00')
  })
})

describe('the address of a delivery', () => {
  const contact = (more: Readonly<Record<string, unknown>>) => {
    const [fact] = after(planShipment, { orderId: ORDER }, order([item('1')], more)).newest
    return fact?.type === 'ShipmentPlanned' ? fact.data.shipTo : undefined
  }
  const buyer = { name: 'Ada', email: 'ada@example.com', phone: '+44 1' }

  test('is the one to ship to, with the buyer’s e-mail and phone where it has none', () => {
    expect(contact({ billTo: buyer, shipTo: { name: 'Bob' } })).toEqual({ ...buyer, name: 'Bob' })
    const own = { name: 'Bob', email: 'bob@example.com' }
    expect(contact({ billTo: buyer, shipTo: own })).toEqual({ ...own, phone: '+44 1' })
    expect(contact({ billTo: { name: 'Ada' }, shipTo: { name: 'Bob' } })).toEqual({ name: 'Bob' })
  })

  test('is the buyer’s where none is given, and nobody’s where nobody is known', () => {
    expect(contact({ billTo: buyer })).toEqual(buyer)
    expect(contact({ shipTo: buyer })).toEqual(buyer)
    expect(contact({})).toBeNull()
  })
})

test('what did not leave is planned for the day it was planned for, or today where that is over', () => {
  const scene = (plannedFor: string) =>
    after(
      planShipment,
      { orderId: ORDER, plannedFor },
      order([item('1', { quantity: '2' }), item('1')]),
    )
  const rest = (plannedFor: string) =>
    after(
      validateDelivery,
      { shipmentId: of('s1'), lines: [{ line: 0, quantity: '1' }] },
      scene(plannedFor),
    ).newest[1]?.data
  expect(rest('2026-11-20')).toMatchObject({ plannedFor: '2026-11-22', lines: [{}, {}] })
  expect(rest('2026-11-25')).toMatchObject({ plannedFor: '2026-11-25' })
})

test('an order whose line is gone is fully invoiced by the others', () => {
  const lines = [item('1', { sku: 'A' }), item('2', { sku: 'B' })]
  const first = posted(part(imported(lines)))
  const scene = imported(lines.slice(0, 1), {}, first, 3)
  const folio = folioOf(scene.facts)
  if (folio.order.status === 'absent') throw new Error('There is no order')
  expect(isFullyInvoiced(folio.order, folio)).toBe(true)
})

test('a guest is one guest however the e-mail is written, and nobody where it is blank', () => {
  const party = (email: string) => {
    const [fact] = importing([item('1')], { billTo: { email } }).facts
    return fact?.type === 'OrderImported' ? fact.data.party : undefined
  }
  const guest = uuidv5('guest ada@example.com', STORE)
  expect(party('ada@example.com')).toBe(guest)
  expect(party(' Ada@Example.com ')).toBe(guest)
  expect(party('  ')).toBeNull()
})

describe('two contents are the same', () => {
  test.each([
    [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{ a: undefined, b: 1 }, { a: 1, b: undefined }, false],
    [{ a: 1 }, { b: 1 }, false],
    [[1, 2], [2, 1], false],
    [[1], { 0: 1 }, false],
    [{ 0: 1 }, [1], false],
    [null, {}, false],
    [{}, null, false],
    [null, null, true],
    ['1', 1, false],
    [{ a: {} }, { a: 'x' }, false],
  ])('%j and %j: %s', (left, right, same) => {
    expect(isSameContent(left, right)).toBe(same)
  })
})

test('invoicing everything left asks for nothing of a line that is gone', () => {
  const lines = [item('1', { sku: 'A' }), item('2', { sku: 'B' })]
  const scene = imported(lines.slice(1), {}, part(imported(lines)), 3)
  const drafted = decide(planShipment, { orderId: ORDER }, scene)
  expect('answer' in drafted && drafted.answer.lines).toMatchObject([{ orderLine: 1 }])
  expect(linesOf(orderInvoice(scene))).toMatchObject([{ orderLine: 1 }])
})
