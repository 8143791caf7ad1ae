/** What a newer state of an order says otherwise than its invoices (L16), and the notes proposed for that. */
import { describe, expect, test } from 'vitest'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { after, decide, expectRefusal, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { imported, importing } from './imported-orders.js'
import { gbp, INVOICE, item, note, ORDER, orderInvoice, posted, ZERO } from './scenes.js'

type More = Readonly<Record<string, unknown>>

const mug = (more: object = {}) => item('10', { sku: 'MUG', quantity: '3', ...more })
const discount = (quantity: string, unitPrice = '3') =>
  item(unitPrice, { sku: 'OFF', description: 'Discount', quantity })
const invoiced = (lines: readonly object[], more: More = {}) =>
  posted(orderInvoice(imported(lines, more)))
const changed = (lines: readonly object[], scene: Partial<Scene>, more: More = {}) =>
  importing(lines, more, scene, 3)
const draftsOf = (facts: readonly LedgerFact[]) =>
  facts.flatMap((fact) => (fact.type === 'CreditNoteDrafted' ? [fact.data] : []))
const figures = (answer: ReturnType<typeof changed>['answer']) =>
  answer.differences.map(({ line, difference }) => `${line}: ${difference.amount}`)

describe('a line differs', () => {
  test('by its tax code or rate alone, as far as its amount does', () => {
    const scene = invoiced([mug()])
    expect(figures(changed([mug({ tax: ZERO })], scene).answer)).toEqual(['0: -6.00'])
    const renamed = { code: 'GB-STD', ratePercent: '20' }
    expect(figures(changed([mug({ tax: renamed })], scene).answer)).toEqual([])
  })

  test("by the tax that the platform charged, where its invoice's parts add up to the rest", () => {
    const scene = invoiced([mug({ platformTax: gbp('6.01') })])
    const taxed = (amount: string) => changed([mug({ platformTax: gbp(amount) })], scene).answer
    expect(figures(taxed('6.01'))).toEqual([])
    expect(figures(taxed('6.05'))).toEqual(['0: 0.04'])
    expect(figures(taxed('5.99'))).toEqual(['0: -0.02'])
  })

  test('not where quantity and price changed and the amount did not', () => {
    expect(
      figures(changed([mug({ quantity: '6', unitPrice: '5' })], invoiced([mug()])).answer),
    ).toEqual([])
  })

  test('not by the units that the taxes of its parts were rounded by', () => {
    // Each part is 0.13 and 0.03 tax, 0.48 in all; the line at once would be 0.39 and 0.08.
    const lines = [item('0.13', { quantity: '3' })]
    const part = (scene: Partial<Scene>, id: string) =>
      posted(orderInvoice(scene, { lines: [{ line: 0, quantity: '1' }] }), {
        invoiceId: `${FOLIO_ID}-${id}`,
      })
    const totals = { net: gbp('0.39'), tax: gbp('0.09'), gross: gbp('0.48') }
    const scene = part(part(part(imported(lines, { totals }), 'i1'), 'i2'), 'i3')
    expect(figures(changed(lines, scene, { status: 'Shipped', totals }).answer)).toEqual([])
  })

  test('counted in its own direction where it is a discount', () => {
    const scene = invoiced([mug(), discount('-2')])
    const answer = (quantity: string) => figures(changed([mug(), discount(quantity)], scene).answer)
    expect(answer('-2')).toEqual([])
    expect(answer('-3')).toEqual(['1: -3.60'])
    expect(answer('-1')).toEqual(['1: 3.60'])
  })

  test('less what notes took back of it, by quantity or by amount, prices with tax or without', () => {
    for (const prices of ['tax_excluded', 'tax_included']) {
      const scene = invoiced([mug()], { prices })
      const returned = note(scene, { lines: [{ invoiceLine: 0, quantity: '1' }] })
      const two = mug({ quantity: '2' })
      expect(figures(changed([two], returned, { prices }).answer)).toEqual([])
      const goodwill = note(scene, { amount: gbp('3.00') })
      expect(figures(changed([mug()], goodwill, { prices }).answer)).toEqual([])
      const gross = prices === 'tax_excluded' ? '-9.00' : '-7.00'
      expect(figures(changed([two], goodwill, { prices }).answer)).toEqual([`0: ${gross}`])
    }
  })

  test('again once what came back may be invoiced again', () => {
    const reopened = note(invoiced([mug()]), {
      lines: [{ invoiceLine: 0, quantity: '1' }],
      invoiceableAgain: true,
    })
    const { answer } = changed([mug()], reopened, { status: 'Shipped' })
    expect(answer.differences).toEqual([
      {
        line: 0,
        ordered: { quantity: '3', gross: gbp('36.00') },
        invoiced: { quantity: '3', gross: gbp('36.00') },
        credited: { quantity: '1', gross: gbp('12.00') },
        difference: gbp('12.00'),
      },
    ])
  })
})

describe('a note is proposed', () => {
  test('over pieces that stay at a lower price, of one piece where the amount does not divide', () => {
    const own = (line: object, then: object) =>
      draftsOf(changed([then], invoiced([line])).facts).map(({ lines, totals }) => ({
        lines: lines.map(({ quantity, unitPrice }) => `${quantity} at ${unitPrice}`),
        net: totals.net.amount,
      }))
    expect(own(mug(), mug({ discount: gbp('7.00') }))).toEqual([
      { lines: ['3 at 2.333333'], net: '7.00' },
    ])
    const many = mug({ quantity: '30000' })
    expect(own(many, { ...many, discount: gbp('0.01') })).toEqual([
      { lines: ['1 at 0.01'], net: '0.01' },
    ])
    expect(own(mug(), mug({ unitPrice: '11' }))).toEqual([])
  })

  test('over a discount that became smaller beside goods that became cheaper', () => {
    const dear = (more: object = {}) => mug({ quantity: '1', unitPrice: '1000', ...more })
    const own = (off: object, then: object) =>
      draftsOf(changed([dear({ unitPrice: '900' }), then], invoiced([dear(), off])).facts).flatMap(
        ({ lines }) => lines.map(({ quantity, unitPrice }) => `${quantity} at ${unitPrice}`),
      )
    expect(own(discount('-2'), discount('-2', '2'))).toEqual(['1 at 100', '-2 at 1'])
    const many = discount('-30000', '0.02')
    expect(own(many, { ...many, discount: gbp('-0.01') })).toEqual(['1 at 100', '-1 at 0.01'])
    // A discount that grew asks for less: there is nothing of it to take back.
    expect(own(discount('-2'), discount('-2', '4'))).toEqual(['1 at 100'])
  })

  test('over nothing where a discount alone became smaller: it would be a note below zero', () => {
    const scene = invoiced([mug(), discount('-2')])
    expect(draftsOf(changed([mug(), discount('-1')], scene).facts)).toEqual([])
  })

  test('from the invoices that still have pieces, whatever came back before', () => {
    const part = (scene: Partial<Scene>, quantity: string) =>
      orderInvoice(scene, { lines: [{ line: 0, quantity }] })
    const second = `${FOLIO_ID}-i2`
    const both = posted(part(posted(part(imported([mug()]), '2')), '1'), { invoiceId: second })
    // All of the second invoice came back, and is gone from the order with one piece of the first.
    const returned = note(both, { invoiceId: second })
    const [only, ...others] = draftsOf(changed([mug({ quantity: '1' })], returned).facts)
    expect(others).toEqual([])
    expect(only).toMatchObject({ invoice: { invoiceId: INVOICE }, lines: [{ quantity: '1' }] })
  })

  test('on a cancelled order’s invoice for good, under its reason as far as that has room', () => {
    const room = 475
    const cancelled = (length: number) =>
      draftsOf(
        after(cancelOrder, { orderId: ORDER, reason: 'x'.repeat(length) }, invoiced([mug()]))
          .newest,
      )
    expect(cancelled(room)).toMatchObject([
      { reason: `The order was cancelled: ${'x'.repeat(room)}`, invoiceableAgain: false },
    ])
    expect(cancelled(room + 1)).toMatchObject([{ reason: 'The order was cancelled' }])
  })
})

test('a cancelled order that changes at its store differs in nothing more', () => {
  const cancelled = after(cancelOrder, { orderId: ORDER, reason: 'x' }, invoiced([mug()]))
  const { facts, answer } = changed([mug({ quantity: '1' })], cancelled)
  expect(answer.differences).toEqual([])
  expect(facts).toHaveLength(1)
  expect(facts[0]?.data).not.toHaveProperty('differences')
})

test('nor where the same state comes again', () => {
  const lowered = [mug({ quantity: '1' })]
  const scene = imported(lowered, {}, invoiced([mug()]), 3)
  const { facts } = changed(lowered, after(cancelOrder, { orderId: ORDER, reason: 'x' }, scene))
  expect(facts).toMatchObject([{ data: { isRepeat: true, carried: { waits: 'order_cancelled' } } }])
  expect(facts[0]?.data).not.toHaveProperty('differences')
})

test('an import that changes nothing says so in every answer', () => {
  expect(importing([mug()], {}, imported([mug()])).answer).toEqual({
    orderId: ORDER,
    changed: false,
    carried: null,
    differences: [],
    creditNotes: [],
  })
})

describe('a state that does not fit beside the places of the one before', () => {
  const lines = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => item('1', { sku: `${name}${index}` }))
  const last = { line: 599, quantity: '1' }

  test('leaves a draft over a place that is gone unposted', () => {
    const drafted = orderInvoice(imported(lines('OLD', 600)), { lines: [last] })
    const scene = imported(lines('NEW', 500), {}, drafted, 3)
    const refusal = { code: 'order_line_not_found', line: 599, lines: 500 } as const
    expectRefusal(postInvoice, { invoiceId: INVOICE }, scene, refusal)
    const all = decide(invoiceOrder, { orderId: ORDER }, scene)
    expect(all).toMatchObject({ answer: { totals: { net: gbp('500.00') } } })
  })

  test('is compared and shipped by the places that it has', () => {
    const first = imported(lines('OLD', 600))
    const left = after(
      validateDelivery,
      { shipmentId: `${FOLIO_ID}-s1` },
      after(planShipment, { orderId: ORDER, lines: [last] }, first),
    )
    const scene = posted(orderInvoice(left, { lines: [last] }))
    const { answer } = changed(lines('NEW', 500), scene)
    expect(answer.differences).toHaveLength(500)
    const anew = imported(lines('NEW', 500), {}, scene, 3)
    const planned = decide(planShipment, { orderId: ORDER }, anew)
    expect('answer' in planned && planned.answer.lines).toHaveLength(500)
  })
})
