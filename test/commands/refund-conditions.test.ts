/** B1 as a full truth table: the refund is offered exactly when every condition holds, and each "no" names one that fails. */
import { expect, test } from 'vitest'
import { refundableNote } from '../../commands/platform/refund-conditions.js'
import type { RefusalCode } from '../../commands/refusal.js'
import type { Folio } from '../../src/aggregates/folio.js'
import { minus, zero } from '../../src/money/money.js'
import { folioOf } from '../support/decider-spec.js'
import { gbp } from './scenes.js'
import { credited, NOTE, storeOf } from './store-scenes.js'

/** A posted note over 60.00 of a captured order of 132.00. */
const GOOD = folioOf(credited().facts)

type Break = Readonly<{ code: RefusalCode; broken: (folio: Folio) => Folio }>

/** Each takes one condition away, and no other. */
const CONDITIONS: Readonly<Record<string, Break>> = {
  'it is posted': {
    code: 'document_not_posted',
    broken: (folio) => withNote(folio, (note) => ({ ...note, status: 'voided' })),
  },
  'linked to its original invoice': {
    code: 'credit_note_ad_hoc',
    broken: (folio) =>
      withNote(folio, (note) => ({ ...note, content: { ...note.content, invoice: null } })),
  },
  'tied to a single order': {
    code: 'credit_note_of_other_order',
    broken: (folio) =>
      withNote(folio, (note) => ({ ...note, content: { ...note.content, order: null } })),
  },
  'that order has a BigCommerce id': {
    code: 'order_not_on_platform',
    broken: (folio) => withOrder(folio, { platform: null }),
  },
  'no BigCommerce refund id is stored on it': {
    code: 'platform_refund_exists',
    broken: (folio) => withRefund(folio, '1', { documentId: NOTE, amount: gbp('0.00') }),
  },
  'the order is not fully refunded': {
    code: 'order_refunded_already',
    broken: (folio) => withRefund(folio, '2', { documentId: null, amount: gbp('132.00') }),
  },
  'something is left to give back': {
    code: 'nothing_left_to_refund',
    // All of it settled its own invoice: nothing is left, and nothing was given back.
    broken: (folio) =>
      withNote(folio, (note) => ({
        ...note,
        settled: minus(minus(note.content.totals.gross, note.refunded), note.allocated),
      })),
  },
  'something was captured at the store': {
    code: 'nothing_captured_at_store',
    broken: (folio) => withOrder(folio, { paymentStatus: 'authorized' }),
  },
  'its payment status is a known word': {
    code: 'payment_status_unknown',
    broken: (folio) => withOrder(folio, { paymentStatus: 'half captured' }),
  },
  'no chargeback is open': {
    code: 'chargeback_open',
    broken: (folio) => withStatus(folio, 'Disputed'),
  },
  'nothing of it waits for approval': {
    code: 'refund_waits_for_approval',
    broken: (folio) => ({
      ...folio,
      approvals: new Map([
        ['a', { status: 'waiting', request: { documentId: NOTE, approvalId: 'a' } } as never],
      ]),
    }),
  },
}
const NAMES = Object.keys(CONDITIONS)
const COMBINATIONS = 2 ** NAMES.length

test(`offered in 1 of ${COMBINATIONS} combinations without Force Refund, in 2 with it, each "no" named after one that fails`, () => {
  const offered = { without: 0, with: 0 }
  for (let bits = 0; bits < COMBINATIONS; bits += 1) {
    const failing = NAMES.filter((_, index) => (bits & (2 ** index)) !== 0)
    const broken = failing.map((name) => CONDITIONS[name] as Break)
    const folio = broken.reduce((state, condition) => condition.broken(state), GOOD)
    for (const forceRefund of [false, true]) {
      const result = refundableNote(NOTE, { folio: { ...folio, forceRefund }, instance: storeOf() })
      const standing = broken
        .map(({ code }) => code)
        .filter((code) => !(forceRefund && code === 'order_refunded_already'))
      if ('code' in result) {
        expect(standing, `${failing.join(' and ')} fail`).toContain(result.code)
      } else {
        expect(standing, `${failing.join(' and ')} fail, and it is offered`).toEqual([])
        offered[forceRefund ? 'with' : 'without'] += 1
      }
    }
  }
  expect(offered).toEqual({ without: 1, with: 2 })
})

test('money given back here that the store does not show counts as something left: it is only recorded', () => {
  const folio = withNote(GOOD, (note) => ({ ...note, refunded: gbp('60.00') }))
  expect(refundableNote(NOTE, { folio, instance: storeOf() })).toMatchObject({
    purpose: 'record',
    amount: gbp('60.00'),
  })
})

test('a store of another platform, or one that is not connected, is refused by name', () => {
  expect(refundableNote(NOTE, { folio: GOOD, instance: null })).toMatchObject({
    code: 'instance_not_registered',
  })
  const instance = { ...storeOf(), platform: 'magento2' as const }
  expect(refundableNote(NOTE, { folio: GOOD, instance })).toEqual({
    code: 'platform_refund_not_offered',
    platform: 'magento2',
  })
})

type Note = Extract<
  Folio['creditNotes'] extends ReadonlyMap<string, infer N> ? N : never,
  { settled: unknown }
>

function withNote(folio: Folio, change: (note: Note) => Note): Folio {
  const note = folio.creditNotes.get(NOTE)
  if (note === undefined || !('settled' in note)) throw new Error('The note is posted.')
  return { ...folio, creditNotes: new Map(folio.creditNotes).set(NOTE, change(note)) }
}

function withOrder(folio: Folio, change: object): Folio {
  return { ...folio, order: { ...folio.order, ...change } }
}

function withStatus(folio: Folio, status: string): Folio {
  const { order } = folio
  if (order.status === 'absent') throw new Error('There is an order.')
  return order.platform === null
    ? folio
    : withOrder(folio, { platform: { ...order.platform, status } })
}

function withRefund(
  folio: Folio,
  platformRefundId: string,
  { documentId, amount }: Readonly<{ documentId: string | null; amount: ReturnType<typeof gbp> }>,
): Folio {
  const none = zero('GBP')
  return {
    ...folio,
    platformRefunds: new Map(folio.platformRefunds).set(platformRefundId, {
      ...{ platformRefundId, createdAt: '', createdOn: '', amount, tax: none, payments: [] },
      ...{ held: null, documentId, online: none, storeCredit: none, entry: null },
    }),
  }
}
