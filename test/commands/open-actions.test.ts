/** What is open of a document: as its commands decide, and by name why the rest is not. */
import { expect, test } from 'vitest'
import type { FolioContext } from '../../commands/command.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { creditNoteActions, orderActions } from '../../commands/open-actions.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { after, FOLIO_ID, folioOf, type Scene, testBooks } from '../support/decider-spec.js'
import { imported } from './imported-orders.js'
import { gbp, invoice, item, NOTE, note, ORDER, order, orderInvoice, paid } from './scenes.js'

const contextOf = ({ facts = [], books = testBooks() }: Partial<Scene>): FolioContext => ({
  folio: folioOf(facts),
  folioId: FOLIO_ID,
  books,
  today: '2026-11-22',
  now: '2026-11-22T12:00:00.000Z',
  principal: 'tester',
  role: 'administrator',
  instance: null,
  other: null,
})
const closed = (actions: ReturnType<typeof orderActions>) =>
  Object.fromEntries(actions.map(({ command, refusal }) => [command, refusal?.code ?? null]))
const ofOrder = (scene: Partial<Scene>) => closed(orderActions(ORDER, contextOf(scene)))
const ofNote = (scene: Partial<Scene>) => closed(creditNoteActions(NOTE, contextOf(scene)))

test('an order is invoiced, shipped and cancelled until that is done', () => {
  const placed = order([item('100')])
  expect(ofOrder(placed)).toEqual({
    'invoice-order': null,
    'plan-shipment': null,
    'cancel-order': null,
  })
  expect(ofOrder(orderInvoice(placed))).toMatchObject({
    'invoice-order': 'nothing_left_to_invoice',
    'cancel-order': null,
  })
  expect(ofOrder(after(cancelOrder, { orderId: ORDER, reason: 'x' }, placed))).toEqual({
    'invoice-order': 'order_cancelled',
    'plan-shipment': 'order_cancelled',
    'cancel-order': 'order_cancelled',
  })
})

test('an order beyond all limits cannot be invoiced, and still be cancelled', () => {
  const huge = item('999999999999', { quantity: '900' })
  const totals = { net: gbp('1.00'), tax: gbp('0.00'), gross: gbp('1.00') }
  expect(ofOrder(imported([huge, huge], { totals }))).toEqual({
    'invoice-order': 'amount_too_large',
    'plan-shipment': null,
    'cancel-order': null,
  })
})

test('a credit note is edited while it is a draft, then refunded or voided', () => {
  const received = paid(invoice(), '120.00')
  const draft = after(
    draftCreditNote,
    { invoiceId: `${FOLIO_ID}-i1`, reason: 'Returned' },
    received,
  )
  expect(ofNote(draft)).toEqual({
    'edit-draft': null,
    'discard-draft': null,
    'post-credit-note': null,
    'refund-credit': 'document_not_posted',
    'void-credit-note': 'document_not_posted',
  })
  expect(ofNote(note(received))).toEqual({
    'edit-draft': 'document_not_draft',
    'discard-draft': 'document_not_draft',
    'post-credit-note': 'document_not_draft',
    'refund-credit': null,
    'void-credit-note': null,
  })
  expect(ofNote(received)).toMatchObject({
    'edit-draft': 'document_not_found',
    'discard-draft': 'document_not_found',
  })
})
