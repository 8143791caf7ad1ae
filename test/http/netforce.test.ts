/** `netforce-invoice-refund.txt` over HTTP: its testing example, its three use cases, and each of its refusals. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, clientOf, servedLedger, type ServedLedger } from '../support/served-ledger.js'

let served: ServedLedger
let client: Client

beforeAll(async () => {
  served = await servedLedger()
  client = clientOf(served)
})
afterAll(async () => {
  await served.close()
})

const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const item = (unitPrice: string) => ({
  kind: 'item',
  description: 'Return',
  quantity: '1',
  unitPrice,
  tax: { code: 'none', ratePercent: '0', reason: 'Example' },
})

/** A posted credit note without an invoice, for its whole total. */
async function creditNote(unitPrice: string, more: object = {}): Promise<string> {
  const { creditNoteId } = await client.must('draft-credit-note', {
    reason: 'Return',
    documentDate: '2024-12-01',
    lines: [item(unitPrice)],
    ...more,
  })
  await client.must('post-credit-note', { creditNoteId, postingDate: '2024-12-01' })
  return creditNoteId
}

/** Money of a customer before any invoice asked for it. */
async function prepayment(): Promise<string> {
  const { prepayment } = await client.must('register-payment', {
    party: '6a1f3c52-8e0b-4d35-b7c4-19d2a86e5f03',
    account: 'bank',
    amount: gbp('400.00'),
    date: '2024-12-02',
  })
  return prepayment.documentId
}

const remainingOf = async (creditNoteId: string): Promise<string> =>
  (await client.get(`/credit-notes/${creditNoteId}`)).body.remaining

describe('the testing example', () => {
  test('a credit note of 500 is refunded in full and its credit is used', async () => {
    const documentId = await creditNote('500')
    expect(await remainingOf(documentId)).toBe('500.00')
    const { payment, document } = await client.must('refund-credit', {
      documentId,
      amount: gbp('500.00'),
      date: '2024-12-15',
      account: 'bank',
      reference: 'REFUND-001',
    })
    expect(payment).toMatchObject({
      amount: gbp('500.00'),
      account: 'bank',
      reference: 'REFUND-001',
    })
    expect(document).toEqual({
      documentId,
      remaining: gbp('0.00'),
      href: `/credit-notes/${documentId}`,
    })
    expect(await remainingOf(documentId)).toBe('0.00')
  })
})

describe('the use cases', () => {
  test('1: a customer credit note is refunded for what it has left, without naming the sum', async () => {
    const documentId = await creditNote('120.50')
    const { payment, document } = await client.must('refund-credit', {
      documentId,
      date: '2024-12-15',
      account: 'bank',
      reference: 'CHQ-REFUND-001',
    })
    expect(payment.amount).toEqual(gbp('120.50'))
    const { body } = await client.get(document.href)
    expect(body).toMatchObject({ remaining: '0.00', status: 'Settled' })
    expect(body.entries.at(-1)).toMatchObject({
      event: 'CreditRefunded',
      postings: [
        { account: 'receivable', side: 'debit', amount: gbp('120.50') },
        { account: 'outstanding-payments', side: 'credit', amount: gbp('120.50') },
      ],
    })
  })

  test('2: part of a prepayment goes back in cash', async () => {
    const prepaymentId = await prepayment()
    const { payment, document } = await client.must('refund-credit', {
      documentId: prepaymentId,
      amount: gbp('200.00'),
      date: '2024-12-15',
      account: 'cash',
      reference: 'PARTIAL-REFUND',
    })
    expect(payment).toMatchObject({ amount: gbp('200.00'), account: 'cash' })
    expect(document.remaining).toEqual(gbp('200.00'))
    expect((await client.get(document.href)).body).toMatchObject({ remaining: '200.00' })
  })

  test('3: a supplier refunds its credit note, and the money is received', async () => {
    const documentId = await creditNote('75', { direction: 'in', supplierReference: 'CN-7' })
    const { payment } = await client.must('refund-credit', {
      documentId,
      date: '2024-12-15',
      account: 'bank',
      reference: 'SUPPLIER-REFUND-001',
    })
    const { body } = await client.get(`/payments/${payment.paymentId}`)
    expect(body).toMatchObject({ direction: 'in', flow: 'received', amount: '75.00' })
    expect(body.entries[0].postings).toMatchObject([
      { account: 'outstanding-receipts', side: 'debit' },
      { account: 'payable', side: 'credit' },
    ])
  })
})

