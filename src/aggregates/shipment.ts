import type { ShipmentContent, Track } from '../events/shipment-events.js'

/** A delivery of an order's goods: planned, then validated once they left. */
export type Shipment = Readonly<
  | { status: 'planned'; content: ShipmentContent; plannedFor: string }
  | { status: 'discarded'; shipmentId: string }
  | { status: 'delivered'; content: ShipmentContent; number: string; tracks: readonly Track[] }
>
