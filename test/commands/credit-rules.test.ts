/** Rules of credits and payments, each with its figures: what is taken back, over which account, and who holds what. */
import { describe, expect, test } from 'vitest'
import { postOpeningBalances } from '../../commands/books/post-opening-balances.js'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { voidCreditNote } from '../../commands/credit/void-credit-note.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reversePayment, usesOf } from '../../commands/payment/reverse-payment.js'
import type { Folio } from '../../src/aggregates/folio.js'
import { isOneParty } from '../../src/aggregates/books.js'
import { after, decide, FOLIO_ID, folioOf, type Scene, testBooks } from '../support/decider-spec.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'
import {
  adHocNote,
  bill,
  booksWith,
  eur,
  gbp,
  INVOICE,
  invoice,
  item,
  journal,
  NOTE,
  note,
  ORDER,
  order,
  orderInvoice,
  paid,
  PAYMENT,
  posted,
  prepaid,
  PREPAYMENT,
  SUPPLIER,
  ZERO,
} from './scenes.js'

const SECOND_NOTE = `${FOLIO_ID}-c2`
const SECOND_INVOICE = `${FOLIO_ID}-i2`
const SECOND_PAYMENT = `${FOLIO_ID}-p2`
const goods = (price: string, more: object = {}) => item(price, { tax: ZERO, ...more })

const refusal = (decided: ReturnType<typeof decide>) =>
  'refusal' in decided ? decided.refusal : null
const refundOver = (scene: Partial<Scene>, more: object = {}) => {
  const decided = decide(refundCredit, { documentId: NOTE, amount: gbp('1.00'), ...more }, scene)
  return 'refusal' in decided ? decided.refusal.code : decided.answer.payment?.account
}

describe('a refund that names no account', () => {
  const twice = () => {
    const cash = paid(invoice([goods('100')]), '40.00', { account: 'cash' })
    return paid(cash, '60.00', { account: 'cheques' })
  }
  test.each<[string, () => Partial<Scene>, string]>([
    ['goes over the one that money came in over last', () => note(twice()), 'cheques'],
    [
      'and over none whose payment bounced',
      () => after(reversePayment, { paymentId: SECOND_PAYMENT, reason: 'Bounced' }, note(twice())),
      'cash',
    ],
    [
      'and over none that another invoice was paid over',
      () => {
        const ordered = order([goods('100', { quantity: '2' })])
        const part = { lines: [{ line: 0, quantity: '1' }] }
        const first = paid(posted(orderInvoice(ordered, part)), '100.00', { account: 'cash' })
        const second = { invoiceId: SECOND_INVOICE }
        return note(
          paid(posted(orderInvoice(first), second), '100.00', { ...second, account: 'cheques' }),
        )
      },
      'cash',
    ],
    ['of an ad-hoc note has to name one', () => adHocNote(), 'account_not_named'],
    [
      'of an ad-hoc note has to name one, also beside other money of the folio',
      () => {
        const { facts } = adHocNote()
        const prepayment = after(registerPayment, { party: SUPPLIER, ...cash('10.00') }).facts
        return { facts: [...facts, ...prepayment] }
      },
      'account_not_named',
    ],
  ])('%s', (_what, scene, account) => {
    expect(refundOver(scene())).toBe(account)
  })

  test('of a prepayment goes over its own; of one from before the books has to name one', () => {
    const request = { documentId: PREPAYMENT }
    expect(refundOver(prepaid(order([goods('100')]), '50.00', { account: 'cash' }), request)).toBe(
      'cash',
    )
    const taken = after(postOpeningBalances, {
      date: '2026-01-01',
      items: [
        {
          kind: 'prepayment',
          number: 'PRE/2025/1',
          documentDate: '2025-12-12',
          amount: gbp('70.00'),
        },
      ],
    })
    expect(refundOver(taken, request)).toBe('account_not_named')
  })

  test('in another currency needs a rate of the day, and is booked with it (L20)', () => {
    const owed = adHocNote([goods('100')], { currency: 'EUR', exchangeRate: '0.9' })
    const request = { documentId: NOTE, account: 'bank', amount: eur('100.00') }
    expect(refusal(decide(refundCredit, request, owed))).toMatchObject({
      code: 'exchange_rate_missing',
      currency: 'EUR',
    })
    const [refunded] = after(refundCredit, { ...request, exchangeRate: '0.92' }, owed).newest
    expect(journal(refunded)).toEqual([
      'debit receivable 100.00/90.00 [c1]',
      'credit outstanding-payments 100.00/92.00',
      'debit exchange-loss 0.00/2.00',
    ])
  })
})

