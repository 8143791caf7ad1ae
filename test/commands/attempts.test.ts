/** An attempt begins on the log or not at all, and its answer is recorded once, to it and to no other (S1, S2). */
import { describe, expect, test } from 'vitest'
import { recordPlatformAnswer } from '../../commands/platform/record-platform-answer.js'
import { startAttempt } from '../../commands/platform/start-attempt.js'
import { after, decide, type Scene } from '../support/decider-spec.js'
import { gbp } from './scenes.js'
import {
  CAPTURE_SENDING,
  payable,
  requested,
  SENDING,
  started,
  storeRefund,
  TASK,
} from './store-scenes.js'

const SHUT_UNTIL = '2026-11-22T12:02:32.000Z'
const AFTERWARDS = '2026-11-22T12:03:00.000Z'
const NO_TASK = TASK.replace(/t1$/, 't9')

const failed = (more: object = {}) => ({
  ...{ taskId: TASK, attempt: 1, answer: 'failed', setback: 'unavailable', ...more },
})
const refunded = (more: object = {}) => ({
  ...{ taskId: TASK, attempt: 1, answer: 'refunded', refund: storeRefund(), foundBy: 'answer' },
  ...more,
})
const captured = (more: object = {}) => ({
  ...{ taskId: TASK, attempt: 1, answer: 'captured', way: 'capture_record', transaction: '77' },
  ...{ amount: gbp('132.00'), paymentStatus: 'captured', foundBy: 'answer', ...more },
})
const begun = (more: object = {}) => ({
  ...{ taskId: TASK, sending: SENDING, shutUntil: SHUT_UNTIL, ...more },
})
const capturing = () => after(startAttempt, begun({ sending: CAPTURE_SENDING }), payable())
const recorded = (asked: object, scene: Partial<Scene>) =>
  decide(recordPlatformAnswer, asked, scene)
const refusalOf = (asked: object, scene: Partial<Scene>) => {
  const decided = decide(startAttempt, asked, scene)
  return 'refusal' in decided ? decided.refusal : null
}

describe('an attempt', () => {
  test('begins, counted, and says until when it can still show', () => {
    expect(decide(startAttempt, begun(), requested())).toMatchObject({
      facts: [{ type: 'AttemptStarted', data: { attempt: 1, shutUntil: SHUT_UNTIL } }],
      answer: { taskId: TASK, attempt: 1 },
    })
    const again = after(recordPlatformAnswer, failed(), started())
    expect(decide(startAttempt, begun(), again)).toMatchObject({ answer: { attempt: 2 } })
  })

  test('of a task that there is not', () => {
    expect(refusalOf(begun({ taskId: NO_TASK }), requested())).toEqual({
      ...{ code: 'sync_task_not_found', task: NO_TASK },
    })
  })

  test('while it is under way already, or nobody knows what became of it', () => {
    const state = (at: string) => ({
      ...{ code: 'sync_task_not_due', task: TASK, state: at, notBefore: null },
    })
    expect(refusalOf(begun(), started())).toEqual(state('in_flight'))
    const unknown = after(recordPlatformAnswer, failed({ setback: 'unknown' }), started())
    expect(refusalOf(begun(), unknown)).toEqual(state('unknown'))
    const done = after(recordPlatformAnswer, refunded(), started())
    expect(refusalOf(begun(), done)).toEqual(state('done'))
  })

  test('before the time that it is to wait for, to the millisecond', () => {
    const notBefore = '2026-11-22T12:01:00.000Z'
    const waits = after(recordPlatformAnswer, failed({ notBefore }), started())
    expect(refusalOf(begun(), waits)).toEqual({
      ...{ code: 'sync_task_not_due', task: TASK, state: 'due', notBefore },
    })
    const at = (now: string) => refusalOf(begun(), { ...waits, now })
    expect(at('2026-11-22T12:00:59.999Z')).not.toBeNull()
    expect(at(notBefore)).toBeNull()
  })

  test('whose time is over before it begins', () => {
    const at = { now: SHUT_UNTIL }
    expect(refusalOf(begun(), { ...requested(), ...at })).toMatchObject({
      ...{ code: 'attempt_already_over', shutUntil: SHUT_UNTIL, now: SHUT_UNTIL },
    })
  })

  test('at something else than the task asks for', () => {
    const notOfTask = { code: 'sync_task_not_due', task: TASK, notBefore: null }
    const other = begun({ sending: CAPTURE_SENDING })
    expect(refusalOf(other, requested())).toEqual({ ...notOfTask, state: 'refund' })
    expect(refusalOf(begun(), payable())).toEqual({ ...notOfTask, state: 'capture' })
  })

  test('at another sum than the note gives back, or the order received', () => {
    const paying = (amount: string, override: object | null = null) => ({
      ...SENDING,
      payments: [{ provider: 'stripe', amount: gbp(amount), isOffline: false }],
      override,
    })
    const overridden = { total: gbp('60.01'), tax: gbp('10.00') }
    for (const sending of [paying('60.01'), paying('59.99'), paying('60.00', overridden)]) {
      expect(refusalOf(begun({ sending }), requested())).toMatchObject({
        ...{ code: 'platform_refund_amount_differs', amount: gbp('60.00') },
      })
    }
    const sending = { ...CAPTURE_SENDING, amount: gbp('131.99') }
    expect(refusalOf(begun({ sending }), payable())).toEqual({
      ...{ code: 'sync_ground_gone', task: TASK, reason: 'amount_differs' },
    })
    expect(refusalOf(begun({ sending: CAPTURE_SENDING }), payable())).toBeNull()
  })

  test('through a gateway whose money is booked nowhere, where money moves through it', () => {
    const over = (provider: string, isOffline: boolean) => ({
      ...SENDING,
      payments: [{ provider, amount: gbp('60.00'), isOffline }],
    })
    expect(refusalOf(begun({ sending: over('adyen', false) }), requested())).toEqual({
      ...{ code: 'clearing_account_missing', provider: 'adyen', create: 'gateway-adyen' },
    })
    expect(refusalOf(begun({ sending: over('adyen', true) }), requested())).toBeNull()
    expect(refusalOf(begun({ sending: over('storecredit', false) }), requested())).toBeNull()
  })
})

