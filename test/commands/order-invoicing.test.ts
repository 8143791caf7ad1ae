import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  after,
  decide,
  expectRefusal,
  FOLIO_ID,
  folioOf,
  type Scene,
} from '../support/decider-spec.js'
import {
  eur,
  gbp,
  INVOICE,
  invoice,
  item,
  note,
  NOTE,
  ORDER,
  order,
  orderInvoice,
  paid,
  posted,
  VAT,
} from './scenes.js'

const of = (id: string) => `${FOLIO_ID}-${id}`
const part = (scene: Partial<Scene>, quantity: string, line = 0) =>
  orderInvoice(scene, { lines: [{ line, quantity }] })
const linesOf = (fact: LedgerFact | undefined) =>
  fact?.type === 'InvoiceDrafted' ? fact.data.lines : []
const imported = (modifiedAt: string, lines: readonly object[], scene: Partial<Scene> = {}) =>
  after(importOrder, importedBody(modifiedAt, lines), scene)
const importedBody = (modifiedAt: string, lines: readonly object[]) => ({
  number: '1001',
  placedOn: '2026-11-01',
  party: null,
  billTo: null,
  shipTo: null,
  prices: 'tax_excluded',
  lines,
  instance: '00000000-0000-4000-8000-0000000000bb',
  platformOrderId: '77',
  modifiedAt,
  status: 'Pending',
  paymentStatus: 'captured',
})

describe('an order', () => {
  test('is placed with its totals', () => {
    const decided = decide(placeOrder, {
      number: '1001',
      placedOn: '2026-11-01',
      party: null,
      billTo: { name: 'Ada' },
      shipTo: null,
      prices: 'tax_excluded',
      lines: [item('50', { quantity: '2' })],
    })
    expect(decided).toMatchObject({
      answer: { orderId: ORDER },
      facts: [
        {
          type: 'OrderPlaced',
          data: {
            orderId: ORDER,
            currency: 'GBP',
            exchangeRate: '1',
            totals: { net: gbp('100.00'), tax: gbp('20.00'), gross: gbp('120.00') },
          },
        },
      ],
    })
  })

  test('imported again in the same or an older state changes nothing, in a newer one it does', () => {
    const scene = imported('2026-11-02T00:00:00.000Z', [item('10')])
    for (const [time, price] of [
      ['2026-11-02T00:00:00.000Z', '10'],
      ['2026-11-01T23:59:59.999Z', '99'],
    ] as const) {
      const body = importedBody(time, [item(price)])
      expect(decide(importOrder, body, scene)).toMatchObject({
        facts: [],
        answer: { changed: false },
      })
    }
    const sameDate = decide(
      importOrder,
      importedBody('2026-11-02T00:00:00.000Z', [item('99')]),
      scene,
    )
    expect(sameDate).toMatchObject({ answer: { changed: true, orderId: ORDER } })
    const newer = decide(importOrder, importedBody('2026-11-02T00:00:00.001Z', [item('99')]), scene)
    expect(newer).toMatchObject({ answer: { changed: true, orderId: ORDER } })
  })

  test('imported with amounts in another currency than its own is refused', () => {
    const lines = [item('10', { platformTax: eur('2.00') })]
    const refusal = { code: 'currency_differs', expected: 'GBP', given: 'EUR' } as const
    expectRefusal(importOrder, importedBody('2026-11-02T00:00:00.000Z', lines), {}, refusal)
    const totals = { net: eur('1.00'), tax: eur('0.00'), gross: eur('1.00') }
    const body = { ...importedBody('2026-11-02T00:00:00.000Z', [item('1')]), totals }
    expectRefusal(importOrder, body, {}, refusal)
  })

  test('cancelled discards its drafts, keeps what is posted, and takes no more', () => {
    const scene = part(posted(part(order([item('10', { quantity: '3' })]), '1')), '1')
    const { facts, newest, ...rest } = after(
      cancelOrder,
      { orderId: ORDER, reason: 'Sold out' },
      scene,
    )
    expect(newest).toMatchObject([
      { type: 'OrderCancelled', data: { orderId: ORDER, reason: 'Sold out' } },
      { type: 'InvoiceDraftDiscarded', data: { invoiceId: of('i2') } },
      { type: 'CreditNoteDrafted', data: { invoice: { invoiceId: INVOICE } } },
    ])
    const cancelled = { facts, ...rest }
    expectRefusal(invoiceOrder, { orderId: ORDER }, cancelled, {
      code: 'order_cancelled',
      order: ORDER,
    })
    expect(decide(cancelOrder, { orderId: ORDER, reason: 'Again' }, cancelled)).toMatchObject({
      facts: [],
    })
  })
})

