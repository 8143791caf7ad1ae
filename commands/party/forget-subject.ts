import { z } from 'zod'
import type { FactOfType } from '../../src/events/ledger-event.js'
import { FORGOTTEN_DOCUMENTS_MAX } from '../../src/events/subject-events.js'
import { documentIdSchema, text, uuidSchema } from '../../src/events/text.js'
import { subjectCommand } from '../command.js'
import { accept, refuse } from '../decision.js'
import { folioOfDocument } from '../document-id.js'

/**
 * A person is forgotten: the keys that seal names, addresses, e-mails and phones are dropped, and every read model shows
 * a placeholder. Books, reports and the chain of hashes stay as they are (A6).
 */
export const forgetSubject = subjectCommand({
  name: 'forget-subject',
  area: 'party',
  summary:
    'Forgets a person for good: all personal fields of their documents can never be read again',
  rows: ['A6'],
  input: z
    .strictObject({
      party: uuidSchema.optional().describe('The party to be forgotten.'),
      document: documentIdSchema
        .optional()
        .describe('Any document of a sale without a party, whose guest is to be forgotten.'),
      reason: text(500).describe('It stays in the log for good: without the name.'),
    })
    .refine(({ party, document }) => (party === undefined) !== (document === undefined), {
      message: 'names either a party or a document',
    }),
  output: z.strictObject({
    subject: uuidSchema,
    keys: z.int().min(0).describe('How many keys were dropped.'),
    documents: z.int().min(0).describe('How many documents named the person.'),
  }),
  subject: ({ party, document = '' }) => party ?? folioOfDocument(document),
  party: ({ party }) => party ?? null,
  decide({ document, reason }, { subject, isKnown, isFirst, parties, keys, documents }) {
    if (document !== undefined) {
      if (!isKnown) return refuse({ code: 'document_not_found', document })
      const [party] = parties
      if (party !== undefined) return refuse({ code: 'document_names_party', document, party })
    }
    const parts = Math.max(
      Math.ceil(keys.length / FORGOTTEN_DOCUMENTS_MAX),
      Math.ceil(documents.length / FORGOTTEN_DOCUMENTS_MAX),
      // That somebody asked is told even where there was nothing to forget.
      isFirst ? 1 : 0,
    )
    return accept(
      ...Array.from({ length: parts }, (_, part): FactOfType<'SubjectForgotten'> => {
        const range = [
          part * FORGOTTEN_DOCUMENTS_MAX,
          (part + 1) * FORGOTTEN_DOCUMENTS_MAX,
        ] as const
        return {
          type: 'SubjectForgotten',
          data: {
            subject,
            keys: keys.slice(...range),
            documents: documents.slice(...range),
            reason,
          },
        }
      }),
    )
  },
  answer(facts, subject) {
    const forgotten = facts.filter((fact) => fact.type === 'SubjectForgotten')
    return {
      subject,
      keys: forgotten.reduce((count, { data }) => count + data.keys.length, 0),
      documents: new Set(forgotten.flatMap(({ data }) => data.documents)).size,
    }
  },
})
