import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ImportPlan } from '../../src/imports/online-retail/import-plan.js'
import { planImport } from '../../src/imports/online-retail/plan.js'
import { readOnlineRetail } from '../../src/imports/online-retail/read-file.js'
import { today } from './support.js'

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const realFile = pathOf('../../../shared/data/online-retail-2010-12.csv')
const sample = pathOf('../../scripts/sample/online-retail-sample.csv')

const plan = async (path: string, day: string): Promise<ImportPlan> => {
  const source = await readOnlineRetail(path, { today: day })
  if (!source.readable) throw new Error(JSON.stringify(source.places))
  return planImport(source, { vat: false })
}

const counts = ({ entries }: ImportPlan): Record<string, number> => {
  const credits = entries.filter((entry) => entry.kind === 'credit')
  return {
    invoices: entries.filter(({ kind }) => kind === 'sale').length,
    creditDocuments: credits.length,
    creditNotesLinked: credits.reduce((count, { linked }) => count + linked.length, 0),
    creditNotesAdHoc: credits.filter(({ adHoc }) => adHoc.length > 0).length,
    refusedDocuments: entries.filter(({ kind }) => kind === 'refused').length,
  }
}

if (!existsSync(realFile)) {
  console.warn('NOT RUN: the real file of December 2010, because ../shared/data is not here.')
}

describe.runIf(existsSync(realFile))('the real file of December 2010', () => {
  test('comes to the figures of the independent count', async () => {
    const real = await plan(realFile, today)
    expect(real).toMatchObject({
      lines: 39_522,
      documents: 1_892,
      inputTotal: '681498.86',
      bookedTotal: '721789.24',
      refusedTotal: '-40290.38',
      refusals: { line_without_money: 202, fee_is_no_sale: 10 },
    })
    expect(counts(real)).toEqual({
      invoices: 1_453,
      creditDocuments: 291,
      creditNotesLinked: 143,
      creditNotesAdHoc: 184,
      refusedDocuments: 148,
    })
    const dated = real.entries.filter(({ datesDiffer }) => datesDiffer)
    expect(dated.map(({ number }) => number)).toEqual(['536591'])
  })
})

describe('the sample that ships with the project', () => {
  test('has every kind of untidiness, and adds up', async () => {
    const { entries, ...all } = await plan(sample, '2025-12-31')
    expect(all).toMatchObject({ lines: 239, documents: 62, inputTotal: '8268.19' })
    expect(all).toMatchObject({ bookedTotal: '8294.26', refusedTotal: '-26.07' })
    expect(all.refusals).toEqual({
      line_without_money: 6,
      fee_is_no_sale: 4,
      document_total_zero: 2,
    })
    const credits = entries.filter((entry) => entry.kind === 'credit')
    const sales = entries.filter((entry) => entry.kind === 'sale')
    const causes = credits.flatMap(({ adHoc }) => adHoc.map(({ cause }) => cause))
    expect([...new Set(causes)].sort()).toEqual([
      'no_customer',
      'nothing_to_match',
      'price_above_invoice',
    ])
    expect(credits.some(({ linked }) => linked.length > 1)).toBe(true)
    expect(sales.some(({ customer }) => customer === null)).toBe(true)
    expect(sales.some(({ country }) => country !== 'United Kingdom')).toBe(true)
    expect(sales.some(({ refusedLines }) => refusedLines.length > 0)).toBe(true)
    expect(entries.some(({ datesDiffer }) => datesDiffer)).toBe(true)
    const lines = sales.flatMap((sale) => sale.lines)
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(['item', 'shipping']))
    expect(lines.some(({ unitPrice }) => unitPrice.startsWith('-'))).toBe(true)
    expect(lines.some(({ description }) => description.includes('£'))).toBe(true)
    expect(lines.some(({ description }) => description.includes('"'))).toBe(true)
  })
})
