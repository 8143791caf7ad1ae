/** What becomes of a task after each setback, in each state that it can meet one in: the whole table (S2, S3). */
import { describe, expect, test } from 'vitest'
import { afterSetback, FAILURES_MAX } from '../../commands/platform/after-setback.js'
import type { FailedAnswer } from '../../commands/platform/failed-answer.js'
import type { SyncTask, TaskState } from '../../src/aggregates/sync-task.js'
import { sendingSchema, setbackSchema } from '../../src/events/platform-events.js'
import { folioOf } from '../support/decider-spec.js'
import { CAPTURE_SENDING, payable, requested, SENDING, TASK } from './store-scenes.js'

const SHUT_UNTIL = '2026-11-22T12:02:32.000Z'
const BEFORE = '2026-11-22T12:02:31.999Z'
const NOT_BEFORE = '2026-11-22T12:10:00.000Z'

const taskIn = (facts: Parameters<typeof folioOf>[0]): SyncTask => {
  const [task] = folioOf(facts).syncTasks.values()
  return task ?? expect.fail()
}
const refund = taskIn(requested().facts)
const capture = taskIn(payable().facts)

const due: TaskState = { at: 'due', notBefore: null }
const open = (task: SyncTask, at: 'in_flight' | 'unknown'): TaskState => {
  const sending = sendingSchema.parse(task.kind === 'refund' ? SENDING : CAPTURE_SENDING)
  return { at, sending, shutUntil: SHUT_UNTIL }
}

const answer = (setback: FailedAnswer['setback'], more: Partial<FailedAnswer> = {}) => ({
  ...{ taskId: TASK, attempt: 1, answer: 'failed' as const, setback, status: null, detail: '' },
  ...{ figures: null, candidates: [], notBefore: NOT_BEFORE, ...more },
})
const then = (setback: FailedAnswer['setback'], task: SyncTask, now: string): string =>
  afterSetback(answer(setback), task, now).data.then

type Row = readonly [due: string, inFlight: string, unknownAndShut: string, unknownAndOpen: string]
const REFUND: Readonly<Record<FailedAnswer['setback'], Row>> = {
  limited: ['again', 'again', 'look', 'look'],
  unavailable: ['again', 'again', 'look', 'look'],
  not_sent: ['again', 'again', 'look', 'look'],
  unknown: ['again', 'look', 'look', 'look'],
  not_found: ['again', 'look', 'look', 'again'],
  not_authorised: ['person', 'person', 'look', 'look'],
  uncertain: ['person', 'person', 'person', 'person'],
  account_missing: ['person', 'person', 'look', 'look'],
  ground_gone: ['end', 'end', 'look', 'look'],
  not_offered: ['end', 'end', 'look', 'look'],
  refused: ['end', 'end', 'look', 'look'],
  amount_differs: ['end', 'end', 'look', 'look'],
  method_not_offered: ['end', 'end', 'look', 'look'],
}
/** An order stays to be marked as paid, and there are two ways to do it. */
const CAPTURE: typeof REFUND = {
  ...REFUND,
  not_offered: ['person', 'again', 'look', 'look'],
  refused: ['person', 'person', 'look', 'look'],
  amount_differs: ['person', 'person', 'look', 'look'],
  method_not_offered: ['person', 'person', 'look', 'look'],
}

describe.each([
  ['a refund', refund, REFUND],
  ['a capture', capture, CAPTURE],
] as const)('%s', (_what, task, table) => {
  test.each(setbackSchema.options)('%s', (setback) => {
    const at = (state: TaskState, now = BEFORE) => then(setback, { ...task, state }, now)
    expect([
      at(due),
      at(open(task, 'in_flight')),
      at(open(task, 'unknown')),
      at(open(task, 'unknown'), SHUT_UNTIL),
    ]).toEqual(table[setback])
  })

  test('nothing found, of an attempt whose answer nobody recorded, once its time is over', () => {
    expect(then('not_found', { ...task, state: open(task, 'in_flight') }, SHUT_UNTIL)).toBe('again')
  })
})

test('where the store offers neither way to mark an order as paid, a person is asked', () => {
  const state = open(capture, 'in_flight')
  const noOther: SyncTask = { ...capture, state, notOffered: ['payment_confirmation'] }
  expect(then('not_offered', noOther, BEFORE)).toBe('person')
  const sameAgain: SyncTask = { ...capture, state, notOffered: ['capture_record'] }
  expect(then('not_offered', sameAgain, BEFORE)).toBe('again')
})

describe('the budget', () => {
  const failedTimes = (failures: number): SyncTask => ({ ...refund, failures, state: due })

  test(`after ${FAILURES_MAX} setbacks a person is asked`, () => {
    expect(then('unavailable', failedTimes(FAILURES_MAX - 2), BEFORE)).toBe('again')
    expect(then('unavailable', failedTimes(FAILURES_MAX - 1), BEFORE)).toBe('person')
  })

  test('having to wait for its turn costs nothing of it', () => {
    expect(then('limited', failedTimes(FAILURES_MAX + 5), BEFORE)).toBe('again')
  })

  test('also of a store that cannot be looked at, while nobody knows what became of an attempt', () => {
    const unknown = (failures: number): SyncTask => ({
      ...{ ...refund, failures, state: open(refund, 'unknown') },
    })
    expect(then('unavailable', unknown(FAILURES_MAX - 2), BEFORE)).toBe('look')
    expect(then('unavailable', unknown(FAILURES_MAX - 1), BEFORE)).toBe('person')
    expect(then('limited', unknown(FAILURES_MAX), BEFORE)).toBe('look')
  })

  test('what is over is not made a person’s by it', () => {
    expect(then('refused', failedTimes(FAILURES_MAX), BEFORE)).toBe('end')
  })
})

test('only what is tried again has a time before which it is not', () => {
  const notBeforeOf = (setback: FailedAnswer['setback']) =>
    afterSetback(answer(setback), refund, BEFORE).data.notBefore
  expect([notBeforeOf('unavailable'), notBeforeOf('refused'), notBeforeOf('uncertain')]).toEqual([
    ...[NOT_BEFORE, null, null],
  ])
})

test('what the store said is recorded as it was said', () => {
  const said = answer('uncertain', { status: 502, detail: 'Bad gateway', candidates: ['501'] })
  expect(afterSetback(said, refund, BEFORE)).toMatchObject({
    type: 'AttemptFailed',
    data: { taskId: TASK, attempt: 1, status: 502, detail: 'Bad gateway', candidates: ['501'] },
  })
})