describe('invoicing in parts', () => {
  test('never goes beyond what was ordered, drafts included', () => {
    const scene = part(part(order([item('10', { quantity: '3' })]), '1'), '1.5')
    const asked = (quantity: string) => ({ orderId: ORDER, lines: [{ line: 0, quantity }] })
    expectRefusal(invoiceOrder, asked('0.500001'), scene, {
      code: 'quantity_exceeds_ordered',
      line: 0,
      left: '0.5',
      requested: '0.500001',
    })
    expect(decide(invoiceOrder, asked('0.5'), scene)).toHaveProperty('facts')
    const freed = after(discardDraft, { document: of('i1') }, scene)
    expect(decide(invoiceOrder, asked('1.5'), freed)).toHaveProperty('facts')
  })

  test('without lines takes everything left', () => {
    const scene = part(order([item('10', { quantity: '3' }), item('5')]), '1')
    const quantities = linesOf(orderInvoice(scene).newest[0]).map(({ orderLine, quantity }) => [
      orderLine,
      quantity,
    ])
    expect(quantities).toEqual([
      [0, '2'],
      [1, '1'],
    ])
  })

  test('shares the discount out, adding up to the line’s', () => {
    let scene: Partial<Scene> = order([item('10', { quantity: '3', discount: gbp('1.00') })])
    const discounts: (string | undefined)[] = []
    for (let piece = 1; piece <= 3; piece += 1) {
      const made = part(scene, '1')
      discounts.push(linesOf(made.newest[0])[0]?.discount?.amount)
      scene = made
    }
    expect(discounts).toEqual(['0.33', '0.34', '0.33'])
  })

  test('whatever is drafted and discarded, the discounts of what stands add up at the end', () => {
    const step = fc.record({
      kind: fc.constantFrom('invoice', 'invoice', 'discard'),
      of: fc.nat({ max: 9 }),
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 300 }),
        fc.array(step, { maxLength: 15 }),
        (pieces, cents, steps) => {
          const discount = gbp(new Decimal(cents).dividedBy(100).toFixed(2))
          let scene: Partial<Scene> = order([item('100', { quantity: `${pieces}`, discount })])
          const tried = (next: () => Partial<Scene>) => {
            try {
              scene = next()
            } catch {
              // Refused: nothing left, or discarded already.
            }
          }
          for (const { kind, of: which } of steps) {
            if (kind === 'invoice') tried(() => part(scene, `${1 + (which % 3)}`))
            else tried(() => after(discardDraft, { document: of(`i${which + 1}`) }, scene))
          }
          tried(() => orderInvoice(scene))
          const live = [...folioOf(scene.facts ?? []).invoices.values()].flatMap((each) =>
            each.status === 'discarded' ? [] : each.content.lines,
          )
          const sum = live.reduce(
            (total, line) => total.plus(line.discount?.amount ?? 0),
            new Decimal(0),
          )
          expect(sum.toFixed(2)).toBe(discount.amount)
          expect(live.filter((line) => line.discount?.amount.startsWith('-'))).toEqual([])
        },
      ),
    )
  })

  test('a note says whether its quantity may be invoiced again', () => {
    const whole = paid(
      posted(orderInvoice(order([item('10', { quantity: '2', discount: gbp('1.00') })]))),
      '22.80',
    )
    const lines = [{ invoiceLine: 0, quantity: '1' }]
    expectRefusal(invoiceOrder, { orderId: ORDER }, note(whole, { lines }), {
      code: 'nothing_left_to_invoice',
      order: ORDER,
    })
    const again = note(whole, { lines, invoiceableAgain: true })
    const made = orderInvoice(again)
    expect(linesOf(made.newest[0])).toMatchObject([
      { quantity: '1', discount: gbp('0.50'), orderLine: 0 },
    ])
    expectRefusal(invoiceOrder, { orderId: ORDER, lines: [{ line: 0, quantity: '1' }] }, made, {
      code: 'quantity_exceeds_ordered',
      line: 0,
      left: '0',
      requested: '1',
    })
  })

  test('an order lowered after it was invoiced has nothing left of that line, and the rest of the others', () => {
    const scene = orderInvoice(
      imported('2026-11-02T00:00:00.000Z', [item('10', { quantity: '2' })]),
    )
    const lowered = imported('2026-11-03T00:00:00.000Z', [item('10'), item('5')], scene)
    expect(linesOf(orderInvoice(lowered).newest[0])).toMatchObject([
      { orderLine: 1, quantity: '1' },
    ])
    expectRefusal(postInvoice, { invoiceId: INVOICE }, lowered, {
      code: 'quantity_exceeds_ordered',
      line: 0,
      left: '1',
      requested: '2',
    })
  })

  test('a discount line is invoiced in its own direction', () => {
    const scene = order([item('10', { quantity: '2' }), item('3', { quantity: '-2' })])
    const made = part(scene, '-1', 1)
    expect(linesOf(made.newest[0])).toMatchObject([{ quantity: '-1', net: gbp('-3.00') }])
    expectRefusal(invoiceOrder, { orderId: ORDER, lines: [{ line: 1, quantity: '-1.5' }] }, made, {
      code: 'quantity_exceeds_ordered',
      line: 1,
      left: '-1',
      requested: '-1.5',
    })
  })

  test('of total zero is posted for an order, paid at once, and counts as invoiced', () => {
    const scene = posted(orderInvoice(order([item('10'), item('-10')])))
    const made = folioOf(scene.facts).invoices.get(INVOICE)
    expect(made).toMatchObject({ status: 'posted', due: gbp('0.00') })
    expectRefusal(invoiceOrder, { orderId: ORDER }, scene, {
      code: 'nothing_left_to_invoice',
      order: ORDER,
    })
  })
})

