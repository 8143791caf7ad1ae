import { expect, test } from 'vitest'
import { FOLIOS_PER_LOG, runFolios } from './run-folios.js'

/** `FOLIO_FOLIOS=20000` runs the big one; `FOLIO_SEED` and `FOLIO_LOG` run the log of a violation again alone. */
const SEED = Number(process.env['FOLIO_SEED'] ?? 20261122)
const ONLY_LOG = process.env['FOLIO_LOG']
const FOLIOS = ONLY_LOG === undefined ? Number(process.env['FOLIO_FOLIOS'] ?? 400) : FOLIOS_PER_LOG
const TIMEOUT_MS = 60_000 + FOLIOS * 200

/** Of each kind at least so many folios in a hundred; rarer ones only in a large run. */
const MUST_HAPPEN: Readonly<Record<string, number>> = {
  InvoicePosted: 5,
  PaymentRegistered: 5,
  PaymentReconciled: 3,
  CreditNotePosted: 5,
  CreditSettled: 3,
  CreditRefunded: 3,
}
const MUST_HAPPEN_ONCE = [
  'PrepaymentRegistered',
  'PaymentReversed',
  'CreditNoteVoided',
  'AllocationReserved',
  'AllocationApplied',
  'AllocationConcluded',
  'AllocationReleased',
  'AllocationReversed',
  'RefundApprovalRequested',
  'RefundApproved',
  'RefundDeclined',
  'OpeningBalancesPosted',
  'ShipmentPlanned',
  'DeliveryValidated',
  'TrackingAdded',
  'BooksConfigured',
  'ExchangeRatesSet',
  'PeriodClosed',
  'PeriodReopened',
  'PartiesMerged',
  'SeriesClosedThrough',
  'InstanceRegistered',
]
const MUST_BE_REFUSED = [
  'refund_exceeds_remaining_credit',
  'refund_exceeds_money_received',
  'credit_quantity_exceeds_invoice_line',
  'credit_exceeds_invoice',
  'allocation_exceeds_remaining_credit',
  'allocation_exceeds_due',
  'allocation_across_parties',
  'allocation_across_directions',
  'approval_by_requester',
  'approval_decided_already',
  'payment_credit_used',
  'payment_reversed_already',
  'credit_note_in_use',
  'period_closed',
  'exchange_rate_not_positive',
  'store_credit_exceeds_due',
  'quantity_exceeds_to_ship',
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
    const { thrown, unexplained, unfinished } = tally
    const found = { thrown, violations: tally.violations, unexplained, unfinished }
    expect(found).toEqual({ thrown: [], violations: [], unexplained: [], unfinished: [] })
    expect(tally.folios).toBe(FOLIOS)
    // Nothing is judged by a run in which everything was refused.
    expect(tally.outcomes.get('accepted') ?? 0).toBeGreaterThan(tally.folios * 3)
    // One log alone has not everything.
    if (ONLY_LOG !== undefined) return
    for (const [type, percent] of Object.entries(MUST_HAPPEN)) {
      expect(tally.eventTypes.get(type) ?? 0, type).toBeGreaterThan((FOLIOS * percent) / 100)
    }
    for (const type of MUST_HAPPEN_ONCE) {
      expect(tally.eventTypes.get(type) ?? 0, type).toBeGreaterThan(0)
    }
    for (const code of MUST_BE_REFUSED) {
      expect(tally.outcomes.get(code) ?? 0, code).toBeGreaterThan(0)
    }
  },
)
