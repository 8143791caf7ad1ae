import { describe, expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { alignedLines } from '../../commands/order/aligned-lines.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { after, decide, expectRefusal, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { imported, importing, STORE } from './imported-orders.js'
import { gbp, INVOICE, item, NOTE, note, ORDER, order, orderInvoice, posted } from './scenes.js'

const typesOf = (facts: readonly LedgerFact[]) => facts.map(({ type }) => type)
const invoiced = (lines: readonly object[]) => posted(orderInvoice(imported(lines)))
const draftsOf = (facts: readonly LedgerFact[]) =>
  facts.flatMap((fact) => (fact.type === 'CreditNoteDrafted' ? [fact.data] : []))
const mug = (more: object = {}) => item('10', { sku: 'MUG', quantity: '3', ...more })
const pen = (more: object = {}) => item('4', { sku: 'PEN', ...more })

describe('an order lowered after it was invoiced', () => {
  test('is shown by line and amount, and a note over the surplus pieces is proposed', () => {
    const { facts, answer } = importing(
      [mug({ quantity: '1' }), pen()],
      {},
      invoiced([mug(), pen()]),
      3,
    )
    expect(typesOf(facts)).toEqual(['OrderImported', 'CreditNoteDrafted'])
    expect(answer.differences).toEqual([
      {
        line: 0,
        ordered: { quantity: '1', gross: gbp('12.00') },
        invoiced: { quantity: '3', gross: gbp('36.00') },
        credited: { quantity: '0', gross: gbp('0.00') },
        difference: gbp('-24.00'),
      },
    ])
    expect(answer.creditNotes).toEqual([NOTE])
    expect(draftsOf(facts)).toMatchObject([
      {
        invoice: { invoiceId: INVOICE },
        invoiceableAgain: true,
        lines: [{ invoiceLine: 0, quantity: '2' }],
        totals: { gross: gbp('24.00') },
      },
    ])
  })

  test('by its price: a note over the difference is proposed', () => {
    const cheaper = [item('8.50', { sku: 'MUG', quantity: '3' }), pen()]
    const { facts, answer } = importing(cheaper, {}, invoiced([mug(), pen()]), 3)
    expect(answer.differences).toMatchObject([{ line: 0, difference: gbp('-5.40') }])
    expect(draftsOf(facts)).toMatchObject([
      {
        invoiceableAgain: false,
        lines: [{ invoiceLine: 0, quantity: '3', unitPrice: '1.5' }],
        totals: { gross: gbp('5.40') },
      },
    ])
  })

  test('by a discount that does not divide: the note has its exact amount', () => {
    const discounted = [mug({ discount: gbp('1.00') }), pen()]
    const { facts } = importing(discounted, {}, invoiced([mug(), pen()]), 3)
    expect(draftsOf(facts)).toMatchObject([{ totals: { net: gbp('1.00'), gross: gbp('1.20') } }])
  })

  test('by pieces and price at once: one note for each', () => {
    const both = [item('9', { sku: 'MUG', quantity: '2' })]
    const { facts } = importing(both, {}, invoiced([mug()]), 3)
    expect(draftsOf(facts).map(({ totals }) => totals.net.amount)).toEqual(['10.00', '2.00'])
  })

  test('by a line that is gone, wherever the others stand then', () => {
    const { facts, answer } = importing([pen()], {}, invoiced([mug(), pen()]), 3)
    expect(answer.differences).toMatchObject([{ line: 0, ordered: { quantity: '0' } }])
    expect(draftsOf(facts)).toMatchObject([{ lines: [{ invoiceLine: 0, quantity: '3' }] }])
    expect(facts[0]).toMatchObject({ data: { lines: [{ quantity: '0' }, { sku: 'PEN' }] } })
  })

  test('over two invoices: the newest gives back first', () => {
    const scene = posted(
      orderInvoice(
        posted(orderInvoice(imported([mug()]), { lines: [{ line: 0, quantity: '2' }] })),
      ),
      { invoiceId: `${FOLIO_ID}-i2` },
    )
    const { facts } = importing([mug({ quantity: '1' })], {}, scene, 3)
    expect(
      draftsOf(facts).map(({ invoice, lines }) => [invoice?.invoiceId, lines[0]?.quantity]),
    ).toEqual([
      [INVOICE, '1'],
      [`${FOLIO_ID}-i2`, '1'],
    ])
  })

  test('proposes nothing where a person has drafted a note', () => {
    const drafted = after(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'Returned', lines: [{ invoiceLine: 0, quantity: '1' }] },
      invoiced([mug()]),
    )
    expect(typesOf(importing([mug({ quantity: '1' })], {}, drafted, 3).facts)).toEqual([
      'OrderImported',
    ])
  })

  test('again: its own proposal is replaced, and kept where nothing changed of it', () => {
    const once = imported([mug({ quantity: '2' })], {}, invoiced([mug()]), 3)
    const twice = importing([mug({ quantity: '1' })], {}, once, 4)
    expect(typesOf(twice.facts)).toEqual([
      'OrderImported',
      'CreditNoteDraftDiscarded',
      'CreditNoteDrafted',
    ])
    expect(draftsOf(twice.facts)).toMatchObject([{ lines: [{ quantity: '2' }] }])
    const same = importing([mug({ quantity: '2' })], { status: 'Shipped' }, once, 4)
    expect(typesOf(same.facts)).toEqual(['OrderImported'])
    const back = importing([mug()], {}, once, 4)
    expect(typesOf(back.facts)).toEqual(['OrderImported', 'CreditNoteDraftDiscarded'])
    expect(back.answer.differences).toEqual([])
  })

  test('differs no more once the note is posted; and what it gave free can be invoiced again', () => {
    const settled = after(
      postCreditNote,
      { creditNoteId: NOTE },
      imported([mug({ quantity: '1' })], {}, invoiced([mug()]), 3),
    )
    const same = importing([mug({ quantity: '1' })], { status: 'Shipped' }, settled, 4)
    expect(same.answer).toMatchObject({ differences: [], creditNotes: [] })
    const more = imported([mug({ quantity: '2' })], {}, settled, 4)
    const left = decide(invoiceOrder, { orderId: ORDER }, more)
    expect(left).toMatchObject({ facts: [{ data: { lines: [{ quantity: '1' }] } }] })
  })
})

