/** A refund as whoever reads it at the store hands it over. */
import { z } from 'zod'
import type { RefundTask } from '../../src/aggregates/sync-task.js'
import type { RefundItem } from '../../src/events/platform-events.js'
import { remoteIdSchema, storeRefundSchema } from '../../src/events/platform-events.js'
import { documentIdSchema, moneySchema, textOrEmpty } from '../../src/events/text.js'
import { equals } from '../../src/money/money.js'

const ITEMS_MAX = 1000

export const storeRefundInput = storeRefundSchema.extend({
  marker: documentIdSchema.nullable().describe('The task whose marker it carries.'),
  items: z
    .array(
      z.strictObject({
        kind: z.enum(['item', 'wrapping', 'shipping', 'handling', 'fee', 'order', 'other']),
        platformLine: remoteIdSchema.nullable(),
        quantity: z.int().min(0).nullable(),
        amount: moneySchema.nullable(),
      }),
    )
    .max(ITEMS_MAX),
  declinedMessage: textOrEmpty(500),
})
export type StoreRefundInput = z.infer<typeof storeRefundInput>

/** Whether it can be recorded: a store may name no payments, or more than an event holds. */
export function isRecordable(refund: StoreRefundInput): boolean {
  return storeRefundInput.safeParse(refund).success
}

/** Marker, amount and items: with less it is not taken for our own (architecture 7). */
export function isAnswerTo(refund: StoreRefundInput, { taskId, request }: RefundTask): boolean {
  return (
    refund.marker === taskId &&
    equals(refund.amount, request.amount) &&
    areSameItems(refund.items, request.items)
  )
}

/** Each for one. */
function areSameItems(
  there: StoreRefundInput['items'],
  [asked, ...others]: readonly RefundItem[],
): boolean {
  if (asked === undefined) return there.length === 0
  const place = there.findIndex((item) => isSameItem(item, asked))
  return place >= 0 && areSameItems(there.toSpliced(place, 1), others)
}

function isSameItem(there: StoreRefundInput['items'][number], asked: RefundItem): boolean {
  if (there.kind !== asked.kind) return false
  switch (asked.kind) {
    case 'item':
    case 'wrapping':
      return there.platformLine === asked.platformLine && there.quantity === asked.quantity
    case 'shipping':
    case 'handling':
    case 'fee':
      return there.platformLine === asked.platformLine && isSameAmount(there.amount, asked.amount)
    case 'order':
      return isSameAmount(there.amount, asked.amount)
  }
}

/** Some platforms do not say it again. */
function isSameAmount(
  there: StoreRefundInput['amount'] | null,
  asked: StoreRefundInput['amount'],
): boolean {
  return there === null || equals(there, asked)
}

/** What events keep of it. */
export function storeRefundOf({
  marker: _marker,
  items: _items,
  declinedMessage: _message,
  ...refund
}: StoreRefundInput) {
  return refund
}
