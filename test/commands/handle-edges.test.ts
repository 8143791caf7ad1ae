/** Where a command meets others, limits, damage and repeats: the handler over every kind of stream. */
import { describe, expect, test } from 'vitest'
import { closePeriod } from '../../commands/books/close-period.js'
import { openAccount } from '../../commands/books/open-account.js'
import { reopenPeriod } from '../../commands/books/reopen-period.js'
import { registerInstance } from '../../commands/instance/register-instance.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { mergeParties } from '../../commands/party/merge-parties.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import type { KeyClaim } from '../../commands/ports.js'
import { BOOKS_COMMANDS } from '../../commands/registry.js'
import { CorruptStream } from '../../src/aggregates/corrupt-stream.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'
import { Crash, faultyStore } from './faulty-store.js'
import { gbp, item } from './scenes.js'

const CALLER = { principal: 'tester', key: 'once', correlation: 'test' }
const TILL = { account: 'till', name: 'Till', type: 'cash' }
const SHOP = { platform: 'magento2', address: 'https://shop.example.com', name: 'Shop' }
const BUSY = { outcome: 'refused', refusal: { code: 'folio_busy', attempts: 20 } }
const conflicts = (count: number) => Array.from({ length: count }, () => 'conflict' as const)
const draft = async (ledger: TestLedger, unitPrice = '100') =>
  (await ledger.must(draftInvoice, { lines: [item(unitPrice)] })).invoiceId
const typesAfter = async (ledger: TestLedger, count: number) =>
  (await ledger.events()).slice(count).map(({ type }) => type)
const countOf = async (ledger: TestLedger) => (await ledger.events()).length

describe('somebody who always comes first', () => {
  test.each([
    ['books', 'books-', (ledger: TestLedger) => ledger.askBooks(openAccount, TILL)],
    [
      'a store',
      'instance-',
      (ledger: TestLedger) => ledger.handler.instance(registerInstance, SHOP, CALLER),
    ],
    [
      'a folio',
      'folio-',
      (ledger: TestLedger) => ledger.ask(draftInvoice, { lines: [item('1')] }, CALLER),
    ],
  ])('in %s is waited for nineteen times, and no longer', async (_of, stream, ask) => {
    const store = faultyStore(createMemoryEventStore())
    const ledger = await createTestLedger(store)
    const count = await countOf(ledger)
    store.next(stream, ...conflicts(20))
    expect(await ask(ledger)).toEqual(BUSY)
    expect(await typesAfter(ledger, count)).toEqual([])
    store.next(stream, ...conflicts(19))
    expect(await ask(ledger)).toMatchObject({ outcome: 'accepted', appended: 1 })
  })

  test('in a series fails the command, and leaves its key free', async () => {
    const store = faultyStore(createMemoryEventStore())
    const ledger = await createTestLedger(store)
    const invoiceId = await draft(ledger)
    store.next('series-', ...conflicts(50))
    await expect(ledger.ask(postInvoice, { invoiceId }, CALLER)).rejects.toThrow(
      'series-main-INV-2026 was changed by others 50 times in a row',
    )
    store.next('series-', ...conflicts(49))
    expect(await ledger.ask(postInvoice, { invoiceId }, CALLER)).toMatchObject({
      outcome: 'accepted',
      replayed: false,
      answer: { number: 'INV/2026/00001' },
    })
  })
})

