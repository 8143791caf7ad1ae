import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import {
  parseWebhook,
  type WebhookRequest,
  type WebhookTerms,
} from '../../../src/platforms/bigcommerce/webhooks.js'

const SECRET = 'client-secret-of-the-app-0123456789'
const OWN = 'own-header-value-0123456789abcdef'

const TERMS: WebhookTerms = {
  address: 'https://api.bigcommerce.com/stores/abc123',
  clientSecrets: [SECRET],
  ownHeader: { name: 'X-Folio-Secret', values: [OWN] },
}

const NOTICE = {
  scope: 'store/order/updated',
  store_id: '1025646',
  data: { type: 'order', id: 250 },
  hash: 'dd70c0976e06b67aaf671e73f49dcb79230ebf9d',
  created_at: 1_561_479_335,
  producer: 'stores/abc123',
}

type Given = Readonly<{
  notice?: unknown
  body?: string
  secret?: string
  ageS?: number
  headers?: WebhookRequest['headers']
}>

function delivered(given: Given = {}): WebhookRequest {
  const { notice = NOTICE, body = JSON.stringify(notice), secret = SECRET, ageS = 0 } = given
  const at = new Date(Date.now() - ageS * 1000)
  const key = Buffer.from(secret).toString('base64')
  return {
    rawBody: Buffer.from(body),
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
      'webhook-signature': new Webhook(key).sign('msg_1', at, body),
      'x-folio-secret': OWN,
      ...given.headers,
    },
  }
}

const refused = (reason: string) => ({ outcome: 'refused', reason })

describe('a delivery', () => {
  test('that is signed and carries our header tells what it is about', () => {
    expect(parseWebhook(delivered(), TERMS)).toEqual({
      outcome: 'delivery',
      delivery: {
        id: 'msg_1',
        order: '250',
        scope: 'store/order/updated',
        createdAt: '2019-06-25T16:15:35.000Z',
        hash: NOTICE.hash,
      },
    })
  })

  test.each([
    [{ type: 'order', id: 250, refund: { refund_id: 4 } }, '250'],
    [{ type: 'order', id: '250' }, '250'],
    [{ type: 'transaction', order_id: '251', transaction_id: '9' }, '251'],
    [{ type: 'shipment', id: 3, orderId: 252 }, '252'],
    [{ type: 'product', id: 5 }, null],
  ])('about %j is about the order %s', (data, order) => {
    const read = parseWebhook(delivered({ notice: { ...NOTICE, data } }), TERMS)
    expect(read).toMatchObject({ delivery: { order } })
  })

  test.each([
    [299, null],
    [-299, null],
    [302, 'too_old'],
    [-302, 'from_the_future'],
  ])('signed %i s ago is refused: %s', (ageS, reason) => {
    const read = parseWebhook(delivered({ ageS }), TERMS)
    expect(read).toMatchObject(reason === null ? { outcome: 'delivery' } : refused(reason))
  })

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'without %s is refused',
    (name) => {
      const request = delivered({ headers: { [name]: undefined } })
      expect(parseWebhook(request, TERMS)).toEqual(refused('signature_missing'))
      const doubled = delivered({ headers: { [name]: ['a', 'b'] } })
      expect(parseWebhook(doubled, TERMS)).toEqual(refused('signature_missing'))
    },
  )

  test('of which a byte was changed is refused', () => {
    const { headers, rawBody } = delivered()
    for (let index = 0; index < rawBody.length; index += 1) {
      const changed = Buffer.from(rawBody)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(parseWebhook({ headers, rawBody: changed }, TERMS)).toEqual(refused('signature_wrong'))
    }
  })

  test.each([
    ['of another key', { secret: 'another-secret' }],
    ['of another id', { headers: { 'webhook-id': 'msg_2' } }],
    ['of another version', { headers: { 'webhook-signature': 'v2,abc' } }],
    ['of no form', { headers: { 'webhook-signature': 'v1' } }],
    ['at no time', { headers: { 'webhook-timestamp': 'now' } }],
    ['at a time with more behind it', { headers: { 'webhook-timestamp': '1561479335abc' } }],
  ] as [string, Given][])('with a signature %s is refused', (_what, given) => {
    expect(parseWebhook(delivered(given), TERMS)).toEqual(refused('signature_wrong'))
  })

  test.each([undefined, '', 'wrong', `${OWN}x`, [OWN], `${OWN}, ${OWN}`])(
    'with our header %j is refused',
    (value) => {
      const request = delivered({ headers: { 'x-folio-secret': value } })
      expect(parseWebhook(request, TERMS)).toEqual(refused('own_header_wrong'))
    },
  )

  test.each([
    ['not_json', { body: 'hello' }],
    ['not_json', { body: '' }],
    ['not_understood', { body: '[]' }],
    ['not_understood', { notice: { ...NOTICE, data: undefined } }],
    ['other_store', { notice: { ...NOTICE, producer: 'stores/abc1234' } }],
  ] as [string, Given][])('is refused as %s', (reason, given) => {
    expect(parseWebhook(delivered(given), TERMS)).toEqual(refused(reason))
  })
})

describe('while secrets are changed', () => {
  const both: WebhookTerms = {
    ...TERMS,
    clientSecrets: ['the-next-secret', SECRET],
    ownHeader: { name: 'x-folio-secret', values: ['the-next-value', OWN] },
  }

  test('the old and the new are taken', () => {
    for (const given of [
      {},
      { secret: 'the-next-secret', headers: { 'x-folio-secret': 'the-next-value' } },
    ]) {
      expect(parseWebhook(delivered(given), both)).toMatchObject({ outcome: 'delivery' })
    }
  })

  test('a delivery signed with both is taken by either', () => {
    const [one, other] = [delivered(), delivered({ secret: 'the-next-secret' })]
    const signature = `${other.headers['webhook-signature'] as string} ${one.headers['webhook-signature'] as string}`
    const request = delivered({ headers: { 'webhook-signature': signature } })
    expect(parseWebhook(request, TERMS)).toMatchObject({ outcome: 'delivery' })
  })

  test('an empty secret opens nothing', () => {
    const empty = {
      ...TERMS,
      clientSecrets: [''],
      ownHeader: { name: 'x-folio-secret', values: [''] },
    }
    expect(parseWebhook(delivered(), { ...TERMS, clientSecrets: [''] })).toEqual(
      refused('signature_wrong'),
    )
    expect(parseWebhook(delivered({ headers: { 'x-folio-secret': '' } }), empty)).toEqual(
      refused('own_header_wrong'),
    )
    expect(parseWebhook(delivered(), { ...TERMS, clientSecrets: [] })).toEqual(
      refused('signature_wrong'),
    )
  })
})

test('a store that does not sign is vouched for by our header, and named by the notice', () => {
  const unsigned = { ...TERMS, clientSecrets: null }
  const { rawBody } = delivered()
  const request = { rawBody, headers: { 'x-folio-secret': OWN } }
  expect(parseWebhook(request, unsigned)).toMatchObject({ delivery: { id: NOTICE.hash } })
  expect(parseWebhook({ rawBody, headers: {} }, unsigned)).toEqual(refused('own_header_wrong'))
})
