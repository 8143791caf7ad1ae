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

export const COMMAND_EXAMPLES: Readonly<Record<string, unknown>> = {
  'open-books': { books: 'main', name: 'Main books', currency: 'GBP', timeZone: 'Europe/London' },
  'open-account': { account: 'bank-savings', name: 'Savings', type: 'bank' },
  'close-account': { account: 'bank-savings' },
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
  'draft-credit-note': {
    invoiceId: `${FOLIO}-i1`,
    reason: 'Two mugs came broken',
    lines: [{ invoiceLine: 0, quantity: '2' }],
  },
  'post-credit-note': { creditNoteId: `${FOLIO}-c1` },
  'refund-credit': {
    documentId: `${FOLIO}-c1`,
    amount: { amount: '12.00', currency: 'GBP' },
    account: 'bank',
  },
}
