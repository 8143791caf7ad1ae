/** What stands at a place of a list that has it; where it has not, one list was not made from the other: damage. */
export function atPlace<Value>(values: readonly Value[], place: number): Value {
  const value = values[place]
  if (value === undefined)
    throw new RangeError(`Nothing stands at place ${place} of ${values.length}`)
  return value
}
