/** A person is forgotten (A6): the event first, then the keys; everything but the names stays as it was. */
import { describe, expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { createHandler } from '../../commands/handle.js'
import { ReadModelsBehind } from '../../commands/handle-subject.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { forgetSubject } from '../../commands/party/forget-subject.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import type { SubjectKeys } from '../../src/event-store/subject-keys.js'
import { FORGOTTEN } from '../../src/events/personal.js'
import {
  createTestClock,
  createTestLedger,
  fingerprint,
  type TestLedger,
} from '../support/ledger.js'
import { testSubjectKeys } from '../support/subject-keys.js'
import { faultyStore } from './faulty-store.js'
import {
  expectWholeChain,
  forget,
  invoiceOf,
  namesIn,
  OTHER,
  PARTY,
  REASON,
} from './forgetting-scenes.js'
import { item } from './scenes.js'

test('all documents of a party name nobody any more; those of others stay', async () => {
  const store = createMemoryEventStore()
  const ledger = await createTestLedger(store)
  const first = await invoiceOf(ledger, 'Ada')
  const second = await invoiceOf(ledger, 'Ada Byron')
  await ledger.must(postInvoice, { invoiceId: second })
  await invoiceOf(ledger, 'Bob', OTHER)
  const { answer, appended } = await forget(ledger, { party: PARTY })
  expect({ answer, appended }).toMatchObject({
    answer: { subject: PARTY, documents: 2 },
    appended: 1,
  })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN, FORGOTTEN, 'Bob'])
  const [event] = (await ledger.events()).filter(({ type }) => type === 'SubjectForgotten')
  expect(event).toMatchObject({
    stream: `subject-${PARTY}`,
    data: { subject: PARTY, documents: expect.arrayContaining([first, second]), reason: REASON },
  })
  await expectWholeChain(ledger, store)
})

test('what comes later is sealed anew; the same request again leaves it, another forgets it too', async () => {
  const ledger = await createTestLedger()
  await invoiceOf(ledger, 'Ada')
  const once = await forget(ledger, { party: PARTY }, 'once')
  await invoiceOf(ledger, 'Ada again')
  const repeat = await forget(ledger, { party: PARTY }, 'once')
  expect(repeat).toMatchObject({ answer: once.answer, replayed: true, appended: 0 })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, 'Ada again'])
  const twice = await forget(ledger, { party: PARTY }, 'twice')
  expect(twice).toMatchObject({ answer: { documents: 1 }, replayed: false })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN])
  expect(await forget(ledger, { party: PARTY }, 'thrice')).toMatchObject({
    answer: { keys: 0, documents: 0 },
    appended: 0,
  })
})

test('a draft of before is posted, and names nobody', async () => {
  const ledger = await createTestLedger()
  const invoiceId = await invoiceOf(ledger, 'Ada')
  await forget(ledger, { party: PARTY })
  await ledger.must(postInvoice, { invoiceId })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN])
})

test('a crash between event and drop is completed by asking again, and by the doctor', async () => {
  for (const complete of [
    (ledger: TestLedger) => forget(ledger, { party: PARTY }, 'once'),
    (ledger: TestLedger) => forget(ledger, { party: PARTY }, 'other'),
    async (ledger: TestLedger) => {
      expect(await ledger.handler.finishForgetting(PARTY)).toBe(1)
      expect(await ledger.handler.finishForgetting(PARTY)).toBe(0)
    },
  ]) {
    const keys = testSubjectKeys()
    const store = createMemoryEventStore()
    const crashing: SubjectKeys = { ...keys, drop: () => Promise.reject(new Error('crash')) }
    const victim = await createTestLedger(store, {}, undefined, {
      ...crashing,
      // Nothing is to be dropped before the event.
      drop: (named) => (named.length === 0 ? Promise.resolve([]) : crashing.drop(named)),
    })
    await invoiceOf(victim, 'Ada')
    await expect(forget(victim, { party: PARTY }, 'once')).rejects.toThrow('crash')
    const ledger = await createTestLedger(store, {}, undefined, keys)
    expect(await namesIn(ledger)).toEqual(['Ada'])
    await complete(ledger)
    expect(await namesIn(ledger)).toEqual([FORGOTTEN])
    const events = await ledger.events()
    expect(events.filter(({ type }) => type === 'SubjectForgotten')).toHaveLength(1)
  }
})

test('the guest of a sale without a party is named by any document of it', async () => {
  const ledger = await createTestLedger()
  const invoiceId = await invoiceOf(ledger, 'Guest', null)
  const ofParty = await invoiceOf(ledger, 'Ada')
  const ask = (input: object) =>
    ledger.handler.subject(
      forgetSubject,
      { reason: REASON, ...input },
      { principal: 'tester', key: JSON.stringify(input), correlation: 'test' },
    )
  expect(await ask({ document: ofParty })).toEqual({
    outcome: 'refused',
    refusal: { code: 'document_names_party', document: ofParty, party: PARTY },
  })
  const unknown = `${OTHER}-i1`
  expect(await ask({ document: unknown })).toEqual({
    outcome: 'refused',
    refusal: { code: 'document_not_found', document: unknown },
  })
  for (const input of [{}, { party: PARTY, document: invoiceId }]) {
    expect(await ask(input)).toMatchObject({ outcome: 'malformed' })
  }
  expect(await ask({ document: invoiceId })).toMatchObject({
    answer: { subject: invoiceId.slice(0, 36), documents: 1 },
  })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, 'Ada'])
})

