/** L12 over a whole folio, figure by figure: what counts as money that came in, and what as given back. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { applyAllocation } from '../../commands/credit/apply-allocation.js'
import { concludeAllocation } from '../../commands/credit/conclude-allocation.js'
import { declineRefund } from '../../commands/credit/decline-refund.js'
import { moneyExceeded, moneyLeftIn } from '../../commands/credit/money-in-folio.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { releaseCredit } from '../../commands/credit/release-credit.js'
import { returnCredit } from '../../commands/credit/return-credit.js'
import { postOpeningBalances } from '../../commands/books/post-opening-balances.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import type { AllocatedCredit } from '../../src/events/allocation-events.js'
import { after, decide, FOLIO_ID, folioOf, type Scene } from '../support/decider-spec.js'
import { OTHER_INVOICE, otherFolio, PARTY } from './allocation-scenes.js'
import {
  adHocNote,
  bill,
  booksWith,
  eur,
  gbp,
  INVOICE,
  invoice,
  item,
  NOTE,
  note,
  order,
  orderInvoice,
  OTHER_FOLIO,
  paid,
  PAYMENT,
  posted,
  prepaid,
  PREPAYMENT,
  SUPPLIER,
  ZERO,
} from './scenes.js'

const left = ({ facts = [] }: Partial<Scene>, direction: 'out' | 'in' = 'out', currency = 'GBP') =>
  moneyLeftIn(folioOf(facts), { direction, currency }).amount

const ALLOCATION = `${FOLIO_ID}-al1`
const clerk = {
  principal: 'clerk',
  role: 'operator',
  ...booksWith({ refundThresholds: [{ role: 'operator', threshold: gbp('0.00') }] }),
}
/** Without what the caller is told: that is for the invoice's folio to say. */
const reserving = { ...allocateCredit, output: z.null(), answer: () => null }
const reserved = (given: Partial<Scene>) =>
  after(
    reserving,
    { documentId: NOTE, invoiceId: OTHER_INVOICE, amount: gbp('30.00') },
    { ...given, other: otherFolio(invoice(goods('500'), { party: PARTY }).facts) },
  )
const goods = (price: string) => [item(price, { tax: ZERO })]

/** As another folio reserved it. */
const arriving = (more: Partial<AllocatedCredit> = {}): AllocatedCredit => ({
  allocationId: `${OTHER_FOLIO}-al1`,
  documentId: `${OTHER_FOLIO}-c1`,
  documentKind: 'credit_note',
  documentNumber: 'RINV/2026/00009',
  direction: 'out',
  party: PARTY,
  books: 'main',
  amount: gbp('40.00'),
  booksAmount: gbp('40.00'),
  remaining: gbp('0.00'),
  ...more,
})
const arrived = (given: Partial<Scene>, more: Partial<AllocatedCredit> = {}) =>
  after(applyAllocation, { credit: arriving(more), invoiceId: INVOICE, date: '2026-11-22' }, given)

