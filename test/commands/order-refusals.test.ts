/** What the commands of orders, invoices and deliveries refuse beside the first case of every rule. */
import { describe, expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import type { FolioCommand } from '../../commands/command.js'
import { HAND_OPENED_NAMESPACE } from '../../commands/document-id.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { importOrder } from '../../commands/order/import-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import type { Refusal } from '../../commands/refusal.js'
import { addTracking } from '../../commands/shipment/add-tracking.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import { after, decide, expectRefusal, FOLIO_ID, type Scene } from '../support/decider-spec.js'
import { imported, instance, state } from './imported-orders.js'
import {
  adHocNote,
  booksWith,
  eur,
  gbp,
  INVOICE,
  invoice,
  item,
  NOTE,
  note,
  ORDER,
  order,
  orderInvoice,
  posted,
} from './scenes.js'

const SHIPMENT = `${FOLIO_ID}-s1`
const goods = [item('10', { quantity: '3' })]
const planned = () => after(planShipment, { orderId: ORDER }, order(goods))
const delivered = () => after(validateDelivery, { shipmentId: SHIPMENT }, planned())
const notFound = { code: 'document_not_found', document: INVOICE } as const
const noOrder = { code: 'order_not_found', order: ORDER } as const
const noShipment = { code: 'shipment_not_found', shipment: SHIPMENT } as const
const history = { code: 'order_is_history', order: ORDER, startDate: '2026-11-02' } as const
const old = () => imported(goods, {}, { instance: instance({ startDate: '2026-11-02' }) })
const namedTwice = {
  orderId: ORDER,
  lines: [
    { line: 0, quantity: '1' },
    { line: 0, quantity: '1' },
  ],
}
const taxedCertificate = item('50', { kind: 'gift_certificate' })
const taxedRefusal = { code: 'gift_certificate_taxed', line: 0, ratePercent: '20' } as const
const tooEarly = {
  code: 'due_date_before_document_date',
  documentDate: '2026-11-10',
  dueDate: '2026-11-09',
} as const
const dates = { documentDate: '2026-11-10', dueDate: '2026-11-09' }
const track = { number: 'JD1' }

type Row = readonly [string, FolioCommand, object, () => Partial<Scene>, Refusal]

const ROWS: readonly Row[] = [
  ['discarding what is not there', discardDraft, { document: INVOICE }, () => ({}), notFound],
  ['editing what is not there', editDraft, { document: INVOICE }, () => ({}), notFound],
  ['posting what is not there', postInvoice, { invoiceId: INVOICE }, () => ({}), notFound],
  ['cancelling no order', cancelOrder, { orderId: ORDER, reason: 'x' }, () => ({}), noOrder],
  ['invoicing no order', invoiceOrder, { orderId: ORDER }, () => ({}), noOrder],
  ['shipping no order', planShipment, { orderId: ORDER }, () => ({}), noOrder],
  ['delivering no plan', validateDelivery, { shipmentId: SHIPMENT }, () => ({}), noShipment],
  ['tracking no delivery', addTracking, { shipmentId: SHIPMENT, track }, () => ({}), noShipment],
  [
    'cancelling another order',
    cancelOrder,
    { orderId: `${FOLIO_ID}-o2`, reason: 'x' },
    () => order(goods),
    { code: 'order_not_found', order: `${FOLIO_ID}-o2` },
  ],
  [
    'shipping another order',
    planShipment,
    { orderId: `${FOLIO_ID}-o2` },
    () => order(goods),
    { code: 'order_not_found', order: `${FOLIO_ID}-o2` },
  ],
  [
    'invoicing another order',
    invoiceOrder,
    { orderId: `${FOLIO_ID}-o2` },
    () => order(goods),
    { code: 'order_not_found', order: `${FOLIO_ID}-o2` },
  ],
  ['invoicing history', invoiceOrder, { orderId: ORDER }, old, history],
  ['shipping history', planShipment, { orderId: ORDER }, old, history],
  [
    'invoicing history of a store that is not registered any more',
    invoiceOrder,
    { orderId: ORDER },
    () => ({ facts: old().facts }),
    { ...history, startDate: null },
  ],
  [
    'delivering twice',
    validateDelivery,
    { shipmentId: SHIPMENT },
    delivered,
    { code: 'shipment_not_planned', shipment: SHIPMENT, status: 'delivered' },
  ],
  [
    'delivering what was cancelled',
    validateDelivery,
    { shipmentId: SHIPMENT },
    () => after(cancelOrder, { orderId: ORDER, reason: 'x' }, planned()),
    { code: 'shipment_not_planned', shipment: SHIPMENT, status: 'discarded' },
  ],
  [
    'discarding what is posted',
    discardDraft,
    { document: INVOICE },
    () => invoice(),
    { code: 'document_not_draft', document: INVOICE, status: 'posted' },
  ],
  [
    'editing what is discarded',
    editDraft,
    { document: INVOICE, note: 'x' },
    () => after(discardDraft, { document: INVOICE }, orderInvoice(order(goods))),
    { code: 'document_not_draft', document: INVOICE, status: 'discarded' },
  ],
  [
    'posting what is posted',
    postInvoice,
    { invoiceId: INVOICE },
    () => invoice(),
    { code: 'document_not_draft', document: INVOICE, status: 'posted' },
  ],
  ['drafting due before its date', draftInvoice, { lines: goods, ...dates }, () => ({}), tooEarly],
  [
    'invoicing an order due before its date',
    invoiceOrder,
    { orderId: ORDER, ...dates },
    () => order(goods),
    tooEarly,
  ],
  [
    'editing a draft so that it is due before its date',
    editDraft,
    { document: INVOICE, ...dates },
    () => orderInvoice(order(goods)),
    tooEarly,
  ],
  [
    'selling a taxed gift certificate',
    draftInvoice,
    { lines: [taxedCertificate] },
    () => ({}),
    taxedRefusal,
  ],
  [
    'invoicing an ordered gift certificate with tax',
    invoiceOrder,
    { orderId: ORDER },
    () => order([taxedCertificate]),
    taxedRefusal,
  ],
  [
    'invoicing a line twice',
    invoiceOrder,
    namedTwice,
    () => order(goods),
    { code: 'order_line_named_twice', line: 0 },
  ],
  [
    'shipping a line twice',
    planShipment,
    namedTwice,
    () => order(goods),
    { code: 'order_line_named_twice', line: 0 },
  ],
  [
    'shipping a line that is not there',
    planShipment,
    { orderId: ORDER, lines: [{ line: 1, quantity: '1' }] },
    () => order(goods),
    { code: 'order_line_not_found', line: 1, lines: 1 },
  ],
  [
    'delivering a line that is not there',
    validateDelivery,
    { shipmentId: SHIPMENT, lines: [{ line: 1, quantity: '1' }] },
    planned,
    { code: 'order_line_not_found', line: 1, lines: 1 },
  ],
  [
    'shipping nothing of a line',
    planShipment,
    { orderId: ORDER, lines: [{ line: 0, quantity: '0' }] },
    () => order(goods),
    { code: 'quantity_not_positive', line: 0, requested: '0' },
  ],
  ...['shipping', 'gift_certificate'].map((kind): Row => [
    `shipping a line of kind ${kind}`,
    planShipment,
    { orderId: ORDER, lines: [{ line: 0, quantity: '1' }] },
    () => order([item('10', { kind, tax: { code: 'zero', ratePercent: '0' } })]),
    { code: 'line_not_shippable', line: 0, kind },
  ]),
  [
    'placing a second order',
    placeOrder,
    { ...handOrder(goods) },
    () => order(goods),
    { code: 'folio_has_an_order', order: ORDER },
  ],
  [
    'importing over an order by hand',
    importOrder,
    state(goods),
    () => order(goods),
    { code: 'folio_has_an_order', order: ORDER },
  ],
  [
    'editing a note on an invoice beyond it',
    editDraft,
    { document: NOTE, invoiceLines: [{ invoiceLine: 0, quantity: '2' }] },
    () => after(draftCreditNote, { invoiceId: INVOICE, reason: 'x' }, invoice()),
    {
      code: 'credit_quantity_exceeds_invoice_line',
      line: 0,
      left: '1',
      requested: '2',
    },
  ],
]

function handOrder(lines: readonly object[]) {
  const nobody = { party: null, billTo: null, shipTo: null }
  return { number: '1', placedOn: '2026-11-01', ...nobody, prices: 'tax_excluded', lines }
}

test.each(ROWS)('%s is refused', (_what, command, asked, scene, refusal) => {
  expectRefusal(command, asked, scene(), refusal)
})

describe('amounts of an order in another currency than its own', () => {
  const differs = { code: 'currency_differs', expected: 'GBP', given: 'EUR' } as const
  const totals = { net: gbp('30.00'), tax: gbp('6.00'), gross: gbp('36.00') }

  test.each([
    ['its net', { totals: { ...totals, net: eur('30.00') } }],
    ['its tax', { totals: { ...totals, tax: eur('6.00') } }],
    ['its total', { totals: { ...totals, gross: eur('36.00') } }],
    ['its store credit', { storeCredit: eur('1.00') }],
    ['its gift certificates', { giftCertificates: eur('1.00') }],
    ['a payment', { payments: [{ method: 'card', amount: eur('1.00') }] }],
  ])('%s', (_what, more) => {
    expectRefusal(importOrder, state(goods, more), {}, differs)
  })
})

test('the folios of orders by hand are no instance', () => {
  const asked = { ...state(goods), instance: HAND_OPENED_NAMESPACE }
  const parsed = importOrder.input.safeParse(asked)
  expect(parsed.error?.issues).toMatchObject([
    { message: 'is no instance: the names of folios opened by hand begin with it' },
  ])
})

describe('a draft', () => {
  test('is discarded once, an invoice or a note', () => {
    const drafted = after(draftCreditNote, { invoiceId: INVOICE, reason: 'x' }, invoice())
    const discarded = after(discardDraft, { document: NOTE }, drafted)
    expect(discarded.newest).toEqual([
      { type: 'CreditNoteDraftDiscarded', data: { creditNoteId: NOTE } },
    ])
    expect(after(discardDraft, { document: NOTE }, discarded).newest).toEqual([])
    const gone = after(discardDraft, { document: INVOICE }, orderInvoice(order(goods)))
    expect(gone.newest).toEqual([{ type: 'InvoiceDraftDiscarded', data: { invoiceId: INVOICE } }])
    expect(after(discardDraft, { document: INVOICE }, gone).newest).toEqual([])
  })

  test('of an ad-hoc note has its lines, party and prices anew', () => {
    const scene = { facts: adHocNote().facts.slice(0, 1) }
    const edited = decide(
      editDraft,
      { document: NOTE, lines: [item('12')], prices: 'tax_included', reason: 'Sorry' },
      scene,
    )
    expect(edited).toMatchObject({
      facts: [{ type: 'CreditNoteDraftEdited', data: { reason: 'Sorry' } }],
      answer: { totals: { net: gbp('10.00'), gross: gbp('12.00') } },
    })
    const foreign = { document: NOTE, amount: gbp('1.00') }
    expectRefusal(editDraft, foreign, scene, {
      code: 'draft_has_no_such_field',
      document: NOTE,
      field: 'amount',
    })
    const nothing = { document: NOTE, lines: [item('0')] }
    expectRefusal(editDraft, nothing, scene, { code: 'total_zero' })
  })

  test('of a note on an invoice is edited to a sum, and keeps it where other words change', () => {
    const scene = after(draftCreditNote, { invoiceId: INVOICE, reason: 'x' }, invoice())
    const sum = after(editDraft, { document: NOTE, amount: gbp('6.00') }, scene)
    const words = after(editDraft, { document: NOTE, reason: 'Scratched' }, sum)
    expect(words.newest).toMatchObject([
      { data: { reason: 'Scratched', totals: { gross: gbp('6.00') } } },
    ])
  })
})

test('a gift certificate is taxed where the books say that it has a single purpose', () => {
  const scene = booksWith({ giftCertificates: 'single_purpose' })
  expect(() => posted(orderInvoice(order([taxedCertificate], {}, scene)))).not.toThrow()
})

test('a note for good leaves nothing more to invoice, one that says so its quantity', () => {
  const scene = posted(orderInvoice(order(goods)))
  const one = { lines: [{ invoiceLine: 0, quantity: '1' }], invoiceableAgain: true }
  const twice = note(note(scene, one), one, `${FOLIO_ID}-c2`)
  expect(decide(invoiceOrder, { orderId: ORDER }, twice)).toMatchObject({
    facts: [{ data: { lines: [{ quantity: '2' }] } }],
  })
  const sum = note(scene, { amount: gbp('12.00'), invoiceableAgain: true })
  expectRefusal(invoiceOrder, { orderId: ORDER }, sum, {
    code: 'nothing_left_to_invoice',
    order: ORDER,
  })
})
