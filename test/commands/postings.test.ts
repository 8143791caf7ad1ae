/** postings.md, one by one: accounts, sides, figures, and the document that each open-item line names. */
import { describe, expect, test } from 'vitest'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { entryOf, UnbalancedEntry } from '../../commands/entry.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { after, decide, testBooks } from '../support/decider-spec.js'
import {
  adHocNote,
  bill,
  gbp,
  INVOICE,
  invoice,
  item,
  journal,
  note,
  NOTE,
  order,
  orderInvoice,
  OVERPAYMENT,
  paid,
  PAYMENT,
  posted,
  REVERSE,
  ZERO,
} from './scenes.js'

const last = (facts: readonly LedgerFact[]) => journal(facts.at(-1))
const every = (facts: readonly LedgerFact[]) => facts.map(journal)

describe('customer invoices', () => {
  test('J1: receivable, revenue by kind of line, one tax line a code', () => {
    const { newest } = invoice([
      item('60', { quantity: '2' }),
      item('10'),
      item('-20', { description: 'Discount' }),
      item('12', { kind: 'shipping', tax: ZERO }),
      item('3', { kind: 'handling' }),
      item('2', { kind: 'wrapping' }),
      item('1', { kind: 'fee', tax: { code: 'GB-5', ratePercent: '5' } }),
    ])
    expect(last(newest)).toEqual([
      'debit receivable 151.05 [i1]',
      'credit sales 120.00',
      'credit sales 10.00',
      'debit sales 20.00',
      'credit shipping 12.00',
      'credit shipping 3.00',
      'credit fees-charged 2.00',
      'credit fees-charged 1.00',
      'credit output-tax 23.00 (GB-20 20 % of 115.00)',
      'credit output-tax 0.00 (zero 0 % of 12.00)',
      'credit output-tax 0.05 (GB-5 5 % of 1.00)',
    ])
  })

  test('J1 with tax included: net is gross less tax', () => {
    const { newest } = invoice([item('120'), item('59.99')], { prices: 'tax_included' })
    expect(last(newest)).toEqual([
      'debit receivable 179.99 [i1]',
      'credit sales 100.00',
      'credit sales 49.99',
      'credit output-tax 30.00 (GB-20 20 % of 149.99)',
    ])
  })

  test('J3: exempt and reverse charge have a tax line of 0 with code and base', () => {
    const { newest } = invoice([item('100', { tax: REVERSE }), item('5', { tax: ZERO })])
    expect(last(newest)).toEqual([
      'debit receivable 105.00 [i1]',
      'credit sales 100.00',
      'credit sales 5.00',
      'credit output-tax 0.00 (RC 20 % of 100.00)',
      'credit output-tax 0.00 (zero 0 % of 5.00)',
    ])
  })

  test('J6: an order’s invoice of total 0 posts no money', () => {
    const { newest } = posted(orderInvoice(order([item('0')])))
    expect(last(newest)).toEqual(['credit output-tax 0.00 (GB-20 20 % of 0.00)'])
  })
})

describe('credit notes', () => {
  test('J7: the invoice’s accounts and codes the other way round, and no more than the note', () => {
    const lines = [
      item('50', { quantity: '2' }),
      item('12', { kind: 'shipping', tax: ZERO }),
      item('2', { kind: 'fee' }),
    ]
    const { newest } = note(paid(invoice(lines), '134.40'), {
      lines: [
        { invoiceLine: 0, quantity: '1' },
        { invoiceLine: 1, quantity: '1' },
      ],
    })
    expect(every(newest)).toEqual([
      [
        'debit sales 50.00',
        'debit shipping 12.00',
        'debit output-tax 10.00 (GB-20 20 % of 50.00)',
        'debit output-tax 0.00 (zero 0 % of 12.00)',
        'credit receivable 72.00 [c1]',
      ],
    ])
  })

  test('J7 ad hoc: the whole total is remaining credit', () => {
    const { newest } = adHocNote()
    expect(every(newest)).toEqual([
      [
        'debit sales 500.00',
        'debit output-tax 0.00 (zero 0 % of 500.00)',
        'credit receivable 500.00 [c1]',
      ],
    ])
  })

  test('J8: what is due on its own invoice is settled first, under the note’s number', () => {
    const { newest } = note(paid(invoice(), '100.00'))
    expect(every(newest)[1]).toEqual([
      'debit receivable 20.00 [c1]',
      'credit receivable 20.00 [i1]',
    ])
    const [made, settled] = newest
    if (made?.type !== 'CreditNotePosted' || settled?.type !== 'CreditSettled') throw new Error()
    expect(settled.data.entry.number).toBe(made.data.entry.number)
    expect(settled.data).toMatchObject({
      creditNoteId: NOTE,
      invoiceId: INVOICE,
      amount: gbp('20.00'),
    })
  })

  test('J8 reaches no further than the note', () => {
    const { newest } = note(invoice([item('100', { quantity: '2' })]), {
      lines: [{ invoiceLine: 0, quantity: '1' }],
    })
    expect(every(newest)[1]).toEqual([
      'debit receivable 120.00 [c1]',
      'credit receivable 120.00 [i1]',
    ])
  })

  test('no settlement where nothing is due', () => {
    expect(note(paid(invoice(), '120.00')).newest.map(({ type }) => type)).toEqual([
      'CreditNotePosted',
    ])
  })

  test('J34, J35: a supplier’s note mirrors the bill, then settles it', () => {
    expect(every(note(bill()).newest)).toEqual([
      [
        'debit payable 120.00 [c1]',
        'credit purchases 100.00',
        'credit input-tax 20.00 (GB-20 20 % of 100.00)',
      ],
      ['debit payable 120.00 [i1]', 'credit payable 120.00 [c1]'],
    ])
  })
})