describe('money that came in', () => {
  test.each<[string, () => Partial<Scene>, 'out' | 'in', string]>([
    ['what an invoice was paid with', () => paid(invoice(), '100.00'), 'out', '100.00'],
    ['what came beyond the invoice', () => paid(invoice(), '150.00'), 'out', '150.00'],
    ['what came ahead of it', () => prepaid(order([item('100')]), '50.00'), 'out', '50.00'],
    ['of a bill what went out to the supplier', () => paid(bill(), '100.00'), 'in', '100.00'],
    ['for customers nothing that went to a supplier', () => paid(bill(), '100.00'), 'out', '0.00'],
    [
      'no store credit, which goes back to where it came from (J23)',
      () => paid(invoice(), '100.00', { account: 'store-credit' }),
      'out',
      '0.00',
    ],
    [
      'no payment that bounced',
      () =>
        after(reversePayment, { paymentId: PAYMENT, reason: 'Bounced' }, paid(invoice(), '100.00')),
      'out',
      '0.00',
    ],
    [
      'a credit of another sale that settled an invoice here',
      () => arrived(owing()),
      'out',
      '40.00',
    ],
    [
      'and nothing of it once it was taken back',
      () =>
        after(
          releaseCredit,
          { invoiceId: INVOICE, allocationId: `${OTHER_FOLIO}-al1`, reason: 'Wrong' },
          arrived(owing()),
        ),
      'out',
      '0.00',
    ],
    [
      'of a supplier’s credit from elsewhere what it settled of the bill',
      () =>
        arrived(bill(goods('100'), { party: PARTY }), {
          direction: 'in',
          documentKind: 'prepayment',
        }),
      'in',
      '40.00',
    ],
    [
      'for customers nothing of a supplier’s credit',
      () => arrived(bill(goods('100'), { party: PARTY }), { direction: 'in' }),
      'out',
      '0.00',
    ],
    [
      'nothing twice: a prepayment that settled an invoice here came in once',
      () => posted(orderInvoice(prepaid(order(goods('100')), '50.00'))),
      'out',
      '50.00',
    ],
  ])('is %s', (_what, scene, direction, figure) => {
    expect(left(scene(), direction)).toBe(figure)
  })

  test('counts by currency', () => {
    const scene = paid(invoice(undefined, { currency: 'EUR', exchangeRate: '0.9' }), '0', {
      amount: eur('120.00'),
      exchangeRate: '0.9',
    })
    expect([left(scene, 'out', 'EUR'), left(scene, 'out', 'GBP')]).toEqual(['120.00', '0.00'])
  })

  test('is a prepayment that was there when the books were taken over, in its own direction', () => {
    const opening = (direction: string) =>
      after(postOpeningBalances, {
        date: '2026-01-01',
        items: [
          {
            kind: 'prepayment',
            number: 'PRE/2025/1',
            documentDate: '2025-12-12',
            amount: gbp('70.00'),
            direction,
            party: SUPPLIER,
          },
        ],
      })
    const figures = (['out', 'in'] as const).map((own) =>
      (['out', 'in'] as const).map((direction) => left(opening(own), direction)),
    )
    expect(figures).toEqual([
      ['70.00', '0.00'],
      ['0.00', '70.00'],
    ])
  })
})

function owing() {
  return invoice(goods('100'), { party: PARTY })
}

describe('money given back', () => {
  const credited = () => note(paid(invoice(goods('100'), { party: PARTY }), '100.00'))
  const granted = () => adHocNote(goods('100'), { party: PARTY })
  const refunded = (scene: Partial<Scene>, amount = '30.00', documentId = NOTE) =>
    after(refundCredit, { documentId, amount: gbp(amount), account: 'bank' }, scene)
  const waits = (scene: Partial<Scene>) => refunded({ ...scene, ...clerk })

  test.each<[string, () => Partial<Scene>, string]>([
    ['what was refunded of a note on an invoice', () => refunded(credited()), '70.00'],
    [
      'what was refunded of a prepayment',
      () => refunded(prepaid(order(goods('100')), '50.00'), '20.00', PREPAYMENT),
      '30.00',
    ],
    ['nothing of an ad-hoc note, which gives what nobody paid', () => refunded(granted()), '0.00'],
    ['what waits for approval', () => waits(credited()), '70.00'],
    ['nothing of an ad-hoc note that waits', () => waits(granted()), '0.00'],
    [
      'and nothing any more once it was declined',
      () =>
        after(
          declineRefund,
          { approvalId: `${FOLIO_ID}-ap1`, reason: 'No' },
          { ...waits(credited()), principal: 'chief', role: 'approver' },
        ),
      '100.00',
    ],
    ['what is reserved for the invoice of another sale', () => reserved(credited()), '70.00'],
    ['what settled it', () => after(concludeAllocation, concluding, reserved(credited())), '70.00'],
    [
      'nothing of what came back from there',
      () =>
        after(
          returnCredit,
          { allocationId: ALLOCATION, documentId: NOTE, cause: 'refused' },
          reserved(credited()),
        ),
      '100.00',
    ],
    [
      'nothing of an ad-hoc note that settles an invoice elsewhere',
      () => after(concludeAllocation, concluding, reserved(granted())),
      '0.00',
    ],
  ])('is %s', (_what, scene, figure) => {
    expect(left(scene())).toBe(figure)
  })

  test('of a supplier’s note comes in, and counts for suppliers alone', () => {
    const scene = refunded(note(paid(bill(goods('100')), '100.00')))
    expect([left(scene, 'in'), left(scene, 'out')]).toEqual(['70.00', '0.00'])
    const waiting = waits(note(paid(bill(goods('100')), '100.00')))
    expect([left(waiting, 'in'), left(waiting, 'out')]).toEqual(['70.00', '0.00'])
  })

  test('binds notes on invoices and advances to the unit, and no ad-hoc note', () => {
    const exceeded = (scene: Partial<Scene>, amount: string) =>
      moneyExceeded(folioOf(scene.facts ?? []), { documentId: NOTE, direction: 'out' }, gbp(amount))
    expect(exceeded(refunded(credited()), '70.00')).toBeNull()
    expect(exceeded(refunded(credited()), '70.01')).toEqual(gbp('70.00'))
    expect(exceeded(granted(), '70.01')).toBeNull()
    expect(exceeded(paid(invoice(), '10.00'), '10.01')).toEqual(gbp('10.00'))
  })
})

