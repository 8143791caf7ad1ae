/**
 * What BigCommerce announces: thin notices, signed as Standard Webhooks has it, and with a header of our own. Both are
 * asked for: third parties describe other signatures than the vendor does, and a header may leak where a key does not.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { parseExactJson } from '../exact-json.js'
import { Mending } from '../mended-text.js'
import { storeHashOf } from './api-address.js'
import { wireIdOrNone } from './wire.js'

export type WebhookRequest = Readonly<{
  headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As it came, byte by byte: the signature is over it. */
  rawBody: Buffer
}>

export type WebhookTerms = Readonly<{
  /** As `bigCommerceAddress` gave it. */
  address: string
  /** Two while the secret is changed; `null`: the store does not sign, and the header alone vouches for it. */
  clientSecrets: readonly string[] | null
  /** The name in any case; two values while it is changed. */
  ownHeader: Readonly<{ name: string; values: readonly string[] }>
}>

export type WebhookReading = Readonly<
  { outcome: 'delivery'; delivery: Delivery } | { outcome: 'refused'; reason: WebhookRefusal }
>

export type Delivery = Readonly<{
  /** The same for each time that it is delivered. */
  id: string
  /** The order that it is about; `null`: none that can be told. */
  order: string | null
  scope: string
  createdAt: string
  /** Of its content: two changes of an order within a second may have the same. */
  hash: string
}>

export type WebhookRefusal =
  | 'signature_missing'
  | 'signature_wrong'
  | 'too_old'
  | 'from_the_future'
  | 'own_header_wrong'
  | 'not_json'
  | 'not_understood'
  | 'other_store'

export function parseWebhook(request: WebhookRequest, terms: WebhookTerms): WebhookReading {
  const refusal = ownHeaderRefusal(request, terms) ?? signatureRefusal(request, terms)
  return refusal === null ? noticeOf(request, terms) : { outcome: 'refused', reason: refusal }
}

function ownHeaderRefusal(
  { headers }: WebhookRequest,
  { ownHeader: { name, values } }: WebhookTerms,
): WebhookRefusal | null {
  const given = headers[name.toLowerCase()]
  const isRight = typeof given === 'string' && values.some((value) => isSameSecret(given, value))
  return isRight ? null : 'own_header_wrong'
}

/** Of equal length as hashes, so that nothing shows how much of it was right. */
function isSameSecret(given: string, value: string): boolean {
  return value !== '' && timingSafeEqual(sha256(given), sha256(value))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

const AGE_MAX_S = 5 * 60

function signatureRefusal(
  { headers, rawBody }: WebhookRequest,
  { clientSecrets }: WebhookTerms,
): WebhookRefusal | null {
  if (clientSecrets === null) return null
  const [id, timestamp, signature] = [
    headers['webhook-id'],
    headers['webhook-timestamp'],
    headers['webhook-signature'],
  ]
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') {
    return 'signature_missing'
  }
  if (!/^\d{1,12}$/.test(timestamp)) return 'signature_wrong'
  const ageS = Date.now() / 1000 - Number.parseInt(timestamp, 10)
  if (ageS > AGE_MAX_S) return 'too_old'
  if (ageS < -AGE_MAX_S) return 'from_the_future'
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  }
  return clientSecrets.some((secret) => isSigned(rawBody, signed, secret))
    ? null
    : 'signature_wrong'
}

function isSigned(rawBody: Buffer, signed: Readonly<Record<string, string>>, secret: string) {
  if (secret === '') return false
  try {
    new Webhook(Buffer.from(secret).toString('base64')).verify(rawBody, signed, {
      jsonParse: false,
    })
    return true
  } catch {
    return false
  }
}

const notice = z.object({
  scope: z.string().min(1).max(100),
  producer: z.string(),
  hash: z.string().min(1).max(100),
  created_at: z.string().regex(/^\d{1,11}$/),
  data: z.object({
    type: z.string(),
    // Other things have names of other forms.
    id: wireIdOrNone.catch(null),
    order_id: wireIdOrNone.catch(null),
    orderId: wireIdOrNone.catch(null),
  }),
})

function noticeOf({ headers, rawBody }: WebhookRequest, { address }: WebhookTerms): WebhookReading {
  let json: unknown
  try {
    json = parseExactJson(rawBody.toString('utf8'))
  } catch {
    return { outcome: 'refused', reason: 'not_json' }
  }
  const read = notice.safeParse(json)
  if (!read.success) return { outcome: 'refused', reason: 'not_understood' }
  const { producer, scope, hash, created_at, data } = read.data
  if (producer !== `stores/${storeHashOf(address)}`) {
    return { outcome: 'refused', reason: 'other_store' }
  }
  const { 'webhook-id': id = hash } = headers
  const createdAt = new Date(Number.parseInt(created_at, 10) * 1000).toISOString()
  const mended = new Mending()
  return {
    outcome: 'delivery',
    delivery: {
      id: mended.text(typeof id === 'string' ? id : hash, 200),
      order: orderOf(data),
      scope: mended.text(scope, 100),
      createdAt,
      hash: mended.text(hash, 100),
    },
  }
}

/** Each kind of notice names the order in its own way. */
function orderOf({ type, id, order_id, orderId }: z.infer<typeof notice>['data']): string | null {
  return type === 'order' ? id : (order_id ?? orderId)
}
