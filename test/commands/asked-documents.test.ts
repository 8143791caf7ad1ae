/** The document that a request names: it is there, posted, and of the kind that the request is about (N2, L5, L7). */
import { expect, test } from 'vitest'
import type { FolioCommand } from '../../commands/command.js'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { after, decide, FOLIO_ID } from '../support/decider-spec.js'
import {
  gbp,
  INVOICE,
  item,
  NOTE,
  note,
  ORDER,
  order,
  orderInvoice,
  paid,
  PAYMENT,
  posted,
} from './scenes.js'

const DRAFT = `${FOLIO_ID}-i2`
const DRAFT_NOTE = `${FOLIO_ID}-c2`
const GONE = `${FOLIO_ID}-x9`

/** An order with a paid invoice, half of it credited, the note voided, and a draft of each kind. */
const scene = () => {
  const ordered = order([item('50', { quantity: '2' })])
  const credited = note(paid(posted(orderInvoice(ordered)), '120.00'), { amount: gbp('60.00') })
  const voided = after(voidCreditNote, { creditNoteId: NOTE, reason: 'Wrong' }, credited)
  const drafted = after(draftInvoice, { lines: [item('1')] }, voided)
  return after(draftCreditNote, { invoiceId: INVOICE, reason: 'Late' }, drafted)
}

const money = { account: 'bank', amount: gbp('1.00') }
const refundable = ['credit_note', 'prepayment', 'overpayment']
const notFound = (document: string) => ({ code: 'document_not_found', document })
const notPosted = (document: string, status: string) => ({
  code: 'document_not_posted',
  document,
  status,
})

test.each<[string, FolioCommand, object, object]>([
  ...[
    [INVOICE, 'invoice'],
    [PAYMENT, 'payment'],
    [ORDER, 'order'],
  ].flatMap(([document = '', kind = '']): [string, FolioCommand, object, object][] => [
    [
      `a refund of another kind: ${kind}`,
      refundCredit,
      { documentId: document },
      { code: 'document_not_refundable', document, kind, refundable },
    ],
    [
      `an allocation of another kind: ${kind}`,
      allocateCredit,
      { documentId: document, invoiceId: INVOICE },
      { code: 'document_not_allocatable', document, kind },
    ],
  ]),
  ['a refund of nothing', refundCredit, { documentId: GONE }, notFound(GONE)],
  ['a refund of a draft', refundCredit, { documentId: DRAFT_NOTE }, notPosted(DRAFT_NOTE, 'draft')],
  ['a refund of what is voided', refundCredit, { documentId: NOTE }, notPosted(NOTE, 'voided')],
  [
    'an allocation of nothing',
    allocateCredit,
    { documentId: GONE, invoiceId: INVOICE },
    notFound(GONE),
  ],
  [
    'an allocation of what is voided',
    allocateCredit,
    { documentId: NOTE, invoiceId: INVOICE },
    notPosted(NOTE, 'voided'),
  ],
  ['a note on nothing', draftCreditNote, { invoiceId: GONE, reason: 'No' }, notFound(GONE)],
  [
    'a note on a draft',
    draftCreditNote,
    { invoiceId: DRAFT, reason: 'No' },
    notPosted(DRAFT, 'draft'),
  ],
  ['a payment of nothing', registerPayment, { invoiceId: GONE, ...money }, notFound(GONE)],
  [
    'a payment of a draft',
    registerPayment,
    { invoiceId: DRAFT, ...money },
    notPosted(DRAFT, 'draft'),
  ],
  [
    'a note voided that is none',
    voidCreditNote,
    { creditNoteId: GONE, reason: 'No' },
    notFound(GONE),
  ],
  [
    'a note voided twice',
    voidCreditNote,
    { creditNoteId: NOTE, reason: 'No' },
    notPosted(NOTE, 'voided'),
  ],
  [
    'a draft voided',
    voidCreditNote,
    { creditNoteId: DRAFT_NOTE, reason: 'No' },
    notPosted(DRAFT_NOTE, 'draft'),
  ],
  [
    'a match of nothing',
    reconcilePayment,
    { paymentId: GONE },
    { code: 'payment_not_found', payment: GONE },
  ],
  [
    'a reversal of nothing',
    reversePayment,
    { paymentId: GONE, reason: 'No' },
    { code: 'payment_not_found', payment: GONE },
  ],
  [
    'a prepayment of an order that is none',
    registerPayment,
    { orderId: GONE, ...money },
    { code: 'order_not_found', order: GONE },
  ],
])('%s', (_what, command, asked, refusal) => {
  expect(decide(command, asked, scene())).toEqual({ refusal })
})
