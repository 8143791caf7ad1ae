/** What a store said, or what went wrong with it, in a form that may stand in events, logs and answers. */
import { cutTo } from './mended-text.js'

export type ForPeople = (text: string) => string

export const DETAIL_LENGTH_MAX = 500

/** One line, of bounded length, without what is secret: a store may repeat what it was sent. */
export function forPeople(secrets: readonly string[]): ForPeople {
  const hidden = secrets.filter((secret) => secret.length >= SECRET_LENGTH_MIN)
  return (text) => {
    const shown = hidden.reduce((left, secret) => left.replaceAll(secret, '[hidden]'), text)
    return cutTo(shown.toWellFormed().replaceAll(BLANKS, ' ').trim(), DETAIL_LENGTH_MAX)
  }
}

/** Shorter ones are none, and would blot out ordinary words. */
const SECRET_LENGTH_MIN = 6

// Control characters, also those of C1 and the marks that turn the direction of writing.
const BLANKS = /[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu
