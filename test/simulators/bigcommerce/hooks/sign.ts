/** Signs a notice as Standard Webhooks has it; the key is the client secret, byte by byte. */
import { createHmac } from 'node:crypto'

export type Signed = Readonly<{ id: string; atMs: number; body: string }>

export function signatureHeaders(
  clientSecret: string,
  { id, atMs, body }: Signed,
): Record<string, string> {
  const timestamp = Math.floor(atMs / 1_000)
  const signature = createHmac('sha256', clientSecret)
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${signature}`,
  }
}