test('a document that was appended while we looked is found and listed too', async () => {
  const keys = testSubjectKeys()
  const store = createMemoryEventStore()
  const other = await createTestLedger(store, {}, undefined, keys)
  let late = ''
  const ledger = await createTestLedger(store, {}, undefined, {
    ...keys,
    drop: async (named) => {
      if (named.length > 0 && late === '') late = await invoiceOf(other, 'Ada late')
      return keys.drop(named)
    },
  })
  await invoiceOf(ledger, 'Ada')
  const { answer } = await forget(ledger, { party: PARTY })
  expect(answer).toMatchObject({ documents: 2 })
  const listed = (await ledger.events()).flatMap((event) =>
    event.type === 'SubjectForgotten' ? event.data.documents : [],
  )
  expect(listed).toContain(late)
})

test('who is forgotten between a decision and its append is decided on anew', async () => {
  const keys = testSubjectKeys()
  let isForgotten = false
  const ledger = await createTestLedger(createMemoryEventStore(), {}, undefined, {
    ...keys,
    obtain: async (subject) => {
      if (isForgotten) await keys.drop(await keys.named([subject]))
      isForgotten = false
      return keys.obtain(subject)
    },
  })
  const invoiceId = await invoiceOf(ledger, 'Ada')
  isForgotten = true
  await ledger.must(postInvoice, { invoiceId })
  expect(await namesIn(ledger)).toEqual([FORGOTTEN, FORGOTTEN])
})

describe('what is looked for', () => {
  test('is found in every document of the party, once each, and in no one else’s', async () => {
    const ledger = await createTestLedger()
    // More folios than are read at once.
    const own: string[] = []
    for (const number of [1, 2, 3, 4, 5, 6]) own.push(await invoiceOf(ledger, `Ada ${number}`))
    await ledger.must(postInvoice, { invoiceId: own[0] })
    await invoiceOf(ledger, 'Bob', OTHER)
    await invoiceOf(ledger, 'Guest', null)
    const { answer } = await forget(ledger, { party: PARTY })
    expect(answer).toEqual({ subject: PARTY, keys: 1, documents: 6 })
    const [event] = (await ledger.events()).filter(({ type }) => type === 'SubjectForgotten')
    expect(event?.type === 'SubjectForgotten' && [...event.data.documents].sort()).toEqual(
      own.sort(),
    )
    expect(event?.type === 'SubjectForgotten' && event.data.keys).toMatchObject([
      { subject: PARTY },
    ])
  })

  test('is found in orders, invoices, deliveries and credit notes alike', async () => {
    const ledger = await createTestLedger()
    const person = { party: PARTY, billTo: { name: 'Ada', country: 'GB' } }
    const { orderId } = await ledger.must(placeOrder, {
      ...person,
      number: '1001',
      placedOn: '2026-11-01',
      shipTo: { name: 'Ada at work', country: 'GB' },
      prices: 'tax_excluded',
      lines: [item('100')],
    })
    const { invoiceId } = await ledger.must(invoiceOrder, { orderId })
    const { shipmentId } = await ledger.must(planShipment, { orderId })
    const { creditNoteId } = await ledger.must(draftCreditNote, {
      ...person,
      reason: 'Goodwill',
      lines: [item('1')],
    })
    await forget(ledger, { party: PARTY })
    const [event] = (await ledger.events()).filter(({ type }) => type === 'SubjectForgotten')
    const documents = event?.type === 'SubjectForgotten' ? event.data.documents : []
    expect([...documents].sort()).toEqual([creditNoteId, invoiceId, orderId, shipmentId].sort())
  })

  test('is no document without a name in it', async () => {
    const ledger = await createTestLedger()
    await ledger.must(draftInvoice, { lines: [item('1')], party: PARTY })
    const named = await invoiceOf(ledger, 'Ada')
    const { answer } = await forget(ledger, { party: PARTY })
    expect(answer).toMatchObject({ documents: 1 })
    const [event] = (await ledger.events()).filter(({ type }) => type === 'SubjectForgotten')
    expect(event).toMatchObject({ data: { documents: [named] } })
  })

  test('of a guest is what stands in the sale, and not what its party has elsewhere', async () => {
    const ledger = await createTestLedger()
    const guest = await invoiceOf(ledger, 'Guest', null)
    await invoiceOf(ledger, 'Other guest', null)
    const folioId = guest.slice(0, 36)
    const { answer } = await forget(ledger, { document: guest })
    expect(answer).toEqual({ subject: folioId, keys: 1, documents: 1 })
    expect(await namesIn(ledger)).toEqual([FORGOTTEN, 'Other guest'])
    expect(await forget(ledger, { document: guest })).toMatchObject({
      answer: { keys: 0, documents: 0 },
      appended: 0,
    })
  })

  test('where there is nothing is told all the same, once', async () => {
    const ledger = await createTestLedger()
    const first = await forget(ledger, { party: PARTY })
    expect(first).toMatchObject({ answer: { keys: 0, documents: 0 }, appended: 1, revision: 0 })
    expect(await forget(ledger, { party: PARTY })).toMatchObject({ appended: 0, revision: 0 })
  })
})

