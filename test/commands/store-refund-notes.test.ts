/** Refunds made at a store, in a store whose notes stay drafts until a person posts them (B9). */
import { expect, test } from 'vitest'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { recordPlatformRefunds } from '../../commands/platform/record-platform-refunds.js'
import { after, FOLIO_ID, folioOf, type Scene } from '../support/decider-spec.js'
import { gbp, ORDER } from './scenes.js'
import { importedOrder, invoiced, paidOnline, storeRefund } from './store-scenes.js'

const refund = (platformRefundId: string) =>
  storeRefund({
    platformRefundId,
    marker: null,
    amount: gbp('30.00'),
    tax: gbp('5.00'),
    payments: [{ provider: 'stripe', amount: gbp('30.00'), isOffline: false, isDeclined: false }],
  })
const pulled = (scene: Partial<Scene>) =>
  after(recordPlatformRefunds, { orderId: ORDER, refunds: [refund('501'), refund('502')] }, scene)
const posted = (note: string, scene: Partial<Scene>) =>
  after(postCreditNote, { creditNoteId: `${FOLIO_ID}-${note}` }, scene)
const drafted = () => pulled(paidOnline(invoiced(importedOrder({}, { storeRefunds: 'draft' }))))
const documents = ({ facts = [] }: Partial<Scene>) =>
  [...folioOf(facts).platformRefunds.values()].map(({ documentId }) => documentId)

test('two of the same amount are tied to the notes that were made over them', () => {
  const scene = pulled(posted('c2', posted('c1', drafted())))
  expect(documents(scene)).toEqual([`${FOLIO_ID}-c1`, `${FOLIO_ID}-c2`])
})

test('one is not tied to the note that was made over another', () => {
  const scene = pulled(posted('c2', drafted()))
  expect(documents(scene)).toEqual([null, `${FOLIO_ID}-c2`])
})
