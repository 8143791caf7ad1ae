import { expect, test } from 'vitest'
import { gathered } from '../../src/stores/gathered.js'

/** A write that ends when the test says so. */
function writing(itemsMax = 10) {
  const batches: (readonly number[])[] = []
  const ends: Readonly<{ done: () => void; fail: (reason: Error) => void }>[] = []
  const write = gathered<number>((items) => {
    batches.push(items)
    return new Promise((done, fail) => ends.push({ done, fail }))
  }, itemsMax)
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { write, batches, ends, turn }
}

test('what comes meanwhile is written together, and each hears when it is', async () => {
  const { write, batches, ends, turn } = writing()
  const heard: number[] = []
  for (const item of [1, 2, 3]) void write(item).then(() => heard.push(item))
  await turn()
  expect([batches, heard]).toEqual([[[1]], []])
  ends[0]?.done()
  await turn()
  expect([batches, heard]).toEqual([[[1], [2, 3]], [1]])
  ends[1]?.done()
  await turn()
  expect(heard).toEqual([1, 2, 3])
  void write(4)
  await turn()
  expect(batches).toHaveLength(3)
})

test('no more at once than one statement takes', async () => {
  const { write, batches, ends, turn } = writing(2)
  for (const item of [1, 2, 3, 4, 5, 6]) void write(item)
  for (let nth = 0; nth < 4; nth += 1) {
    await turn()
    ends[nth]?.done()
  }
  expect(batches).toEqual([[1], [2, 3], [4, 5], [6]])
})

test('a write that fails is told to those whose it was, and the next goes on', async () => {
  const { write, ends, turn } = writing()
  const failed = write(1)
  const written = write(2)
  await turn()
  ends[0]?.fail(new Error('away'))
  await expect(failed).rejects.toThrow('away')
  await turn()
  ends[1]?.done()
  await expect(written).resolves.toBeUndefined()
})