describe('a draft', () => {
  test('of an order is edited in its dates and words, not in its lines or prices', () => {
    const scene = orderInvoice(order([item('10')]))
    const edit = (more: object) => decide(editDraft, { document: INVOICE, ...more }, scene)
    expect(edit({ note: 'Thank you', dueDate: '2026-12-24' })).toMatchObject({
      facts: [
        {
          type: 'InvoiceDraftEdited',
          data: { note: 'Thank you', dueDate: '2026-12-24', totals: { gross: gbp('12.00') } },
        },
      ],
    })
    for (const more of [
      { lines: [item('1')] },
      { prices: 'tax_included' },
      { reason: 'Not a note' },
      { invoiceLines: [{ invoiceLine: 0, quantity: '1' }] },
    ]) {
      const [field = ''] = Object.keys(more)
      expect(edit(more)).toEqual({
        refusal: { code: 'draft_has_no_such_field', document: INVOICE, field },
      })
    }
  })

  test('of its own has all its lines anew, and its amounts with them', () => {
    const scene = order([item('1')])
    const own = { ...scene, facts: invoice().facts.slice(0, 1) }
    expect(
      decide(
        editDraft,
        { document: INVOICE, lines: [item('12', { tax: VAT })], prices: 'tax_included' },
        own,
      ),
    ).toMatchObject({ answer: { totals: { net: gbp('10.00'), gross: gbp('12.00') } } })
  })

  test('note on an invoice is edited by invoice line, and is worked out anew when it is posted', () => {
    const scene = paid(invoice([item('10', { quantity: '2' })]), '24.00')
    const drafted = { ...scene, facts: note(scene).facts.slice(0, -1) }
    const edited = after(
      editDraft,
      { document: NOTE, invoiceLines: [{ invoiceLine: 0, quantity: '1' }], reason: 'One is fine' },
      drafted,
    )
    expect(edited.newest[0]).toMatchObject({
      type: 'CreditNoteDraftEdited',
      data: { reason: 'One is fine', totals: { gross: gbp('12.00') } },
    })
    for (const more of [{ lines: [item('1')] }, { prices: 'tax_included' }, { party: null }]) {
      const [field = ''] = Object.keys(more)
      expectRefusal(editDraft, { document: NOTE, ...more }, drafted, {
        code: 'draft_has_no_such_field',
        document: NOTE,
        field,
      })
    }
  })
})
