/**
 * Where effects happen: applied at once, so that two callers cannot both have what is left; answered for only when they
 * stand in the journal. What is to happen later by itself is kept there too, and comes about after a restart as well.
 */
import { noticesOf } from '../hooks/notices.js'
import type { Effect } from './effects.js'
import type { Journal } from './journal.js'
import { laterEffects } from './later.js'
import { apply, orderOf, storeOf, type Store, type World } from './world.js'

export type Engine = Readonly<{
  world: World
  /** Resolves when all of it is on the disk. */
  commit(effects: readonly Effect[]): Promise<void>
  /** As commit does, for what nobody waits for and no hook is told of. */
  pass(effect: Effect): void
  note(line: object): void
  /** Resolves when what a reader of this order would see is on the disk; without one, all of it. */
  settled(store: Store | null, order: number | null): Promise<void>
  /** Called with notices that are to be delivered, from then on. */
  onNotice(deliver: (store: string, notice: string) => void): void
  close(): Promise<void>
}>

export function createEngine(world: World, journal: Journal): Engine {
  const timers = new Map<string, NodeJS.Timeout>()
  let deliver: (store: string, notice: string) => void = () => undefined
  let lastLine = 0

  const commit = async (effects: readonly Effect[]): Promise<void> => {
    const all: Effect[] = []
    for (const effect of effects) {
      const notices = noticesOf(world, effect)
      for (const happened of [effect, ...notices]) {
        apply(world, happened)
        all.push(happened)
      }
    }
    const line = journal.append(all.map((effect) => JSON.stringify(effect)))
    lastLine = line
    for (const effect of effects) {
      if ('order' in effect) orderOf(storeOf(world, effect.store), effect.order).line = line
    }
    plan()
    await journal.flushed(line)
    for (const effect of all) {
      if (effect.type === 'notice_due') deliver(effect.store, effect.notice.id)
    }
  }

  /** Sets a timer for all that is to happen later and has none yet. */
  const plan = (): void => {
    for (const [hash, store] of world.stores) {
      for (const [key, later] of store.later) {
        const name = `${hash} ${key}`
        if (timers.has(name)) continue
        const comeAbout = (): void => {
          timers.delete(name)
          if (store.later.get(key) !== later) return
          void commit(laterEffects(store, key, later, Date.now()))
        }
        timers.set(name, setTimeout(comeAbout, Math.max(later.atMs - Date.now(), 0)))
      }
    }
  }
  plan()

  return {
    world,
    commit,
    pass: (effect) => {
      apply(world, effect)
      lastLine = journal.append([JSON.stringify(effect)])
    },
    note: (line) => {
      journal.note(JSON.stringify(line))
    },
    settled: (store, order) =>
      journal.flushed(order === null ? lastLine : (store?.orders.get(order)?.line ?? 0)),
    onNotice(use) {
      deliver = use
      for (const [hash, store] of world.stores) {
        for (const id of store.notices.keys()) deliver(hash, id)
      }
    },
    async close() {
      for (const timer of timers.values()) clearTimeout(timer)
      await journal.close()
    },
  }
}
