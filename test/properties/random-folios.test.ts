import { expect, test } from 'vitest'
import { FOLIOS_PER_LOG, runFolios } from './run-folios.js'

/** `FOLIO_FOLIOS=20000` runs the big one; `FOLIO_SEED` and `FOLIO_LOG` run the log of a violation again alone. */
const SEED = Number(process.env['FOLIO_SEED'] ?? 20261122)
const ONLY_LOG = process.env['FOLIO_LOG']
const FOLIOS = ONLY_LOG === undefined ? Number(process.env['FOLIO_FOLIOS'] ?? 400) : FOLIOS_PER_LOG
const TIMEOUT_MS = 60_000 + FOLIOS * 200

const MUST_HAPPEN = [
  'InvoicePosted',
  'PaymentRegistered',
  'PaymentReconciled',
  'CreditNotePosted',
  'CreditSettled',
  'CreditRefunded',
]

test(
  'whatever is asked of a folio, in whatever order and at once, its log adds up at every position',
  { timeout: TIMEOUT_MS },
  async () => {
    const begun = performance.now()
    const tally = await runFolios({ seed: SEED, count: FOLIOS, firstLog: Number(ONLY_LOG ?? 0) })
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    const outcomes = Object.fromEntries([...tally.outcomes].sort(([, a], [, b]) => b - a))
    const { folios, commands, events } = tally
    const eventTypes = Object.fromEntries(tally.eventTypes)
    const violations = tally.violations.length
    console.info(
      JSON.stringify({
        seed: SEED,
        folios,
        commands,
        events,
        seconds,
        violations,
        outcomes,
        eventTypes,
      }),
    )
    expect(tally.thrown).toEqual([])
    expect(tally.violations).toEqual([])
    expect(tally.unexplained).toEqual([])
    expect(tally.folios).toBe(FOLIOS)
    for (const type of MUST_HAPPEN)
      expect(tally.eventTypes.get(type) ?? 0, type).toBeGreaterThan(FOLIOS / 20)
    // Nothing is judged by a run in which everything was refused.
    expect(tally.outcomes.get('accepted') ?? 0).toBeGreaterThan(tally.folios * 3)
    expect(tally.outcomes.get('refund_exceeds_remaining_credit') ?? 0).toBeGreaterThan(0)
  },
)