describe('payments', () => {
  test('J13: a receipt by bank is outstanding until matched, cash and cheques lie where they are', () => {
    const received = (account: string) => last(paid(invoice(), '120.00', { account }).newest)
    expect(received('bank')).toEqual([
      'debit outstanding-receipts 120.00',
      'credit receivable 120.00 [i1]',
    ])
    expect(received('cash')).toEqual(['debit cash 120.00', 'credit receivable 120.00 [i1]'])
    expect(received('cheques')).toEqual(['debit cheques 120.00', 'credit receivable 120.00 [i1]'])
  })

  test('J13: a bank account without the matching step takes the money at once', () => {
    const books = testBooks()
    const direct = { ...books.accounts.get('bank')!, account: 'bank-2', outstanding: null }
    const scene = { books: { ...books, accounts: new Map(books.accounts).set('bank-2', direct) } }
    const { newest } = paid(invoice(undefined, {}, scene), '120.00', { account: 'bank-2' })
    expect(last(newest)).toEqual(['debit bank-2 120.00', 'credit receivable 120.00 [i1]'])
    expect(newest[0]?.data).toMatchObject({ matching: 'none' })
  })

  test('J14: money captured online lies gross at its gateway', () => {
    const books = testBooks()
    const gateway = {
      ...books.accounts.get('cash')!,
      account: 'gateway-x',
      type: 'gateway' as const,
    }
    const accounts = new Map(books.accounts).set('gateway-x', gateway)
    const { newest } = paid(invoice(undefined, {}, { books: { ...books, accounts } }), '120.00', {
      account: 'gateway-x',
      online: { gateway: 'x', transaction: 't-1' },
    })
    expect(last(newest)).toEqual(['debit gateway-x 120.00', 'credit receivable 120.00 [i1]'])
    expect(newest[0]?.data).toMatchObject({ matching: 'none' })
  })

  test('J15: money beyond the due amount is a prepayment of its own, in one entry', () => {
    const { newest } = paid(invoice(), '150.00')
    expect(last(newest)).toEqual([
      'debit outstanding-receipts 150.00',
      'credit receivable 120.00 [i1]',
      'credit customer-prepayments 30.00 [ovp1]',
    ])
    expect(newest[0]?.data).toMatchObject({
      applied: gbp('120.00'),
      overpayment: { documentId: OVERPAYMENT, number: 'OVP/2026/00003', amount: gbp('30.00') },
    })
  })

  test('J15 with nothing due: all of it is beyond', () => {
    expect(last(paid(paid(invoice(), '120.00'), '5.00').newest)).toEqual([
      'debit outstanding-receipts 5.00',
      'credit customer-prepayments 5.00 [ovp1]',
    ])
  })

  test('J36, J37: a bill paid, and paid beyond what is due', () => {
    expect(last(paid(bill(), '120.00').newest)).toEqual([
      'debit payable 120.00 [i1]',
      'credit outstanding-payments 120.00',
    ])
    expect(last(paid(bill(), '150.00').newest)).toEqual([
      'debit payable 120.00 [i1]',
      'debit supplier-prepayments 30.00 [ovp1]',
      'credit outstanding-payments 150.00',
    ])
  })
})