function cash(amount: string) {
  return { account: 'cash', amount: gbp(amount) }
}

describe('what a payment says of itself', () => {
  const rate = { currency: 'EUR', exchangeRate: '0.9' }
  test.each<[string, () => Partial<Scene> & { newest: readonly { data: object }[] }, object]>([
    [
      'no rate in the currency of the books',
      () => paid(invoice(), '120.00'),
      { reference: undefined, exchangeRate: undefined },
    ],
    [
      'the rate that it was booked with in another',
      () => paid(invoice(undefined, rate), '0', { amount: eur('120.00'), exchangeRate: '0.92' }),
      { exchangeRate: '0.92' },
    ],
    ['its reference', () => paid(invoice(), '120.00', { reference: 'F-7' }), { reference: 'F-7' }],
    [
      'received, of an invoice',
      () => paid(invoice(), '1.00'),
      { flow: 'received', direction: 'out' },
    ],
    ['paid, of a bill', () => paid(bill(), '1.00'), { flow: 'paid', direction: 'in' }],
    [
      'reversed, in the direction of its invoice',
      () => after(reversePayment, { paymentId: PAYMENT, reason: 'Wrong' }, paid(invoice(), '1.00')),
      { flow: 'received', direction: 'out', credit: null },
    ],
    [
      'reversed, in the direction of its bill, with what it brought beyond',
      () => after(reversePayment, { paymentId: PAYMENT, reason: 'Wrong' }, paid(bill(), '150.00')),
      {
        flow: 'paid',
        direction: 'in',
        credit: { documentId: `${FOLIO_ID}-ovp1`, amount: gbp('30.00') },
      },
    ],
    [
      'the reference of the statement',
      () =>
        after(reconcilePayment, { paymentId: PAYMENT, reference: 'S-1' }, paid(invoice(), '1.00')),
      { reference: 'S-1', charges: undefined },
    ],
    [
      'none where the statement has none, and the charges',
      () =>
        after(
          reconcilePayment,
          { paymentId: PAYMENT, charges: gbp('0.50') },
          paid(invoice(), '1.00'),
        ),
      { reference: undefined, charges: gbp('0.50'), statementAmount: gbp('0.50') },
    ],
  ])('%s', (_what, scene, said) => {
    const [{ data } = { data: {} }] = scene().newest
    for (const [name, value] of Object.entries(said)) {
      expect([name, (data as Record<string, unknown>)[name]]).toEqual([name, value])
    }
  })

  test('ahead of an invoice in another currency, both amounts', () => {
    const ordered = order([goods('100')], { currency: 'EUR' })
    const request = {
      orderId: ORDER,
      account: 'bank',
      amount: eur('50.00'),
      exchangeRate: '0.9',
    }
    expect(after(registerPayment, request, ordered).newest.map(journal)).toEqual([
      ['debit outstanding-receipts 50.00/45.00', 'credit customer-prepayments 50.00/45.00 [pre1]'],
    ])
  })

  test('a statement takes no negative charges', () => {
    const asked = { paymentId: PAYMENT, charges: gbp('-0.01') }
    expect(refusal(decide(reconcilePayment, asked, paid(invoice(), '120.00')))).toEqual({
      code: 'amount_not_positive',
      amount: gbp('-0.01'),
    })
    expect(
      refusal(
        decide(reconcilePayment, { ...asked, charges: eur('1.00') }, paid(invoice(), '120.00')),
      ),
    ).toEqual({ code: 'currency_differs', expected: 'GBP', given: 'EUR' })
  })
})

