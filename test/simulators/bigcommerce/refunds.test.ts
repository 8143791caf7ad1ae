import { expect, test } from 'vitest'
import { refundOne, scene, type Scene } from './scenes.js'

const refund = ({ call, v3 }: Scene, body: unknown) =>
  call('POST', `${v3}/payment_actions/refunds`, body)
const quote = ({ call, v3 }: Scene, items: readonly unknown[]) =>
  call('POST', `${v3}/payment_actions/refund_quotes`, { items })
const title = (answer: Awaited<ReturnType<typeof refund>>) => answer.body.data[0].title as string
const pay = (amount: number, provider_id = 'braintree', offline = false) => [
  { provider_id, amount, offline },
]

test('refund methods are lists of payments that go together', async () => {
  const made = await scene({
    products: [{ price: '119.35' }],
    shipping: '0',
    storeCredit: '39.00',
    payment: { gateway: 'bankdeposit', method: 'Bank Deposit' },
  })
  const item_id = made.order.base.products[0]?.id
  const { body } = await quote(made, [{ item_type: 'PRODUCT', item_id, quantity: 1 }])
  const methods = (body.data.refund_methods as { provider_id: string; amount: number }[][]).map(
    (method) => method.map(({ provider_id, amount }) => [provider_id, amount]),
  )
  expect(methods).toEqual([
    [['storecredit', 119.35]],
    [['custom', 119.35]],
    [
      ['bankdeposit', 80.35],
      ['storecredit', 39],
    ],
  ])
  expect(body.data.refund_methods[2][0]).toMatchObject({ offline: true, offline_provider: true })
})

test('a part goes back in the split that it was paid in', async () => {
  const made = await scene({
    products: [{ price: '50.00', quantity: 2 }],
    shipping: '0',
    storeCredit: '25',
  })
  const item_id = made.order.base.products[0]?.id
  const { body } = await quote(made, [{ item_type: 'PRODUCT', item_id, quantity: 1 }])
  expect(body.data.refund_methods.at(-1)).toMatchObject([
    { provider_id: 'braintree', amount: 37.5, offline: false },
    { provider_id: 'storecredit', amount: 12.5 },
  ])
})

test('tax comes from the lines, and parts of it add up to the whole', async () => {
  const made = await scene({ products: [{ price: '3.33', quantity: 3 }], shipping: '0' })
  const taxes: number[] = []
  for (let index = 0; index < 3; index += 1) {
    const { body } = await refund(made, refundOne(made, 3.33))
    taxes.push(body.data.total_tax as number)
  }
  const total = made.order.base.total
  expect(taxes.reduce((sum, tax) => sum + Math.round(tax * 100), 0)).toBe(total.tax)
  expect((await made.truth()).face.statusId).toBe(4)
})

test('wrapping, shipping, handling and fees go back with their tax, an order amount without', async () => {
  const made = await scene({
    prices: 'tax_excluded',
    products: [{ price: '10.00', quantity: 2, wrapping: '4.00' }],
    shipping: '5.00',
    handling: '2.00',
    fees: [{ cost: '3.00' }],
  })
  const { products, addresses, fees } = made.order.base
  const reckoned = async (item: object) => {
    const { data } = (await quote(made, [item])).body
    return [data.total_refund_amount, data.total_refund_tax_amount, data.order_level_refund_amount]
  }
  const address = addresses[0]?.id
  expect(
    await reckoned({ item_type: 'GIFT_WRAPPING', item_id: products[0]?.id, quantity: 1 }),
  ).toEqual([2.4, 0.4, 0])
  expect(await reckoned({ item_type: 'SHIPPING', item_id: address, amount: 5 })).toEqual([6, 1, 0])
  expect(await reckoned({ item_type: 'HANDLING', item_id: address, amount: 1 })).toEqual([
    1.2, 0.2, 0,
  ])
  expect(await reckoned({ item_type: 'FEE', item_id: fees[0]?.id, amount: 3 })).toEqual([
    3.6, 0.6, 0,
  ])
  expect(await reckoned({ item_type: 'ORDER', item_id: made.id, amount: 7 })).toEqual([7, 0, 7])
})

test.each([
  ['with_tax', { total_refund_amount: 10, tax_inclusive: true }],
  ['without_tax', { total_refund_amount: 8.33, tax_inclusive: false }],
  ['guide', { total_refund_amount: 10, is_tax_included: false }],
] as const)(
  'a quote may say its total %s; what is to be paid is the same',
  async (quoteTotals, said) => {
    const made = await scene({}, { quoteTotals })
    const item_id = made.order.base.products[0]?.id
    const { body } = await quote(made, [{ item_type: 'PRODUCT', item_id, quantity: 1 }])
    expect(body.data).toMatchObject({ ...said, total_refund_tax_amount: 1.67 })
    expect(body.data.refund_methods[0][0].amount).toBe(10)
  },
)

