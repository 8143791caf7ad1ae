/** P1 as a full truth table, what starts a capture by itself (P3), and what withdraws it. */
import { describe, expect, test } from 'vitest'
import { markOrderPaid } from '../../commands/platform/mark-order-paid.js'
import {
  CAPTURE_OBSTACLES,
  type CaptureObstacle,
  captureObstacles,
} from '../../commands/platform/capture-conditions.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { RegisteredInstance } from '../../src/aggregates/instance.js'
import { after, decide, folioOf, type Scene } from '../support/decider-spec.js'
import { workflow } from './imported-orders.js'
import { gbp, INVOICE, ORDER, PAYMENT } from './scenes.js'
import { credited, importedOrder, invoiced, NOTE, storeOf } from './store-scenes.js'

const ON = { markOrdersPaid: true, workflows: [workflow({ until: 'order' })] }
const OFFLINE = {
  paymentStatus: '',
  status: 'Awaiting Payment',
  gateway: 'bankdeposit',
  payments: [],
}
const open = (settings: object = ON, more: object = {}) =>
  invoiced(importedOrder({ ...OFFLINE, ...more }, settings))
const paid = (scene: Partial<Scene> = open(), amount = '132.00') =>
  after(registerPayment, { invoiceId: INVOICE, account: 'bank', amount: gbp(amount) }, scene)
const typesOf = ({ newest }: { newest: readonly { type: string }[] }) =>
  newest.map(({ type }) => type)

type State = Readonly<{ folio: Folio; instance: RegisteredInstance }>
/** Each brings one obstacle, and no other. */
const BROKEN: Readonly<
  Record<Exclude<CaptureObstacle, 'order_not_on_platform'>, (state: State) => State>
> = {
  mark_paid_is_off: (state) => withInstance(state, { markOrdersPaid: false }),
  not_fully_invoiced: (state) =>
    withOrder(state, ({ lines }) => ({ lines: [...lines, { ...lines[0]!, quantity: '1' }] })),
  invoices_not_paid: ({ folio, instance }) => ({
    folio: {
      ...folio,
      invoices: new Map(
        [...folio.invoices].map(([id, one]) => [id, { ...one, due: gbp('0.01') } as typeof one]),
      ),
    },
    instance,
  }),
  no_invoice: ({ folio, instance }) => ({
    folio: {
      ...folio,
      invoices: new Map([...folio.invoices].map(([id, one]) => [id, reversed(one)])),
    },
    instance,
  }),
  payment_status_unknown: (state) => withOrder(state, () => ({ paymentStatus: 'half captured' })),
  payment_status_closed: (state) => withOrder(state, () => ({ paymentStatus: 'captured' })),
  order_closed: (state) => withOrder(state, () => ({ status: 'cancelled' as const })),
  gateway_captures_itself: (state) =>
    withInstance(state, { workflows: [workflow({ until: 'order', capturesItself: true })] }),
}
/** Two of them are about the same thing, so that one hides the other. */
const HIDES: Readonly<Record<string, readonly string[]>> = {
  // Every invoice that is not reversed is paid where there is none.
  no_invoice: ['invoices_not_paid'],
  // What of a cancelled order is not invoiced was cancelled with it.
  order_closed: ['not_fully_invoiced'],
  // The later word takes the place of the earlier.
  payment_status_closed: ['payment_status_unknown'],
}

