/** Which faults hit: drawn from a seed, so that the same calls in the same order meet the same faults. */
import type { RouteClass } from '../contract.js'
import type { FaultKind } from '../options.js'
import type { SetFault, World } from '../state/world.js'

export type Chance = () => number

/** mulberry32: small, and the same everywhere. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Target = Readonly<{ store: string; class: RouteClass | null; order: number | null }>

export type HitBy<Kind extends FaultKind> = Omit<SetFault, 'kind'> & { readonly kind: Kind }

export type Draws = Readonly<{
  /** Faults of these kinds that hit, each spent by it. */
  hits<Kind extends FaultKind>(
    target: Target,
    isOf: (kind: FaultKind) => kind is Kind,
  ): readonly HitBy<Kind>[]
  /** What a fault says; between the least and the most where it names both, or is about what readers see. */
  delayMs(fault: HitBy<FaultKind>): number
}>

export function createDraws(world: World, seed: number, onSpent: (fault: SetFault) => void): Draws {
  const chances = new Map<string, Chance>()
  const chanceOf = ({ id }: HitBy<FaultKind>): Chance => {
    // Each fault draws for itself, so that one more of them does not change what the others do.
    const chance = chances.get(id) ?? chanceFrom(hashOf(`${seed} ${id}`))
    chances.set(id, chance)
    return chance
  }
  return {
    hits<Kind extends FaultKind>(target: Target, isOf: (kind: FaultKind) => kind is Kind) {
      return world.faults.set.filter((fault): fault is SetFault & HitBy<Kind> => {
        if (!isOf(fault.kind) || !aims(fault, target)) return false
        if (fault.probability < 1 && chanceOf(fault)() >= fault.probability) return false
        if (fault.left !== null) onSpent(fault)
        return true
      })
    },
    delayMs: (fault) => {
      const most = fault.ms ?? DELAY_MS
      if (fault.kind !== 'stale' && fault.minMs === 0) return most
      return fault.minMs + chanceOf(fault)() * Math.max(most - fault.minMs, 0)
    },
  }
}

const DELAY_MS = 1_000

function aims(fault: SetFault, { store, class: of, order }: Target): boolean {
  if (fault.left === 0) return false
  if (fault.store !== undefined && fault.store !== store) return false
  if (fault.orders !== undefined && (order === null || !fault.orders.includes(order))) return false
  if (of === null || fault.on === 'any') return true
  return fault.on === 'writes' ? of !== 'reads' && of !== 'quotes' : fault.on === of
}

function hashOf(text: string): number {
  let hash = 2_166_136_261
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619)
  return hash >>> 0
}
