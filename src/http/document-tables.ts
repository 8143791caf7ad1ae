/** What a document's page shows below its members: the journal entries that move it, and what can be done with it. */
import type { DocumentEntry } from '../documents/read-document.js'
import type { ShownAction } from './actions.js'
import type { DocumentTable } from './page.js'

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
      { key: 'why', label: 'Why Not', kind: 'text' },
    ],
    rows: actions.map(({ command, open, reason }) => ({
      command,
      open: open ? 'Yes' : 'No',
      why: reason === undefined ? null : String(reason['title']),
    })),
  }
}
