/**
 * Given what had happened, when this is asked, then this happens: one decision over folded facts, without handler, log
 * or keys. Numbers are those that the test names, in the order they are asked for.
 */
import { expect } from 'vitest'
import type { z } from 'zod'
import { DEFAULT_CHART, DEFAULT_OUTSTANDING } from '../../commands/books/default-chart.js'
import type { FolioCommand, FolioContext } from '../../commands/command.js'
import { withConsequences } from '../../commands/consequences.js'
import type { NumberRequest } from '../../commands/decision.js'
import type { Refusal } from '../../commands/refusal.js'
import { DEFAULT_SETTINGS, type OpenBooks } from '../../src/aggregates/books.js'
import { evolveFolio } from '../../src/aggregates/evolve-folio.js'
import { type Folio, initialFolio } from '../../src/aggregates/folio.js'
import { yearOf } from '../../src/events/day.js'
import { formatNumber } from '../../src/events/document-number.js'
import { isDeliverySeries } from '../../src/events/series-events.js'
import { isFolioEvent, type LedgerEvent, type LedgerFact } from '../../src/events/ledger-event.js'

export const FOLIO_ID = '00000000-0000-5000-8000-000000000001'

export type Scene = Readonly<{ facts: readonly LedgerFact[]; books: OpenBooks; today: string }> &
  Pick<FolioContext, 'now' | 'principal' | 'role' | 'instance' | 'other'>

export function testBooks(changes: Partial<OpenBooks> = {}): OpenBooks {
  const accounts = DEFAULT_CHART.map((account) => ({
    ...account,
    currency: null,
    outstanding: account.account === 'bank' ? DEFAULT_OUTSTANDING : null,
    closed: false,
  }))
  return {
    status: 'open',
    books: 'main',
    name: 'Main books',
    currency: 'GBP',
    timeZone: 'Europe/London',
    rounding: 'per_line',
    accounts: new Map(accounts.map((account) => [account.account, account])),
    settings: DEFAULT_SETTINGS,
    rates: new Map(),
    years: [2025, 2026],
    period: { closedThrough: null, change: null },
    mergedInto: new Map(),
    ...changes,
  }
}

export function folioOf(facts: readonly LedgerFact[]): Folio {
  return facts.reduce((folio, fact, revision) => {
    const event = { ...fact, stream: `folio-${FOLIO_ID}`, revision } as LedgerEvent
    if (!isFolioEvent(event)) throw new TypeError(`${fact.type} belongs to no folio`)
    return evolveFolio(folio, event)
  }, initialFolio)
}

/** The command's events, its own numbers counted up from those in the scene; or its refusal. */
export function decide<Input extends z.ZodType, Answer>(
  command: FolioCommand<Input, Answer>,
  asked: unknown,
  scene: Partial<Scene> = {},
):
  | Readonly<{ facts: readonly LedgerFact[]; numbers: readonly NumberRequest[]; answer: Answer }>
  | Readonly<{ refusal: Refusal }> {
  const { facts: given = [], books = testBooks(), today = '2026-11-22', ...around } = scene
  const folio = folioOf(given)
  const context: FolioContext = {
    folio,
    folioId: FOLIO_ID,
    books,
    today,
    now: `${today}T12:00:00.000Z`,
    principal: 'tester',
    role: 'administrator',
    instance: null,
    other: null,
    ...around,
  }
  const decision = withConsequences(command.decide(command.input.parse(asked), context), context)
  if (decision.outcome === 'refused') return { refusal: decision.refusal }
  const { numbers } = decision
  const texts = numbers.map(({ series, postingDate }, index) => {
    const year = isDeliverySeries(series) ? null : yearOf(postingDate)
    return formatNumber(series, year, folio.numbers.size + index + 1)
  })
  const facts = decision.events(texts)
  return { facts, numbers, answer: command.answer(facts, FOLIO_ID) }
}

/** The scene after the command, which must be accepted. */
export function after<Input extends z.ZodType>(
  command: FolioCommand<Input>,
  asked: unknown,
  scene: Partial<Scene> = {},
): Partial<Scene> & Readonly<{ facts: readonly LedgerFact[]; newest: readonly LedgerFact[] }> {
  const decided = decide(command, asked, scene)
  if ('refusal' in decided) throw new Error(`${command.name}: ${JSON.stringify(decided.refusal)}`)
  return { ...scene, facts: [...(scene.facts ?? []), ...decided.facts], newest: decided.facts }
}

export function expectRefusal<Input extends z.ZodType>(
  command: FolioCommand<Input>,
  asked: unknown,
  scene: Partial<Scene>,
  refusal: Refusal,
): void {
  expect(decide(command, asked, scene)).toEqual({ refusal })
}
