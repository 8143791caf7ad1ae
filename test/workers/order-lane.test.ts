/** The lane of an order where the store, a person or the machine does something odd: nothing is sent twice, nothing stays hidden. */
import { describe, expect, test } from 'vitest'
import { refundOrderOnPlatform } from '../../commands/platform/refund-order-on-platform.js'
import { dismissSync } from '../../commands/platform/dismiss-sync.js'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { retrySync } from '../../commands/platform/retry-sync.js'
import type { PlatformRefund, RefundRequest, SendOptions } from '../../src/platforms/platform.js'
import { sentOf } from '../../src/platforms/bigcommerce/answers.js'
import { markerOf, taskIn } from '../../src/workers/refund-marker.js'
import { after, FOLIO_ID } from '../support/decider-spec.js'
import { gbp } from '../commands/scenes.js'
import { credited, NOTE, requested, TASK } from '../commands/store-scenes.js'
import { laneOver } from './order-lane.js'

const QUOTE = {
  total: gbp('60.00'),
  tax: gbp('10.00'),
  methods: [[{ provider: 'stripe', description: '', amount: gbp('60.00'), isOffline: false }]],
}
const quoteRefund = () => Promise.resolve({ outcome: 'read', value: QUOTE } as const)

/** A store that makes every refund, and whose answers never come. */
function forgetful() {
  const made: PlatformRefund[] = []
  const refund = (asked: RefundRequest, { mayLeave }: SendOptions) => {
    if (!mayLeave()) return Promise.resolve({ outcome: 'not_sent', detail: '' } as const)
    made.push({
      refund: `${500 + made.length}`,
      order: asked.order,
      createdAt: '2026-11-22T12:00:00.000Z',
      reasons: [asked.reason],
      total: gbp('60.00'),
      tax: gbp('10.00'),
      items: [{ kind: 'item', platformLine: '11', quantity: 1, amount: null }],
      payments: [
        {
          provider: 'stripe',
          description: '',
          amount: gbp('60.00'),
          isOffline: false,
          isDeclined: false,
          declinedMessage: null,
        },
      ],
    })
    return Promise.resolve({ outcome: 'unknown', status: null, detail: 'lost' } as const)
  }
  const refunds = () => Promise.resolve({ outcome: 'read', value: made } as const)
  return { made, store: { quoteRefund, refund, refunds } }
}

describe('the marker', () => {
  const OTHER = `${FOLIO_ID}-t7`
  test('is the one that was put there last, whatever a person wrote before it', () => {
    expect(taskIn([`As ${markerOf(OTHER)} was ${markerOf(TASK)}`])).toBe(TASK)
  })
  test('a description that quotes another refund leads to no second refund', async () => {
    const { made, store } = forgetful()
    const description = `Second half, see ${markerOf(OTHER)}`
    const scene = after(refundOrderOnPlatform, { creditNoteId: NOTE, description }, credited())
    const lane = laneOver(scene, store)
    for (let nth = 0; nth < 6; nth += 1) {
      await lane.sync()
      lane.advance(200_000)
    }
    expect(made).toHaveLength(1)
    expect(lane.task()?.state.at).toBe('done')
  })
})

test('what the store has under our marker, unlike what was asked for, is not sent once more by a retry', async () => {
  const { made, store } = forgetful()
  const lane = laneOver(requested(), {
    ...store,
    // As it reckons: two pieces at half the price.
    refunds: () =>
      Promise.resolve({
        outcome: 'read',
        value: made.map((one) => ({
          ...one,
          items: [{ kind: 'item', platformLine: '11', quantity: 2, amount: null } as const],
        })),
      }),
  })
  await lane.sync()
  lane.advance(200_000)
  // This process first hears of the attempt now.
  await lane.sync()
  lane.advance(200_000)
  await lane.sync()
  expect(lane.task()?.state.at).toBe('person')
  const again = laneOver(after(retrySync, { taskId: TASK, reason: 'Try' }, lane.scene()), {
    ...store,
    refunds: () =>
      Promise.resolve({
        outcome: 'read',
        value: made.map((one) => ({ ...one, items: [] })),
      }),
  })
  again.advance(1_000_000)
  await again.sync()
  expect(made).toHaveLength(1)
  expect(again.task()?.state.at).toBe('person')
})

test('let go unseen and asked for anew, what the store has of the first is not sent twice', async () => {
  const { made, store } = forgetful()
  const lane = laneOver(requested(), store)
  await lane.sync()
  const uncertain = after(
    recordPlatformAnswer,
    { taskId: TASK, attempt: 1, answer: 'failed', setback: 'uncertain', candidates: ['9'] },
    lane.scene(),
  )
  const gone = after(dismissSync, { taskId: TASK, reason: 'x' }, uncertain)
  const anew = after(refundOrderOnPlatform, { creditNoteId: NOTE, description: 'Again' }, gone)
  const again = laneOver(anew, store)
  await again.sync()
  expect(made).toHaveLength(1)
  expect(again.task(`${FOLIO_ID}-t2`)?.state).toMatchObject({
    at: 'person',
    failure: { setback: 'uncertain', candidates: ['500'] },
  })
})

