/** AES-256-GCM boxes for personal fields, and the wrapping of subject keys by the master key. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const KEY_BYTES = 32

/** What was sealed is not what comes out: damage, or another key. */
export class SealBroken extends Error {
  constructor(what: string) {
    super(`${what} does not open with its key`)
    this.name = 'SealBroken'
  }
}

/**
 * Seals text so that the same text at the same place gives the same box: the nonce is an HMAC of place and text, so
 * it repeats only where everything repeats, and an append tried again has the same bytes and the same hash.
 */
export function seal(key: Buffer, place: string, text: string): string {
  const nonce = createHmac('sha256', key)
    .update(`${Buffer.byteLength(place)}:${place}${text}`)
    .digest()
    .subarray(0, NONCE_BYTES)
  return box(key, nonce, place, text)
}

/** Seals text so that nobody sees whether it is the same as before. */
export function sealAnew(key: Buffer, place: string, text: string): string {
  return box(key, randomBytes(NONCE_BYTES), place, text)
}

export function open(key: Buffer, place: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const bodyEnd = bytes.length - TAG_BYTES
  if (bodyEnd < NONCE_BYTES) throw new SealBroken(place)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(bytes.subarray(bodyEnd))
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES, bodyEnd)),
      decipher.final(),
    ]).toString('utf8')
  } catch {
    throw new SealBroken(place)
  }
}

const keyNames = new WeakMap<Buffer, string>()

/** Names a key without giving it away: 16 hexadecimal digits. */
export function keyName(key: Buffer): string {
  const known = keyNames.get(key)
  if (known !== undefined) return known
  const name = createHmac('sha256', key).update('name of the key').digest('hex').slice(0, 16)
  keyNames.set(key, name)
  return name
}

/** Wraps a subject's key for its table. The subject is bound in: a wrapped key moved to another row does not open. */
export function wrapKey(masterKey: Buffer, subject: string, key: Buffer): string {
  return sealAnew(masterKey, subject, key.toString('base64'))
}

export function unwrapKey(masterKey: Buffer, subject: string, wrapped: string): Buffer {
  return Buffer.from(open(masterKey, subject, wrapped), 'base64')
}

function box(key: Buffer, nonce: Buffer, place: string, text: string): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64')
}