describe('an order raised after it was invoiced', () => {
  test('is shown, and the rest can be invoiced', () => {
    const { facts, answer } = importing([mug({ quantity: '5' }), pen()], {}, invoiced([mug()]), 3)
    expect(typesOf(facts)).toEqual(['OrderImported'])
    expect(answer.differences).toMatchObject([
      { line: 0, difference: gbp('24.00') },
      { line: 1, difference: gbp('4.80') },
    ])
    const scene = imported([mug({ quantity: '5' }), pen()], {}, invoiced([mug()]), 3)
    const rest = decide(invoiceOrder, { orderId: ORDER }, scene)
    expect(rest).toMatchObject({
      facts: [{ data: { lines: [{ quantity: '2' }, { quantity: '1' }] } }],
    })
  })

  test('goods that came back are no difference', () => {
    const returned = note(invoiced([mug()]), { lines: [{ invoiceLine: 0, quantity: '1' }] })
    expect(importing([mug()], { status: 'Shipped' }, returned, 3).answer).toMatchObject({
      differences: [],
      creditNotes: [],
    })
  })
})

describe('lines keep their places', () => {
  const lineOf = (name: string, more: object = {}) => ({
    kind: 'item' as const,
    description: name,
    quantity: '1',
    unitPrice: '1',
    tax: { code: 'zero', ratePercent: '0' },
    ...more,
  })
  const names = (lines: ReturnType<typeof alignedLines>) =>
    lines.map(({ description, quantity }) => `${description} ${quantity}`)

  test.each([
    ['in another order', ['b', 'a'], ['a 1', 'b 1']],
    ['one gone', ['b'], ['a 0', 'b 1']],
    ['one new', ['c', 'a', 'b'], ['a 1', 'b 1', 'c 1']],
  ])('%s', (_what, incoming, expected) => {
    const known = ['a', 'b'].map((name) => lineOf(name))
    expect(
      names(
        alignedLines(
          known,
          incoming.map((name) => lineOf(name)),
        ),
      ),
    ).toEqual(expected)
  })

  test('equal names are told apart by price', () => {
    const known = [lineOf('a', { unitPrice: '1' }), lineOf('a', { unitPrice: '2' })]
    const aligned = alignedLines(known, [lineOf('a', { unitPrice: '2', quantity: '7' })])
    expect(aligned.map(({ quantity }) => quantity)).toEqual(['0', '7'])
  })

  test('another stock-keeping unit is another line; a new name in the same place is not', () => {
    const known = [lineOf('a', { sku: 'A' }), lineOf('Flat rate')]
    const aligned = alignedLines(known, [lineOf('b', { sku: 'B' }), lineOf('Express')])
    expect(names(aligned)).toEqual(['a 0', 'Express 1', 'b 1'])
  })

  test('a state that would not fit any more is taken as it came', () => {
    const known = Array.from({ length: 600 }, (_, index) =>
      lineOf(`old ${index}`, { sku: `O${index}` }),
    )
    const incoming = Array.from({ length: 600 }, (_, index) => lineOf('new', { sku: `N${index}` }))
    expect(alignedLines(known, incoming)).toBe(incoming)
  })
})

