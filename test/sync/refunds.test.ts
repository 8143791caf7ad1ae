/**
 * The double refund, which ours must not be able to: answers lost after the effect, lists that are late, a ledger killed at
 * random and at every point of an operation. `npm run test:crash` does it at length (`FOLIO_REFUND_ORDERS` and the like).
 */
import { expect, test } from 'vitest'
import { refundRun, type RunSpec } from './refund-run.js'

const numberOf = (name: string, otherwise: number): number =>
  Number.parseInt(process.env[name] ?? `${otherwise}`, 10)

const ORDERS = numberOf('FOLIO_REFUND_ORDERS', 8)
const PIECES = numberOf('FOLIO_REFUND_PIECES', 4)
const KILLS = numberOf('FOLIO_REFUND_KILLS', 3)
const SCALE = numberOf('FOLIO_REFUND_SCALE', 50)
/** An attempt whose answer is lost keeps its lane shut for two and a half minutes, scaled; few orders lose five in turn. */
const LANES_MS = (5 * 152_000) / SCALE
const TIMEOUT_MS = 120_000 + ORDERS * PIECES * 150 + KILLS * 6_000 + LANES_MS

/** Each once, in its turn; the looks need an answer that was lost before. */
const POINTS = [
  'before_question:3',
  'before_start:3',
  'after_start:3',
  'before_send:2',
  'after_send:2',
  'before_record:2',
  'after_record:2',
  'before_look:1',
  'between_looks:1',
  'after_look:1',
]

const spec: RunSpec = {
  stores: [
    { hash: 'north', orders: Math.ceil(ORDERS / 2) },
    { hash: 'south', orders: Math.floor(ORDERS / 2) },
  ],
  pieces: PIECES,
  scale: SCALE,
  // 30 % of all refunds are made, and their answer is lost in one of four ways; lists are late by up to a minute, scaled.
  faults: [
    { kind: 'answer_lost', on: 'refunds', probability: 0.1 },
    { kind: 'hang_after', on: 'refunds', probability: 0.08 },
    { kind: 'half_body', on: 'refunds', probability: 0.07 },
    { kind: 'error_after', on: 'refunds', probability: 0.08, status: 502 },
    { kind: 'stale', on: 'refunds', probability: 1, ms: 60_000 / SCALE },
  ],
  killsAtRandom: KILLS,
  killsAtPoints: KILLS > 3 ? POINTS : POINTS.slice(2, 5),
  timeoutMs: TIMEOUT_MS,
  quota: null,
  ...(KILLS > 3 ? { say: (line: string) => console.log(line) } : {}),
}

test(
  `${ORDERS * PIECES} refunds of ${ORDERS} orders in two stores, the ledger killed ${KILLS} times at random and at ${spec.killsAtPoints.length} points`,
  async () => {
    const result = await refundRun(spec)
    const { open, persons, refused, violations, ledgerTotal, storeTotal, readyMs, ...figures } =
      result
    const worst = Math.round(Math.max(0, ...readyMs))
    console.log(
      JSON.stringify({
        ...figures,
        persons: persons.length,
        ledgerTotal,
        storeTotal,
        worstReadyMs: worst,
      }),
    )
    expect(violations).toEqual([])
    expect(open).toEqual([])
    expect(ledgerTotal).toBe(storeTotal)
    // Nothing here needs a person: markers come back, and lists are in time for the second look.
    expect(persons).toEqual([])
    expect(refused).toEqual([])
    expect(figures.refundsAtStore).toBe(figures.notes)
    expect(figures.done).toBe(figures.notes)
  },
  TIMEOUT_MS + 300_000,
)