describe('P1', () => {
  const names = Object.keys(BROKEN) as (keyof typeof BROKEN)[]
  const good: State = {
    folio: folioOf(paid(open({ ...ON, markOrdersPaid: false })).facts),
    instance: storeOf(ON),
  }

  test(`each of ${2 ** names.length} combinations names exactly what is against it; only one of them nothing`, () => {
    let offered = 0
    for (let bits = 0; bits < 2 ** names.length; bits += 1) {
      const failing = names.filter((_, index) => (bits & (2 ** index)) !== 0)
      const state = failing.reduce((broken, name) => BROKEN[name](broken), good)
      const expected = failing.filter(
        (name) => !failing.some((other) => HIDES[other]?.includes(name)),
      )
      const obstacles = captureObstacles(state)
      expect([...obstacles].sort(), failing.join(' and ')).toEqual([...expected].sort())
      if (obstacles.length === 0) offered += 1
    }
    expect(offered).toBe(1)
  })

  test('an order that no platform has is refused for that alone', () => {
    const folio = {
      ...good.folio,
      order: { ...good.folio.order, platform: null } as Folio['order'],
    }
    expect(captureObstacles({ ...good, folio })).toEqual(['order_not_on_platform'])
    expect([...CAPTURE_OBSTACLES].sort()).toEqual([...names, 'order_not_on_platform'].sort())
  })

  test.each(['', 'pending', 'held for review', 'authorized', 'void', 'void pending', 'declined'])(
    'payment status %j is open',
    (paymentStatus) => {
      expect(captureObstacles(withOrder(good, () => ({ paymentStatus })))).toEqual([])
    },
  )

  test.each(['captured', 'paid', 'capture pending', 'refunded', 'partially refunded'])(
    'payment status %j is closed',
    (paymentStatus) => {
      expect(captureObstacles(withOrder(good, () => ({ paymentStatus })))).toEqual([
        'payment_status_closed',
      ])
    },
  )

  test.each(['Cancelled', 'Declined', 'Disputed', 'Incomplete'])(
    'a store order that is %s is closed',
    (status) => {
      const state = withOrder(good, ({ platform }) => ({ platform: { ...platform!, status } }))
      expect(captureObstacles(state)).toEqual(['order_closed'])
    },
  )

  test.each([
    ['stripe', true],
    ['paypalexpress', true],
    ['authorizenet', true],
    ['bankdeposit', false],
    ['cod', false],
  ])('without a workflow, %s captures itself: %s', (gateway, capturesItself) => {
    const state = withInstance(
      withOrder(good, () => ({ gateway })),
      { workflows: [] },
    )
    expect(captureObstacles(state)).toEqual(capturesItself ? ['gateway_captures_itself'] : [])
  })

  test('the command answers with every condition that failed', () => {
    const scene = open({ ...ON, markOrdersPaid: false })
    expect(decide(markOrderPaid, { orderId: ORDER }, scene)).toEqual({
      refusal: {
        code: 'order_not_markable_as_paid',
        order: ORDER,
        obstacles: ['mark_paid_is_off', 'invoices_not_paid'],
      },
    })
  })
})

describe('P3: by itself, in the append of what completes the order', () => {
  test('the last payment starts it; a part of it does not', () => {
    const part = paid(open(), '100.00')
    expect(typesOf(part)).toEqual(['PaymentRegistered'])
    const whole = paid(part, '32.00')
    expect(typesOf(whole)).toEqual(['PaymentRegistered', 'CaptureRequested'])
    expect(whole.newest[1]?.data).toMatchObject({ cause: 'completed', received: gbp('132.00') })
  })

  test('once per order: asked by hand, or completed again, there is no second', () => {
    expect(decide(markOrderPaid, { orderId: ORDER }, paid())).toMatchObject({
      refusal: { obstacles: ['capture_under_way'] },
    })
  })

  test('whatever makes it untrue before it is sent withdraws it, and it starts anew when true again', () => {
    const bounced = after(reversePayment, { paymentId: PAYMENT, reason: 'Bounced' }, paid())
    expect(typesOf(bounced)).toEqual(['PaymentReversed', 'SyncTaskWithdrawn'])
    expect(typesOf(paid(bounced))).toEqual(['PaymentRegistered', 'CaptureRequested'])
    const cancelled = after(cancelOrder, { orderId: ORDER, reason: 'Not wanted' }, paid())
    expect(typesOf(cancelled)).toContain('SyncTaskWithdrawn')
  })

  test('with the setting off nothing starts', () => {
    expect(typesOf(paid(open({ ...ON, markOrdersPaid: false })))).toEqual(['PaymentRegistered'])
  })
})

describe('P4', () => {
  const credits = (until: 'order' | 'registered_payment') => {
    const settings = { ...ON, workflows: [workflow({ until, account: 'bank', when: 'shipped' })] }
    // A note over one piece settles 60.00 of the invoice; 72.00 are paid.
    const noted = credited(open(settings))
    expect(folioOf(noted.facts).creditNotes.get(NOTE)).toMatchObject({ settled: gbp('60.00') })
    return paid(noted, '72.00')
  }

  test('where the workflow ends otherwise, credits that settle the invoice count', () => {
    expect(typesOf(credits('order'))).toContain('CaptureRequested')
  })

  test('where it ends with the payment, only registered payments count', () => {
    expect(typesOf(credits('registered_payment'))).toEqual(['PaymentRegistered'])
  })
})

function withInstance({ folio, instance }: State, change: object): State {
  return { folio, instance: { ...instance, ...change } }
}

type Order = Exclude<Folio['order'], { status: 'absent' }>

function withOrder({ folio, instance }: State, change: (order: Order) => Partial<Order>): State {
  const { order } = folio
  if (order.status === 'absent') throw new Error('There is an order.')
  return { folio: { ...folio, order: { ...order, ...change(order) } }, instance }
}

function reversed(invoice: Folio['invoices'] extends ReadonlyMap<string, infer I> ? I : never) {
  if (invoice.status !== 'posted') return invoice
  return { ...invoice, due: gbp('0.00'), settled: invoice.content.totals.gross }
}
