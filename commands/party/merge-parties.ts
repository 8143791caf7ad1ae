import { z } from 'zod'
import { partyStandingFor } from '../../src/aggregates/books.js'
import { slugSchema, text, uuidSchema } from '../../src/events/text.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept, refuse } from '../decision.js'

/**
 * Two parties are one (L26): credits of either can be used for either, and documents do not change. Merges stand on the
 * books, so that one revision excludes two that would make a circle together.
 */
export const mergeParties = booksCommand({
  name: 'merge-parties',
  area: 'party',
  summary: 'Merges a party into another: credits of either can be used for either',
  rows: ['L26'],
  input: z.strictObject({
    books: slugSchema.default(DEFAULT_BOOKS),
    party: uuidSchema,
    into: uuidSchema.describe('The party that stands for both from now on.'),
    reason: text(500),
  }),
  output: z.strictObject({}),
  books: ({ books }) => books,
  decide({ books: slug, party, into, reason }, books) {
    if (party === into) return refuse({ code: 'party_merged_with_itself', party })
    const before = books.mergedInto.get(party)
    if (before === into) return accept()
    if (before !== undefined) return refuse({ code: 'party_merged_already', party, into: before })
    // Of the merged ones only the last stands for itself, so a circle would have to close there.
    if (partyStandingFor(books, into) === party) {
      return refuse({ code: 'parties_merged_in_a_circle', party, into })
    }
    return accept({ type: 'PartiesMerged', data: { books: slug, party, into, reason } })
  },
  answer: () => ({}),
})
