import { describe, expect, test } from 'vitest'
import { booksOfFolio } from '../../src/aggregates/folio.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'
import { folioOf } from '../support/decider-spec.js'

const {
  SourceDocumentRecorded,
  OrderPlaced,
  InvoiceDrafted,
  InvoiceDraftDiscarded,
  CreditNoteDrafted,
  CreditNoteDraftDiscarded,
} = SAMPLE_FACTS
const { invoiceId } = InvoiceDrafted.data
const { creditNoteId } = CreditNoteDrafted.data

/** The same fact in books of its own, so that it shows which one was asked. */
function inBooks(fact: LedgerFact, books: string): LedgerFact {
  return { ...fact, data: { ...fact.data, books } } as LedgerFact
}

describe('the books of a folio', () => {
  test.each<[string, readonly LedgerFact[], string | null]>([
    ['an empty folio has none', [], null],
    ['those of its foreign document', [inBooks(SourceDocumentRecorded, 'source')], 'source'],
    ['those of its order', [inBooks(OrderPlaced, 'order')], 'order'],
    ['those of its invoice', [inBooks(InvoiceDrafted, 'invoice')], 'invoice'],
    ['those of its credit note', [inBooks(CreditNoteDrafted, 'note')], 'note'],
    [
      'the foreign document goes before the order',
      [inBooks(OrderPlaced, 'order'), inBooks(SourceDocumentRecorded, 'source')],
      'source',
    ],
    [
      'a discarded draft says nothing',
      [
        inBooks(InvoiceDrafted, 'invoice'),
        InvoiceDraftDiscarded,
        inBooks(CreditNoteDrafted, 'note'),
      ],
      'note',
    ],
  ])('%s', (_what, facts, books) => {
    expect(booksOfFolio(folioOf(facts))).toBe(books)
  })
})

test('a discarded draft leaves its id and nothing else', () => {
  const folio = folioOf([
    InvoiceDrafted,
    InvoiceDraftDiscarded,
    CreditNoteDrafted,
    CreditNoteDraftDiscarded,
  ])
  expect(folio.invoices.get(invoiceId)).toEqual({ status: 'discarded', invoiceId })
  expect(folio.creditNotes.get(creditNoteId)).toEqual({ status: 'discarded', creditNoteId })
})
