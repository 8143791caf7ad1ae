/** What rounds come to: medians, spread, ratios, and whether an aim was met. */

export type Spread = Readonly<{ median: number; min: number; max: number }>

/** The figures of one side, a round each. */
export type Side = Readonly<{ name: string; figures: readonly number[] }>

export type Aim = Readonly<
  /** Our median is at least so many times the peer's. */
  | { kind: 'ratio_at_least'; ratio: number }
  | { kind: 'ratio_at_most'; ratio: number }
  /** Our median is at most this, whatever the peer does. */
  | { kind: 'at_most'; figure: number }
>

export type Unit = 'per second' | 'ms' | 'MB'

export type Comparison = Readonly<{
  row: string
  what: string
  unit: Unit
  ours: Side
  peer: Side
  aim: Aim
}>

export type Judged = Readonly<{
  ours: Spread
  peer: Spread
  /** Our median over the peer's. */
  ratio: number
  met: boolean
}>

export function judge({ ours, peer, aim }: Comparison): Judged {
  const spreads = { ours: spreadOf(ours.figures), peer: spreadOf(peer.figures) }
  const ratio = spreads.ours.median / spreads.peer.median
  return { ...spreads, ratio, met: isMet(aim, spreads.ours.median, ratio) }
}

/** Throws for no figures: a row that measured nothing has no median. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((left, right) => left - right)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) throw new RangeError('There are no figures.')
  const upper = sorted[Math.floor(sorted.length / 2)] ?? max
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? min
  return { median: (lower + upper) / 2, min, max }
}

function isMet(aim: Aim, median: number, ratio: number): boolean {
  switch (aim.kind) {
    case 'ratio_at_least':
      return ratio >= aim.ratio
    case 'ratio_at_most':
      return ratio <= aim.ratio
    case 'at_most':
      return median <= aim.figure
  }
}
