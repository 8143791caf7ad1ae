import { expect, test } from 'vitest'
import { createOrderLanes } from '../../src/platforms/order-lanes.js'
import { virtualTime } from './support/virtual-store.js'

function lanes() {
  const time = virtualTime()
  const inLane = createOrderLanes(time)
  const log: string[] = []
  const work = (name: string, { ms = 10, deadlineMs = Infinity, signal = noSignal } = {}) => ({
    options: { deadlineMs, signal },
    begin: async () => {
      log.push(`${name} begins`)
      await time.sleep(ms)
      log.push(`${name} ends`)
      if (name === 'fails') throw new Error('ours')
      return `${name} done`
    },
    late: () => `${name} late`,
  })
  return { time, inLane, log, work }
}

const noSignal = new AbortController().signal

test('work on one order goes in the order that it came, whatever fails', async () => {
  const { time, inLane, log, work } = lanes()
  const [first, second, third] = [
    inLane('1', work('a')),
    inLane('1', work('fails')),
    inLane('1', work('c')),
  ]
  const failed = expect(second).rejects.toThrow('ours')
  await time.run()
  await failed
  expect(await first).toBe('a done')
  expect(await third).toBe('c done')
  expect(log).toEqual(['a begins', 'a ends', 'fails begins', 'fails ends', 'c begins', 'c ends'])
})

test('work on another order waits for nobody', async () => {
  const { time, inLane, log, work } = lanes()
  const both = [inLane('1', work('a')), inLane('2', work('b'))]
  await time.run()
  await Promise.all(both)
  expect(log.slice(0, 2)).toEqual(['a begins', 'b begins'])
})

test('what is late is told so at its deadline, and is never begun', async () => {
  const { time, inLane, log, work } = lanes()
  const first = inLane('1', work('a', { ms: 100 }))
  const second = inLane('1', work('b', { deadlineMs: 50 })).then((answer) => {
    log.push(`${answer} at ${time.monotonicMs()}`)
  })
  const third = inLane('1', work('c'))
  await time.run()
  await Promise.all([first, second, third])
  expect(log).toEqual(['a begins', 'b late at 50', 'a ends', 'c begins', 'c ends'])
})

test('what is called off while it waits is never begun', async () => {
  const { time, inLane, log, work } = lanes()
  const calledOff = new AbortController()
  const first = inLane('1', work('a'))
  const second = inLane('1', work('b', { signal: calledOff.signal }))
  calledOff.abort()
  expect(await second).toBe('b late')
  await time.run()
  await first
  expect(log).toEqual(['a begins', 'a ends'])
})
