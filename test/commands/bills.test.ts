import { describe, expect, test } from 'vitest'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { Crash, faultyStore } from './faulty-store.js'
import { numberFaults } from './log-oracle.js'
import { item, SUPPLIER } from './scenes.js'

const OTHER_SUPPLIER = '00000000-0000-4000-8000-0000000000cc'
const drafted = async (ledger: TestLedger, more: object = {}) =>
  (
    await ledger.must(draftInvoice, {
      direction: 'in',
      party: SUPPLIER,
      supplierReference: 'S-1',
      lines: [item('1')],
      ...more,
    })
  ).invoiceId
const post = (ledger: TestLedger, invoiceId: string) => ledger.ask(postInvoice, { invoiceId })
const used = (document: string, supplierReference = 'S-1') => ({
  outcome: 'refused',
  refusal: { code: 'supplier_reference_used', supplierReference, document },
})

describe('a supplier’s own number', () => {
  test('is taken once; another supplier, or another number, is no repeat', async () => {
    const ledger = await createTestLedger()
    const first = await drafted(ledger)
    const second = await drafted(ledger)
    expect(await post(ledger, first)).toMatchObject({ outcome: 'accepted' })
    expect(await post(ledger, second)).toEqual(used(first))
    for (const more of [{ party: OTHER_SUPPLIER }, { supplierReference: 's-1' }, { party: null }]) {
      expect(await post(ledger, await drafted(ledger, more))).toMatchObject({ outcome: 'accepted' })
    }
    expect(numberFaults(await ledger.events())).toEqual([])
  })

  test('is taken once by racing processes over one store', async () => {
    const ledger = await createTestLedger()
    const ledgers = [ledger, await createTestLedger(ledger.store)]
    const bills = await Promise.all(
      Array.from({ length: 10 }, (_, index) => drafted(ledgers[index % 2]!)),
    )
    const outcomes = await Promise.all(
      bills.map((bill, index) => post(ledgers[(index + 1) % 2]!, bill)),
    )
    const winner = bills[outcomes.findIndex(({ outcome }) => outcome === 'accepted')]!
    expect(outcomes.filter((outcome) => outcome.outcome === 'refused')).toEqual(
      Array.from({ length: 9 }, () => used(winner)),
    )
    expect(numberFaults(await ledger.events())).toEqual([])
  })

  test('is free again once the draft that claimed it is discarded, or has another number', async () => {
    for (const giveUp of [
      (ledger: TestLedger, document: string) => ledger.ask(discardDraft, { document }),
      (ledger: TestLedger, document: string) =>
        ledger.ask(editDraft, { document, supplierReference: 'S-2' }),
    ]) {
      const store = faultyStore(createMemoryEventStore())
      const ledger = await createTestLedger(store)
      const [first, second] = [await drafted(ledger), await drafted(ledger)]
      store.next('folio-', 'crash')
      await expect(post(ledger, first)).rejects.toThrow(Crash)
      expect(await post(ledger, second)).toEqual(used(first))
      await giveUp(ledger, first)
      expect(await post(ledger, second)).toMatchObject({ outcome: 'accepted' })
    }
  })

  test('claimed by a draft that crashed is still that draft’s', async () => {
    const store = faultyStore(createMemoryEventStore())
    const ledger = await createTestLedger(store)
    const bill = await drafted(ledger)
    store.next('folio-', 'crash')
    await expect(post(ledger, bill)).rejects.toThrow(Crash)
    expect(await post(await createTestLedger(store), bill)).toMatchObject({
      outcome: 'accepted',
      answer: { number: 'BILL/2026/00001' },
    })
  })

  test('lost to another while its poster was slow refuses the poster, and gives its number back', async () => {
    const store = faultyStore(createMemoryEventStore())
    const [slow, quick] = [await createTestLedger(store), await createTestLedger(store)]
    const [first, second] = [await drafted(slow), await drafted(quick)]
    store.before('folio-', async () => {
      await quick.must(editDraft, { document: first, supplierReference: 'S-2' })
      expect(await post(quick, second)).toMatchObject({ outcome: 'accepted' })
      await quick.must(editDraft, { document: first, supplierReference: 'S-1' })
    })
    expect(await post(slow, first)).toEqual(used(second))
    expect(numberFaults(await slow.events())).toEqual([])
  })
})
