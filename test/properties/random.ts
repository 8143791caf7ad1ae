/** Random choices from a seed: the same seed gives the same choices, on every machine. */
export type Random = Readonly<{
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number
  chance(probability: number): boolean
  pick<Value>(values: readonly [Value, ...Value[]] | readonly Value[]): Value
  /** A generator of its own, so that draws of one part do not shift those of another. */
  branch(label: number): Random
}>

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  /** mulberry32: 32 bits of state are enough to choose test data with. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    whole,
    chance: (probability) => next() < probability,
    pick: (values) => {
      const value = values[whole(0, values.length - 1)]
      if (value === undefined) throw new RangeError('There is nothing to pick from')
      return value
    },
    branch: (label) => createRandom(Math.imul(seed ^ 0x9e3779b9, 2 * label + 1) + label),
  }
}
