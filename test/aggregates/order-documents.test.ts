/** Which documents are an order's, and which notes are on an invoice. */
import { expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import {
  draftInvoicesOf,
  draftNotesOn,
  invoicesOfOrder,
  linkedLines,
  postedInvoicesOf,
  postedNotesOn,
} from '../../src/aggregates/order-documents.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { after, FOLIO_ID, folioOf, type Scene } from '../support/decider-spec.js'
import { adHocNote, INVOICE, item, note, order, orderInvoice, posted } from '../commands/scenes.js'

const of = (id: string) => `${FOLIO_ID}-${id}`
const part = (scene: Partial<Scene>) => orderInvoice(scene, { lines: [{ line: 0, quantity: '1' }] })
const orderIn = (scene: Partial<Scene>) => {
  const folio = folioOf(scene.facts ?? [])
  if (folio.order.status === 'absent') throw new Error('There is no order')
  return { order: folio.order, folio }
}
const ids = (invoices: readonly { content: { invoiceId: string } }[]) =>
  invoices.map(({ content }) => content.invoiceId)

test('the invoices of an order are its drafts and posted ones, as they were made', () => {
  const scene = part(part(posted(part(order([item('10', { quantity: '3' })])))))
  const { order: own, folio } = orderIn(after(discardDraft, { document: of('i2') }, scene))
  expect(ids(invoicesOfOrder(own, folio))).toEqual([of('i1'), of('i3')])
  expect(ids(postedInvoicesOf(own, folio))).toEqual([of('i1')])
  expect(ids(draftInvoicesOf(own, folio))).toEqual([of('i3')])
  expect(invoicesOfOrder({ ...own, orderId: of('o2') }, folio)).toEqual([])
  const invoices = [...folio.invoices].map(
    ([id, invoice]) =>
      [
        id,
        invoice.status === 'posted'
          ? { ...invoice, content: { ...invoice.content, order: null } }
          : invoice,
      ] as const,
  )
  expect(postedInvoicesOf(own, { ...folio, invoices: new Map(invoices) })).toEqual([])
})

test('the notes on an invoice are those that name it; an ad-hoc note is on none', () => {
  const one = { lines: [{ invoiceLine: 0, quantity: '1' }] }
  const credited = note(posted(orderInvoice(order([item('10', { quantity: '3' })]))), one)
  const drafted = after(draftCreditNote, { invoiceId: INVOICE, reason: 'x', ...one }, credited)
  const { creditNotes } = folioOf(adHocNote().facts)
  const own = folioOf(drafted.facts)
  const folio = {
    ...own,
    creditNotes: new Map([
      ...own.creditNotes,
      ...[...creditNotes].map(([id, each]) => [`${id}-other`, each] as const),
    ]),
  }
  expect(postedNotesOn(INVOICE, folio).map(({ number }) => number)).toHaveLength(1)
  expect(draftNotesOn(INVOICE, folio).map(({ creditNoteId }) => creditNoteId)).toEqual([of('c2')])
  expect([...postedNotesOn(of('i2'), folio), ...draftNotesOn(of('i2'), folio)]).toEqual([])
  const [adHoc] = [...creditNotes.values()]
  if (adHoc?.status !== 'posted') throw new Error('The note is not posted')
  expect(linkedLines(adHoc.content)).toEqual([])
  expect(linkedLines(draftNotesOn(INVOICE, folio)[0]!)).toMatchObject([{ invoiceLine: 0 }])
})
