/** What settles by itself in the append of its cause (L11, J8): under which number, and on which day it counts. */
import { describe, expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { reversePayment } from '../../commands/payment/reverse-payment.js'
import { decide, FOLIO_ID, testBooks } from '../support/decider-spec.js'
import { gbp, invoice, item, journal, NOTE, note, paid, PAYMENT, ZERO } from './scenes.js'

const SECOND = `${FOLIO_ID}-c2`
const part = (amount: string, documentDate: string) => ({
  lines: [{ invoiceLine: 0, quantity: `0.${amount}` }],
  documentDate,
})
/** Invoice of 100.00 of the 10th, paid on the 11th; notes over 30.00 and 20.00 of the 15th and the 18th. */
const credited = () => {
  const received = paid(invoice([item('100', { tax: ZERO })]), '100.00', { date: '2026-11-11' })
  return note(note(received, part('30', '2026-11-15')), part('20', '2026-11-18'), SECOND)
}
const reversed = (date: string, scene: object = {}) => {
  const decided = decide(
    reversePayment,
    { paymentId: PAYMENT, reason: 'Bounced', date },
    { ...credited(), ...scene },
  )
  if ('refusal' in decided) throw new Error(decided.refusal.code)
  const settled = decided.facts.flatMap((fact) => {
    if (fact.type !== 'CreditSettled') return []
    const { creditNoteId, amount, entry } = fact.data
    const { number, postingDate, movedFrom = null } = entry
    return [{ creditNoteId, amount, number, postingDate, movedFrom }]
  })
  return { ...decided, settled }
}

describe('a payment that bounces after notes of its invoice', () => {
  test('settles both under its own number, where it counts for no earlier day than they do', () => {
    const { facts, numbers, settled } = reversed('2026-11-20')
    expect(facts.map(({ type }) => type)).toEqual([
      'PaymentReversed',
      'CreditSettled',
      'CreditSettled',
    ])
    expect(numbers).toEqual([
      { series: 'JRN', document: `${FOLIO_ID}-j1`, postingDate: '2026-11-20' },
    ])
    const shared = { number: 'JRN/2026/00005', postingDate: '2026-11-20', movedFrom: null }
    expect(settled).toEqual([
      { creditNoteId: NOTE, amount: gbp('30.00'), ...shared },
      { creditNoteId: SECOND, amount: gbp('20.00'), ...shared },
    ])
    expect(facts.slice(1).map(journal)).toEqual([
      ['debit receivable 30.00 [c1]', 'credit receivable 30.00 [i1]'],
      ['debit receivable 20.00 [c2]', 'credit receivable 20.00 [i1]'],
    ])
  })

  test('settles each on its note’s day under a number of its own, where it bounced before', () => {
    const { numbers, settled } = reversed('2026-11-12')
    expect(numbers).toEqual([
      { series: 'JRN', document: `${FOLIO_ID}-j1`, postingDate: '2026-11-12' },
      { series: 'JRN', document: `${FOLIO_ID}-j2`, postingDate: '2026-11-15' },
      { series: 'JRN', document: `${FOLIO_ID}-j3`, postingDate: '2026-11-18' },
    ])
    expect(settled).toMatchObject([
      { creditNoteId: NOTE, number: 'JRN/2026/00006', postingDate: '2026-11-15' },
      { creditNoteId: SECOND, number: 'JRN/2026/00007', postingDate: '2026-11-18' },
    ])
  })

  test('shares its number with those of its day only', () => {
    const { numbers, settled } = reversed('2026-11-15')
    expect(numbers.map(({ postingDate }) => postingDate)).toEqual(['2026-11-15', '2026-11-18'])
    expect(settled).toMatchObject([
      { number: 'JRN/2026/00005', postingDate: '2026-11-15' },
      { number: 'JRN/2026/00006', postingDate: '2026-11-18' },
    ])
  })

  test('in a closed period counts with them on the first open day', () => {
    const books = testBooks({ period: { closedThrough: '2026-11-18', change: null } })
    const { numbers, settled } = reversed('2026-11-12', { books })
    expect(numbers.map(({ postingDate }) => postingDate)).toEqual(['2026-11-19'])
    expect(settled).toMatchObject([
      { number: 'JRN/2026/00005', postingDate: '2026-11-19', movedFrom: null },
      { number: 'JRN/2026/00005', postingDate: '2026-11-19', movedFrom: null },
    ])
  })
})

describe('a note', () => {
  const posting = (scene: object) => {
    const decided = decide(postCreditNote, { creditNoteId: NOTE }, scene)
    if ('refusal' in decided) throw new Error(decided.refusal.code)
    return decided.facts.map(({ type }) => type)
  }
  const drafted = (scene: Parameters<typeof paid>[0]) => {
    const decided = decide(
      draftCreditNote,
      { invoiceId: `${FOLIO_ID}-i1`, reason: 'Returned', ...part('30', '2026-11-15') },
      scene,
    )
    if ('refusal' in decided) throw new Error(decided.refusal.code)
    return { ...scene, facts: [...(scene.facts ?? []), ...decided.facts] }
  }
  const due = () => invoice([item('100', { tax: ZERO })])

  test('settles what its invoice still asks as it is posted, and nothing of one that is paid', () => {
    expect(posting(drafted(due()))).toEqual(['CreditNotePosted', 'CreditSettled'])
    expect(posting(drafted(paid(due(), '100.00')))).toEqual(['CreditNotePosted'])
  })

  test('settles no more than is due', () => {
    const { facts } = note(paid(due(), '90.00'), part('30', '2026-11-22'))
    expect(facts.at(-1)).toMatchObject({ type: 'CreditSettled', data: { amount: gbp('10.00') } })
  })
})
