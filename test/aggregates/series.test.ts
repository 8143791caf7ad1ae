import { expect, test } from 'vitest'
import { evolveSeries, initialSeries } from '../../src/aggregates/series.js'
import type { EventOfType, SeriesFact } from '../../src/events/ledger-event.js'

const key = { books: 'main', series: 'INV', year: 2026 } as const
const binding = (number: number) => ({
  number,
  document: `invoice-${number}`,
  postingDate: '2026-11-22',
})

function seriesOf(...facts: readonly SeriesFact[]) {
  return facts.reduce((series, fact, revision) => {
    const event = { ...fact, stream: 'series-main', revision } as EventOfType<SeriesFact['type']>
    return evolveSeries(series, event)
  }, initialSeries)
}

const taken: SeriesFact = {
  type: 'NumbersTaken',
  data: { ...key, taken: [binding(1), binding(2), binding(3)], used: [] },
}

test('a voided number waits no longer, the others still do, and none is given again', () => {
  const voided: SeriesFact = {
    type: 'NumberVoided',
    data: { ...key, number: 2, document: 'invoice-2', reason: 'Never posted' },
  }
  const { next, open } = seriesOf(taken, voided)
  expect([...open.keys()]).toEqual(['invoice-1', 'invoice-3'])
  expect(next).toBe(4)
})

test('a number that is seen on its document waits no longer', () => {
  const more: SeriesFact = {
    type: 'NumbersTaken',
    data: { ...key, taken: [binding(4)], used: [1, 3] },
  }
  const { next, open } = seriesOf(taken, more)
  expect([...open.values()]).toEqual([binding(2), binding(4)])
  expect(next).toBe(5)
})