describe('an order cancelled', () => {
  const cancel = { orderId: ORDER, reason: 'Sold out' }

  test('discards drafts and planned deliveries, and proposes a note over each posted invoice', () => {
    const part = (scene: Partial<Scene>) =>
      orderInvoice(scene, { lines: [{ line: 0, quantity: '1' }] })
    const planned = after(planShipment, { orderId: ORDER }, part(posted(part(imported([mug()])))))
    const decided = decide(cancelOrder, cancel, planned)
    expect(decided).toMatchObject({
      facts: [
        { type: 'OrderCancelled', data: cancel },
        { type: 'InvoiceDraftDiscarded', data: { invoiceId: `${FOLIO_ID}-i2` } },
        { type: 'ShipmentPlanDiscarded', data: { shipmentId: `${FOLIO_ID}-s1` } },
        {
          type: 'CreditNoteDrafted',
          data: {
            creditNoteId: NOTE,
            reason: 'The order was cancelled: Sold out',
            invoice: { invoiceId: INVOICE },
            totals: { gross: gbp('12.00') },
          },
        },
      ],
      answer: { draftsDiscarded: 1, shipmentsDiscarded: 1, creditNotes: [NOTE] },
    })
  })

  test('proposes what is left alone, and nothing where a note is drafted or all is credited', () => {
    const one = { lines: [{ invoiceLine: 0, quantity: '1' }] }
    const partly = note(invoiced([mug()]), one)
    expect(draftsOf(after(cancelOrder, cancel, partly).newest)).toMatchObject([
      { lines: [{ quantity: '2' }] },
    ])
    const drafted = after(
      draftCreditNote,
      { invoiceId: INVOICE, reason: 'x', ...one },
      invoiced([mug()]),
    )
    expect(draftsOf(after(cancelOrder, cancel, drafted).newest)).toEqual([])
    expect(draftsOf(after(cancelOrder, cancel, note(invoiced([mug()]))).newest)).toEqual([])
  })

  test('a reason too long to be named is left out of the note', () => {
    const facts = after(cancelOrder, { ...cancel, reason: '🙂'.repeat(250) }, invoiced([mug()]))
    expect(draftsOf(facts.newest)).toMatchObject([{ reason: 'The order was cancelled' }])
  })

  test('twice changes nothing, and closes invoicing and shipping', () => {
    const cancelled = after(cancelOrder, cancel, invoiced([mug()]))
    expect(decide(cancelOrder, cancel, cancelled)).toMatchObject({
      facts: [],
      answer: { draftsDiscarded: 0, shipmentsDiscarded: 0, creditNotes: [] },
    })
    const refusal = { code: 'order_cancelled', order: ORDER } as const
    expectRefusal(invoiceOrder, { orderId: ORDER }, cancelled, refusal)
    expectRefusal(planShipment, { orderId: ORDER }, cancelled, refusal)
  })

  test('proposes nothing more when it changes at its store', () => {
    const cancelled = after(cancelOrder, cancel, invoiced([mug()]))
    expect(typesOf(importing([pen()], {}, cancelled, 3).facts)).toEqual(['OrderImported'])
  })
})

