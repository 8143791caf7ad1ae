/** Which documents of a folio name a person, and which named somebody who is forgotten by now (A6). */
import { EVENT_DEFINITIONS, type LedgerEvent } from '../../src/events/ledger-event.js'
import { FORGOTTEN, personalPaths } from '../../src/events/personal.js'

export type NamedDocuments = Readonly<{
  /** With personal fields that can be read. */
  named: readonly string[]
  /** With personal fields that nobody can read any more. */
  forgotten: readonly string[]
  parties: readonly string[]
}>

const PERSONAL_PATHS = [...EVENT_DEFINITIONS.values()].flatMap(({ type, schema }) =>
  personalPaths(schema).map((path) => ({ of: type, path })),
)

/** Of one stream what is sealed with a key of these subjects: a party's, or the stream's own where no party is named. */
export function namedDocuments(
  stream: string,
  events: readonly LedgerEvent[],
  subjects: ReadonlySet<string>,
): NamedDocuments {
  const named = new Set<string>()
  const forgotten = new Set<string>()
  const parties = new Set<string>()
  for (const event of events) {
    const data: Readonly<Record<string, unknown>> = event.data
    const { party } = data
    if (typeof party === 'string') parties.add(party)
    const document = documentOf(data)
    if (document === null || !subjects.has(typeof party === 'string' ? party : stream)) continue
    for (const value of personalTexts(event)) {
      if (value === FORGOTTEN) forgotten.add(document)
      else named.add(document)
    }
  }
  return { named: [...named], forgotten: [...forgotten], parties: [...parties] }
}

function personalTexts({ type, data }: LedgerEvent): string[] {
  return PERSONAL_PATHS.filter(({ of }) => of === type)
    .map(({ path }) =>
      path.reduce<unknown>(
        (value, key) =>
          typeof value === 'object' && value !== null
            ? (value as Readonly<Record<string, unknown>>)[key]
            : undefined,
        data,
      ),
    )
    .filter((value) => typeof value === 'string')
}

/** The document that an event with personal fields is about. */
function documentOf(data: Readonly<Record<string, unknown>>): string | null {
  const id = data['shipmentId'] ?? data['creditNoteId'] ?? data['invoiceId'] ?? data['orderId']
  return typeof id === 'string' ? id : null
}
