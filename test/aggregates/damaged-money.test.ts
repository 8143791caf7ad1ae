/** Events that fit each other in kind and not in what they name: damage, and never a guess about money. */
import { expect, test } from 'vitest'
import { allocateCredit } from '../../commands/credit/allocate-credit.js'
import { factOf, firstFact } from '../../commands/first-fact.js'
import { invoiceOf } from '../../commands/invoice/posted-invoice.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { CorruptStream } from '../../src/aggregates/corrupt-stream.js'
import { placeOnInvoice } from '../../src/aggregates/crediting.js'
import { initialFolio } from '../../src/aggregates/folio.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'
import { after, decide, folioOf } from '../support/decider-spec.js'
import {
  gbp,
  INVOICE,
  invoice,
  journal,
  NOTE,
  note,
  order,
  orderInvoice,
  paid,
  PAYMENT,
  posted,
  prepaid,
  item,
} from '../commands/scenes.js'

const SECOND = INVOICE.replace(/1$/, '2')

/** The same facts, with one text for another in the newest of them. */
function mistold(facts: readonly LedgerFact[], text: string, other: string): LedgerFact[] {
  const told = JSON.stringify(facts.at(-1)).replaceAll(text, other)
  return [...facts.slice(0, -1), JSON.parse(told) as LedgerFact]
}

test('an entry that does not name the document it settles', () => {
  const { facts } = paid(invoice(), '120.00')
  const entryOfAnother = mistold(facts, `"document":"${INVOICE}"`, `"document":"${SECOND}"`)
  expect(() => folioOf(entryOfAnother)).toThrow(CorruptStream)
})

test('a reversal of a credit that nobody has', () => {
  const { facts } = after(
    reversePayment,
    { paymentId: PAYMENT, reason: 'Bounced' },
    prepaid(order([item('100')]), '50.00'),
  )
  expect(() => folioOf(mistold(facts, '-pre1', '-pre2'))).toThrow(CorruptStream)
})

test('an allocation that is concluded twice, or neither reserved nor concluded when it is released', () => {
  const { AllocationReserved, AllocationConcluded, AllocationReleased, CreditNotePosted } =
    SAMPLE_FACTS
  const { allocationId, documentId } = AllocationReserved.data.credit
  const told = (fact: LedgerFact): LedgerFact =>
    ({ ...fact, data: { ...fact.data, allocationId, documentId } }) as LedgerFact
  const { data } = CreditNotePosted
  const granted = {
    ...CreditNotePosted,
    data: {
      ...data,
      creditNoteId: documentId,
      invoice: null,
      totals: { ...data.totals, gross: AllocationReserved.data.credit.amount },
      entry: {
        ...data.entry,
        postings: data.entry.postings.map((posting) => ({ ...posting, document: documentId })),
      },
    },
  } as LedgerFact
  const reserved = [granted, AllocationReserved]
  const concluded = [...reserved, told(AllocationConcluded)]
  const released = [...concluded, told(AllocationReleased)]
  expect(folioOf(released).allocations.get(allocationId)?.state.at).toBe('released')
  expect(() => folioOf([...concluded, told(AllocationConcluded)])).toThrow(CorruptStream)
  expect(() => folioOf([...released, told(AllocationReleased)])).toThrow(CorruptStream)
  expect(() => folioOf([...released, told(AllocationConcluded)])).toThrow(CorruptStream)
})

test('a line of a note on an invoice that names none of its lines', () => {
  expect(placeOnInvoice({ invoiceLine: 0 })).toBe(0)
  expect(() => placeOnInvoice({})).toThrow(RangeError)
})

test('a document on an invoice that is not posted', () => {
  expect(() => invoiceOf(initialFolio, INVOICE)).toThrow(TypeError)
  expect(invoiceOf(folioOf(invoice().facts), INVOICE).content.invoiceId).toBe(INVOICE)
})

test('another event under the key of a command than the ones it appends', () => {
  const { OrderCancelled, CreditSettled } = SAMPLE_FACTS
  const facts = [OrderCancelled, CreditSettled]
  expect(firstFact(facts, 'OrderCancelled')).toBe(OrderCancelled)
  expect(() => firstFact(facts, 'CreditSettled')).toThrow(/CreditSettled.*OrderCancelled/)
  expect(() => firstFact([], 'CreditSettled')).toThrow('CreditSettled')
  expect(factOf(facts, 'CreditSettled')).toBe(CreditSettled)
  expect(() => factOf(facts, 'OrderPlaced')).toThrow(/OrderPlaced.*OrderCancelled, CreditSettled/)
})

test('the first number that a folio gave back says in which books it is, and nothing else does so', () => {
  const { NumberReleased, InvoiceDraftDiscarded } = SAMPLE_FACTS
  expect(folioOf([NumberReleased]).openedIn).toBe(NumberReleased.data.books)
  expect(folioOf([InvoiceDraftDiscarded]).openedIn).toBeNull()
})

test('what stands whole is no damage: the note of one invoice on another of the same order', () => {
  const first = orderInvoice(order([item('100', { quantity: '2' })]), {
    lines: [{ line: 0, quantity: '1' }],
  })
  const credited = note(paid(posted(first), '120.00'))
  const second = posted(orderInvoice(credited), { invoiceId: SECOND })
  const decided = decide(allocateCredit, { documentId: NOTE, invoiceId: SECOND }, second)
  if ('refusal' in decided) throw new Error(decided.refusal.code)
  expect(decided.facts.map(journal)).toEqual([
    ['debit receivable 120.00 [c1]', 'credit receivable 120.00 [i2]'],
  ])
  expect(decided.answer).toMatchObject({
    credit: { documentId: NOTE, remaining: gbp('0.00') },
    invoice: { invoiceId: SECOND, due: gbp('0.00') },
  })
})