describe('what it refuses', () => {
  const refusal = async (body: object) => {
    const answer = await client.command('refund-credit', body)
    return [answer.status, answer.body]
  }

  test('more than the remaining credit, in the words of the document, with both figures', async () => {
    const documentId = await creditNote('100')
    await client.must('refund-credit', { documentId, amount: gbp('40.00'), account: 'bank' })
    expect(await refusal({ documentId, amount: gbp('60.01'), account: 'bank' })).toMatchObject([
      409,
      {
        type: '/problems/refund_exceeds_remaining_credit',
        title: 'Amount refunded exceeds the remaining credit',
        remaining: gbp('60.00'),
        requested: gbp('60.01'),
      },
    ])
    await client.must('refund-credit', { documentId, amount: gbp('60.00'), account: 'bank' })
  })

  test('an invoice, by name, with what can be refunded', async () => {
    const { invoiceId } = await client.must('draft-invoice', { lines: [item('100')] })
    await client.must('post-invoice', { invoiceId })
    expect(await refusal({ documentId: invoiceId, amount: gbp('1.00') })).toMatchObject([
      422,
      {
        code: 'document_not_refundable',
        kind: 'invoice',
        refundable: ['credit_note', 'prepayment', 'overpayment'],
      },
    ])
  })

  test('a credit note that is not posted', async () => {
    const { creditNoteId } = await client.must('draft-credit-note', {
      reason: 'Return',
      lines: [item('5')],
    })
    expect(await refusal({ documentId: creditNoteId })).toMatchObject([
      409,
      { code: 'document_not_posted' },
    ])
  })

  test('an account that is neither bank nor cash nor cheque', async () => {
    const documentId = await creditNote('10')
    expect(await refusal({ documentId, account: 'sales' })).toMatchObject([
      422,
      { code: 'account_type_not_allowed', account: 'sales', allowed: ['bank', 'cash', 'cheque'] },
    ])
  })

  test('books without such an account, with what to create', async () => {
    await client.must(
      'open-books',
      { books: 'bare', name: 'Bare', currency: 'GBP', timeZone: 'Europe/London' },
      { apiKey: served.keys.administrator },
    )
    for (const account of ['bank', 'cash', 'cheques']) {
      await client.must('close-account', { books: 'bare', account })
    }
    const documentId = await creditNote('10', { books: 'bare' })
    expect(await refusal({ documentId })).toMatchObject([
      409,
      { code: 'no_money_account', create: ['bank', 'cash', 'cheque'] },
    ])
  })

  test.each([
    ['before the document', '2024-11-30', 'refund_before_document'],
    ['in the future', '2124-01-01', 'date_in_future'],
  ])('a date %s', async (_when, date, code) => {
    const documentId = await creditNote('10')
    expect(await refusal({ documentId, date, account: 'bank' })).toMatchObject([422, { code }])
  })

  test.each([
    ['nothing', '0.00'],
    ['less than nothing', '-1.00'],
  ])('%s', async (_what, amount) => {
    const documentId = await creditNote('10')
    expect(await refusal({ documentId, amount: gbp(amount), account: 'bank' })).toMatchObject([
      422,
      { code: 'amount_not_positive' },
    ])
  })

  test('a document without remaining credit', async () => {
    const documentId = await creditNote('10')
    await client.must('refund-credit', { documentId, account: 'bank' })
    expect(await refusal({ documentId, account: 'bank' })).toMatchObject([
      409,
      { code: 'nothing_left_to_refund' },
    ])
  })

  test('whoever has no permission to create refunds', async () => {
    const documentId = await creditNote('10')
    const { status, body } = await client.command(
      'refund-credit',
      { documentId, account: 'bank' },
      { apiKey: served.keys.operator },
    )
    expect([status, body]).toMatchObject([
      403,
      { code: 'role_not_allowed', role: 'operator', allowed: ['accountant', 'administrator'] },
    ])
    expect(await remainingOf(documentId)).toBe('10.00')
  })
})
