/** A body for each command, to start from; each fits its schema. */
const FOLIO = '3f0c2a58-5a4f-5c1e-9d6e-0d7c1f6f2b11'
const STANDARD = { code: 'standard', ratePercent: '20' }
const MUG = { kind: 'item', sku: 'MUG-1', description: 'Mug', quantity: '6', unitPrice: '9.95' }
const POSTAGE = { kind: 'shipping', description: 'Postage', quantity: '1', unitPrice: '4.5' }
const LINES = [
  { ...MUG, tax: STANDARD },
  { ...POSTAGE, tax: STANDARD },
]
const BUYER = {
  name: 'Ada Byron',
  address: '12 St James Square, London',
  country: 'United Kingdom',
}
const ORDER = {
  number: '1001',
  placedOn: '2026-11-20',
  party: null,
  billTo: BUYER,
  shipTo: BUYER,
  prices: 'tax_excluded',
  lines: LINES,
}

const MERGED = { party: '6a1f3c52-8e0b-4d35-b7c4-19d2a86e5f03' }

const TASK = `${FOLIO}-t1`
const HALF = { amount: '60.00', currency: 'GBP' }
const STORE_REFUND = {
  platformRefundId: '501',
  createdAt: '2026-11-22T09:59:00.000Z',
  createdOn: '2026-11-22',
  amount: HALF,
  tax: { amount: '10.00', currency: 'GBP' },
  payments: [{ provider: 'stripe', amount: HALF, isOffline: false, isDeclined: false }],
  marker: TASK,
  items: [{ kind: 'item', platformLine: '31', quantity: 1, amount: null }],
  declinedMessage: '',
}

