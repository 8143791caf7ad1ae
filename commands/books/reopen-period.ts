import { z } from 'zod'
import { daySchema, slugSchema, text } from '../../src/events/text.js'
import { booksCommand, DEFAULT_BOOKS } from '../command.js'
import { accept, refuse } from '../decision.js'

/** Opens closed days again (L10): answered when every series gives numbers for them. */
export const reopenPeriod = booksCommand({
  name: 'reopen-period',
  area: 'books',
  summary: 'Opens closed days again, all of them or those after a day',
  rows: ['L10'],
  input: z.strictObject({
    books: slugSchema.default(DEFAULT_BOOKS),
    through: daySchema
      .nullable()
      .describe('The last day that stays closed; `null` opens all days.'),
    reason: text(500),
  }),
  output: z.strictObject({}),
  books: ({ books }) => books,
  changesPeriod: true,
  decide({ books: slug, through, reason }, books) {
    const { change, closedThrough } = books.period
    if (change?.kind === 'reopening' && change.through === through) return accept()
    if (change !== null) {
      return refuse({
        code: 'period_change_under_way',
        change: change.kind,
        through: change.through,
      })
    }
    if (closedThrough === null || (through !== null && through >= closedThrough)) {
      return refuse({ code: 'period_not_closed', through, closedThrough })
    }
    return accept({ type: 'PeriodReopening', data: { books: slug, through, reason } })
  },
  answer: () => ({}),
})