test('an adjustment lowers what goes back', async () => {
  const made = await scene()
  const item = { item_type: 'PRODUCT', item_id: made.order.base.products[0]?.id, quantity: 1 }
  const adjusted = { ...item, adjustments: [{ amount: -2.5, description: 'Restocking' }] }
  const { body } = await refund(made, { items: [adjusted], payments: pay(7.5) })
  expect(body.data).toMatchObject({
    total_amount: 7.5,
    items: [{ quantity: 1, adjustments: [{ amount: -2.5 }], requested_amount: null }],
  })
  const all = { ...item, adjustments: [{ amount: -10.01 }] }
  expect((await refund(made, { items: [all], payments: pay(1) })).status).toBe(422)
})

test('payments must come to what the quote says', async () => {
  const made = await scene()
  const answer = await refund(made, refundOne(made, 9.99))
  expect([answer.status, title(answer)]).toEqual([
    422,
    'The payments do not add up to the refund amount.',
  ])
})

test('no more goes back than is left', async () => {
  const made = await scene({ shipping: '5.00' })
  const item = { item_type: 'ORDER', item_id: made.id }
  const all = await refund(made, { items: [{ ...item, amount: 20 }], payments: pay(20) })
  expect(all.status).toBe(201)
  const over = await refund(made, { items: [{ ...item, amount: 5.01 }], payments: pay(5.01) })
  expect(title(over)).toBe('The refund amount is greater than the remaining amount.')
  // A quote says what is possible, and by how much less it is.
  const { body } = await quote(made, [{ ...item, amount: 8 }])
  expect(body.data).toMatchObject({ total_refund_amount: 5, adjustment: -3 })
  await refund(made, { items: [{ ...item, amount: 5 }], payments: pay(5) })
  expect((await quote(made, [{ ...item, amount: 1 }])).status).toBe(422)
})

test('no more of a line goes back than there is', async () => {
  const made = await scene()
  const { products, addresses } = made.order.base
  const product = { item_type: 'PRODUCT', item_id: products[0]?.id }
  expect((await quote(made, [{ ...product, quantity: 3 }])).status).toBe(422)
  const twice = [
    { ...product, quantity: 1 },
    { ...product, quantity: 2 },
  ]
  expect((await quote(made, twice)).status).toBe(422)
  const shipping = { item_type: 'SHIPPING', item_id: addresses[0]?.id }
  expect((await quote(made, [{ ...shipping, amount: 5.01 }])).status).toBe(422)
  expect((await quote(made, [{ ...product, item_id: 1, quantity: 1 }])).status).toBe(422)
})

test('a guest gets no store credit, nor an order in another currency', async () => {
  const guest = await scene({ customerId: 0 })
  const body = (made: Scene) => ({ ...refundOne(made, 10), payments: pay(10, 'storecredit') })
  const answer = await refund(guest, body(guest))
  expect([answer.status, title(answer)]).toEqual([
    422,
    'Unable to provide store credit for a guest customer.',
  ])
  const foreign = await scene({ currency: 'USD' })
  expect((await refund(foreign, body(foreign))).status).toBe(422)
})

test('a gateway gives back what it took, once where it can only once', async () => {
  const made = await scene({ payment: { refunds: 'once' } })
  expect((await refund(made, { ...refundOne(made, 10), payments: pay(10, 'stripe') })).status).toBe(
    422,
  )
  expect((await refund(made, refundOne(made, 10))).status).toBe(201)
  const again = await refund(made, refundOne(made, 10))
  expect(title(again)).toBe('Multiple online refunds are not available.')
  const offline = { ...refundOne(made, 10), payments: pay(10, 'braintree', true) }
  expect((await refund(made, offline)).status).toBe(201)
})

test('an override stands in place of what is reckoned; the tax it kept back can be given later', async () => {
  const made = await scene()
  const overridden = {
    ...refundOne(made, 9),
    merchant_calculated_override: { total_amount: 9, total_tax: 0.5 },
  }
  const { body } = await refund(made, overridden)
  expect(body.data).toMatchObject({
    total_amount: 9,
    total_tax: 0.5,
    uses_merchant_override_values: true,
  })
  const mismatch = { ...overridden, payments: pay(10) }
  expect((await refund(made, mismatch)).status).toBe(422)
  const adjust = (amount: number) =>
    refund(made, { tax_adjustment_amount: amount, payments: pay(amount, 'custom', true) })
  expect((await adjust(1)).status).toBe(422)
  expect((await adjust(1.17)).body.data).toMatchObject({ items: [], total_amount: 1.17 })
})
