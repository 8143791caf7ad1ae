import { z } from 'zod'
import { remoteIdSchema, setbackSchema } from '../../src/events/platform-events.js'
import { documentIdSchema, instantSchema, moneySchema, textOrEmpty } from '../../src/events/text.js'

const CANDIDATES_MAX = 100

/** Which attempt of which task an answer is to. */
export const answerOf = {
  taskId: documentIdSchema,
  attempt: z.int().min(1).nullable().describe('Null: the store was asked before any attempt.'),
}
/** What a store did not do, or did not say; left out is what there is nothing to say of. */
export const failedAnswer = z.strictObject({
  ...answerOf,
  answer: z.literal('failed'),
  setback: setbackSchema,
  status: z.int().min(100).max(599).nullable().default(null),
  detail: textOrEmpty(500).default(''),
  figures: z.strictObject({ ledger: moneySchema, store: moneySchema }).nullable().default(null),
  candidates: z.array(remoteIdSchema).max(CANDIDATES_MAX).default([]),
  notBefore: instantSchema.nullable().default(null),
})
export type FailedAnswer = z.infer<typeof failedAnswer>