test('a credit is held by what is reserved, concluded or applied of it, waits, was refunded, or is at its store', () => {
  const ofCredit = (documentId: string, at: string) =>
    [
      `al-${at}-${documentId}`,
      { allocationId: `al-${at}-${documentId}`, documentId, state: { at } },
    ] as const
  const states = ['reserved', 'concluded', 'applied', 'released', 'refused', 'reversed']
  const folio = {
    allocations: new Map(states.flatMap((at) => [ofCredit('c1', at), ofCredit('c2', at)])),
    approvals: new Map(
      ['waiting', 'approved', 'declined'].flatMap((status) =>
        ['c1', 'c2'].map((documentId) => [
          `ap-${status}-${documentId}`,
          { status, request: { documentId } },
        ]),
      ),
    ),
    payments: new Map(
      [null, 'c1', 'c2'].map((documentId) => [
        `p-${documentId}`,
        { paymentId: `p-${documentId}`, documentId },
      ]),
    ),
    syncTasks: new Map(
      [
        'due',
        'in_flight',
        'unknown',
        'person',
        'done',
        'refused',
        'withdrawn',
        'dismissed',
      ].flatMap((at) =>
        ['c1', 'c2'].map((creditNoteId) => {
          const taskId = `t-${at}-${creditNoteId}`
          return [taskId, { taskId, kind: 'refund', state: { at }, request: { creditNoteId } }]
        }),
      ),
    ),
    platformRefunds: new Map(
      [true, false].map((isDeclined) => [
        `rf-${isDeclined}`,
        {
          platformRefundId: `rf-${isDeclined}`,
          documentId: 'c1',
          amount: gbp('1.00'),
          payments: [{ amount: gbp('1.00'), isDeclined }],
        },
      ]),
    ),
  } as unknown as Folio
  expect(usesOf({ documentId: 'c1' }, folio)).toEqual([
    'al-reserved-c1',
    'al-concluded-c1',
    'al-applied-c1',
    'ap-waiting-c1',
    'p-c1',
    't-due-c1',
    't-in_flight-c1',
    't-unknown-c1',
    't-person-c1',
    'rf-false',
  ])
})

describe('a draft of a note', () => {
  const drafted = (more: object, scene: Partial<Scene> = {}) =>
    refusal(decide(draftCreditNote, { reason: 'Goodwill', ...more }, scene))

  test.each<[string, object, object]>([
    ['of nothing', { lines: [goods('0')] }, { code: 'total_zero' }],
    [
      'of less than nothing',
      { lines: [goods('-1')] },
      { code: 'total_negative', total: gbp('-1.00') },
    ],
    [
      'at a rate of nothing',
      { lines: [goods('1')], currency: 'EUR', exchangeRate: '0' },
      { code: 'exchange_rate_not_positive', currency: 'EUR', rate: '0' },
    ],
    [
      'at a rate where none is needed',
      { lines: [goods('1')], exchangeRate: '0.9' },
      { code: 'exchange_rate_not_needed', currency: 'GBP', rate: '0.9' },
    ],
    [
      'with tax on a gift certificate',
      { lines: [item('1', { kind: 'gift_certificate' })] },
      { code: 'gift_certificate_taxed', line: 0, ratePercent: '20' },
    ],
  ])('%s is refused', (_what, more, refused) => {
    expect(drafted(more)).toEqual(refused)
    expect(drafted({ lines: [goods('0.01')] })).toBeNull()
  })

  test('takes back the money that is left once all pieces came back for less', () => {
    const lines = [{ invoiceLine: 0, quantity: '2', unitPrice: '30' }]
    const cheaper = note(invoice([goods('50', { quantity: '2' })]), { lines })
    const rest = note(cheaper, {}, SECOND_NOTE)
    expect(rest.newest[0]?.data).toMatchObject({
      lines: [{ invoiceLine: 0, quantity: '1', unitPrice: '40', byAmount: true }],
      totals: { gross: gbp('40.00') },
    })
    expect(drafted({ invoiceId: INVOICE }, rest)).toEqual({
      code: 'nothing_left_to_credit',
      invoice: INVOICE,
    })
  })

  test('is posted with what its invoice has left by then', () => {
    const draft = after(draftCreditNote, { invoiceId: INVOICE, reason: 'Late' }, invoice())
    const money = { reason: 'Goodwill', amount: gbp('20.00'), invoiceId: INVOICE }
    const other = after(
      postCreditNote,
      { creditNoteId: SECOND_NOTE },
      after(draftCreditNote, money, draft),
    )
    const { answer } = decide(postCreditNote, { creditNoteId: NOTE }, other) as {
      answer: { totals: object; remaining: object }
    }
    expect(answer).toMatchObject({ totals: { gross: gbp('100.00') }, remaining: gbp('0.00') })
  })
})

