/** Deliveries of an order's goods (M2, M7, M13). No stock values are kept: they post nothing. */
import { z } from 'zod'
import { event } from './event.js'
import { orderReferenceSchema } from './invoice-events.js'
import { contactSchema, LINES_MAX, partySchema } from './parts.js'
import {
  daySchema,
  decimalSchema,
  documentIdSchema,
  instantSchema,
  slugSchema,
  text,
  textOrEmpty,
} from './text.js'

/** `WH` of `WH/OUT/00077`. */
export const warehouseSchema = z
  .string()
  .regex(/^[A-Z0-9]{1,10}$/)
  .meta({ examples: ['WH'] })

/** A parcel's number; carrier and title as the platforms name them. */
export const trackSchema = z.strictObject({
  number: text(100),
  carrier: text(50).optional(),
  title: text(100).optional(),
})
export type Track = z.infer<typeof trackSchema>

export const shipmentLineSchema = z.strictObject({
  /** The order's line, counted from 0. */
  orderLine: z.int().min(0),
  sku: text(100).optional(),
  description: textOrEmpty(500),
  quantity: decimalSchema,
})
export type ShipmentLine = z.infer<typeof shipmentLineSchema>

/** Everything that the list of shipments shows, and that a platform is told. */
export const shipmentContentSchema = z.strictObject({
  shipmentId: documentIdSchema,
  books: slugSchema,
  warehouse: warehouseSchema,
  order: orderReferenceSchema,
  party: partySchema,
  shipTo: contactSchema.nullable(),
  lines: z.array(shipmentLineSchema).min(1).max(LINES_MAX),
})
export type ShipmentContent = z.infer<typeof shipmentContentSchema>

export const shipmentPlanned = event(
  'ShipmentPlanned',
  shipmentContentSchema.extend({
    plannedFor: daySchema,
    /** The shipment whose rest it is. */
    restOf: documentIdSchema.optional(),
  }),
)

/** The rest of an order that is not delivered any more. */
export const shipmentPlanDiscarded = event(
  'ShipmentPlanDiscarded',
  z.strictObject({ shipmentId: documentIdSchema }),
)

/** The goods left: what went, by whom, under which numbers. */
export const deliveryValidated = event(
  'DeliveryValidated',
  shipmentContentSchema.extend({
    /** `WH/OUT/00077` */
    number: text(40),
    shippedAt: instantSchema,
    /** The day of the books then. */
    shippedOn: daySchema,
    tracks: z.array(trackSchema).max(100),
  }),
)

/** A tracking number that came later (M13). */
export const trackingAdded = event(
  'TrackingAdded',
  z.strictObject({ shipmentId: documentIdSchema, track: trackSchema }),
)
