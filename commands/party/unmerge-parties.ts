import { z } from 'zod'
import { slugSchema, text, uuidSchema } from '../../src/events/text.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept, refuse } from '../decision.js'

/** The party stands for itself again (L26); what was allocated in the meantime stays as it is. */
export const unmergeParties = booksCommand({
  name: 'unmerge-parties',
  area: 'party',
  summary: 'Takes a merge back: the party stands for itself again',
  rows: ['L26'],
  input: z.strictObject({
    books: slugSchema.default(DEFAULT_BOOKS),
    party: uuidSchema.describe('The one that was merged into another.'),
    reason: text(500),
  }),
  output: z.strictObject({}),
  books: ({ books }) => books,
  decide({ books: slug, party, reason }, books) {
    const into = books.mergedInto.get(party)
    if (into === undefined) return refuse({ code: 'party_not_merged', party })
    return accept({ type: 'PartiesUnmerged', data: { books: slug, party, into, reason } })
  },
  answer: () => ({}),
})
