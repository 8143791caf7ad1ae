import { expect, test } from 'vitest'
import { invoiceList } from '../../projections/invoice-list.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  allocationApplied,
  allocationReversed,
  creditNoteVoided,
  openingBalancesPosted,
  openingId,
  paymentReversed,
} from '../support/credit-story.js'
import {
  creditRefunded,
  creditSettled,
  folioId,
  INSTANCE,
  invoiceDrafted,
  invoiceId,
  invoicePosted,
  PARTY,
  paymentReconciled,
  paymentRegistered,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'

const posted = invoicePosted({ folio: 1, total: '120.00' })
const discarded = { type: 'InvoiceDraftDiscarded', data: { invoiceId: invoiceId(1) } } as const
const edited = (total: string): LedgerFact => ({
  type: 'InvoiceDraftEdited',
  data: invoiceDrafted({ folio: 1, total, billToName: 'Grace Hopper' }).data,
})

test('a draft has no number, and nothing is settled', () => {
  expect(
    project(invoiceList, [invoiceDrafted({ folio: 1, total: '120.00', order: 'imported' })]),
  ).toEqual([
    {
      invoiceId: invoiceId(1),
      books: 'default',
      direction: 'out',
      number: null,
      billToName: 'Ada Byron',
      party: PARTY,
      invoiceDate: '2026-03-01',
      dueDate: '2026-03-01',
      currency: 'GBP',
      taxExcluded: '100.00',
      total: '120.00',
      due: '120.00',
      settledByPayment: '0.00',
      settledByCredit: '0.00',
      settledByAllocation: '0.00',
      awaited: [],
      status: 'Draft',
      orderId: `${folioId(1)}-o1`,
      orderNumber: '1001',
      supplierReference: null,
      instance: INSTANCE,
      synced: true,
      sortKey: `2026-03-01 ~ ${invoiceId(1)}`,
    },
  ])
})

test('an edited draft reads as it does now', () => {
  const rows = project(invoiceList, [
    invoiceDrafted({ folio: 1, total: '120.00' }),
    edited('60.00'),
  ])
  expect(rows).toMatchObject([
    { total: '60.00', due: '60.00', billToName: 'Grace Hopper', status: 'Draft' },
  ])
})

test('a discarded draft is gone', () => {
  expect(project(invoiceList, [invoiceDrafted({ folio: 1 }), discarded])).toEqual([])
})

test.each([
  ['edits', edited('1.00')],
  ['discards', discarded],
  ['pays', paymentRegistered({ folio: 1 })],
  ['reconciles a payment of', paymentReconciled({ folio: 1 })],
  ['settles', creditSettled({ folio: 1, amount: '1.00' })],
] satisfies [string, LedgerFact][])(
  'an event that %s an invoice that is not there is a gap',
  (_what, fact) => {
    expect(() => project(invoiceList, [fact])).toThrow(
      `${fact.type} 0 of s needs invoice ${invoiceId(1)}`,
    )
  },
)

/** V, "Payment state of an invoice", each state and the way into it. */
test.each([
  ['Not Paid', []],
  ['Partially Paid', [paymentRegistered({ folio: 1, amount: '119.99' })]],
  ['In Payment', [paymentRegistered({ folio: 1, amount: '120.00', account: 'bank' })]],
  ['Paid', [paymentRegistered({ folio: 1, amount: '120.00', account: 'cash' })]],
  ['Paid', [paymentRegistered({ folio: 1 }), paymentReconciled({ folio: 1 })]],
  ['Paid', [paymentRegistered({ folio: 1, over: '5.00', account: 'cash' })]],
  [
    'In Payment',
    [
      paymentRegistered({ folio: 1, payment: 1, amount: '20.00' }),
      paymentRegistered({ folio: 1, payment: 2, amount: '100.00' }),
      paymentReconciled({ folio: 1, payment: 1, amount: '20.00' }),
    ],
  ],
  ['Reversed', [creditSettled({ folio: 1, amount: '120.00' })]],
  [
    'Reversed',
    [
      creditSettled({ folio: 1, amount: '120.00' }),
      paymentRegistered({ folio: 1, amount: '0.00', over: '5.00', account: 'bank' }),
    ],
  ],
  ['Partially Paid', [creditSettled({ folio: 1, amount: '20.00' })]],
  ['Paid', [allocationApplied({ folio: 2, to: 1, amount: '120.00' })]],
  [
    'Paid',
    [
      creditSettled({ folio: 1, amount: '20.00' }),
      allocationApplied({ folio: 2, to: 1, amount: '100.00' }),
    ],
  ],
  ['Not Paid', [paymentRegistered({ folio: 1 }), paymentReversed({ folio: 1, applied: '120.00' })]],
  [
    'Paid',
    [
      paymentRegistered({ folio: 1, payment: 1, amount: '20.00' }),
      paymentReversed({ folio: 1, payment: 1, applied: '20.00' }),
      paymentRegistered({ folio: 1, payment: 2, amount: '120.00', account: 'cash' }),
    ],
  ],
  [
    'Reversed',
    [
      paymentRegistered({ folio: 1, amount: '20.00' }),
      paymentReversed({ folio: 1, applied: '20.00' }),
      creditSettled({ folio: 1, amount: '120.00' }),
    ],
  ],
  [
    'Not Paid',
    [
      creditSettled({ folio: 1, amount: '120.00' }),
      creditNoteVoided({ folio: 1, total: '120.00', settled: '120.00' }),
    ],
  ],
  [
    'Paid',
    [
      creditSettled({ folio: 1, amount: '20.00' }),
      paymentRegistered({ folio: 1, amount: '100.00', account: 'cash' }),
    ],
  ],
  ['In Payment', [paymentRegistered({ folio: 1 }), creditRefunded({ folio: 1, amount: '120.00' })]],
] satisfies [string, LedgerFact[]][])('is %s', (status, facts) => {
  expect(project(invoiceList, [posted, ...facts])).toMatchObject([
    {
      number: 'INV/2026/00001',
      status,
      sortKey: `2026-03-01 INV/000000002026/000000000001 ${invoiceId(1)}`,
    },
  ])
})

test('keeps what settled it and what is due apart', () => {
  const rows = project(invoiceList, [
    posted,
    paymentRegistered({ folio: 1, amount: '50.00', over: '0.00' }),
    creditSettled({ folio: 1, amount: '20.00' }),
  ])
  expect(rows).toMatchObject([
    { due: '50.00', settledByPayment: '50.00', settledByCredit: '20.00', status: 'Partially Paid' },
  ])
})

test('an invoice of total zero is paid at once', () => {
  expect(project(invoiceList, [invoicePosted({ folio: 1, total: '0.00' })])).toMatchObject([
    { status: 'Paid' },
  ])
})

test('the reconciliation of a refund touches no invoice', () => {
  expect(
    project(invoiceList, [paymentReconciled({ folio: 1, invoice: null, flow: 'paid' })]),
  ).toEqual([])
})

test('a vendor bill carries its direction', () => {
  expect(project(invoiceList, [invoicePosted({ folio: 1, direction: 'in' })])).toMatchObject([
    { direction: 'in', number: 'BILL/2026/00001', status: 'Not Paid' },
  ])
})

test('what a credit of another document settled is told apart, and is due again when it is reversed', () => {
  const allocation = { folio: 2, to: 1, source: 'prepayment', amount: '50.00' } as const
  expect(project(invoiceList, [posted, allocationApplied(allocation)])).toMatchObject([
    { due: '70.00', settledByAllocation: '50.00', settledByPayment: '0.00' },
  ])
  expect(
    project(invoiceList, [posted, allocationApplied(allocation), allocationReversed(allocation)]),
  ).toMatchObject([{ due: '120.00', settledByAllocation: '0.00', status: 'Not Paid' }])
})

test('a voided note on an invoice that it did not settle leaves it as it is', () => {
  const voided = creditNoteVoided({ folio: 1, total: '20.00' })
  const adHoc: LedgerFact = { ...voided, data: { ...voided.data, invoiceId: null } }
  expect(project(invoiceList, [posted, voided, adHoc])).toEqual(project(invoiceList, [posted]))
})

test('what was open when the books were taken over is open, in both directions', () => {
  expect(project(invoiceList, [openingBalancesPosted(1)])).toMatchObject([
    {
      invoiceId: openingId(1, 1, 'i'),
      books: 'default',
      direction: 'out',
      number: 'OLD-300.00',
      invoiceDate: '2025-12-01',
      dueDate: '2026-01-15',
      taxExcluded: '300.00',
      total: '300.00',
      due: '300.00',
      status: 'Not Paid',
      orderId: null,
    },
    { invoiceId: openingId(1, 2, 'i'), direction: 'in', due: '80.00', status: 'Not Paid' },
  ])
})
