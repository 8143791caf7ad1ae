/** What the lists of documents share: where a document came from, amounts in columns, and the order of a list. */
import type { Money } from '../src/money/money.js'
import { accumulated, negate } from '../src/money/money.js'

type OrderReference = Readonly<{
  orderId: string
  number: string
  instance?: string | undefined
  platformOrderId?: string | undefined
}>

export function orderColumns(order: OrderReference | null) {
  return {
    orderId: order?.orderId ?? null,
    orderNumber: order?.number ?? null,
    ...originColumns(order),
  }
}

/** Synced: the document belongs to an order of a platform. */
export function originColumns(order: Pick<OrderReference, 'instance' | 'platformOrderId'> | null) {
  return {
    instance: order?.instance ?? null,
    synced: order?.platformOrderId !== undefined,
  }
}

/** A column's amount and money of the same currency. */
export function added(amount: string, change: Money): string {
  return accumulated({ amount, currency: change.currency }, change).amount
}

export function subtracted(amount: string, change: Money): string {
  return added(amount, negate(change))
}

/** Sorts after every digit and letter, so that the newest-first lists show a day's drafts before its numbers. */
const WITHOUT_NUMBER = '~'
const NUMBER_DIGITS = 12

/**
 * The order of a list in one column: by day, by number (so `…/9` stands before `…/10`), by id, which makes it
 * unique. Columns of text compare by code point.
 */
export function sortKeyOf(day: string, number: string | null, id: string): string {
  const padded = number?.replaceAll(/\d+/g, (digits) => digits.padStart(NUMBER_DIGITS, '0'))
  return [day, padded ?? WITHOUT_NUMBER, id].join(' ')
}

/** Document ids end in a letter for their kind and a number: `…-i2`. */
const KINDS = {
  order: /-o\d+$/,
  invoice: /-i\d+$/,
  credit_note: /-c\d+$/,
  shipment: /-s\d+$/,
} as const

/**
 * Of the documents that named a forgotten person those of this kind. Without its key an event does not tell which
 * personal fields it had (A6), so rows say of every name that it is forgotten: live and rebuilt they are the same.
 */
export function forgottenDocuments(
  { documents }: Readonly<{ documents: readonly string[] }>,
  kind: keyof typeof KINDS,
): string[] {
  return documents.filter((document) => KINDS[kind].test(document))
}
