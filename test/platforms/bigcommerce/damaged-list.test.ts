import { expect, test } from 'vitest'
import { storeWith, within } from '../support/open-store.js'
import { json, routes } from '../support/store-server.js'

test('an order without a time among those that changed stops no other', async () => {
  const at = 'Tue, 05 Dec 2028 20:16:55 +0000'
  const listed = [
    { id: 1, date_modified: at },
    { id: 2, date_modified: '' },
    { id: 3, date_modified: at },
  ]
  const { store } = await storeWith(routes({ 'GET /v2/orders': json(200, listed) }))
  const asked = { since: '2028-01-01T00:00:00.000Z', page: 1, pageSize: 50 }
  const read = await store.changedOrders(asked, within())
  const modifiedAt = '2028-12-05T20:16:55.000Z'
  const orders = ['1', '2', '3'].map((order) => ({ order, modifiedAt }))
  expect(read).toEqual({ outcome: 'read', value: { orders, isLast: true } })
})