describe('matches with the bank', () => {
  const matched = (scene: Parameters<typeof paid>[0], more: object = {}) =>
    last(after(reconcilePayment, { paymentId: PAYMENT, ...more }, scene).newest)

  test('J16: a receipt, and a cheque cleared to a bank account', () => {
    expect(matched(paid(invoice(), '120.00'))).toEqual([
      'debit bank 120.00',
      'credit outstanding-receipts 120.00',
    ])
    expect(matched(paid(invoice(), '120.00', { account: 'cheques' }), { account: 'bank' })).toEqual(
      ['debit bank 120.00', 'credit cheques 120.00'],
    )
  })

  test('J17: a payment', () => {
    expect(matched(paid(bill(), '120.00'))).toEqual([
      'debit outstanding-payments 120.00',
      'credit bank 120.00',
    ])
  })

  test('J18: the bank kept charges of money received, and took charges for money paid', () => {
    const charges = gbp('1.50')
    expect(matched(paid(invoice(), '120.00'), { charges, statementAmount: gbp('118.50') })).toEqual(
      ['debit bank 118.50', 'debit payment-fees 1.50', 'credit outstanding-receipts 120.00'],
    )
    expect(matched(paid(bill(), '120.00'), { charges, statementAmount: gbp('121.50') })).toEqual([
      'debit outstanding-payments 120.00',
      'debit payment-fees 1.50',
      'credit bank 121.50',
    ])
  })

  test('a refund is matched like any payment out', () => {
    const refunded = after(refundCredit, { documentId: NOTE }, note(paid(invoice(), '120.00')))
    expect(matched(refunded, { paymentId: PAYMENT.replace('p1', 'p2') })).toEqual([
      'debit outstanding-payments 120.00',
      'credit bank 120.00',
    ])
  })
})

describe('refunds', () => {
  const refunded = (scene: Parameters<typeof paid>[0], asked: object) =>
    last(after(refundCredit, asked, scene).newest)

  test('J19: of a note, out of the receivable', () => {
    expect(
      refunded(note(paid(invoice(), '120.00')), { documentId: NOTE, account: 'cash' }),
    ).toEqual(['debit receivable 120.00 [c1]', 'credit cash 120.00'])
  })

  test('J20: of an overpayment, out of the prepayments', () => {
    expect(refunded(paid(invoice(), '150.00'), { documentId: OVERPAYMENT })).toEqual([
      'debit customer-prepayments 30.00 [ovp1]',
      'credit outstanding-payments 30.00',
    ])
  })

  test('J39: of a supplier’s note and of our overpayment, received', () => {
    expect(refunded(note(paid(bill(), '120.00')), { documentId: NOTE })).toEqual([
      'debit outstanding-receipts 120.00',
      'credit payable 120.00 [c1]',
    ])
    expect(
      refunded(paid(bill(), '150.00'), { documentId: OVERPAYMENT, account: 'cheques' }),
    ).toEqual(['debit cheques 30.00', 'credit supplier-prepayments 30.00 [ovp1]'])
  })
})

describe('J33: reverse charge', () => {
  const lines = [
    item('0.33', { quantity: '3', tax: REVERSE }),
    item('10', { tax: { code: 'GB-5', ratePercent: '5' } }),
  ]

  test('a bill owes and deducts the buyer’s tax at once', () => {
    expect(last(bill(lines).newest)).toEqual([
      'debit purchases 0.99',
      'debit purchases 10.00',
      'debit input-tax 0.20 (RC 20 % of 0.99)',
      'credit output-tax 0.20 (RC 20 % of 0.99)',
      'debit input-tax 0.50 (GB-5 5 % of 10.00)',
      'credit payable 11.49 [i1]',
    ])
  })

  test('its notes take the tax back cumulatively, to nothing on both accounts', () => {
    let scene: Parameters<typeof note>[0] = paid(bill(lines), '11.49')
    const taxes: string[] = []
    for (const piece of [1, 2, 3]) {
      const made = note(
        scene,
        { lines: [{ invoiceLine: 0, quantity: '1' }] },
        `${NOTE.slice(0, -1)}${piece}`,
      )
      taxes.push(...last(made.newest).filter((line) => line.includes('(RC')))
      scene = made
    }
    expect(taxes).toEqual([
      'credit input-tax 0.07 (RC 20 % of 0.33)',
      'debit output-tax 0.07 (RC 20 % of 0.33)',
      'credit input-tax 0.06 (RC 20 % of 0.33)',
      'debit output-tax 0.06 (RC 20 % of 0.33)',
      'credit input-tax 0.07 (RC 20 % of 0.33)',
      'debit output-tax 0.07 (RC 20 % of 0.33)',
    ])
  })

  test('an ad-hoc note of a supplier takes it back by its own base', () => {
    const { newest } = adHocNote([item('100', { tax: REVERSE })], { direction: 'in' })
    expect(last(newest)).toEqual([
      'debit payable 100.00 [c1]',
      'credit purchases 100.00',
      'credit input-tax 20.00 (RC 20 % of 100.00)',
      'debit output-tax 20.00 (RC 20 % of 100.00)',
    ])
  })
})