describe('a caller that names the revision it saw', () => {
  test('and is behind another process is refused without a trace', async () => {
    const here = await createTestLedger()
    const there = await createTestLedger(here.store)
    const invoiceId = await draft(here)
    await there.must(editDraft, { document: invoiceId, lines: [item('7')] })
    const count = await countOf(here)
    const asked = await here.ask(postInvoice, { invoiceId }, { expectedRevision: 0 })
    expect(asked).toMatchObject({
      outcome: 'refused',
      refusal: {
        code: 'revision_differs',
        expected: 0,
        actual: 1,
        events: [{ revision: 1, type: 'InvoiceDraftEdited' }],
      },
    })
    expect(await typesAfter(here, count)).toEqual([])
  })

  test('and loses its race is told the revision after its number was given back', async () => {
    const store = faultyStore(createMemoryEventStore())
    const here = await createTestLedger(store)
    const there = await createTestLedger(store)
    const invoiceId = await draft(here)
    const count = await countOf(here)
    store.before('folio-', () => there.must(editDraft, { document: invoiceId, lines: [item('7')] }))
    const asked = await here.ask(postInvoice, { invoiceId }, { expectedRevision: 0 })
    expect(asked).toMatchObject({
      refusal: {
        code: 'revision_differs',
        actual: 2,
        events: [{ type: 'InvoiceDraftEdited' }, { type: 'NumberReleased' }],
      },
    })
    expect(await typesAfter(here, count)).toEqual([
      'FiscalYearOpened',
      'NumbersTaken',
      'InvoiceDraftEdited',
      'NumberReleased',
      'NumberVoided',
    ])
    expect(await here.ask(postInvoice, { invoiceId }, { expectedRevision: 2 })).toMatchObject({
      outcome: 'accepted',
      revision: 3,
    })
  })

  test('is told of a hundred events since, and of no more', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await draft(ledger)
    for (let price = 1; price <= 102; price += 1) {
      await ledger.must(editDraft, { document: invoiceId, lines: [item(`${price}`)] })
    }
    const told = async (expectedRevision: number) => {
      const asked = await ledger.ask(postInvoice, { invoiceId }, { expectedRevision })
      if (asked.outcome !== 'refused' || asked.refusal.code !== 'revision_differs') return null
      return asked.refusal.events.map(({ revision }) => revision)
    }
    expect(await told(100)).toEqual([101, 102])
    expect((await told(1))?.at(-1)).toBe(101)
    expect(await told(1)).toHaveLength(100)
    expect(await told(200)).toEqual([])
  })
})

describe('a key', () => {
  const claiming = async (claim: KeyClaim) => {
    const claimed: object[] = []
    const claims = {
      claim: (request: object) => {
        claimed.push(request)
        return Promise.resolve(claim)
      },
    }
    return { ledger: await createTestLedger(createMemoryEventStore(), {}, claims), claimed }
  }
  const asked = { lines: [item('1')] }

  test('that is under way is told to wait, one of another request is refused', async () => {
    const caller = { ...CALLER, claimsKey: true }
    const waiting = await claiming({ claim: 'in_flight' })
    expect(await waiting.ledger.ask(draftInvoice, asked, caller)).toEqual({
      outcome: 'refused',
      refusal: { code: 'idempotency_key_in_flight', key: 'once' },
    })
    expect(waiting.claimed).toMatchObject([
      { principal: 'tester', key: 'once', command: 'draft-invoice' },
    ])
    const other = await claiming({ claim: 'used_differently', command: 'post-invoice' })
    expect(await other.ledger.ask(draftInvoice, asked, caller)).toEqual({
      outcome: 'refused',
      refusal: {
        code: 'idempotency_key_used_differently',
        key: 'once',
        command: 'post-invoice',
      },
    })
  })

  test('is used once its request is accepted, and free where it was refused or broke', async () => {
    const settled: string[] = []
    const claims = {
      claim: () =>
        Promise.resolve({
          claim: 'granted' as const,
          settle: (outcome: string) => void settled.push(outcome),
        }),
    }
    const store = faultyStore(createMemoryEventStore())
    const ledger = await createTestLedger(store, {}, claims)
    const claimsKey = true
    const { invoiceId } = await ledger.must(draftInvoice, asked, { claimsKey })
    await ledger.ask(
      registerPayment,
      { invoiceId, account: 'cash', amount: gbp('1.00') },
      { claimsKey },
    )
    store.next('folio-', 'crash')
    await expect(ledger.ask(draftInvoice, asked, { claimsKey })).rejects.toThrow(Crash)
    expect(settled).toEqual(['used', 'free', 'free'])
    await ledger.must(draftInvoice, asked)
    expect(settled).toHaveLength(3)
  })
})

