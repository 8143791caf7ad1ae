/** A supplier's own bill number belongs to one bill; its stream is created with *no stream* (L26). */
import { v5 as uuidv5 } from 'uuid'
import type { Folio } from '../src/aggregates/folio.js'
import type { Invoice } from '../src/aggregates/invoice.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import type { LedgerLog, Origin } from '../src/event-store/log.js'
import type { BillNumberClaim } from './decision.js'

const ATTEMPTS_MAX = 10

/**
 * Claims the number for the bill: `null`, or the document that holds it. A draft that claimed it and was then discarded,
 * or edited to another number, has lost it; the revision of its folio keeps a slow poster from using it all the same.
 */
export async function claimBillNumber(
  log: LedgerLog,
  claim: BillNumberClaim & Readonly<{ books: string }>,
  { origin, folioOf }: Readonly<{ origin: Origin; folioOf: (document: string) => Promise<Folio> }>,
): Promise<string | null> {
  const { books, document } = claim
  const stream = `bill-number-${uuidv5(claim.supplierReference, claim.party)}`
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const events = await log.read(stream, 0)
    const last = events.at(-1)
    const holder = last?.type === 'BillNumberClaimed' ? last.data.document : null
    if (holder === document) return null
    const facts: LedgerFact[] = [{ type: 'BillNumberClaimed', data: { books, document } }]
    if (holder !== null) {
      if (holds(claim, (await folioOf(holder)).invoices.get(holder))) return holder
      facts.unshift({ type: 'BillNumberReleased', data: { books, document: holder } })
    }
    const end =
      last === undefined ? 'no_stream' : { revision: last.revision, hash: last.metadata.hash }
    const answer = await log.append(stream, end, facts, origin)
    if (answer.outcome === 'appended') return null
  }
  throw new Error(`${stream} was changed by others ${ATTEMPTS_MAX} times in a row`)
}

function holds(
  { party, supplierReference }: BillNumberClaim,
  invoice: Invoice | undefined,
): boolean {
  if (invoice === undefined || invoice.status === 'discarded') return false
  const { content } = invoice
  return content.party === party && content.supplierReference === supplierReference
}
