import { z } from 'zod'

const SECRET_LENGTH_MAX = 200

/** It goes into a header as it is. */
const secretSchema = z
  .string()
  .max(SECRET_LENGTH_MAX)
  .regex(/^[\x21-\x7e]+$/, { message: 'is not made of printable ASCII without blanks' })

export const credentialsSchema = z.strictObject({
  accessToken: secretSchema.describe('Of an API account of the store.'),
  clientSecret: secretSchema
    .optional()
    .describe('Of the same account: the store signs its webhooks with it.'),
})