const concluding = { allocationId: ALLOCATION, documentId: NOTE, number: 'JRN/2026/00009' }

describe('a step that another folio asks for', () => {
  const appended = (decided: ReturnType<typeof decide>) =>
    'refusal' in decided ? decided.refusal : decided.facts.map(({ type }) => type)

  test('applies a reservation once, whatever it is asked again', () => {
    const once = arrived(owing())
    expect(once.newest.map(({ type }) => type)).toEqual(['AllocationApplied'])
    expect(arrived(once).newest).toEqual([])
  })

  test.each<[string, () => Partial<Scene>, Partial<AllocatedCredit>, string, string]>([
    ['is paid by now', () => paid(owing(), '100.00'), {}, '2026-11-22', 'invoice_not_due'],
    ['asks less by now', () => paid(owing(), '60.01'), {}, '2026-11-22', 'allocation_exceeds_due'],
    ['is of somebody else', owing, { party: SUPPLIER }, '2026-11-22', 'allocation_across_parties'],
    ['is in other books', owing, { books: 'second' }, '2026-11-22', 'allocation_across_books'],
    [
      'is of the other direction',
      owing,
      { direction: 'in' },
      '2026-11-22',
      'allocation_across_directions',
    ],
    ['is in another currency', owing, { amount: eur('40.00') }, '2026-11-22', 'currency_differs'],
    ['was posted later', owing, {}, '2026-11-09', 'allocation_before_document'],
  ])('is refused for good where the invoice %s', (_what, scene, more, date, code) => {
    const asked = { credit: arriving(more), invoiceId: INVOICE, date }
    const [refused, ...others] = after(applyAllocation, asked, scene()).newest
    expect([refused?.type, others]).toEqual(['AllocationRefused', []])
    expect(refused?.data).toMatchObject({ code, invoiceId: INVOICE })
  })

  test('concludes and releases what is reserved, and nothing else', () => {
    const scene = reserved(adHocNote(goods('100'), { party: PARTY }))
    const back = { allocationId: ALLOCATION, documentId: NOTE, cause: 'reversed' }
    const done = after(concludeAllocation, concluding, scene)
    const released = after(returnCredit, back, done)
    expect([
      appended(decide(concludeAllocation, concluding, adHocNote())),
      appended(decide(returnCredit, back, adHocNote())),
      appended(decide(concludeAllocation, concluding, scene)),
      appended(decide(concludeAllocation, concluding, done)),
      appended(decide(returnCredit, back, scene)),
      appended(decide(returnCredit, back, done)),
      appended(decide(returnCredit, back, released)),
      appended(decide(concludeAllocation, concluding, released)),
    ]).toEqual([
      [],
      [],
      ['AllocationConcluded'],
      [],
      ['AllocationReleased'],
      ['AllocationReleased'],
      [],
      [],
    ])
  })
})
