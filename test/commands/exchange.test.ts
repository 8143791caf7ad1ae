/** L20: documents in another currency than the books', and the exchange difference J40, in figures. */
import { describe, expect, test } from 'vitest'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { credit, debit } from '../../commands/entry.js'
import { atInvoiceFigures, exchangeRate, knownRate } from '../../commands/exchange.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import type { Posting } from '../../src/events/parts.js'
import { after, expectRefusal, folioOf, testBooks } from '../support/decider-spec.js'
import {
  bill,
  gbp,
  INVOICE,
  invoice,
  item,
  journal,
  NOTE,
  note,
  OVERPAYMENT,
  order,
  orderInvoice,
  paid,
  PAYMENT,
  posted,
  usd,
  ZERO,
} from './scenes.js'

const goods = [item('100', { tax: ZERO })]
const at = (exchangeRate: string) => ({ currency: 'USD', exchangeRate })
const payUsd = (
  given: Parameters<typeof paid>[0],
  amount: string,
  rate: string,
  more: object = {},
) => paid(given, '1.00', { amount: usd(amount), exchangeRate: rate, account: 'cash', ...more })
/** What is left of it in both currencies. */
const open = (facts: Parameters<typeof folioOf>[0]) => {
  const found = folioOf(facts).invoices.get(INVOICE)
  return found?.status === 'posted' ? [found.due, found.booksDue] : null
}

describe('an invoice in dollars', () => {
  test('has both amounts, and they balance', () => {
    const { newest } = invoice(
      [item('33.33'), item('12.01', { kind: 'shipping', tax: ZERO })],
      at('0.8765'),
    )
    expect(newest.map(journal)).toEqual([
      [
        'debit receivable 52.01/45.59 [i1]',
        'credit sales 33.33/29.21',
        'credit shipping 12.01/10.53',
        'credit output-tax 6.67/5.85 (GB-20 20 % of 33.33)',
        'credit output-tax 0.00/0.00 (zero 0 % of 12.01)',
      ],
    ])
    const [made] = newest
    const taxes =
      made?.type === 'InvoicePosted'
        ? made.data.entry.postings.flatMap(({ tax }) => tax?.booksBase ?? [])
        : []
    expect(taxes).toEqual([gbp('29.21'), gbp('10.53')])
  })

  test('J40: invoiced at 0.90 and paid at 0.92 it gained', () => {
    const { newest, facts } = payUsd(invoice(goods, at('0.9')), '100.00', '0.92')
    expect(newest.map(journal)).toEqual([
      [
        'debit cash 100.00/92.00',
        'credit receivable 100.00/90.00 [i1]',
        'credit exchange-gain 0.00/2.00',
      ],
    ])
    expect(open(facts)).toEqual([usd('0.00'), gbp('0.00')])
  })

  test('J40: paid at 0.85 it lost', () => {
    const { newest } = payUsd(invoice(goods, at('0.9')), '100.00', '0.85')
    expect(newest.map(journal)).toEqual([
      [
        'debit cash 100.00/85.00',
        'credit receivable 100.00/90.00 [i1]',
        'debit exchange-loss 0.00/5.00',
      ],
    ])
  })

  test('paid in thirds leaves nothing in either currency', () => {
    const first = payUsd(invoice(goods, at('0.8765')), '33.33', '0.8765')
    const second = payUsd(first, '33.33', '0.8765')
    const { facts } = payUsd(second, '33.34', '0.8765')
    expect(open(first.facts)).toEqual([usd('66.67'), gbp('58.44')])
    expect(open(facts)).toEqual([usd('0.00'), gbp('0.00')])
  })

  test('what is paid beyond it is a credit at the rate of that day', () => {
    const beyond = payUsd(invoice(goods, at('0.9')), '150.00', '0.92')
    expect(beyond.newest.map(journal)).toEqual([
      [
        'debit cash 150.00/138.00',
        'credit receivable 100.00/90.00 [i1]',
        'credit customer-prepayments 50.00/46.00 [ovp1]',
        'credit exchange-gain 0.00/2.00',
      ],
    ])
    const back = { documentId: OVERPAYMENT, exchangeRate: '0.95', account: 'cash' }
    expect(after(refundCredit, back, beyond).newest.map(journal)).toEqual([
      [
        'debit customer-prepayments 50.00/46.00 [ovp1]',
        'credit cash 50.00/47.50',
        'debit exchange-loss 0.00/1.50',
      ],
    ])
  })

  test('J16: matched with the bank it keeps the rate it came with', () => {
    const waiting = payUsd(invoice(goods, at('0.9')), '100.00', '0.92', { account: 'bank' })
    const { newest } = after(
      reconcilePayment,
      { paymentId: PAYMENT, charges: usd('3.00') },
      waiting,
    )
    expect(newest.map(journal)).toEqual([
      [
        'debit bank 97.00/89.24',
        'debit payment-fees 3.00/2.76',
        'credit outstanding-receipts 100.00/92.00',
      ],
    ])
  })

  test('N3: over a bank account of the books’ own currency it is matched there too', () => {
    const bank = { ...testBooks().accounts.get('bank')!, currency: 'GBP' }
    const books = testBooks({ accounts: new Map(testBooks().accounts).set('bank', bank) })
    const sold = { ...invoice(goods, at('0.9')), books }
    const waiting = payUsd(sold, '100.00', '0.92', { account: 'bank' })
    const { newest } = after(reconcilePayment, { paymentId: PAYMENT }, waiting)
    expect(newest.map(journal)).toEqual([
      ['debit bank 100.00/92.00', 'credit outstanding-receipts 100.00/92.00'],
    ])
  })

  test('a bill swaps the sides', () => {
    const { newest } = payUsd(bill(goods, at('0.9')), '100.00', '0.92')
    expect(newest.map(journal)).toEqual([
      [
        'debit payable 100.00/90.00 [i1]',
        'credit cash 100.00/92.00',
        'debit exchange-loss 0.00/2.00',
      ],
    ])
  })
})