describe('damage', () => {
  const append = async (ledger: TestLedger, stream: string, type: keyof typeof SAMPLE_FACTS) => {
    const last = (await ledger.log.read(stream, 0)).at(-1)
    const end =
      last === undefined
        ? ('no_stream' as const)
        : { revision: last.revision, hash: last.metadata.hash }
    const origin = {
      command: 'test',
      commandKey: 'damage',
      fingerprint: '',
      principal: 'tester',
      correlation: 'test',
      recordedAt: '2026-11-22T10:00:00.000Z',
      decidedUnder: {},
    }
    return ledger.log.append(stream, end, [SAMPLE_FACTS[type]], origin)
  }

  test('in the books is an event of another kind of stream: nothing is decided on them', async () => {
    const ledger = await createTestLedger()
    expect(await append(ledger, 'books-main', 'NumberVoided')).toMatchObject({
      outcome: 'appended',
    })
    await expect(ledger.askBooks(openAccount, TILL)).rejects.toThrow(CorruptStream)
    await expect(ledger.askBooks(openAccount, TILL)).rejects.toThrow('another kind of stream')
  })
})

describe('a preview', () => {
  test('of books that are not open, or of figures beyond all limits, is refused', async () => {
    const ledger = await createTestLedger()
    const preview = (input: object) => ledger.handler.preview(draftInvoice, input, CALLER)
    const count = await countOf(ledger)
    expect(await preview({ lines: [item('1')] })).toMatchObject({
      outcome: 'previewed',
      events: [{ type: 'InvoiceDrafted' }],
    })
    expect(await preview({ lines: [item('1')], books: 'other' })).toEqual({
      outcome: 'refused',
      refusal: { code: 'books_not_open', books: 'other' },
    })
    const huge = item('999999999999', { quantity: '900' })
    expect(await preview({ lines: [huge, huge] })).toEqual({
      outcome: 'refused',
      refusal: { code: 'amount_too_large', currency: 'GBP', integerDigitsMax: 15 },
    })
    expect(await preview({ lines: [] })).toMatchObject({
      outcome: 'malformed',
      issues: [{ path: '/lines' }],
    })
    expect(await typesAfter(ledger, count)).toEqual([])
  })
})

test('no command changes books that are not open', async () => {
  const ledger = await createTestLedger()
  const inputs: Readonly<Record<string, object>> = {
    'configure-books': {},
    'open-account': TILL,
    'close-account': { account: 'cash' },
    'set-exchange-rate': { rates: [{ currency: 'EUR', rate: '0.8' }] },
    'close-period': { through: '2026-10-31' },
    'reopen-period': { through: null, reason: 'x' },
    'merge-parties': {
      party: '00000000-0000-4000-8000-000000000001',
      into: '00000000-0000-4000-8000-000000000002',
      reason: 'x',
    },
    'unmerge-parties': { party: '00000000-0000-4000-8000-000000000001', reason: 'x' },
  }
  const asked: Record<string, unknown> = {}
  for (const command of BOOKS_COMMANDS.filter(({ name }) => name !== 'open-books')) {
    const input = { ...inputs[command.name], books: 'other' }
    asked[command.name] = await ledger.askBooks(command as typeof mergeParties, input)
  }
  const refused = { outcome: 'refused', refusal: { code: 'books_not_open', books: 'other' } }
  expect(asked).toEqual(Object.fromEntries(Object.keys(inputs).map((name) => [name, refused])))
})

