/** A person is forgotten: the keys that seal their personal fields are dropped (A6; stream `subject-<uuid>`). */
import { z } from 'zod'
import { event } from './event.js'
import { documentIdSchema, text, uuidSchema } from './text.js'

/** Documents whose rows in the read models show a personal field, by one event; a person with more has several. */
export const FORGOTTEN_DOCUMENTS_MAX = 2_000

const subjectKeySchema = z.strictObject({
  /** A party's id, or the stream of a folio for what names no party. */
  subject: text(60),
  /** Names the key as the sealed boxes do, without giving it away. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
})

export const subjectForgotten = event(
  'SubjectForgotten',
  z.strictObject({
    /** The party, or the folio of a sale without one. */
    subject: uuidSchema,
    /**
     * The keys that were there: the subject's own and those of its folios, by whose name they were kept. One made later,
     * for the same person's next order, is another key and opens none of the old boxes.
     */
    keys: z.array(subjectKeySchema).max(FORGOTTEN_DOCUMENTS_MAX),
    /** The documents, whatever their kind, that named the person; a row of theirs in a read model names nobody now. */
    documents: z.array(documentIdSchema).max(FORGOTTEN_DOCUMENTS_MAX),
    reason: text(500),
  }),
)