describe('an answer', () => {
  test('is recorded, and says what becomes of the task', () => {
    expect(recorded(refunded(), started())).toMatchObject({
      answer: { recorded: true, then: 'done' },
    })
    expect(recorded(captured(), capturing())).toMatchObject({
      facts: [{ type: 'OrderCaptured', data: { way: 'capture_record', transaction: '77' } }],
      answer: { recorded: true, then: 'done' },
    })
    expect(recorded(failed(), started())).toMatchObject({
      answer: { recorded: true, then: 'again' },
    })
    expect(recorded(failed({ setback: 'unknown' }), started())).toMatchObject({
      answer: { recorded: true, then: 'look' },
    })
  })

  test('to a task that there is not', () => {
    expect(recorded(failed({ taskId: NO_TASK }), started())).toEqual({
      refusal: { code: 'sync_task_not_found', task: NO_TASK },
    })
  })

  test('that is known already changes nothing', () => {
    const nothing = { facts: [], numbers: [], answer: { recorded: false, then: null } }
    const done = after(recordPlatformAnswer, refunded(), started())
    expect(recorded(refunded(), done)).toEqual(nothing)
    const marked = after(recordPlatformAnswer, captured(), capturing())
    expect(recorded(captured(), marked)).toEqual(nothing)
    expect(recorded(captured(), started())).toEqual(nothing)
  })

  test('of something not done, to an attempt that is not under way, changes nothing', () => {
    const nothing = { facts: [], numbers: [], answer: { recorded: false, then: null } }
    const over = after(recordPlatformAnswer, failed(), started())
    // Its own attempt, again; one that never was; one before it; none, while one is under way.
    expect(recorded(failed(), over)).toEqual(nothing)
    expect(recorded(failed({ attempt: 2 }), started())).toEqual(nothing)
    const second = after(startAttempt, begun(), over)
    expect(recorded(failed(), second)).toEqual(nothing)
    expect(recorded(failed({ attempt: null }), started())).toEqual(nothing)
    const unknown = after(recordPlatformAnswer, failed({ setback: 'unknown' }), started())
    expect(recorded(failed({ attempt: null }), unknown)).toEqual(nothing)
  })

  test('before any attempt is one to a task that is due', () => {
    expect(recorded(failed({ attempt: null }), requested())).toMatchObject({
      facts: [{ type: 'AttemptFailed', data: { attempt: null, then: 'again' } }],
    })
  })

  test('to an unknown attempt, once its time is over: nothing found lets the next one begin', () => {
    const unknown = after(recordPlatformAnswer, failed({ setback: 'unknown' }), started())
    const looked = { ...unknown, now: AFTERWARDS }
    expect(recorded(failed({ setback: 'not_found' }), looked)).toMatchObject({
      answer: { recorded: true, then: 'again' },
    })
    expect(recorded(failed({ setback: 'not_found' }), unknown)).toMatchObject({
      answer: { recorded: true, then: 'look' },
    })
  })
})
