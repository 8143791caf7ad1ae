/** Whoever tells a store something is held at a point, until a test lets it go on. */
import type { SyncPoint } from '../../src/workers/sync-ports.js'

export function heldPoint() {
  let heldAt: SyncPoint | null = null
  let isReached = (): void => undefined
  let isLetGo = (): void => undefined
  let go = Promise.resolve()
  return {
    /** For the ledger. */
    reached: async (point: SyncPoint): Promise<void> => {
      if (point !== heldAt) return
      isReached()
      await go
    },
    /** Fulfilled once somebody stands there. */
    holdAt: (point: SyncPoint): Promise<void> => {
      heldAt = point
      go = new Promise((resolve) => {
        isLetGo = resolve
      })
      return new Promise((resolve) => {
        isReached = resolve
      })
    },
    letGo: (): void => {
      heldAt = null
      isLetGo()
    },
  }
}
