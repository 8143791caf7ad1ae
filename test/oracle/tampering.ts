/** Ways of changing a log as no command would leave it. */
import type { StoredEvent } from '../../src/event-store/event-store.js'
import type { FactOfType, LedgerEvent, LedgerEventType } from '../../src/events/ledger-event.js'
import type { Posting } from '../../src/events/parts.js'
import { inDigits, units } from './arithmetic.js'

export type TamperedLog = { events: LedgerEvent[]; stored: StoredEvent[] }
export type Tamper = (log: TamperedLog) => void

export const OTHER_PARTY = '11111111-1111-4111-8111-111111111111'

type DataOf<Type extends LedgerEventType> = FactOfType<Type>['data']

/** The nth event of its type, to be changed in place. */
export function eventOf({ events }: TamperedLog, type: LedgerEventType, index = 0): LedgerEvent {
  const event = events.filter((each): boolean => each.type === type)[index]
  if (event === undefined) throw new Error(`There is no ${type} ${index}`)
  return event
}

export function nth<Type extends LedgerEventType>(
  log: TamperedLog,
  type: Type,
  index = 0,
): { data: DataOf<Type> } {
  return eventOf(log, type, index) as unknown as { data: DataOf<Type> }
}

export function change<Type extends LedgerEventType>(
  type: Type,
  edit: (data: DataOf<Type>) => void,
  index = 0,
): Tamper {
  return (log) => {
    edit(nth(log, type, index).data)
  }
}

export function drop(type: LedgerEventType, index = 0): Tamper {
  return (log) => {
    const event = eventOf(log, type, index)
    log.events = log.events.filter((each) => each !== event)
  }
}

/** The event again, right behind itself, as the next of its stream. */
export function double(type: LedgerEventType, index = 0): Tamper {
  return (log) => {
    const event = eventOf(log, type, index)
    const at = log.events.indexOf(event)
    log.events.splice(at + 1, 0, structuredClone({ ...event, revision: event.revision + 1 }))
  }
}

export function replace(
  type: LedgerEventType,
  part: (event: LedgerEvent) => Partial<LedgerEvent>,
): Tamper {
  return (log) => {
    const event = eventOf(log, type)
    log.events[log.events.indexOf(event)] = { ...event, ...part(event) } as LedgerEvent
  }
}

/** Puts in an event of another type, with the frame of the one that it stands before or behind. */
export function insert(
  log: TamperedLog,
  beside: LedgerEvent,
  event: Readonly<{ type: LedgerEventType; data: unknown; stream?: string }>,
  behind = true,
): void {
  const at = log.events.indexOf(beside) + (behind ? 1 : 0)
  log.events.splice(at, 0, structuredClone({ ...beside, ...event }) as LedgerEvent)
}

export function more(amount: { amount: string }, by = 1n): void {
  const digits = amount.amount.split('.')[1]?.length ?? 0
  amount.amount = inDigits(units({ ...amount, currency: '' }) + by, digits)
}

/** Both sides of an entry, so that it still balances. */
export function moreOn(entry: { postings: Posting[] }, ...accounts: readonly string[]): void {
  for (const account of accounts) {
    const posting = postingOn(entry, account)
    more(posting.amount)
    more(posting.booksAmount)
  }
}

export function postingOn({ postings }: { postings: Posting[] }, account: string): Posting {
  const posting = postings.find((each) => each.account === account)
  if (posting === undefined) throw new Error(`Nothing is posted to ${account}`)
  return posting
}

export function first<Value>(values: readonly Value[]): Value {
  const [value] = values
  if (value === undefined) throw new Error('There is none')
  return value
}
