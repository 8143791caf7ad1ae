import { createHash } from 'node:crypto'
import type { SourceDocument } from './source.js'

/**
 * SHA-256, in hex, over what a document says, so that the same number with other content is seen.
 *
 * Taken over the values, not over the file's bytes: a file saved again with its columns in another
 * order, or 2.10 written 2.1, is the same document. The tax treatment is part of it, because with
 * and without VAT the same lines are different bookings. Every value carries its length, so that no
 * two contents run together.
 */
export const fingerprintOf = ({ number, lines }: SourceDocument, vat: boolean): string => {
  const digest = createHash('sha256')
  const add = (value: string): void => {
    digest.update(`${Buffer.byteLength(value).toString()}:${value}`)
  }
  for (const value of ['online-retail', '1', vat ? 'uk-vat' : 'no-tax', number]) add(value)
  for (const line of lines) {
    add(line.stockCode)
    add(line.description)
    add(line.quantity.toString())
    add(line.at)
    add(line.unitPrice.toString())
    add(line.customer ?? '')
    add(line.country)
  }
  return digest.digest('hex')
}
