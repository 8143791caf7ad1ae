import { expect, test } from 'vitest'
import {
  continuePeriodChanges,
  type ContinuePeriodChangesOptions,
} from '../../src/workers/continue-period-changes.js'

/** Runs until so many looks have begun, then stops. */
async function looks(
  count: number,
  options: Partial<ContinuePeriodChangesOptions>,
): Promise<readonly string[]> {
  const said: string[] = []
  let left = count
  let enough: () => void = () => undefined
  const done = new Promise<void>((resolve) => (enough = resolve))
  const running = continuePeriodChanges({
    books: () => Promise.resolve(['main']),
    changeUnderWay: () => Promise.resolve(3),
    carryOn: () => Promise.resolve('done'),
    onWarning: (message) => said.push(message),
    pollMs: 1,
    ...options,
    isLeading: () => {
      left -= 1
      if (left < 0) enough()
      return left >= 0 && (options.isLeading?.() ?? true)
    },
  })
  await done
  await running.stop()
  return said
}

test('what is under way at two looks is carried on, what has just begun is not', async () => {
  const carried: string[] = []
  const carryOn = (books: string) => {
    carried.push(books)
    return Promise.resolve('done' as const)
  }
  await looks(1, { carryOn })
  expect(carried).toEqual([])
  await looks(2, { carryOn })
  expect(carried).toEqual(['main'])
  let revision = 0
  // Each look finds another one: whoever asked for it is at work.
  await looks(5, { carryOn, changeUnderWay: () => Promise.resolve((revision += 1)) })
  await looks(5, { carryOn, changeUnderWay: () => Promise.resolve(null) })
  await looks(5, { carryOn, isLeading: () => false })
  expect(carried).toEqual(['main'])
})

test('what cannot be carried on is told and tried again, and holds no other books up', async () => {
  const tried: string[] = []
  const said = await looks(4, {
    books: () => Promise.resolve(['first', 'second', 'third']),
    carryOn: (books) => {
      tried.push(books)
      if (books === 'first') return Promise.reject(new Error('no answer'))
      return Promise.resolve(books === 'second' ? 'busy' : 'done')
    },
  })
  expect(tried).toEqual([1, 2, 3].flatMap(() => ['first', 'second', 'third']))
  expect(said.slice(0, 2)).toEqual([
    'The change of the period of first goes on later: no answer',
    'The change of the period of second goes on later: others kept changing what it waits for',
  ])
})

test('a read model that is away is told, and looked at again', async () => {
  let asked = 0
  const said = await looks(3, {
    books: () => {
      asked += 1
      return Promise.reject(new Error('it is away'))
    },
  })
  expect(asked).toBe(3)
  expect(said[0]).toBe('The books cannot be looked at for unfinished periods: it is away')
})
