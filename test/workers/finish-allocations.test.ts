/** The worker that finishes allocations: what it does when, with a clock that the test moves. */
import { expect, test } from 'vitest'
import {
  finishAllocations,
  type UnfinishedAllocation,
} from '../../src/workers/finish-allocations.js'
import { until } from '../embedded-postgres/folders.js'

const one = { allocationId: 'folio-al1', invoiceId: 'other-i1' }
const two = { allocationId: 'folio-al2', invoiceId: 'other-i2' }

/** A worker over a list that the test writes, in a time that the test tells. */
function watching(finish: (allocation: UnfinishedAllocation) => Promise<void>) {
  const world = {
    unfinished: [one, two] as readonly UnfinishedAllocation[],
    nowMs: 0,
    isLeading: true,
    looks: 0,
    warnings: [] as string[],
  }
  const worker = finishAllocations({
    unfinished: () => {
      world.looks += 1
      return Promise.resolve(world.unfinished)
    },
    finish,
    isLeading: () => world.isLeading,
    onWarning: (message) => world.warnings.push(message),
    monotonicMs: () => world.nowMs,
    pollMs: 1,
    graceMs: 2_000,
  })
  /** Until it has looked at the list twice more: once it has, it did all that it does at this time. */
  const looked = async () => {
    const before = world.looks
    await until(() => world.looks >= before + 2)
  }
  return { world, worker, looked }
}

test('an allocation has its time to be finished by whoever was asked', async () => {
  const finished: string[] = []
  const { world, worker, looked } = watching(({ allocationId }) => {
    finished.push(allocationId)
    world.unfinished = world.unfinished.filter((left) => left.allocationId !== allocationId)
    return Promise.resolve()
  })
  await looked()
  world.nowMs = 1_999
  await looked()
  expect(finished).toEqual([])
  world.nowMs = 2_000
  await looked()
  expect(finished).toEqual([one.allocationId, two.allocationId])
  await worker.stop()
  expect(world.warnings).toEqual([])
})

test('one that cannot be finished holds up no other, and is tried at growing distances, visibly', async () => {
  const tried: [string, number][] = []
  const { world, worker, looked } = watching(({ allocationId }) => {
    tried.push([allocationId, world.nowMs])
    if (allocationId === one.allocationId) return Promise.reject(new Error('its stream is damaged'))
    world.unfinished = [one]
    return Promise.resolve()
  })
  await looked()
  for (const nowMs of [2_000, 2_999, 3_000, 4_999, 5_000, 9_000]) {
    world.nowMs = nowMs
    await looked()
  }
  await worker.stop()
  expect(tried.filter(([id]) => id === two.allocationId)).toEqual([[two.allocationId, 2_000]])
  const times = tried.filter(([id]) => id === one.allocationId).map(([, nowMs]) => nowMs)
  expect(times).toEqual([2_000, 3_000, 5_000, 9_000])
  expect(world.warnings).toEqual(
    [1, 2, 4, 8].map(
      (seconds, index) =>
        `Allocation folio-al1 is not finished (try ${index + 1}, the next in ${seconds} s): its stream is damaged`,
    ),
  )
})

test('it is never given up: the distance grows to five minutes and no further', async () => {
  let tries = 0
  const { world, worker, looked } = watching(() => {
    tries += 1
    return Promise.reject(new Error('away'))
  })
  world.unfinished = [one]
  await looked()
  for (let round = 1; round <= 20; round += 1) {
    world.nowMs += 300_000
    await looked()
  }
  await worker.stop()
  expect(tries).toBe(20)
  expect(world.warnings.at(-1)).toContain('try 20, the next in 300 s')
})

test('only one of several processes does it, and another goes on when that one is gone', async () => {
  const finished: string[] = []
  const { world, worker, looked } = watching(({ allocationId }) => {
    finished.push(allocationId)
    return Promise.resolve()
  })
  world.isLeading = false
  const before = world.looks
  const other = watching(() => Promise.resolve())
  world.nowMs = 10_000
  await other.looked()
  expect([world.looks, finished]).toEqual([before, []])
  world.isLeading = true
  await looked()
  world.nowMs = 12_000
  await looked()
  await Promise.all([worker.stop(), other.worker.stop()])
  expect(finished).toEqual([one.allocationId, two.allocationId])
})

test('a list that cannot be read is read again', async () => {
  let failures = 0
  const warnings: string[] = []
  const worker = finishAllocations({
    unfinished: () => {
      failures += 1
      return Promise.reject(new Error('The database is away.'))
    },
    finish: () => Promise.resolve(),
    isLeading: () => true,
    onWarning: (message) => warnings.push(message),
    monotonicMs: () => 0,
    pollMs: 1,
  })
  await until(() => failures >= 3)
  await worker.stop()
  expect(new Set(warnings)).toEqual(new Set(['Unfinished allocations wait: The database is away.']))
})
