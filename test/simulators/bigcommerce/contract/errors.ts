/** The four shapes of an error, and where the platform answers with which. */
import { z } from 'zod'

const statusSchema = z.int().min(400).max(599)
const typeSchema = z.string()

/** V3: an object; `errors` names the fields. */
export const v3ErrorSchema = z.strictObject({
  status: statusSchema,
  title: z.string(),
  type: typeSchema,
  instance: z.string().optional(),
  errors: z.record(z.string(), z.string()).optional(),
})

/** V3: a refund or a quote that is refused. */
export const v3WrappedErrorSchema = z.strictObject({
  data: z
    .array(z.strictObject({ status: statusSchema, title: z.string(), type: typeSchema }))
    .min(1),
})

/** V3: a refund whose tax service was away. */
export const v3UnavailableSchema = z.strictObject({
  data: z
    .array(
      z.strictObject({ order_id: z.int().positive(), status: z.literal(503), error: z.string() }),
    )
    .min(1),
  meta: z.strictObject({}),
})

/** V2: an array. */
export const v2ErrorSchema = z
  .array(
    z.strictObject({
      status: statusSchema,
      message: z.string(),
      details: z.record(z.string(), z.string()).optional(),
    }),
  )
  .min(1)

/** What a V3 route may answer an error with; refunds and quotes have shapes of their own. */
export const v3AnyErrorSchema = z.union([v3ErrorSchema, v3WrappedErrorSchema, v3UnavailableSchema])
