/** The figures for a person, and for a program. */
import Table from 'cli-table3'
import { type Aim, type Comparison, judge, type Spread, type Unit } from './statistics.js'

/** Where and how it was measured: ratios of two machines are not to be compared without it. */
export type Circumstances = Readonly<{
  node: string
  cores: number
  processor: string
  memoryMb: number
  platform: string
  /** Before the first row, over the last minute. More than a fraction of the cores: others were at work. */
  loadAtStart: number
  rounds: number
  secondsPerRound: number
}>

export function drawTable(comparisons: readonly Comparison[]): string {
  const table = new Table({
    head: ['What', 'Unit', 'Folio', 'Measured against', 'Its figure', 'Ratio', 'Aim', 'Met'],
    colAligns: ['left', 'left', 'right', 'left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const comparison of comparisons) {
    const { ours, peer, ratio, met } = judge(comparison)
    const { what, unit, aim } = comparison
    table.push([
      what,
      unit,
      spreadText(ours, unit),
      comparison.peer.name,
      spreadText(peer, unit),
      ratioText(ratio),
      aimText(aim, unit),
      met ? 'yes' : 'NO',
    ])
  }
  return table.toString()
}

export function asJson(comparisons: readonly Comparison[], circumstances: Circumstances): object {
  const rows = comparisons.map((comparison) => {
    const { ours, peer, ratio, met } = judge(comparison)
    return {
      ...comparison,
      ours: { ...comparison.ours, ...ours },
      peer: { ...comparison.peer, ...peer },
      ratio,
      met,
    }
  })
  return { circumstances, rows }
}

/** `8,120 (7,900–8,400)`: the median, and between which figures the rounds lay. */
export function spreadText({ median, min, max }: Spread, unit: Unit): string {
  const text = (figure: number) => figureText(figure, unit)
  return min === max ? text(median) : `${text(median)} (${text(min)}–${text(max)})`
}

export function ratioText(ratio: number): string {
  return `${ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)} ×`
}

export function aimText(aim: Aim, unit: Unit): string {
  switch (aim.kind) {
    case 'ratio_at_least':
      return `≥ ${aim.ratio} ×`
    case 'ratio_at_most':
      return `≤ ${aim.ratio} ×`
    case 'at_most':
      return `≤ ${figureText(aim.figure, unit)} ${unit}`
  }
}

function figureText(figure: number, unit: Unit): string {
  const digits = unit === 'ms' && figure < 100 ? 1 : 0
  return figure.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, ',')
}
