/** The standard names of order statuses: a store may call them otherwise, so that only the id says which it is. */
const NAMES: readonly string[] = [
  'Incomplete',
  'Pending',
  'Shipped',
  'Partially Shipped',
  'Refunded',
  'Cancelled',
  'Declined',
  'Awaiting Payment',
  'Awaiting Pickup',
  'Awaiting Shipment',
  'Completed',
  'Awaiting Fulfillment',
  'Manual Verification Required',
  'Disputed',
  'Partially Refunded',
]

/** The platform's own sense of it: the payment is confirmed. */
export const AWAITING_FULFILLMENT = NAMES.indexOf('Awaiting Fulfillment')

export function statusName(id: string): string {
  return NAMES[Number.parseInt(id, 10)] ?? `Status ${id}`
}
