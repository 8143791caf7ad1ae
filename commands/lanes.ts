/** One lane a stream within a process: whoever asks for the same stream waits its turn instead of losing a race. */
export function createLanes() {
  const lanes = new Map<string, Promise<unknown>>()
  return async <Value>(stream: string, work: () => Promise<Value>): Promise<Value> => {
    const before = lanes.get(stream)
    const turn = before === undefined ? work() : before.then(work, work)
    lanes.set(stream, turn)
    try {
      return await turn
    } finally {
      if (lanes.get(stream) === turn) lanes.delete(stream)
    }
  }
}

export type Lanes = ReturnType<typeof createLanes>
