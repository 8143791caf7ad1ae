/** What a document's page shows below its members: the journal entries that move it, and what can be done with it. */
import type { DocumentEntry } from '../documents/read-document.js'
import type { ShipmentLine, Track } from '../events/shipment-events.js'
import type { ShownAction } from './actions.js'
import type { DocumentTable } from './page.js'

export function linesTable(lines: readonly ShipmentLine[] | undefined): DocumentTable | null {
  if (lines === undefined) return null
  return {
    title: 'Lines',
    columns: [
      { key: 'sku', label: 'SKU', kind: 'text' },
      { key: 'description', label: 'Description', kind: 'text' },
      { key: 'quantity', label: 'Quantity', kind: 'number' },
    ],
    rows: lines.map(({ sku = null, description, quantity }) => ({ sku, description, quantity })),
  }
}

export function tracksTable(tracks: readonly Track[] | undefined): DocumentTable | null {
  if (tracks === undefined) return null
  return {
    title: 'Tracking',
    columns: [
      { key: 'number', label: 'Number', kind: 'text' },
      { key: 'carrier', label: 'Carrier', kind: 'text' },
      { key: 'title', label: 'Title', kind: 'text' },
    ],
    rows: tracks.map(({ number, carrier = null, title = null }) => ({ number, carrier, title })),
  }
}

/** A line a posting. */
export function entriesTable(entries: readonly DocumentEntry[] | undefined): DocumentTable | null {
  if (entries === undefined) return null
  return {
    title: 'Journal entries',
    columns: [
      { key: 'number', label: 'Number', kind: 'text' },
      { key: 'postingDate', label: 'Posting Date', kind: 'date' },
      { key: 'event', label: 'Event', kind: 'text' },
      { key: 'account', label: 'Account', kind: 'text' },
      { key: 'debit', label: 'Debit', kind: 'number' },
      { key: 'credit', label: 'Credit', kind: 'number' },
      { key: 'currency', label: 'Currency', kind: 'text' },
    ],
    rows: entries.flatMap(({ number, postingDate, event, postings }) =>
      postings.map(({ account, side, amount: { amount, currency } }) => ({
        number,
        postingDate,
        event,
        account,
        debit: side === 'debit' ? amount : null,
        credit: side === 'credit' ? amount : null,
        currency,
      })),
    ),
  }
}

export function actionsTable(actions: readonly ShownAction[] | undefined): DocumentTable | null {
  if (actions === undefined) return null
  return {
    title: 'What can be done',
    columns: [
      { key: 'command', label: 'Command', kind: 'text' },
      { key: 'open', label: 'Open', kind: 'text' },
      { key: 'why', label: 'Why Not', kind: 'sentence' },
    ],
    rows: actions.map(({ command, open, reason }) => ({
      command,
      open: open ? 'Yes' : 'No',
      why: reason === undefined ? null : inWords(reason),
    })),
  }
}

/** The title; where several conditions stand in the way, each of them. */
function inWords({ title, obstacles }: Readonly<Record<string, unknown>>): string {
  if (!Array.isArray(obstacles)) return String(title)
  const named = obstacles.map((name) => String(name).replaceAll('_', ' '))
  return `${String(title)}: ${named.join(', ')}`
}
