import { z } from 'zod'
import { daySchema, slugSchema } from '../../src/events/text.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept, refuse } from '../decision.js'

/** Closes all days through one (L10): answered when no series gives a number up to it any more (architecture 3). */
export const closePeriod = booksCommand({
  name: 'close-period',
  area: 'books',
  summary: 'Closes all days through one: nothing that a person asks for posts there any more',
  rows: ['L10'],
  input: z.strictObject({
    books: slugSchema.default(DEFAULT_BOOKS),
    through: daySchema.describe(
      'The last day to close; it must be over in the time zone of the books.',
    ),
  }),
  output: z.strictObject({}),
  books: ({ books }) => books,
  changesPeriod: true,
  decide({ books: slug, through }, books, { today }) {
    if (through >= today) return refuse({ code: 'period_not_over', through, today })
    const { change, closedThrough } = books.period
    if (change?.kind === 'closing' && change.through === through) return accept()
    if (change !== null) {
      return refuse({
        code: 'period_change_under_way',
        change: change.kind,
        through: change.through,
      })
    }
    if (closedThrough !== null && through <= closedThrough) {
      return refuse({ code: 'period_closed_already', through, closedThrough })
    }
    return accept({ type: 'PeriodClosing', data: { books: slug, through } })
  },
  answer: () => ({}),
})