test('the key of another request, and a revision that is not there, forget nobody', async () => {
  const ledger = await createTestLedger()
  await invoiceOf(ledger, 'Ada')
  const ask = (party: string, caller: object) =>
    ledger.handler.subject(
      forgetSubject,
      { party, reason: REASON },
      { principal: 'tester', key: 'once', correlation: 'test', ...caller },
    )
  expect(await ask(PARTY, { expectedRevision: 7 })).toEqual({
    outcome: 'refused',
    refusal: { code: 'revision_differs', expected: 7, actual: null, events: [] },
  })
  expect(await namesIn(ledger)).toEqual(['Ada'])
  await ask(PARTY, {})
  const other = await ledger.handler.subject(
    forgetSubject,
    { party: PARTY, reason: 'Another reason' },
    { principal: 'tester', key: 'once', correlation: 'test' },
  )
  expect(other).toEqual({
    outcome: 'refused',
    refusal: {
      code: 'idempotency_key_used_differently',
      key: 'once',
      command: 'forget-subject',
    },
  })
})

test('nobody is forgotten while the read models cannot say who is named where', async () => {
  const ledger = await createTestLedger()
  const behind = createHandler({
    log: ledger.log,
    clock: createTestClock(),
    fingerprint,
    people: {
      foliosNaming: () => Promise.resolve('behind'),
      keysOf: () => Promise.resolve([]),
      drop: () => Promise.resolve([]),
    },
  })
  const caller = { principal: 'tester', key: 'once', correlation: 'test' }
  await expect(
    behind.subject(forgetSubject, { party: PARTY, reason: REASON }, caller),
  ).rejects.toThrow(ReadModelsBehind)
  const types = (await ledger.events()).map(({ type }) => type)
  expect(types).not.toContain('SubjectForgotten')
  const peopleless = createHandler({ log: ledger.log, clock: createTestClock(), fingerprint })
  await expect(
    peopleless.subject(forgetSubject, { party: PARTY, reason: REASON }, caller),
  ).rejects.toThrow('without its people')
})

test('others who forget the same at once are waited for, not for ever', async () => {
  const store = faultyStore(createMemoryEventStore())
  const ledger = await createTestLedger(store)
  await invoiceOf(ledger, 'Ada')
  store.next('subject-', 'conflict')
  expect(await forget(ledger, { party: PARTY })).toMatchObject({ answer: { documents: 1 } })
  store.next('subject-', ...Array.from({ length: 20 }, () => 'conflict' as const))
  const outcome = await ledger.handler.subject(
    forgetSubject,
    { party: OTHER, reason: REASON },
    { principal: 'tester', key: 'busy', correlation: 'test' },
  )
  expect(outcome).toEqual({ outcome: 'refused', refusal: { code: 'folio_busy', attempts: 20 } })
})

test('thousands of documents and keys are named in events of at most 2,000 each', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)
  const forgotten = (keys: number, documents: number, isFirst = false) => {
    const decision = forgetSubject.decide(
      { party: PARTY, reason: REASON },
      {
        subject: PARTY,
        isFirst,
        isKnown: true,
        parties: [],
        keys: names(keys).map((key) => ({ subject: PARTY, key })),
        documents: names(documents),
      },
    )
    if (decision.outcome === 'refused') throw new Error(decision.refusal.code)
    return decision
      .events([])
      .flatMap((fact) => (fact.type === 'SubjectForgotten' ? [fact.data] : []))
  }
  const counts = (...given: Parameters<typeof forgotten>) =>
    forgotten(...given).map(({ keys, documents }) => [keys.length, documents.length])
  expect(counts(0, 0)).toEqual([])
  expect(counts(0, 0, true)).toEqual([[0, 0]])
  expect(counts(1, 2_000)).toEqual([[1, 2_000]])
  expect(counts(2_001, 3)).toEqual([
    [2_000, 3],
    [1, 0],
  ])
  expect(counts(1, 4_001)).toEqual([
    [1, 2_000],
    [0, 2_000],
    [0, 1],
  ])
  expect(forgotten(0, 4_001).flatMap(({ documents }) => documents)).toEqual(names(4_001))
})
