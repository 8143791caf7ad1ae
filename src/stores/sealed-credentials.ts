/** What opens a store, sealed for its table. */
import { hkdfSync } from 'node:crypto'
import { z } from 'zod'
import { KEY_BYTES, open, sealAnew } from '../event-store/seal.js'

const sealedSchema = z.strictObject({
  accessToken: z.string(),
  /** Signs the store's webhooks; `null`: it signs none. */
  clientSecret: z.string().nullable(),
  /** The one before, for what was signed while it was changed. */
  previousClientSecret: z.string().nullable(),
  /** When the secret was changed last. */
  clientSecretSince: z.iso.datetime({ precision: 3 }),
  /** Ours: the store sends it along with each webhook. */
  webhookHeader: z.string(),
})
export type SealedCredentials = Readonly<z.infer<typeof sealedSchema>>

const INFO = 'folio store credentials'

/** A key of their own, so that nothing sealed for another purpose ever opens as one. */
export function credentialsKey(masterKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), INFO, KEY_BYTES))
}

/** The instance is bound in: a box moved to another row does not open. */
export function sealCredentials(
  key: Buffer,
  instance: string,
  credentials: SealedCredentials,
): string {
  return sealAnew(key, instance, JSON.stringify(credentials))
}

/** Throws `SealBroken` where it was sealed with another key, or for another instance. */
export function openCredentials(key: Buffer, instance: string, box: string): SealedCredentials {
  return sealedSchema.parse(JSON.parse(open(key, instance, box)))
}