test('an entry that does not balance is damage', () => {
  const amount = gbp('1.00')
  const posting = { account: 'bank', side: 'debit' as const, amount, booksAmount: amount }
  const entry = { books: 'main', number: 'JRN/2026/00001', postingDate: '2026-11-22' }
  expect(() => entryOf({ ...entry, postings: [posting] })).toThrow(UnbalancedEntry)
  const other = { ...posting, side: 'credit' as const, booksAmount: gbp('1.01') }
  expect(() => entryOf({ ...entry, postings: [posting, other] })).toThrow(UnbalancedEntry)
  expect(
    entryOf({ ...entry, postings: [posting, { ...posting, side: 'credit' }] }).postings,
  ).toHaveLength(2)
})

test('the number is taken for the posting date, from the series of the document', () => {
  const asked = (
    scene: Parameters<typeof decide>[2],
    command: Parameters<typeof decide>[0],
    input: object,
  ) => {
    const decided = decide(command, input, scene)
    return 'numbers' in decided ? decided.numbers : decided
  }
  const date = '2025-12-31'
  expect(
    asked(note(paid(invoice(), '120.00', { date }), {}), refundCredit, {
      documentId: NOTE,
      date: '2026-11-22',
    }),
  ).toEqual([{ series: 'PAY', document: `${PAYMENT.slice(0, -1)}2`, postingDate: '2026-11-22' }])
  expect(
    asked(paid(invoice(), '120.00', { date }), reconcilePayment, { paymentId: PAYMENT, date }),
  ).toEqual([{ series: 'JRN', document: PAYMENT.replace('p1', 'm1'), postingDate: date }])
})

test('the example of postings.md, as far as it needs no gateway: what is due, what remains, and nothing missing', () => {
  const lines = [item('100'), item('12', { kind: 'shipping', tax: ZERO })]
  const gateway = {
    ...testBooks().accounts.get('cash')!,
    account: 'gateway-stripe',
    type: 'gateway' as const,
  }
  const books = testBooks({
    accounts: new Map(testBooks().accounts).set('gateway-stripe', gateway),
  })
  const captured = paid(invoice(lines, {}, { books }), '132.00', {
    account: 'gateway-stripe',
    online: { gateway: 'stripe', transaction: 'ch_1' },
  })
  expect(captured.facts.map(journal).filter((entry) => entry.length > 0)).toEqual([
    [
      'debit receivable 132.00 [i1]',
      'credit sales 100.00',
      'credit shipping 12.00',
      'credit output-tax 20.00 (GB-20 20 % of 100.00)',
      'credit output-tax 0.00 (zero 0 % of 12.00)',
    ],
    ['debit gateway-stripe 132.00', 'credit receivable 132.00 [i1]'],
  ])
  const credited = note(captured, { lines: [{ invoiceLine: 0, quantity: '0.5' }] })
  expect(credited.newest.map(journal)).toEqual([
    [
      'debit sales 50.00',
      'debit output-tax 10.00 (GB-20 20 % of 50.00)',
      'credit receivable 60.00 [c1]',
    ],
  ])
  const refunded = after(refundCredit, { documentId: NOTE, account: 'bank' }, credited)
  expect(refunded.newest.map(journal)).toEqual([
    ['debit receivable 60.00 [c1]', 'credit outstanding-payments 60.00'],
  ])
  const balances = new Map<string, number>()
  for (const line of refunded.facts.flatMap(journal)) {
    const [side, account = '', amount = ''] = line.split(' ')
    const pence = Math.round(Number(amount) * 100) * (side === 'debit' ? 1 : -1)
    balances.set(account, (balances.get(account) ?? 0) + pence)
  }
  expect(Object.fromEntries(balances)).toEqual({
    receivable: 0,
    'gateway-stripe': 13_200,
    sales: -5_000,
    shipping: -1_200,
    'output-tax': -1_000,
    'outstanding-payments': -6_000,
  })
})