export const COMMAND_EXAMPLES: Readonly<Record<string, unknown>> = {
  'open-books': { books: 'main', name: 'Main books', currency: 'GBP', timeZone: 'Europe/London' },
  'open-account': { account: 'bank-savings', name: 'Savings', type: 'bank' },
  'close-account': { account: 'bank-savings' },
  'configure-books': {
    discounts: 'gross',
    refundThresholds: [{ role: 'accountant', threshold: { amount: '500.00', currency: 'GBP' } }],
  },
  'set-exchange-rate': {
    from: '2026-11-22',
    rates: [
      { currency: 'EUR', rate: '0.8741' },
      { currency: 'JPY', rate: '0.004832' },
    ],
    source: 'European Central Bank',
  },
  'close-period': { through: '2026-10-31' },
  'reopen-period': { through: '2026-09-30', reason: 'A bill of October came late' },
  'merge-parties': {
    ...MERGED,
    into: '0d9b7c1e-2f46-4a7d-9c53-7be1f0a4d862',
    reason: 'The same customer',
  },
  'unmerge-parties': { ...MERGED, reason: 'Two customers after all' },
  'register-instance': {
    platform: 'bigcommerce',
    address: 'https://api.bigcommerce.com/stores/abc123',
    name: 'Main shop',
    startDate: '2026-01-01',
    workflows: [
      {
        paymentMethod: '*',
        until: 'posted_invoice',
        when: 'captured',
        capturesItself: false,
      },
    ],
  },
  'configure-instance': {
    instance: '5d1d0a2e-6f43-5b57-8f0e-1f2d3c4b5a69',
    charges: 'in_proportion',
  },
  'place-order': ORDER,
  'import-order': {
    ...ORDER,
    instance: '5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69',
    platformOrderId: '77',
    modifiedAt: '2026-11-20T09:30:00.000Z',
    status: 'Awaiting Fulfillment',
    paymentStatus: 'captured',
  },
  'cancel-order': { orderId: `${FOLIO}-o1`, reason: 'The customer changed her mind' },
  'record-source-document': {
    books: 'main',
    format: 'online-retail',
    number: '536365',
    fingerprint: 'sha256-of-the-document',
    linked: [],
    adHoc: [],
  },
  'invoice-order': { orderId: `${FOLIO}-o1`, lines: [{ line: 0, quantity: '2' }] },
  'draft-invoice': { billTo: BUYER, lines: LINES, dueDate: '2026-12-22' },
  'edit-draft': { document: `${FOLIO}-i1`, note: 'Thank you' },
  'discard-draft': { document: `${FOLIO}-i1` },
  'post-invoice': { invoiceId: `${FOLIO}-i1` },
  'register-payment': {
    invoiceId: `${FOLIO}-i1`,
    account: 'bank',
    amount: { amount: '77.04', currency: 'GBP' },
    reference: 'Statement 2026/47',
  },
  'reconcile-payment': { paymentId: `${FOLIO}-p1`, date: '2026-11-22' },
  'reverse-payment': { paymentId: `${FOLIO}-p1`, reason: 'The cheque bounced' },
  'void-credit-note': { creditNoteId: `${FOLIO}-c1`, reason: 'Posted on the wrong invoice' },
  'post-opening-balances': {
    date: '2026-01-01',
    items: [
      {
        kind: 'invoice',
        number: 'INV/2025/00941',
        documentDate: '2025-12-12',
        dueDate: '2026-01-12',
        amount: { amount: '132.00', currency: 'GBP' },
      },
    ],
    accounts: [{ account: 'bank', side: 'debit', amount: { amount: '4810.55', currency: 'GBP' } }],
  },
  'draft-credit-note': {
    invoiceId: `${FOLIO}-i1`,
    reason: 'Two mugs came broken',
    lines: [{ invoiceLine: 0, quantity: '2' }],
  },
  'approve-refund': { approvalId: `${FOLIO}-ap1` },
  'decline-refund': { approvalId: `${FOLIO}-ap1`, reason: 'The goods did not come back' },
  'forget-subject': { document: `${FOLIO}-o1`, reason: 'Asked for by the customer, ticket 4711' },
  'plan-shipment': { orderId: `${FOLIO}-o1`, lines: [{ line: 0, quantity: '4' }] },
  'validate-delivery': {
    shipmentId: `${FOLIO}-s1`,
    tracks: [{ number: 'JD0002', carrier: 'royal-mail', title: 'Royal Mail Tracked 48' }],
  },
  'add-tracking': { shipmentId: `${FOLIO}-s1`, track: { number: 'JD0003' } },
  'post-credit-note': { creditNoteId: `${FOLIO}-c1` },
  'allocate-credit': {
    documentId: `${FOLIO}-c1`,
    invoiceId: '5d1d0a2e-6f43-5b57-8f0e-1f2d3c4b5a69-i1',
    amount: { amount: '12.00', currency: 'GBP' },
  },
  'release-credit': {
    invoiceId: '5d1d0a2e-6f43-5b57-8f0e-1f2d3c4b5a69-i1',
    allocationId: `${FOLIO}-al1`,
    reason: 'Meant for another invoice',
  },
  'refund-order-on-platform': {
    creditNoteId: `${FOLIO}-c1`,
    description: 'Two mugs came broken',
  },
  'mark-order-paid': { orderId: `${FOLIO}-o1` },
  'set-force-refund': {
    orderId: `${FOLIO}-o1`,
    forceRefund: true,
    reason: 'The refund at the store was for another order',
  },
  'link-platform-refund': {
    creditNoteId: `${FOLIO}-c1`,
    platformRefundId: '501',
    reason: 'The buyer says it was for the mugs',
  },
  'retry-sync': { taskId: TASK, reason: 'The store has a new token' },
  'adopt-remote': { taskId: TASK, remoteId: '501', reason: 'Amount and day agree' },
  'dismiss-sync': { taskId: TASK, reason: 'Paid by bank instead' },
  'start-attempt': {
    taskId: TASK,
    sending: {
      kind: 'refund',
      payments: [{ provider: 'stripe', amount: HALF, isOffline: false }],
      override: null,
    },
    shutUntil: '2026-11-22T10:02:32.000Z',
  },
  'record-platform-answer': {
    taskId: TASK,
    attempt: 1,
    answer: 'refunded',
    refund: STORE_REFUND,
    foundBy: 'answer',
  },
  'record-platform-refunds': { orderId: `${FOLIO}-o1`, refunds: [STORE_REFUND] },
  'refund-credit': {
    documentId: `${FOLIO}-c1`,
    amount: { amount: '12.00', currency: 'GBP' },
    account: 'bank',
  },
}
