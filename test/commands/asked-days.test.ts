/** The day that a person asks for: never to come, never before what it is about, and never in a closed period (L10). */
import { describe, expect, test } from 'vitest'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { approveRefund } from '../../commands/credit/approve-refund.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import type { FolioCommand } from '../../commands/command.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import type { OpenBooks } from '../../src/aggregates/books.js'
import { after, decide, FOLIO_ID, type Scene, testBooks } from '../support/decider-spec.js'
import {
  gbp,
  INVOICE,
  invoice,
  item,
  NOTE,
  note,
  ORDER,
  order,
  orderInvoice,
  paid,
  PAYMENT,
  posted,
  SUPPLIER,
} from './scenes.js'

const TODAY = '2026-11-22'
const SECOND = `${FOLIO_ID}-i2`

type Asked = Readonly<{
  command: FolioCommand
  input: object
  scene: () => Partial<Scene>
}>

const credited = () => note(paid(invoice(), '120.00'))
const twoInvoices = () => {
  const ordered = order([item('100', { quantity: '2' })])
  const first = posted(orderInvoice(ordered, { lines: [{ line: 0, quantity: '1' }] }))
  return posted(orderInvoice(note(paid(first, '120.00'))), { invoiceId: SECOND })
}
const allocating = { documentId: NOTE, invoiceId: SECOND }
const money = { account: 'bank', amount: gbp('120.00') }

const asked = {
  'a refund': { command: refundCredit, input: { documentId: NOTE }, scene: credited },
  'a note voided': {
    command: voidCreditNote,
    input: { creditNoteId: NOTE, reason: 'A mistake' },
    scene: credited,
  },
  'an allocation': { command: allocateCredit, input: allocating, scene: twoInvoices },
  'an allocation released': {
    command: releaseCredit,
    input: { invoiceId: SECOND, allocationId: `${FOLIO_ID}-al1`, reason: 'Wrong' },
    scene: () => after(allocateCredit, allocating, twoInvoices()),
  },
  'a payment': {
    command: registerPayment,
    input: { invoiceId: INVOICE, ...money },
    scene: () => invoice(),
  },
  'a prepayment of an order': {
    command: registerPayment,
    input: { orderId: ORDER, ...money },
    scene: () => order([item('100')]),
  },
  'a prepayment of a party': {
    command: registerPayment,
    input: { party: SUPPLIER, direction: 'in', ...money },
    scene: () => ({}),
  },
} satisfies Record<string, Asked>

/** A day that has happened, whatever is closed: it counts on the first open one. */
const happened = {
  'a match with the bank': {
    command: reconcilePayment,
    input: { paymentId: PAYMENT },
    scene: () => paid(invoice(), '120.00'),
  },
  'a payment that bounced': {
    command: reversePayment,
    input: { paymentId: PAYMENT, reason: 'Bounced' },
    scene: () => paid(invoice(), '120.00'),
  },
  'money that a gateway took': {
    command: registerPayment,
    input: {
      invoiceId: INVOICE,
      account: 'stripe',
      amount: gbp('120.00'),
      online: { gateway: 'stripe', transaction: 't-1' },
    },
    scene: () => invoice(),
  },
} satisfies Record<string, Asked>

/** With the account of a gateway among the others. */
const books = (changes: Partial<OpenBooks> = {}) => {
  const { accounts } = testBooks()
  const stripe = { ...accounts.get('cash')!, account: 'stripe', type: 'gateway' as const }
  return testBooks({ accounts: new Map(accounts).set('stripe', stripe), ...changes })
}

const outcome = ({ command, input, scene }: Asked, more: object, around: Partial<Scene> = {}) => {
  const decided = decide(command, { ...input, ...more }, { ...scene(), books: books(), ...around })
  return 'refusal' in decided ? decided.refusal : decided.facts
}
const closed = (through: string, today = TODAY) => ({
  books: books({ period: { closedThrough: through, change: null } }),
  today,
})

