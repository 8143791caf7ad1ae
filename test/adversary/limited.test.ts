/** A store that is overloaded for two hours: how much the log grows by it (S3). */
import { expect, test } from 'vitest'
import { requested } from '../commands/store-scenes.js'
import { laneOver } from './lane.js'

test('an overloaded store makes no log grow without bound', async () => {
  const lane = laneOver(requested(), {
    quoteRefund: () =>
      Promise.resolve({
        outcome: 'failed',
        ...{ reason: 'limited', status: 429, detail: '', retryAfterMs: 30_000 },
      } as const),
  })
  const before = lane.facts().length
  for (let nth = 0; nth < 2 * 120; nth += 1) {
    await lane.sync()
    lane.advance(30_000)
  }
  expect(lane.facts().length - before).toBeLessThan(60)
})