test('a machine that slept between the attempt and its first byte sends nothing', async () => {
  const { made, store } = forgetful()
  const lane = laneOver(requested(), {
    ...store,
    refund: (asked: RefundRequest, options: SendOptions) => {
      // Suspended: the clock that only grows stands still meanwhile.
      lane.at.wallMs += 3_600_000
      return store.refund(asked, options)
    },
  })
  await lane.sync()
  expect(made).toHaveLength(0)
})

describe('what would go on for ever is shown to a person', () => {
  const until = async (lane: ReturnType<typeof laneOver>, at: string, hours = 24) => {
    const errors: string[] = []
    for (let nth = 0; nth < hours * 12; nth += 1) {
      await lane.sync().catch((error: unknown) => errors.push(String(error)))
      if (lane.task()?.state.at === at) break
      lane.advance(300_000)
    }
    return { at: lane.task()?.state.at, errors: errors.length }
  }

  test.each([
    ['without credentials', null],
    [
      'an order that the store has no more',
      { outcome: 'failed', reason: 'not_found', status: 404, detail: '', retryAfterMs: null },
    ],
    [
      'a list that is not understood',
      { outcome: 'failed', reason: 'not_understood', status: 200, detail: '', retryAfterMs: null },
    ],
  ])('unknown, %s', async (_what, answer) => {
    const { store } = forgetful()
    const lane = laneOver(requested(), store)
    await lane.sync()
    expect(lane.task()?.state.at).toBe('unknown')
    const blind = answer === null ? null : { ...store, refunds: () => Promise.resolve(answer) }
    const on = laneOver(lane.scene(), blind as never)
    expect((await until(on, 'person')).at).toBe('person')
  })

  test.each([
    ['no payments', []],
    [
      'more payments than the ledger takes',
      Array.from({ length: 21 }, () => ({
        provider: 'stripe',
        description: '',
        amount: gbp('1.00'),
        isOffline: false,
      })),
    ],
    [
      'a provider of 150 letters',
      [{ provider: 'x'.repeat(150), description: '', amount: gbp('60.00'), isOffline: false }],
    ],
  ])('a way to pay of %s', async (_what, method) => {
    const scene = after(
      refundOrderOnPlatform,
      { creditNoteId: NOTE, description: 'x', ...(method.length === 1 ? {} : {}) },
      credited(),
    )
    const lane = laneOver(scene, {
      quoteRefund: () =>
        Promise.resolve({ outcome: 'read', value: { ...QUOTE, methods: [method] } } as never),
    })
    const end = await until(lane, 'refused')
    expect(end).toEqual({ at: 'refused', errors: 0 })
  })

  test('our own refund, of which the store names no payments', async () => {
    const { made, store } = forgetful()
    const lane = laneOver(requested(), {
      ...store,
      refunds: () =>
        Promise.resolve({ outcome: 'read', value: made.map((one) => ({ ...one, payments: [] })) }),
    })
    const end = await until(lane, 'person')
    expect(end).toEqual({ at: 'person', errors: 0 })
    expect(made).toHaveLength(1)
  })
})

describe('a time to come back at', () => {
  /** As the adapter reads it off an answer. */
  const limited = (after: string) =>
    sentOf(
      {
        outcome: 'answered',
        status: 429,
        headers: { 'x-retry-after': after },
        body: '',
        unread: '',
      },
      () => null as never,
      (words) => words,
    )
  test.each(['315360000', '99999999999999'])(
    '%s seconds from now is not believed',
    async (text) => {
      const lane = laneOver(requested(), {
        quoteRefund,
        refund: () => Promise.resolve(limited(text)),
      })
      await lane.sync()
      const state = lane.task()?.state
      expect(state).toMatchObject({ at: 'due' })
      const notBefore = state?.at === 'due' ? Date.parse(state.notBefore ?? '') : Infinity
      expect(notBefore - lane.at.wallMs).toBeLessThanOrEqual(24 * 3_600_000)
    },
  )
})

test('a task that waits holds no other of its order up', async () => {
  const lane = laneOver(requested(), {
    quoteRefund: () =>
      Promise.resolve({
        outcome: 'failed',
        ...{ reason: 'unavailable', status: 503, detail: '', retryAfterMs: 3_600_000 },
      } as const),
  })
  // The worker does not look at the order before that, whatever is asked for meanwhile.
  const { lookAgainInMs } = await lane.sync()
  expect(lookAgainInMs).toBeLessThanOrEqual(1_000)
})
