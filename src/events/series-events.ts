/** Number series (stream `series-<books>-<series>-<year>`) and what explains each number not used (architecture 3). */
import { z } from 'zod'
import { event } from './event.js'
import { daySchema, documentIdSchema, slugSchema, text } from './text.js'

/** The series of what has postings, by year of the posting date. */
export const entrySeriesSchema = z.enum([
  'INV',
  'RINV',
  'BILL',
  'RBILL',
  'PAY',
  'PRE',
  'OVP',
  'JRN',
])

/** `WH/OUT`: the deliveries of a warehouse. They post nothing, so no year and no period bounds them. */
const deliverySeriesSchema = z.templateLiteral([z.string().regex(/^[A-Z0-9]{1,10}$/), '/OUT'])

export const seriesNameSchema = z.union([entrySeriesSchema, deliverySeriesSchema])
export type SeriesName = z.infer<typeof seriesNameSchema>

/** One that is never reset. */
export function isDeliverySeries(series: SeriesName): boolean {
  return series.endsWith('/OUT')
}

/** Callers that wait together share one append of at most so many numbers. */
export const NUMBERS_PER_APPEND_MAX = 500

const bindingSchema = z.strictObject({
  number: z.int().min(1),
  document: documentIdSchema,
  /** The posting date that the number is the permission for. */
  postingDate: daySchema,
})
export type Binding = z.infer<typeof bindingSchema>

const seriesIdentity = {
  books: slugSchema,
  series: seriesNameSchema,
  /** `null` for a series that is never reset. */
  year: z.int().min(1900).max(9999).nullable(),
}

/**
 * Numbers given out, each bound for good to one document; `used` are numbers whose document is known to be posted
 * with them, so that they need no watching any more.
 */
export const numbersTaken = event(
  'NumbersTaken',
  z.strictObject({
    ...seriesIdentity,
    taken: z.array(bindingSchema).max(NUMBERS_PER_APPEND_MAX),
    used: z.array(z.int().min(1)).max(NUMBERS_PER_APPEND_MAX * 4),
  }),
)

/** The number will never stand on a document, and why. */
export const numberVoided = event(
  'NumberVoided',
  z.strictObject({
    ...seriesIdentity,
    number: z.int().min(1),
    document: documentIdSchema,
    reason: text(500),
  }),
)

/** Where reading backwards may stop: the next number, and the bindings not yet known to be used. */
export const seriesCheckpointed = event(
  'SeriesCheckpointed',
  z.strictObject({
    ...seriesIdentity,
    next: z.int().min(1),
    open: z.array(bindingSchema),
    /** No further number for a posting date up to this day (L10). */
    closedThrough: daySchema.nullable().optional(),
  }),
)

/** No further number for a posting date up to this day; an earlier day, or `null`, opens days again (L10). */
export const seriesClosedThrough = event(
  'SeriesClosedThrough',
  z.strictObject({ ...seriesIdentity, through: daySchema.nullable() }),
)

/** On the folio: it gives its number back, so that a slow poster of the same document conflicts. */
export const numberReleased = event(
  'NumberReleased',
  z.strictObject({
    ...seriesIdentity,
    number: z.int().min(1),
    document: documentIdSchema,
    reason: text(500),
  }),
)

/** Stream `bill-number-<uuid5(party, number)>`: a supplier's own number belongs to one bill (L26). */
export const billNumberClaimed = event(
  'BillNumberClaimed',
  z.strictObject({ books: slugSchema, document: documentIdSchema }),
)

/** The bill was discarded: the supplier's number is free again. */
export const billNumberReleased = event(
  'BillNumberReleased',
  z.strictObject({ books: slugSchema, document: documentIdSchema }),
)
