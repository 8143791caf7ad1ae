import { expect, test } from 'vitest'
import { creditNoteList } from '../../projections/credit-note-list.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  creditNoteDrafted,
  creditNotePosted,
  creditRefunded,
  creditSettled,
  invoiceId,
  noteId,
  PARTY,
} from '../support/ledger-story.js'
import { project } from '../support/project.js'

const drafted = creditNoteDrafted({ folio: 1, total: '60.00' })
const posted = creditNotePosted({ folio: 1, total: '60.00' })
const edited: LedgerFact = {
  type: 'CreditNoteDraftEdited',
  data: creditNoteDrafted({ folio: 1, total: '30.00' }).data,
}
const discarded: LedgerFact = {
  type: 'CreditNoteDraftDiscarded',
  data: { creditNoteId: noteId(1) },
}

test('a draft has no number and no credit', () => {
  expect(project(creditNoteList, [drafted])).toEqual([
    {
      creditNoteId: noteId(1),
      books: 'default',
      direction: 'out',
      number: null,
      invoiceId: invoiceId(1),
      invoiceNumber: 'INV/2026/00001',
      billToName: 'Ada Byron',
      party: PARTY,
      documentDate: '2026-03-10',
      postingDate: null,
      reason: 'returned',
      currency: 'GBP',
      taxExcluded: '50.00',
      total: '60.00',
      remaining: '0.00',
      status: 'Draft',
      orderId: null,
      orderNumber: null,
      instance: null,
      synced: false,
      sortKey: `2026-03-10 ~ ${noteId(1)}`,
    },
  ])
})

test('an edited draft reads as it does now', () => {
  expect(project(creditNoteList, [drafted, edited])).toMatchObject([
    { total: '30.00', status: 'Draft' },
  ])
})

test('a discarded draft is gone', () => {
  expect(project(creditNoteList, [drafted, discarded])).toEqual([])
})

test('posted, its whole total is remaining credit', () => {
  expect(project(creditNoteList, [drafted, posted])).toMatchObject([
    { number: 'RINV/2026/00011', postingDate: '2026-03-10', remaining: '60.00', status: 'Open' },
  ])
})

test('an ad-hoc note is linked to no invoice', () => {
  expect(project(creditNoteList, [creditNotePosted({ folio: 1, invoice: null })])).toMatchObject([
    { invoiceId: null, invoiceNumber: null },
  ])
})

test('what settles its invoice, and what is paid out, is no longer there', () => {
  expect(
    project(creditNoteList, [posted, creditSettled({ folio: 1, amount: '20.00' })]),
  ).toMatchObject([{ remaining: '40.00', status: 'Open' }])
  expect(
    project(creditNoteList, [
      posted,
      creditSettled({ folio: 1, amount: '20.00' }),
      creditRefunded({ folio: 1, amount: '40.00' }),
    ]),
  ).toMatchObject([{ remaining: '0.00', status: 'Settled' }])
})

test('the refund of an overpayment is none of this list', () => {
  const refunded = creditRefunded({ folio: 1, amount: '5.00', document: 'overpayment' })
  expect(project(creditNoteList, [posted, refunded])).toMatchObject([{ remaining: '60.00' }])
})

test.each([
  edited,
  discarded,
  creditSettled({ folio: 1, amount: '1.00' }),
  creditRefunded({ folio: 1, amount: '1.00' }),
])('$type of a note that is not there is a gap', (fact) => {
  expect(() => project(creditNoteList, [fact])).toThrow(
    `${fact.type} 0 of s needs credit note ${noteId(1)}`,
  )
})