describe('a note on it', () => {
  test('takes its invoice’s rate, and what is refunded the day’s', () => {
    const credited = note(payUsd(invoice(goods, at('0.9')), '100.00', '0.92'))
    expect(credited.newest.map(journal)).toEqual([
      [
        'debit sales 100.00/90.00',
        'debit output-tax 0.00/0.00 (zero 0 % of 100.00)',
        'credit receivable 100.00/90.00 [c1]',
      ],
    ])
    const back = { documentId: NOTE, exchangeRate: '0.88', account: 'cash' }
    expect(after(refundCredit, back, credited).newest.map(journal)).toEqual([
      [
        'debit receivable 100.00/90.00 [c1]',
        'credit cash 100.00/88.00',
        'credit exchange-gain 0.00/2.00',
      ],
    ])
  })

  test('parts of it leave nothing on any account in the currency of the books', () => {
    const lines = [item('0.07', { quantity: '3' }), item('0.05', { kind: 'shipping', tax: ZERO })]
    const parts = [
      [{ invoiceLine: 0, quantity: '1' }],
      [{ invoiceLine: 0, quantity: '1' }],
      [
        { invoiceLine: 0, quantity: '1' },
        { invoiceLine: 1, quantity: '1' },
      ],
    ]
    const scene = parts.reduce(
      (given, asked, index) => note(given, { lines: asked }, `${NOTE.slice(0, -1)}${index + 1}`),
      invoice(lines, at('0.7777')),
    )
    const balances = new Map<string, number>()
    for (const fact of scene.facts) {
      if (!('entry' in fact.data)) continue
      for (const { account, side, booksAmount } of fact.data.entry.postings) {
        const pence = Math.round(Number(booksAmount.amount) * 100)
        balances.set(account, (balances.get(account) ?? 0) + (side === 'debit' ? pence : -pence))
      }
    }
    expect([...balances].filter(([, balance]) => balance !== 0)).toEqual([])
  })
})

