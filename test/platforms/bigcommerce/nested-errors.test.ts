import { expect, test } from 'vitest'
import { storeWith, within } from '../support/open-store.js'
import { routes, text } from '../support/store-server.js'

test.each([
  ['lists', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['errors', `${'{"errors":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
])('an error within %s within others is an error, and no exception', async (_what, body) => {
  const { store } = await storeWith(routes({ 'GET /v2/orders/1': text(500, body) }))
  expect(await store.readOrder('1', within())).toMatchObject({ outcome: 'failed' })
})
