/**
 * Several decisions in one append: each is made on the folio as the ones before it leave it. Where one is refused, those
 * before it stand and nothing after it is asked.
 */
import { atPlace } from '../src/aggregates/at-place.js'
import type { Folio } from '../src/aggregates/folio.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import type { FolioContext } from './command.js'
import { folioAfter, provisionalNumber } from './consequences.js'
import type { Accepted, BillNumberClaim, Decision, NumberRequest } from './decision.js'
import { refusedByLimit } from './limit-refusal.js'
import type { Refusal } from './refusal.js'

/** `null`: there is nothing to do. */
export type Step = (context: FolioContext) => Decision | null

type Sequence = Readonly<{
  /** All that is decided, its numbers in the order of the steps. */
  decision: Accepted
  /** What stopped it; `null`: every step was made. */
  refusal: Refusal | null
  /** The folio as it will be; numbers are provisional. */
  folio: Folio
}>

type Walk = Readonly<{
  facts: readonly LedgerFact[]
  numbers: readonly NumberRequest[]
  claim: BillNumberClaim | null
  refusal: Refusal | null
  folio: Folio
  made: number
}>

/** A step whose events would bring the whole beyond so many bytes is refused. */
export function inSequence(
  steps: readonly Step[],
  context: FolioContext,
  bytesMax: number,
): Sequence {
  const planned = walk(steps, context, { bytesMax, numberOf: provisionalNumber })
  const made = steps.slice(0, planned.made)
  return {
    decision: {
      outcome: 'accepted',
      numbers: planned.numbers,
      claim: planned.claim,
      // Later steps name the numbers of earlier ones, so they are decided anew with those that were taken.
      events: (numbers) =>
        walk(made, context, {
          bytesMax: Number.POSITIVE_INFINITY,
          numberOf: (_request, index) => atPlace(numbers, index),
        }).facts,
    },
    refusal: planned.refusal,
    folio: planned.folio,
  }
}

function walk(
  steps: readonly Step[],
  context: FolioContext,
  {
    bytesMax,
    numberOf,
  }: Readonly<{ bytesMax: number; numberOf: (request: NumberRequest, index: number) => string }>,
): Walk {
  let walked: Walk = {
    facts: [],
    numbers: [],
    claim: null,
    refusal: null,
    folio: context.folio,
    made: 0,
  }
  let bytes = 0
  for (const step of steps) {
    const before = walked
    const decision = decided(step, { ...context, folio: before.folio })
    if (decision === null) {
      walked = { ...before, made: before.made + 1 }
      continue
    }
    if (decision.outcome === 'refused') return { ...before, refusal: decision.refusal }
    const facts = decision.events(
      decision.numbers.map((request, index) => numberOf(request, before.numbers.length + index)),
    )
    bytes += Buffer.byteLength(JSON.stringify(facts))
    if (bytes > bytesMax) {
      return { ...before, refusal: { code: 'document_too_large', bytes, bytesMax } }
    }
    walked = {
      facts: [...before.facts, ...facts],
      numbers: [...before.numbers, ...decision.numbers],
      claim: before.claim ?? decision.claim,
      refusal: null,
      folio: folioAfter(before.folio, facts),
      made: before.made + 1,
    }
  }
  return walked
}

/** An amount beyond every limit stops the sequence like any other refusal. */
function decided(step: Step, context: FolioContext): Decision | null {
  try {
    return step(context)
  } catch (reason) {
    return refusedByLimit(reason)
  }
}
