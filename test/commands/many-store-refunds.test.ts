/** What one append does not hold of an order's refunds. */
import { expect, test } from 'vitest'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { after, folioOf, type Scene } from '../support/decider-spec.js'
import { imported } from './imported-orders.js'
import { gbp, item, ORDER } from './scenes.js'
import { booksWithGateway, invoiced, storeOf, storeRefund } from './store-scenes.js'

const lines = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    item('10', { description: `${index} ${'x'.repeat(450)}`, platformLine: `${index + 1}` }),
  )
const refunds = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    storeRefund({
      platformRefundId: `${501 + index}`,
      marker: null,
      amount: gbp(`${20 + index}.00`),
      tax: gbp('0.00'),
      payments: [
        {
          provider: 'stripe',
          amount: gbp(`${20 + index}.00`),
          isOffline: false,
          isDeclined: false,
        },
      ],
    }),
  )
const scene = (count: number) =>
  invoiced(
    imported(
      lines(count),
      { paymentStatus: 'captured' },
      { books: booksWithGateway(), instance: storeOf() },
    ),
  )
const pull = (given: Partial<Scene>, count: number) =>
  after(recordPlatformRefunds, { orderId: ORDER, refunds: refunds(count) }, given)

test.each([
  ['of many notes', 100, 10],
  ['of a note that is too large itself', 600, 3],
])('all are seen, whatever there is no room for: %s', (_what, count, refunded) => {
  const { facts } = pull(scene(count), refunded)
  expect(folioOf(facts).platformRefunds.size).toBe(refunded)
})

test('what was seen only is recorded with the next pulls', () => {
  let given: ReturnType<typeof pull> = pull(scene(100), 10)
  for (let pulls = 0; pulls < 3; pulls += 1) given = pull(given, 10)
  const held = [...folioOf(given.facts).platformRefunds.values()].map((refund) => refund.held)
  expect(held).toEqual(Array(10).fill(null))
})
