/** How documents of an online-retail file are named in the ledger. No look-up: importing again finds the same folio. */
import { v5 as uuidv5 } from 'uuid'

export const FORMAT = 'online-retail'

/** Names within the legal entity's books: folios, parties. */
const BOOKS_NAMESPACE = '5b3a1f0e-7c64-5f2a-9e0d-2f6d1c9b8e47'

/** UUIDv5 of (books, format, InvoiceNo). */
export function folioOf(books: string, number: string): string {
  return uuidv5(JSON.stringify([books, FORMAT, number]), BOOKS_NAMESPACE)
}

/** A customer is known by the CustomerID of the file (L26). */
export function partyOf(books: string, customer: string): string {
  return uuidv5(JSON.stringify([books, FORMAT, 'customer', customer]), BOOKS_NAMESPACE)
}
