import { describe, expect, test } from 'vitest'
import { CorruptStream } from '../../src/aggregates/corrupt-stream.js'
import { remainingCredit } from '../../src/aggregates/credit.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { folioOf } from '../support/decider-spec.js'
import { gbp, INVOICE, invoice, note, NOTE, OVERPAYMENT, paid } from '../commands/scenes.js'

describe('an event that does not fit those before it stops the stream', () => {
  const payment = paid(invoice(), '120.00').newest
  const draft = invoice().facts.slice(0, 1)
  const credited = note(invoice())
  test.each<[string, readonly LedgerFact[]]>([
    ['money for an invoice that is not there', payment],
    ['money for a draft', [...draft, ...payment]],
    ['a note on a draft', [...draft, ...credited.newest]],
    ['a settlement by a note that is not there', [...invoice().facts, ...credited.newest.slice(1)]],
    [
      'an order cancelled that is not there',
      [{ type: 'OrderCancelled', data: { orderId: INVOICE, reason: 'x' } }],
    ],
  ])('%s', (_what, facts) => {
    expect(() => folioOf(facts)).toThrow(CorruptStream)
  })
})

test('every figure of the documents follows from the facts', () => {
  const folio = folioOf(note(paid(invoice(), '150.00')).facts)
  expect(folio.invoices.get(INVOICE)).toMatchObject({
    due: gbp('0.00'),
    paid: gbp('120.00'),
    settled: gbp('0.00'),
    creditedGross: gbp('120.00'),
  })
  const made = folio.creditNotes.get(NOTE)
  expect(made?.status === 'posted' && remainingCredit(made)).toEqual(gbp('120.00'))
  expect(remainingCredit(folio.advances.get(OVERPAYMENT)!)).toEqual(gbp('30.00'))
})

test('numbers stand or are released', () => {
  const released: LedgerFact = {
    type: 'NumberReleased',
    data: { books: 'main', series: 'PAY', year: 2026, number: 7, document: INVOICE, reason: 'x' },
  }
  expect([...folioOf([...paid(invoice(), '150.00').facts, released]).numbers]).toEqual([
    ['INV/2026/00001', 'standing'],
    ['PAY/2026/00002', 'standing'],
    ['OVP/2026/00003', 'standing'],
    ['PAY/2026/00007', 'released'],
  ])
})