describe('whose order it is', () => {
  const party = (more: Readonly<Record<string, unknown>>) => {
    const [fact] = importing([pen()], more).facts
    return fact?.type === 'OrderImported' ? fact.data.party : undefined
  }
  const BY_ID = '8f0d7f0e-45d0-5e0c-a7d3-7ad1a1be1f1a'

  test('the customer of the store, by its id', () => {
    const ada = party({ customer: { id: '12' }, billTo: { email: 'ada@example.com' } })
    expect(ada).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
    expect(party({ customer: { id: '12' } })).toBe(ada)
    expect(party({ customer: { id: '13' } })).not.toBe(ada)
    expect(party({ customer: { id: '12' }, instance: STORE.replace('bb', 'bc') })).not.toBe(ada)
  })

  test('a guest by e-mail, however it is written', () => {
    const guest = party({ billTo: { email: 'Ada@Example.com' } })
    expect(guest).toBe(party({ billTo: { email: ' ada@example.COM ' } }))
    expect(guest).not.toBe(party({ billTo: { email: 'bob@example.com' } }))
    expect(guest).not.toBe(party({ customer: { id: 'ada@example.com' } }))
  })

  test('who is named, or nobody', () => {
    expect(party({ party: BY_ID, customer: { id: '12' } })).toBe(BY_ID)
    expect(party({ party: null, customer: { id: '12' } })).toBeNull()
    expect(party({ billTo: { name: 'Ada' } })).toBeNull()
    expect(party({})).toBeNull()
  })
})

test('an order that took the place of another says so', () => {
  expect(importing([pen()], { replaces: '1000' }).facts).toMatchObject([
    { data: { replaces: '1000' } },
  ])
})

test('an order by hand that was cancelled proposes a note as well', () => {
  const scene = posted(orderInvoice(order([item('100')])))
  const { newest } = after(cancelOrder, { orderId: ORDER, reason: 'x' }, scene)
  expect(draftsOf(newest)).toMatchObject([{ totals: { gross: gbp('120.00') } }])
})

test('an order cancelled after it was lowered is proposed to be credited in full, not in the part proposed before', () => {
  const lowered = imported([mug({ quantity: '1' }), pen()], {}, invoiced([mug(), pen()]), 3)
  const cancelled = after(cancelOrder, { orderId: ORDER, reason: 'Lost' }, lowered)
  expect(typesOf(cancelled.newest)).toEqual([
    'OrderCancelled',
    'CreditNoteDraftDiscarded',
    'CreditNoteDrafted',
  ])
  expect(draftsOf(cancelled.newest)).toMatchObject([{ totals: { gross: gbp('40.80') } }])
})

test('whoever was forgotten stays so, whatever the store still says', () => {
  const billTo = { name: 'Ada Byron', email: 'ada@example.com' }
  const known = imported([pen()], { billTo })
  const facts = known.facts.map((fact): LedgerFact =>
    fact.type === 'OrderImported'
      ? { ...fact, data: { ...fact.data, billTo: { name: '[forgotten]' } } }
      : fact,
  )
  expect(importing([pen()], { billTo }, { facts }).answer.changed).toBe(false)
  const changed = importing([pen({ quantity: '2' })], { billTo }, { facts }, 3)
  expect(changed.facts[0]).toMatchObject({ data: { billTo: { name: '[forgotten]' } } })
})
