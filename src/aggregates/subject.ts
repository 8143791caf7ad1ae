/** A person who was forgotten, once or again after a later order (A6). */
import type { LedgerEvent, SubjectFact } from '../events/ledger-event.js'

type ForgottenEvent = Extract<LedgerEvent, { type: SubjectFact['type'] }>

export type Subject = Readonly<{
  /** All the keys that are to be dropped, whether they are by now or not. */
  keys: ForgottenEvent['data']['keys']
  documents: ReadonlySet<string>
}>

export const initialSubject: Subject = { keys: [], documents: new Set() }

export function evolveSubject({ keys, documents }: Subject, { data }: ForgottenEvent): Subject {
  return {
    keys: [...keys, ...data.keys],
    documents: new Set([...documents, ...data.documents]),
  }
}
