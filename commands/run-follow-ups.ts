/** Takes the steps that events ask of other folios, one after the other, until none is left. */
import type { LedgerEvent } from '../src/events/ledger-event.js'
import type { LedgerLog } from '../src/event-store/log.js'
import { type AllocationIds, eventsOfAllocation } from './allocation-events.js'
import type { FolioCommand } from './command.js'
import { type FollowUp, followUp } from './follow-ups.js'
import type { Done } from './outcome.js'
import type { Refusal } from './refusal.js'

/** A step of the ledger's own was refused for now: nothing is lost, and whoever asks again, or a worker, finishes it. */
export class FollowUpPending extends Error {
  constructor({ key }: FollowUp, { code }: Refusal) {
    super(`What follows from it is not finished: ${key} was refused for now (${code})`)
    this.name = 'FollowUpPending'
  }
}

type TakeStep = (step: FollowUp, cause: LedgerEvent) => Promise<Done>

/** Whoever asked hears how it ended, on whatever folio. */
export async function withFollowUps(
  done: Done,
  { refusedAfterwards }: Pick<FolioCommand, 'refusedAfterwards'>,
  take: TakeStep,
): Promise<Done> {
  if (done.outcome === 'refused') return done
  const following = await follow(done.events, take)
  if (following.length === 0) return done
  const events = [...done.events, ...following]
  const refusal = refusedAfterwards?.(events) ?? null
  if (refusal !== null) return { outcome: 'refused', refusal }
  // What followed on the folio itself moved it on: a caller who reads and asks again must not be behind it.
  const own = following.filter(({ stream }) => stream === done.stream)
  const revision = own.at(-1)?.revision ?? done.revision
  const position = events.reduce(
    (last, event) => (last === null || event.position > last ? event.position : last),
    done.position,
  )
  return { ...done, events, revision, position }
}

/** Takes again whatever the events of an allocation ask for, from the first on. */
export async function finishAllocation(
  ids: AllocationIds,
  log: LedgerLog,
  take: TakeStep,
): Promise<void> {
  await follow(await eventsOfAllocation(ids, log), take)
}

/** What the steps appended, now or before, in their order. */
async function follow(
  events: readonly LedgerEvent[],
  take: TakeStep,
  taken: Set<string> = new Set(),
): Promise<readonly LedgerEvent[]> {
  const following: LedgerEvent[] = []
  for (const event of events) {
    const step = followUp(event)
    if (step === null || taken.has(step.key)) continue
    taken.add(step.key)
    const done = await take(step, event)
    if (done.outcome === 'refused') throw new FollowUpPending(step, done.refusal)
    following.push(...done.events, ...(await follow(done.events, take, taken)))
  }
  return following
}