describe.each(Object.entries<Asked>({ ...asked, ...happened }))('%s', (_what, request) => {
  test('is of today unless another day is given, and of none to come', () => {
    expect(outcome(request, { date: '2026-11-23' })).toEqual({
      code: 'date_in_future',
      date: '2026-11-23',
      today: TODAY,
    })
    const [first] = outcome(request, {}) as readonly { data: { entry: { postingDate: string } } }[]
    expect(first?.data.entry.postingDate).toBe(TODAY)
    expect(outcome(request, { date: TODAY })).toEqual(outcome(request, {}))
  })
})

test.each(Object.entries<Asked>(asked))('%s is asked for in an open period', (_what, request) => {
  expect(outcome(request, {}, closed(TODAY))).toMatchObject({ code: 'period_closed' })
  expect(outcome(request, {}, closed('2026-11-21'))).toEqual(outcome(request, {}))
})

test.each(Object.entries<Asked>(happened))('%s counts on the first open day', (_what, request) => {
  const [first] = outcome(request, { date: TODAY }, closed(TODAY, '2026-11-30')) as readonly {
    data: { date: string; entry: { postingDate: string; movedFrom?: string } }
  }[]
  expect(first?.data).toMatchObject({
    date: TODAY,
    entry: { postingDate: '2026-11-23', movedFrom: TODAY },
  })
})

test('a note is posted on the day asked for, on its own unless one is, and in an open period', () => {
  const draft = after(
    draftCreditNote,
    { invoiceId: INVOICE, reason: 'Returned', documentDate: '2026-11-15' },
    invoice(),
  )
  const request = { command: postCreditNote, input: { creditNoteId: NOTE }, scene: () => draft }
  const day = (more: object, around: Partial<Scene> = {}) => {
    const said = outcome(request, more, around)
    if ('code' in said) return said.code
    const [fact] = said
    return fact?.type === 'CreditNotePosted' ? fact.data.entry.postingDate : null
  }
  expect([
    day({}),
    day({ postingDate: '2026-11-20' }),
    day({ postingDate: '2026-11-09' }),
    day({}, closed('2026-11-15')),
    day({ postingDate: '2026-11-16' }, closed('2026-11-15')),
  ]).toEqual([
    '2026-11-15',
    '2026-11-20',
    'credit_note_before_invoice',
    'period_closed',
    '2026-11-16',
  ])
})

test('a refund that waits is approved on an open day, and no day before it is to come', () => {
  const refundThresholds = [{ role: 'operator', threshold: gbp('0.00') }]
  const bound = testBooks({ settings: { ...testBooks().settings, refundThresholds } })
  const asked = { ...credited(), books: bound, principal: 'clerk', role: 'operator' }
  const waits = after(refundCredit, { documentId: NOTE }, asked)
  const approval = { approvalId: `${FOLIO_ID}-ap1` }
  const chief = { ...waits, principal: 'chief', role: 'approver' }
  const shut = { ...bound, period: { closedThrough: TODAY, change: null } }
  expect(decide(approveRefund, approval, { ...chief, books: shut })).toMatchObject({
    refusal: { code: 'period_closed' },
  })
  const decided = decide(approveRefund, approval, chief)
  if ('refusal' in decided) throw new Error(decided.refusal.code)
  const { payment, document, approvalId } = decided.answer
  expect(decided.facts.map(({ type }) => type)).toEqual(['RefundApproved', 'CreditRefunded'])
  expect(payment).toMatchObject({
    paymentId: `${FOLIO_ID}-p2`,
    number: expect.stringMatching(/^PAY\/2026\//) as string,
    amount: gbp('120.00'),
  })
  expect([document, approvalId]).toEqual([
    { documentId: NOTE, remaining: gbp('0.00'), href: `/credit-notes/${NOTE}` },
    approval.approvalId,
  ])
})
