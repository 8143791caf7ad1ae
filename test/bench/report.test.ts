import { expect, test } from 'vitest'
import { aimText, asJson, drawTable, ratioText, spreadText } from '../../bench/report.js'
import type { Comparison } from '../../bench/statistics.js'

const missed: Comparison = {
  row: 'commands-8',
  what: 'Commands in process, 8 callers',
  unit: 'per second',
  ours: { name: 'Folio', figures: [8_000, 8_120.4, 9_000] },
  peer: { name: 'Emmett CommandHandler', figures: [2_000, 2_100, 2_200] },
  aim: { kind: 'ratio_at_least', ratio: 5 },
}

test('a figure shows its median and between which figures the rounds lay', () => {
  expect(spreadText({ median: 8120.4, min: 8000, max: 9000 }, 'per second')).toBe(
    '8,120 (8,000–9,000)',
  )
})

test('a figure of one round shows no spread', () => {
  expect(spreadText({ median: 251, min: 251, max: 251 }, 'MB')).toBe('251')
})

test('short times show tenths, long ones do not', () => {
  expect(spreadText({ median: 24.96, min: 9, max: 1234.5 }, 'ms')).toBe('25.0 (9.0–1,235)')
})

test('ratios show what tells them apart', () => {
  expect([0.484, 3.868, 12.34].map(ratioText)).toEqual(['0.48 ×', '3.87 ×', '12.3 ×'])
})

test.each([
  [{ kind: 'ratio_at_least', ratio: 0.5 } as const, 'per second', '≥ 0.5 ×'],
  [{ kind: 'ratio_at_most', ratio: 1.25 } as const, 'MB', '≤ 1.25 ×'],
  [{ kind: 'at_most', figure: 3000 } as const, 'ms', '≤ 3,000 ms'],
] as const)('the aim %o is told as such', (aim, unit, text) => {
  expect(aimText(aim, unit)).toBe(text)
})

test('an aim that was missed stands out in the table', () => {
  const line = drawTable([missed])
    .split('\n')
    .find((text) => text.includes('8 callers'))
  expect(line).toMatch(/8,120 \(8,000–9,000\).*Emmett CommandHandler.*3\.87 ×.*≥ 5 ×.*NO/)
})

test('the object for programs holds every round, the medians, the verdict, and where it was measured', () => {
  const circumstances = {
    node: 'v20.20.2',
    cores: 2,
    processor: 'a processor',
    memoryMb: 24_000,
    platform: 'linux x64',
    loadAtStart: 0.1,
    rounds: 3,
    secondsPerRound: 3,
  }
  expect(asJson([missed], circumstances)).toMatchObject({
    circumstances,
    rows: [
      {
        row: 'commands-8',
        ours: { figures: [8_000, 8_120.4, 9_000], median: 8_120.4, min: 8_000, max: 9_000 },
        peer: { name: 'Emmett CommandHandler', median: 2_100 },
        met: false,
      },
    ],
  })
})
