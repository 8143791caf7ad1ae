/** What the answer to a document has beside the row of its list. */
import { z } from 'zod'
import { entrySchema } from '../../events/parts.js'
import { shipmentLineSchema, trackSchema } from '../../events/shipment-events.js'
import { instantSchema } from '../../events/text.js'
import { problemSchema } from './problem-schema.js'

export const documentEntrySchema = entrySchema.extend({
  event: z.string().describe('The type of the event that made the entry.'),
  revision: z.int().min(0).describe('Where that event stands in its folio.'),
  recordedAt: instantSchema,
})

export const actionSchema = z.strictObject({
  command: z.string(),
  href: z.string().describe('Where the command is sent.'),
  open: z.boolean(),
  reason: problemSchema
    .optional()
    .describe('What the command would be answered with, where it is closed to the caller.'),
})

/** Of every document that a folio tells. */
export const folioDocumentSchema = z.strictObject({
  entries: z
    .array(documentEntrySchema)
    .describe('The journal entries that the document made, or that move its balance.'),
})

/** What is delivered, and under which numbers it travels. */
export const shipmentDocumentSchema = folioDocumentSchema.extend({
  lines: z.array(shipmentLineSchema),
  tracks: z.array(trackSchema),
})

/** Of those that say what can be done with them. */
export const actionableDocumentSchema = folioDocumentSchema.extend({
  actions: z.array(actionSchema).describe('What the caller can do with the document now.'),
})
