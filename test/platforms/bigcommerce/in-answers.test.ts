import { expect, test } from 'vitest'
import { storeWith, within } from '../support/open-store.js'
import { routes, text } from '../support/store-server.js'

test('an error within lists within lists is an error, and no exception', async () => {
  const body = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const { store } = await storeWith(routes({ 'GET /v2/orders/1': text(500, body) }))
  expect(await store.readOrder('1', within())).toMatchObject({ outcome: 'failed' })
})
