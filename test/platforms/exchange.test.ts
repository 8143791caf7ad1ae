/** What undici may do that a real server does not make it do. */
import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
import { exchange, type Exchanged } from '../../src/platforms/exchange.js'
import { systemTimers } from '../../src/platforms/timers.js'
import { within } from './support/open-store.js'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController

/** A request of which a dispatcher makes what the test says; how often it was aborted, and asked for. */
async function dispatched(act: (handler: Handler, controller: Controller) => void) {
  const aborted: Error[] = []
  let asked = 0
  const controller = { abort: (reason: Error) => void aborted.push(reason) } as Controller
  const dispatcher = {
    dispatch: (_options: unknown, handler: Handler) => {
      act(handler, controller)
      return true
    },
  } as unknown as Dispatcher
  const exchanged: Exchanged = await exchange(
    dispatcher,
    { method: 'POST', path: '/', headers: {}, body: '{}', isAlone: true },
    {
      options: within(1_000),
      timers: systemTimers,
      mayLeave: () => {
        asked += 1
        return 'yes'
      },
      began: () => undefined,
    },
  )
  return { exchanged, aborted: aborted.length, asked: () => asked }
}

test('a request that it would write again is not written again', async () => {
  const { exchanged, aborted, asked } = await dispatched((handler, controller) => {
    handler.onRequestStart?.(controller, {})
    handler.onRequestStart?.(controller, {})
    handler.onResponseError?.(controller, new Error('aborted'))
  })
  expect(exchanged).toMatchObject({ outcome: 'broken', reason: 'lost' })
  expect([aborted, asked()]).toEqual([1, 1])
})

test('what fails before it was to be written was not sent', async () => {
  const { exchanged } = await dispatched((handler, controller) => {
    handler.onResponseError?.(controller, new AggregateError([new Error('a'), new Error('b')]))
  })
  expect(exchanged).toEqual({ outcome: 'not_sent', reason: 'unreachable', detail: 'a; b' })
})

test('answers that only announce another are passed over', async () => {
  const { exchanged } = await dispatched((handler, controller) => {
    handler.onRequestStart?.(controller, {})
    handler.onResponseStart?.(controller, 103, { link: 'x' })
    handler.onResponseStart?.(controller, 200, {})
    handler.onResponseData?.(controller, Buffer.from('{"a":"\u00e9"}'))
    handler.onResponseEnd?.(controller, {})
  })
  expect(exchanged).toMatchObject({ outcome: 'answered', status: 200, body: '{"a":"\u00e9"}' })
})