describe('a posted note', () => {
  test.each([
    ['multi_purpose', 'store-credit'],
    ['single_purpose', 'sales'],
  ] as const)('ad hoc, of a %s gift certificate, takes back %s', (giftCertificates, account) => {
    const scene = booksWith({ giftCertificates })
    const lines = [goods('50', { kind: 'gift_certificate' })]
    const draft = after(draftCreditNote, { reason: 'Unused', lines }, scene)
    const [made] = after(postCreditNote, { creditNoteId: NOTE }, draft).newest
    expect(journal(made)[0]).toBe(`debit ${account} 50.00`)
  })

  test('takes back its share of the discount of a line that cost nothing, piece by piece (J2)', () => {
    const free = goods('10', { quantity: '2', discount: gbp('20.00') })
    const scene = invoice(
      [goods('30', { quantity: '2' }), free],
      {},
      booksWith({ discounts: 'gross' }),
    )
    const one = {
      lines: [
        { invoiceLine: 0, quantity: '1' },
        { invoiceLine: 1, quantity: '1' },
      ],
    }
    const first = note(scene, one)
    const discounts = (newest: readonly { data: object }[]) =>
      journal(newest[0] as Parameters<typeof journal>[0]).filter((line) => /discounts/.test(line))
    expect(discounts(first.newest)).toEqual(['credit discounts 10.00'])
    expect(discounts(note(first, one, SECOND_NOTE).newest)).toEqual(['credit discounts 10.00'])
  })

  test('names an invoice’s line twice, and takes both off its revenue', () => {
    const lines = [
      { invoiceLine: 0, quantity: '1' },
      { invoiceLine: 0, quantity: '2', unitPrice: '5' },
    ]
    const [made] = note(invoice([goods('10', { quantity: '3' })]), { lines }).newest
    expect(journal(made)[0]).toBe('debit sales 20.00')
  })
})

describe('a note that gave its quantity free to be invoiced again', () => {
  const voiding = { creditNoteId: NOTE, reason: 'A mistake' }
  const inUse = (scene: Partial<Scene>) => {
    const refused = refusal(decide(voidCreditNote, voiding, scene))
    return refused?.code === 'credit_note_in_use' ? refused.usedBy : refused
  }
  const twoLines = (quantity = '2') =>
    posted(orderInvoice(order([goods('10', { quantity }), goods('7')])))
  const returned = (more: object = {}, scene: Partial<Scene> = twoLines()) =>
    note(scene, { lines: [{ invoiceLine: 0, quantity: '1' }], invoiceableAgain: true, ...more })

  test.each<[string, () => Partial<Scene>, string[] | null]>([
    ['is voided while nobody invoiced it', () => returned(), null],
    ['is not once it was', () => orderInvoice(returned()), [SECOND_INVOICE]],
    [
      'is voided beside an invoice over what was left anyway, where it gave nothing free',
      () => {
        const part = { lines: [{ line: 0, quantity: '2' }] }
        const first = posted(orderInvoice(order([goods('10', { quantity: '3' })]), part))
        return orderInvoice(returned({ invoiceableAgain: false }, first))
      },
      null,
    ],
    [
      'is voided where it took back money alone',
      () => returned({ lines: undefined, amount: gbp('5.00') }),
      null,
    ],
    [
      'is voided beside an invoice over other lines of the order',
      () => {
        const part = { lines: [{ line: 0, quantity: '2' }] }
        const first = posted(
          orderInvoice(order([goods('10', { quantity: '2' }), goods('7')]), part),
        )
        return orderInvoice(returned({}, first), { lines: [{ line: 1, quantity: '1' }] })
      },
      null,
    ],
    [
      'is voided where its invoice was of no order',
      () => note(invoice(), { invoiceableAgain: true }),
      null,
    ],
    [
      'is voided where it was on no invoice',
      () => adHocNote(undefined, { invoiceableAgain: true }),
      null,
    ],
    [
      'counts a line that it names twice as often as it does',
      () =>
        orderInvoice(
          returned({
            lines: [
              { invoiceLine: 0, quantity: '1' },
              { invoiceLine: 0, quantity: '1' },
            ],
          }),
          { lines: [{ line: 0, quantity: '1' }] },
        ),
      [SECOND_INVOICE],
    ],
  ])('%s', (_what, scene, usedBy) => {
    expect(inUse(scene())).toEqual(usedBy)
  })
})