test('three thirds of a note leave nothing of the amount that its tax is charged on, in books currency', () => {
  const lines = [item('0.55', { quantity: '3', tax: ZERO })]
  const scene = ['1', '2', '3'].reduce(
    (given, place) =>
      note(given, { lines: [{ invoiceLine: 0, quantity: '1' }] }, `${NOTE.slice(0, -1)}${place}`),
    invoice(lines, at('0.9')),
  )
  const bases = scene.facts.flatMap(({ data }) =>
    'entry' in data ? data.entry.postings.flatMap(({ tax }) => tax?.booksBase?.amount ?? []) : [],
  )
  expect(bases).toEqual(['1.49', '0.50', '0.50', '0.49'])
})

describe('the rate of a document', () => {
  const table = {
    books: testBooks({
      rates: new Map([
        [
          'USD',
          [
            { from: '2026-11-08', rate: '0.79' },
            { from: '2026-10-01', rate: '0.81' },
          ],
        ],
      ]),
    }),
  }
  const rateOf = (facts: readonly { type: string; data: object }[]) =>
    facts.flatMap(({ data }) => ('exchangeRate' in data ? [data.exchangeRate] : []))

  test('is that of the table on its own day', () => {
    const on = (documentDate: string) =>
      rateOf(invoice(goods, { currency: 'USD', documentDate }, table).newest)
    expect([on('2026-11-10'), on('2026-11-08'), on('2026-11-07')]).toEqual([
      ['0.79'],
      ['0.79'],
      ['0.81'],
    ])
  })

  test('given wins', () => {
    expect(rateOf(invoice(goods, at('0.5'), table).newest)).toEqual(['0.5'])
  })

  test('missing keeps a draft a draft, and says so', () => {
    const draft = after(
      draftInvoice,
      { lines: goods, currency: 'USD', documentDate: '2026-09-30' },
      table,
    )
    expect(rateOf(draft.newest)).toEqual([null])
    const missing = {
      code: 'exchange_rate_missing',
      currency: 'USD',
      booksCurrency: 'GBP',
      date: '2026-09-30',
    } as const
    expectRefusal(postInvoice, { invoiceId: INVOICE }, draft, missing)
    const edited = after(editDraft, { document: INVOICE, exchangeRate: '0.8' }, draft)
    expect(rateOf(after(postInvoice, { invoiceId: INVOICE }, edited).newest)).toEqual(['0.8'])
    expect(
      rateOf(after(postInvoice, { invoiceId: INVOICE, exchangeRate: '0.7' }, draft).newest),
    ).toEqual(['0.7'])
  })
})

test('what is paid for an order’s invoice of nothing is a credit, in both currencies', () => {
  const free = posted(orderInvoice(order([item('0')], at('0.9'))))
  expect(payUsd(free, '10.00', '0.92').newest.map(journal)).toEqual([
    ['debit cash 10.00/9.20', 'credit customer-prepayments 10.00/9.20 [ovp1]'],
  ])
})

