import { expect, test } from 'vitest'
import { runSplits } from './run-splits.js'

/** `FOLIO_SPLITS=100000` runs the big one; `FOLIO_SEED` other invoices. */
const SEED = Number(process.env['FOLIO_SEED'] ?? 20261122)
const SETS = Number(process.env['FOLIO_SPLITS'] ?? 3000)
const TIMEOUT_MS = 60_000 + SETS * 20

const MUST_HAPPEN = [
  'by amount',
  'by quantity',
  'at a lower price',
  'all quantities',
  'all that is left by amount',
  'invoices with discount lines',
  'no net plus its rounded tax',
  'tax kept within what is left',
  'credit_quantity_exceeds_invoice_line',
  'credit_amount_exceeds_invoice_line',
  'credit_price_opposite',
]

test(
  'however an invoice is credited in pieces, they sum to it to the last unit, net, tax and gross',
  { timeout: TIMEOUT_MS },
  () => {
    const begun = performance.now()
    const { sets, notes, counts, violations } = runSplits({ seed: SEED, count: SETS })
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    const figures = Object.fromEntries([...counts].map(([what, times]) => [what, Number(times)]))
    console.info(
      JSON.stringify({
        seed: SEED,
        sets,
        notes,
        seconds,
        violations: violations.length,
        counts: figures,
      }),
    )
    expect(violations).toEqual([])
    expect(sets).toBe(SETS)
    for (const what of MUST_HAPPEN) expect(figures[what] ?? 0, what).toBeGreaterThan(SETS / 300)
  },
)
