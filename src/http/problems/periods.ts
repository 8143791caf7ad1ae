import type { SomeRefusals } from './explanation.js'

/** Days that are closed, and closing and opening them. */
export const PERIOD_EXPLANATIONS = {
  period_closed: {
    rows: ['L10'],
    rule: 'The figures of a closed period have been reported and do not change any more, so nothing that a person asks for is booked on a day in it. What happened outside (an answer of a platform, a line of a bank) is never refused for this: it is booked on the first open day and keeps its own date.',
    members: {
      date: 'The day that the request would be booked on.',
      closedThrough: 'The last day that is closed; every day before it is closed too.',
      firstOpenDay: 'The first day that can be booked on.',
    },
    next: 'Give the first open day or a later one. If the period was closed too early, open it with reopen-period, then ask again.',
  },
  period_not_over: {
    rows: ['L10'],
    rule: 'A period is closed once its last day is over in the time zone of the books. Until then the ledger itself books on today whatever comes in, and could not.',
    members: {
      through: 'The last day to close.',
      today: 'The day it is in the time zone of the books.',
    },
    next: 'Close up to yesterday or an earlier day, or wait until the day is over.',
  },
  period_closed_already: {
    rows: ['L10'],
    rule: 'Closing goes forward only: the day asked for is closed, with every day before it. Somebody else, or an earlier request of your own, may have closed it.',
    members: {
      through: 'The last day to close.',
      closedThrough: 'The last day that is closed.',
    },
    next: 'Nothing, if that day was meant. To close less than is closed now, open the days after it with reopen-period.',
  },
  period_not_closed: {
    rows: ['L10'],
    rule: 'Opening again leaves closed what comes before: all days up to `through` stay closed, so they must be closed now. To open everything, something must be closed.',
    members: {
      through: 'The last day that would stay closed; null where everything was to be opened.',
      closedThrough: 'The last day that is closed; null where none is.',
    },
    next: 'Give a day before `closedThrough`, or null to open everything. To close more days use close-period.',
  },
  period_change_under_way: {
    rows: ['L10'],
    rule: 'A period is closed, or opened again, by telling every number series, one after the other. Another change has begun and is not finished; two at once could leave the series in disagreement.',
    members: {
      change: '`closing` or `reopening`: what is under way.',
      through: 'The day of that change; null where everything is being opened.',
    },
    next: 'Wait for it, or ask for the very same change, which carries on with one that a crash interrupted. Then send this request again.',
  },
} as const satisfies SomeRefusals