describe('the rate of a document', () => {
  const books = testBooks({
    rates: new Map([['USD', [{ from: '2026-11-10', rate: '0.8' }]]]),
  })
  const date = '2026-11-10'
  const missing = { code: 'exchange_rate_missing', currency: 'USD', booksCurrency: 'GBP' }

  test.each([
    ['that of the table on its day', { currency: 'USD', date }, '0.8'],
    [
      'that of the table, where none is said to be given',
      { currency: 'USD', date, given: null },
      '0.8',
    ],
    ['the one given, whatever the table says', { currency: 'USD', date, given: '0.9' }, '0.9'],
    ['one in the currency of the books', { currency: 'GBP', date }, '1'],
    ['one in the currency of the books, given or not', { currency: 'GBP', date, given: '1' }, '1'],
    [
      'missing before the first day of the table',
      { currency: 'USD', date: '2026-11-09' },
      { ...missing, date: '2026-11-09' },
    ],
    [
      'missing in a currency that the table has not',
      { currency: 'EUR', date },
      { ...missing, currency: 'EUR', date },
    ],
    [
      'refused where it is another one in the currency of the books',
      { currency: 'GBP', date, given: '0.9' },
      { code: 'exchange_rate_not_needed', currency: 'GBP', rate: '0.9' },
    ],
    [
      'refused where it is nothing',
      { currency: 'USD', date, given: '0' },
      { code: 'exchange_rate_not_positive', currency: 'USD', rate: '0' },
    ],
    [
      'refused where it is below nothing, in the currency of the books too',
      { currency: 'GBP', date, given: '-1' },
      { code: 'exchange_rate_not_positive', currency: 'GBP', rate: '-1' },
    ],
  ])('is %s', (_what, asked, expected) => {
    expect(exchangeRate(asked, books)).toEqual(expected)
  })

  test('of a draft may wait', () => {
    expect(knownRate({ currency: 'EUR', date }, books)).toBeNull()
    expect(knownRate({ currency: 'USD', date }, books)).toBe('0.8')
  })
})

describe('what a note takes back of a place', () => {
  const AT = { rate: '0.9', booksCurrency: 'GBP' }
  /** 100.00 of sales are left, booked at 0.80. */
  const left = (amount = '100.00', booksAmount = '80.00') =>
    new Map([['sales', { amount: usd(amount), booksAmount: gbp(booksAmount), base: null }]])
  const booked = (postings: readonly Posting[], place = left()) =>
    atInvoiceFigures(postings, place, AT).map(
      ({ side, booksAmount }) => `${side} ${booksAmount.amount}`,
    )
  const control = (amount: string) => credit('receivable', usd(amount), { document: NOTE })

  test.each([
    ['all of it: the figure it was booked with', '100.00', '80.00'],
    ['a part of it: in proportion', '25.00', '20.00'],
    ['a part to the last cent: in proportion', '99.99', '79.99'],
    ['more than it: at the rate', '100.01', '90.01'],
  ])('is %s', (_what, amount, books) => {
    expect(booked([control(amount), debit('sales', usd(amount))])).toEqual([
      `credit ${books}`,
      `debit ${books}`,
    ])
  })

  test('is at the rate where nothing is left, where it was never booked, or on the other side', () => {
    const sales = debit('sales', usd('10.00'))
    expect(booked([control('10.00'), sales], left('0.00', '0.00'))).toEqual([
      'credit 9.00',
      'debit 9.00',
    ])
    expect(booked([control('10.00'), sales], new Map())).toEqual(['credit 9.00', 'debit 9.00'])
    const other = [debit('receivable', usd('10.00')), credit('sales', usd('10.00'))]
    expect(booked(other)).toEqual(['debit 9.00', 'credit 9.00'])
  })

  test('is shared by its postings, and what is left over goes with the largest, the first of equals', () => {
    const parts = (...amounts: readonly string[]) =>
      amounts.map((amount) => debit('sales', usd(amount)))
    // At the rate 27.00 and 63.00, together 90.00; 80.00 were booked.
    expect(booked([control('100.00'), ...parts('30.00', '70.00')])).toEqual([
      'credit 80.00',
      'debit 27.00',
      'debit 53.00',
    ])
    expect(booked([control('100.00'), ...parts('50.00', '50.00')])).toEqual([
      'credit 80.00',
      'debit 35.00',
      'debit 45.00',
    ])
    // A discount stands on the other side: 40.00 of 100.00 are taken back.
    const discounted = [debit('sales', usd('50.00')), credit('sales', usd('10.00'))]
    expect(booked([control('40.00'), ...discounted])).toEqual([
      'credit 32.00',
      'debit 41.00',
      'credit 9.00',
    ])
  })
})
