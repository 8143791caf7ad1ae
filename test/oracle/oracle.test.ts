import { beforeAll, expect, test } from 'vitest'
import { goodLog, type GoodLog } from './good-log.js'
import { createOracle } from './oracle.js'
import { RULES } from './report.js'
import type { TamperedLog } from './tampering.js'
import { TAMPERS } from './tampers.js'
import { MORE_STORE_TAMPERS } from './tampers-stores.js'

let good: GoodLog
beforeAll(async () => {
  good = await goodLog()
})

/** With a full check at every position; a log that is broken in its middle must be noticed there. */
function judged({ events, stored }: TamperedLog | GoodLog, withBytes = true): readonly string[] {
  const oracle = createOracle()
  events.forEach((event, index) => {
    oracle.feed(event, withBytes ? stored[index] : undefined)
    oracle.check()
  })
  return oracle.finish()
}

test('finds nothing in a good log, and every number of it explained', () => {
  expect(judged(good)).toEqual([])
  const oracle = createOracle()
  for (const event of good.events) oracle.feed(event)
  oracle.finish()
  expect(oracle.unexplainedNumbers()).toEqual([])
})

test.each(RULES)('finds a log in which %s is broken, and says where', (rule) => {
  const log = structuredClone(good) as TamperedLog
  const bytes = JSON.stringify(log, bigintsAsText)
  TAMPERS[rule](log)
  expect(JSON.stringify(log, bigintsAsText)).not.toBe(bytes)
  const changesBytes = rule === 'hash' || rule === 'stored_metadata'
  const named = judged(log, changesBytes).filter((violation) => violation.startsWith(`${rule} · `))
  expect(named).not.toEqual([])
  expect(named[0]).toMatch(/ · position \d+, event \d+ of [a-z]+-\S+ · \S+/)
})

test.each(MORE_STORE_TAMPERS)('and also %s', (_what, rule, tamper) => {
  const log = structuredClone(good) as TamperedLog
  tamper(log)
  const named = judged(log, false).filter((violation) => violation.startsWith(`${rule} · `))
  expect(named).not.toEqual([])
})

test('a dropped event breaks the chain', () => {
  const events = good.events.filter(({ type }) => type !== 'CreditSettled')
  const found = judged({ events, stored: [] }, false)
  expect(found.some((violation) => violation.startsWith('revision · '))).toBe(true)
})

test('a number that was taken and stands nowhere is named as unexplained', () => {
  const oracle = createOracle()
  for (const event of good.events) if (event.type !== 'CreditRefunded') oracle.feed(event)
  expect(oracle.unexplainedNumbers().length).toBeGreaterThan(0)
})

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}