describe('the party of a credit and of an invoice', () => {
  const books = testBooks({ mergedInto: new Map([['b', 'a']]) })
  test.each([
    ['a', 'a', true],
    ['a', 'b', true],
    ['b', 'a', true],
    ['a', 'c', false],
    ['a', null, false],
    [null, 'a', false],
    [null, null, true],
  ])('%s and %s: one is %s', (party, other, isOne) => {
    expect(isOneParty(books, party, other)).toBe(isOne)
  })

  test.each<[string, object, object, object | null]>([
    ['nobody’s, on nobody’s invoice', {}, {}, null],
    [
      'nobody’s, on somebody’s invoice',
      {},
      { party: SUPPLIER },
      { code: 'allocation_without_party', document: NOTE },
    ],
    [
      'somebody’s, on nobody’s invoice',
      { party: SUPPLIER },
      {},
      { code: 'allocation_across_parties', creditParty: SUPPLIER, invoiceParty: null },
    ],
    ['somebody’s, on their invoice', { party: SUPPLIER }, { party: SUPPLIER }, null],
  ])('within one sale: %s', (_what, credited, asked, refused) => {
    const change = (facts: readonly object[], party: object) =>
      facts.map((fact) => {
        const { data } = fact as { data: object }
        return { ...fact, data: 'party' in data ? { ...data, ...party } : data }
      })
    const none = { party: null }
    const credit = change(adHocNote([goods('50')]).facts, { ...none, ...credited })
    const owing = change(invoice([goods('60')]).facts, { ...none, ...asked })
    const scene = { facts: [...credit, ...owing] } as unknown as Partial<Scene>
    const request = { documentId: NOTE, invoiceId: INVOICE }
    expect(refusal(decide(allocateCredit, request, scene))).toEqual(refused)
  })
})

describe('an allocation released', () => {
  test('of a supplier’s credit: the bill is due again, and the credit whole', () => {
    const ahead = after(registerPayment, {
      party: SUPPLIER,
      direction: 'in',
      ...cash('50.00'),
    })
    const owing = bill([goods('60')], {}, ahead)
    const request = { documentId: PREPAYMENT, invoiceId: INVOICE }
    const releasing = {
      invoiceId: INVOICE,
      allocationId: `${FOLIO_ID}-al1`,
      reason: 'Wrong bill',
    }
    const released = after(releaseCredit, releasing, after(allocateCredit, request, owing))
    const invoiced = folioOf(released.facts).invoices.get(INVOICE)
    expect(invoiced).toMatchObject({ due: gbp('60.00'), allocated: gbp('0.00') })
    expect(released.newest[0]).toMatchObject({
      type: 'AllocationReversed',
      data: { invoiceNumber: expect.stringMatching(/^BILL\//) as string, amount: gbp('50.00') },
    })
    expect(refusal(decide(allocateCredit, request, released))).toBeNull()
  })
})

test('a prepayment alone says in which books its folio is', () => {
  const { PrepaymentRegistered } = SAMPLE_FACTS
  expect(folioOf([PrepaymentRegistered]).openedIn).toBe(PrepaymentRegistered.data.entry.books)
})
