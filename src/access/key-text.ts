/** The text of an API key, and all that is kept of it. */
import { createHash, randomBytes } from 'node:crypto'

const KEY_BYTES = 32
const KEY_TEXT = /^folio_[A-Za-z0-9_-]{43}$/

export function newKeyText(): string {
  return `folio_${randomBytes(KEY_BYTES).toString('base64url')}`
}

/** Only such text can be a key; of anything else the database need not be asked. */
export function isKeyText(text: string): boolean {
  return KEY_TEXT.test(text)
}

/**
 * What is stored and looked up. A slow hash with a salt guards what people make up; 256 random bits cannot be guessed
 * from their SHA-256, however fast that is, and it is worked out again with every request.
 */
export function hashOf(keyText: string): string {
  return createHash('sha256').update(keyText).digest('hex')
}
