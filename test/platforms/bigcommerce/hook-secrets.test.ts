import { expect, test } from 'vitest'
import { storeWith, within } from '../support/open-store.js'
import { json, routes } from '../support/store-server.js'

test('a store that repeats what a hook was made with tells nobody its secret (S4)', async () => {
  const secret = 'canary-own-webhook-secret-5d1b'
  const { store } = await storeWith(
    routes({
      'GET /v3/hooks': json(200, { data: [], meta: {} }),
      'POST /v3/hooks': json(422, {
        status: 422,
        title: 'The headers are invalid.',
        errors: { headers: `{"X-Folio-Webhook":"${secret}"} is not allowed` },
      }),
    }),
  )
  const asked = { destination: 'https://x.example.org/w', headers: { 'X-Folio-Webhook': secret } }
  const read = await store.ensureHooks(asked, within())
  expect(read).toMatchObject({ outcome: 'failed' })
  expect(JSON.stringify(read)).not.toContain(secret)
})