test('nothing is decided in books that are not open', async () => {
  const ledger = await createTestLedger()
  const refused = { outcome: 'refused', refusal: { code: 'books_not_open', books: 'other' } }
  const asked = { lines: [item('1')], books: 'other' }
  expect(await ledger.ask(draftInvoice, asked)).toEqual(refused)
  const invoiceId = await draft(ledger)
  const folio = invoiceId.slice(0, 36)
  expect(await ledger.ask(draftInvoice, asked, { folio })).toEqual({
    outcome: 'refused',
    refusal: { code: 'folio_in_other_books', books: 'main', given: 'other' },
  })
})

describe('a reopening that a crash left under way', () => {
  const left = async () => {
    const store = faultyStore(createMemoryEventStore())
    const crashing = await createTestLedger(store)
    await crashing.must(postInvoice, { invoiceId: await draft(crashing) })
    await crashing.askBooks(closePeriod, { through: '2026-10-31' })
    store.next('series-', 'crash')
    const asked = { through: '2026-09-30', reason: 'x' }
    await expect(crashing.askBooks(reopenPeriod, asked)).rejects.toThrow(Crash)
    return { ledger: await createTestLedger(store), asked }
  }

  test('is finished by whoever asks for the same again', async () => {
    const { ledger, asked } = await left()
    expect(await ledger.askBooks(reopenPeriod, asked)).toMatchObject({ outcome: 'accepted' })
    expect((await ledger.events()).at(-1)).toMatchObject({
      type: 'PeriodReopened',
      data: { through: '2026-09-30' },
    })
  })

  test('keeps any other change waiting', async () => {
    const { ledger } = await left()
    const refusal = {
      code: 'period_change_under_way',
      change: 'reopening',
      through: '2026-09-30',
    }
    const refused = { outcome: 'refused', refusal }
    expect(await ledger.askBooks(reopenPeriod, { through: null, reason: 'x' })).toEqual(refused)
    expect(await ledger.askBooks(closePeriod, { through: '2026-11-15' })).toEqual(refused)
  })
})

describe('what the ledger does by itself', () => {
  test('says so in its events, and for whom', async () => {
    const store = faultyStore(createMemoryEventStore())
    const ledger = await createTestLedger(store)
    const invoiceId = await draft(ledger)
    store.next('folio-', 'crash')
    await expect(ledger.ask(postInvoice, { invoiceId })).rejects.toThrow(Crash)
    const key = { books: 'main', series: 'INV', year: 2026 } as const
    await ledger.handler.settleSeries(key, { release: true }, { ...CALLER, principal: 'doctor' })
    const released = (await ledger.events()).find(({ type }) => type === 'NumberReleased')
    expect(released?.metadata).toMatchObject({ command: 'settle-series', principal: 'doctor' })
    expect(released?.data).toMatchObject({ document: invoiceId, number: 1 })
  })

  test('carries on what a crash left of a closing, and does nothing where nothing is left', async () => {
    const store = faultyStore(createMemoryEventStore())
    const crashing = await createTestLedger(store)
    await crashing.must(postInvoice, { invoiceId: await draft(crashing) })
    store.next('series-', 'crash')
    await expect(crashing.askBooks(closePeriod, { through: '2026-10-31' })).rejects.toThrow(Crash)
    const ledger = await createTestLedger(store)
    const count = await countOf(ledger)
    expect(
      await ledger.handler.continuePeriodChange('main', { ...CALLER, principal: 'worker' }),
    ).toBe('done')
    const carried = (await ledger.events()).slice(count)
    expect(carried.at(-1)).toMatchObject({
      type: 'PeriodClosed',
      data: { through: '2026-10-31' },
      metadata: { command: 'continue-period-change', principal: 'worker', commandKey: 'once' },
    })
    expect(await ledger.handler.continuePeriodChange('main', CALLER)).toBe('done')
    expect(await ledger.handler.continuePeriodChange('nowhere', CALLER)).toBe('done')
    expect(await countOf(ledger)).toBe(count + carried.length)
    expect(await ledger.askBooks(reopenPeriod, { through: null, reason: 'x' })).toMatchObject({
      outcome: 'accepted',
    })
  })
})
