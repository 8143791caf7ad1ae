/** Opening a page of stored events, up to the first that is damaged. */
import type { StoredEvent } from '../event-store/event-store.js'
import { CorruptEvent } from '../event-store/codec.js'
import type { LedgerLog } from '../event-store/log.js'
import { SealBroken } from '../event-store/seal.js'
import type { LedgerEvent } from '../events/ledger-event.js'
import { asError } from './fold-events.js'

export type OpenedPage = Readonly<{
  events: readonly LedgerEvent[]
  damage: Readonly<{ stored: StoredEvent; error: Error }> | null
}>

export async function openPage(
  log: Pick<LedgerLog, 'open'>,
  page: readonly StoredEvent[],
): Promise<OpenedPage> {
  try {
    return { events: await log.open(page), damage: null }
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  const events: LedgerEvent[] = []
  for (const stored of page) {
    try {
      events.push(...(await log.open([stored])))
    } catch (error) {
      if (!isDamage(error)) throw error
      return { events, damage: { stored, error: asError(error) } }
    }
  }
  return { events, damage: null }
}

export function damageText({ stored, error }: NonNullable<OpenedPage['damage']>): string {
  return `${stored.type} at position ${stored.position}: ${error.name}: ${error.message}`
}

/** An event that will never open, rather than a key store that does not answer just now. */
function isDamage(error: unknown): boolean {
  return [CorruptEvent, SealBroken, SyntaxError, TypeError, RangeError].some(
    (damage) => error instanceof damage,
  )
}
