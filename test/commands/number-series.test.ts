import { describe, expect, test } from 'vitest'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { createNumberSeries } from '../../commands/number-series.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import type { NoNumber, TakenNumber } from '../../commands/series-lane.js'
import { createLedgerLog } from '../../src/event-store/ledger-log.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { formatNumber } from '../../src/events/document-number.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { createTestClock, createTestLedger, type TestLedger } from '../support/ledger.js'
import { testSubjectKeys } from '../support/subject-keys.js'
import { Crash, faultyStore } from './faulty-store.js'
import {
  numberFaults,
  releasedNumbers,
  standingNumbers,
  takenNumbers,
  voidedNumbers,
} from './log-oracle.js'
import { gbp, item } from './scenes.js'

const bare = () => faultyStore(createMemoryEventStore())
const drafted = async (ledger: TestLedger, more: object = {}) =>
  (await ledger.must(draftInvoice, { lines: [item('100')], ...more })).invoiceId
const postedIn = async (ledger: TestLedger, more: object = {}) => {
  const invoiceId = await drafted(ledger, more)
  const { number } = await ledger.must(postInvoice, { invoiceId })
  return { invoiceId, number }
}
const usedNumbers = (events: readonly LedgerEvent[]) =>
  events.flatMap((event) => (event.type === 'NumbersTaken' ? event.data.used : []))

const given = async (take: Promise<TakenNumber | NoNumber>): Promise<TakenNumber> => {
  const taken = await take
  if (taken === 'period_closed') throw new Error('the series is closed')
  return taken
}

/** A series alone, without commands: documents are counted. */
function series(store = bare()) {
  const log = createLedgerLog(store, testSubjectKeys())
  const open = () => createNumberSeries(log, createTestClock())
  const request = (document: number, postingDate = '2026-11-22') => ({
    series: 'PAY' as const,
    document: `00000000-0000-4000-8000-${document.toString().padStart(12, '0')}-p1`,
    postingDate,
  })
  const read = async () => [...(await log.read('series-main-PAY-2026', 0))]
  return { store, open, request, read }
}

describe('taking numbers', () => {
  test('many handlers at once: no duplicate, no gap, in the order taken', async () => {
    const ledger = await createTestLedger()
    const ledgers = [
      ledger,
      await createTestLedger(ledger.store),
      await createTestLedger(ledger.store),
    ]
    await Promise.all(Array.from({ length: 30 }, (_, index) => postedIn(ledgers[index % 3]!)))
    const events = await ledger.events()
    expect(numberFaults(events)).toEqual([])
    expect(standingNumbers(events).sort()).toEqual(
      Array.from(
        { length: 30 },
        (_, index) => `INV/2026/000${(index + 1).toString().padStart(2, '0')}`,
      ),
    )
  })

  test('callers that wait together share one append', async () => {
    const { open, request, read } = series()
    const numbers = open()
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => numbers.take('main', request(index))),
    )
    expect((await read()).length).toBeLessThan(3)
  })

  test('the same document gets the same number back, at once and from another process', async () => {
    const { open, request } = series()
    const [here, there] = [open(), open()]
    const both = await Promise.all([here.take('main', request(1)), here.take('main', request(1))])
    expect(both).toMatchObject([{ text: 'PAY/2026/00001' }, { text: 'PAY/2026/00001' }])
    expect(await there.take('main', request(1))).toMatchObject({ text: 'PAY/2026/00001' })
    expect(await there.take('main', request(2))).toMatchObject({ text: 'PAY/2026/00002' })
  })

  test('the year is that of the posting date', async () => {
    const ledger = await createTestLedger()
    const old = await drafted(ledger, { documentDate: '2025-12-31' })
    expect(await ledger.must(postInvoice, { invoiceId: old })).toMatchObject({
      number: 'INV/2025/00001',
    })
    const next = await drafted(ledger, { documentDate: '2025-12-31' })
    expect(
      await ledger.must(postInvoice, { invoiceId: next, postingDate: '2026-01-01' }),
    ).toMatchObject({ number: 'INV/2026/00001' })
    expect(await postedIn(ledger)).toMatchObject({ number: 'INV/2026/00002' })
    expect(numberFaults(await ledger.events())).toEqual([])
  })

  test('a number beyond five digits is written out', () => {
    expect([1, 99_999, 100_000].map((number) => formatNumber('INV', 2026, number))).toEqual([
      'INV/2026/00001',
      'INV/2026/99999',
      'INV/2026/100000',
    ])
  })
})

describe('what is known to be used', () => {
  test('is written with the next take, and by a clean stop', async () => {
    const { open, request, read } = series()
    const numbers = open()
    numbers.used(await given(numbers.take('main', request(1))))
    numbers.used(await given(numbers.take('main', request(2))))
    expect(usedNumbers(await read())).toEqual([1])
    await numbers.close()
    expect(usedNumbers(await read())).toEqual([1, 2])
  })

  test('is kept while a take finds its number and writes nothing', async () => {
    const { open, request, read } = series()
    const numbers = open()
    const taken = await given(numbers.take('main', request(1)))
    await numbers.take('main', request(2))
    numbers.used(taken)
    await numbers.take('main', request(2))
    await numbers.take('main', request(3))
    expect(usedNumbers(await read())).toEqual([1])
  })

  test('is not lost where somebody else appends in between, or the append fails', async () => {
    const { store, open, request, read } = series()
    const [here, there] = [open(), open()]
    here.used(await given(here.take('main', request(1))))
    await there.take('main', request(2))
    store.next('series-', 'crash')
    await expect(here.take('main', request(3))).rejects.toThrow(Crash)
    expect(await here.take('main', request(3))).toMatchObject({ number: 3 })
    expect(usedNumbers(await read())).toEqual([1])
  })
})

describe('a series that cannot be written', () => {
  test('fails those who waited, and serves the next', async () => {
    const { store, open, request } = series()
    const numbers = open()
    const taken = await given(numbers.take('main', request(1)))
    store.next('series-', 'crash')
    const [voided, waiting] = await Promise.allSettled([
      numbers.abandon(taken, 'refused'),
      numbers.take('main', request(2)),
    ])
    expect(voided.status).toBe('rejected')
    expect(waiting).toMatchObject({ status: 'fulfilled', value: { number: 2 } })
  })
})

describe('a series that is closed through a day', () => {
  const KEY = { books: 'main', series: 'PAY', year: 2026 } as const
  const origin = {
    command: 'close-period',
    commandKey: '',
    fingerprint: '',
    principal: 'tester',
    correlation: 'test',
    recordedAt: '2026-11-22T10:00:00.000Z',
    decidedUnder: {},
  }
  const wanted = { isWanted: () => Promise.resolve(true), origin }
  const closedThrough = async (read: () => Promise<readonly LedgerEvent[]>) =>
    (await read()).flatMap(({ type, data }) =>
      type === 'SeriesClosedThrough' ? [data.through] : [],
    )

  test('gives no number up to it, one after it, and one taken before', async () => {
    const { open, request, read } = series()
    const [here, there] = [open(), open()]
    const before = await here.take('main', request(1, '2026-10-31'))
    await there.closeThrough(KEY, '2026-10-31', wanted)
    const answers = await Promise.all([
      here.take('main', request(2, '2026-10-31')),
      here.take('main', request(3, '2026-11-01')),
      here.take('main', request(1, '2026-10-31')),
      here.take('main', request(4, '2026-01-01')),
    ])
    expect(answers).toEqual([
      'period_closed',
      expect.objectContaining({ number: 2 }),
      before,
      'period_closed',
    ])
    expect((await read()).map(({ type }) => type)).toEqual([
      'NumbersTaken',
      'SeriesClosedThrough',
      'NumbersTaken',
    ])
  })

  test('gives numbers for all days again, also where it was asked before', async () => {
    const { open, request, read } = series()
    const [here, there] = [open(), open()]
    await there.closeThrough(KEY, '2026-10-31', wanted)
    expect(await here.take('main', request(1, '2026-10-31'))).toBe('period_closed')
    await there.closeThrough(KEY, null, wanted)
    expect(await here.take('main', request(1, '2026-10-31'))).toMatchObject({ number: 1 })
    expect(await closedThrough(read)).toEqual(['2026-10-31', null])
  })

  test('is closed again by whoever closed it before others opened it', async () => {
    const { open, read } = series()
    const [here, there] = [open(), open()]
    await here.closeThrough(KEY, '2026-10-31', wanted)
    await there.closeThrough(KEY, null, wanted)
    await here.closeThrough(KEY, '2026-10-31', wanted)
    expect(await closedThrough(read)).toEqual(['2026-10-31', null, '2026-10-31'])
  })

  test('is closed once, whoever asks, and by nobody who is told that it is not wanted', async () => {
    const { open, read } = series()
    const [here, there] = [open(), open()]
    await Promise.all([
      here.closeThrough(KEY, '2026-10-31', wanted),
      there.closeThrough(KEY, '2026-10-31', wanted),
    ])
    await here.closeThrough(KEY, '2026-10-31', wanted)
    const isWanted = () => Promise.resolve(false)
    await here.closeThrough(KEY, null, { isWanted, origin })
    expect(await closedThrough(read)).toEqual(['2026-10-31'])
    expect((await read())[0]?.metadata).toMatchObject({
      command: 'close-period',
      principal: 'tester',
    })
  })

  test('stays so behind a checkpoint', async () => {
    const { open, request, read } = series()
    const numbers = open()
    await numbers.closeThrough(KEY, '2026-10-31', wanted)
    for (let document = 1; document <= 1000; document += 1) {
      const taken = await numbers.take('main', request(document))
      if (taken !== 'period_closed') numbers.used(taken)
    }
    const checkpoint = (await read()).find(({ type }) => type === 'SeriesCheckpointed')
    expect(checkpoint?.data).toMatchObject({ closedThrough: '2026-10-31' })
    expect(await open().take('main', request(2000, '2026-10-31'))).toBe('period_closed')
    expect(await open().take('main', request(2000, '2026-11-01'))).toMatchObject({ number: 1001 })
  }, 30_000)
})

describe('checkpoints', () => {
  test('stand every 1,000 events, and a new process reads back to the last one only', async () => {
    const { store, open, request, read } = series()
    const numbers = open()
    for (let document = 1; document <= 2050; document += 1) {
      const taken = await given(numbers.take('main', request(document)))
      // Every tenth stays open, as after a crash.
      if (document % 10 !== 0) numbers.used(taken)
    }
    const events = await read()
    const checkpoints = events.filter(({ type }) => type === 'SeriesCheckpointed')
    expect(checkpoints.map(({ revision }) => revision)).toEqual([999, 1999])
    const last = checkpoints.at(-1)
    if (last?.type !== 'SeriesCheckpointed') throw new Error('there is no checkpoint')
    expect(last.data.next).toBe(1999)
    // 199 documents still open, and the newest two, which only later events say are used.
    expect(last.data.open.map(({ number }) => number)).toEqual(
      expect.arrayContaining(Array.from({ length: 199 }, (_, index) => (index + 1) * 10)),
    )
    expect(last.data.open.length).toBeLessThan(199 + 3)

    const reads: number[] = []
    const counted = {
      ...store,
      readStream: async (...[stream, options]: Parameters<typeof store.readStream>) => {
        const page = await store.readStream(stream, options)
        reads.push(page.length)
        return page
      },
    }
    const fresh = createNumberSeries(createLedgerLog(counted, testSubjectKeys()), createTestClock())
    expect(await fresh.take('main', request(10))).toMatchObject({ number: 10 })
    expect(await fresh.take('main', request(2050))).toMatchObject({ number: 2050 })
    expect(await fresh.take('main', request(9999))).toMatchObject({ number: 2051 })
    expect(reads).toEqual([250])
  }, 30_000)

  test('a foreign event in a series stops it', async () => {
    const { open, request, store } = series()
    const log = createLedgerLog(store, testSubjectKeys())
    const origin = {
      command: 'x',
      commandKey: 'x',
      fingerprint: 'x',
      principal: 'x',
      correlation: 'x',
      recordedAt: '2026-11-22T10:00:00.000Z',
      decidedUnder: {},
    }
    const data = { books: 'main', account: 'bank' }
    await log.append('series-main-PAY-2026', 'no_stream', [{ type: 'AccountClosed', data }], origin)
    await expect(open().take('main', request(1))).rejects.toThrow('it belongs to no series')
  })
})

describe('a crash between taking a number and the append', () => {
  test.each(['crash', 'crash after'] as const)(
    '(%s) leaves the number to the same document',
    async (fault) => {
      const store = bare()
      const ledger = await createTestLedger(store)
      const invoiceId = await drafted(ledger)
      store.next('folio-', fault)
      await expect(ledger.ask(postInvoice, { invoiceId }, { key: 'k' })).rejects.toThrow(Crash)
      const next = await createTestLedger(store)
      await postedIn(next)
      expect(await next.must(postInvoice, { invoiceId }, { key: 'k' })).toMatchObject({
        number: 'INV/2026/00001',
      })
      const events = await ledger.events()
      expect(numberFaults(events)).toEqual([])
      expect(standingNumbers(events).sort()).toEqual(['INV/2026/00001', 'INV/2026/00002'])
    },
  )

  test('where the folio’s cache is behind, nothing is booked twice', async () => {
    const store = bare()
    const ledger = await createTestLedger(store)
    const invoiceId = await drafted(ledger)
    store.next('folio-', 'crash after')
    await expect(ledger.ask(postInvoice, { invoiceId })).rejects.toThrow(Crash)
    expect(await ledger.ask(postInvoice, { invoiceId })).toMatchObject({
      refusal: { code: 'document_not_draft', status: 'posted' },
    })
    expect(numberFaults(await ledger.events())).toEqual([])
  })
})

describe('a number whose document is then refused', () => {
  /** The draft is discarded elsewhere between the taking and the append. */
  async function refusedAfterTaking(store = bare()) {
    const here = await createTestLedger(store)
    const there = await createTestLedger(store)
    const invoiceId = await drafted(here)
    store.before('folio-', () => there.ask(discardDraft, { document: invoiceId }))
    return { store, here, there, invoiceId }
  }

  test('is released on the folio, then voided in its series', async () => {
    const { here, invoiceId } = await refusedAfterTaking()
    expect(await here.ask(postInvoice, { invoiceId })).toMatchObject({
      refusal: { code: 'document_not_draft', status: 'discarded' },
    })
    const events = await here.events()
    expect(events.slice(-2).map(({ type, stream }) => [type, stream.split('-')[0]])).toEqual([
      ['NumberReleased', 'folio'],
      ['NumberVoided', 'series'],
    ])
    expect(numberFaults(events)).toEqual([])
    expect(await postedIn(here)).toMatchObject({ number: 'INV/2026/00002' })
  })

  test('is voided after all where the crash came between the two', async () => {
    const store = bare()
    const here = await createTestLedger(store)
    const there = await createTestLedger(store)
    const invoiceId = await drafted(here)
    const tooMuch = { document: invoiceId, lines: [item('-1')] }
    store.before('folio-', () => there.ask(editDraft, tooMuch))
    store.next('series-', 'none', 'crash')
    await expect(here.ask(postInvoice, { invoiceId })).rejects.toThrow(Crash)
    expect(voidedNumbers(await here.events())).toEqual([])
    expect(releasedNumbers(await here.events())).toEqual(['INV/2026/00001'])

    const next = await createTestLedger(store)
    await next.must(editDraft, { document: invoiceId, lines: [item('1')] })
    expect(await next.must(postInvoice, { invoiceId })).toMatchObject({ number: 'INV/2026/00002' })
    expect(voidedNumbers(await next.events())).toEqual(['INV/2026/00001'])
    expect(numberFaults(await next.events())).toEqual([])
  })

  test('is not used by a slow poster: the release makes it conflict and take another', async () => {
    const store = bare()
    const [slow, quick] = [await createTestLedger(store), await createTestLedger(store)]
    const invoiceId = await drafted(slow)
    store.before('folio-', async () => {
      store.before('folio-', () =>
        slowly.must(editDraft, { document: invoiceId, lines: [item('-1')] }),
      )
      const refused = await quick.ask(postInvoice, { invoiceId })
      expect(refused).toMatchObject({ refusal: { code: 'total_negative' } })
      await slowly.must(editDraft, { document: invoiceId, lines: [item('2')] })
    })
    const slowly = await createTestLedger(store)
    expect(await slow.must(postInvoice, { invoiceId })).toMatchObject({ number: 'INV/2026/00002' })
    expect(numberFaults(await slow.events())).toEqual([])
  })

  test('and the repeat of its command under the same key is decided anew', async () => {
    const store = bare()
    const here = await createTestLedger(store)
    const there = await createTestLedger(store)
    const invoiceId = await drafted(here)
    store.before('folio-', () => there.ask(editDraft, { document: invoiceId, lines: [item('-1')] }))
    await here.ask(postInvoice, { invoiceId }, { key: 'k' })
    await here.must(editDraft, { document: invoiceId, lines: [item('1')] })
    expect(await here.must(postInvoice, { invoiceId }, { key: 'k' })).toMatchObject({
      number: 'INV/2026/00002',
    })
    expect(numberFaults(await here.events())).toEqual([])
  })

  test('is given back too where the document took its place in another year', async () => {
    const store = bare()
    const here = await createTestLedger(store)
    const there = await createTestLedger(store)
    const { invoiceId } = await postedIn(here)
    const pay = (ledger: TestLedger, date: string) =>
      ledger.must(registerPayment, { invoiceId, account: 'bank', amount: gbp('1.00'), date })
    store.before('folio-', () => pay(there, '2025-12-31'))
    await pay(here, '2026-01-01')
    expect(numberFaults(await here.events())).toEqual([])
    expect(standingNumbers(await here.events()).slice(1)).toEqual([
      'PAY/2025/00001',
      'PAY/2026/00002',
    ])
    expect(voidedNumbers(await here.events())).toEqual(['PAY/2026/00001'])

    const match = (ledger: TestLedger, payment: string, date: string) =>
      ledger.must(reconcilePayment, { paymentId: `${invoiceId.slice(0, 36)}-${payment}`, date })
    store.before('folio-', () => match(there, 'p1', '2025-12-31'))
    await match(here, 'p2', '2026-01-02')
    expect(numberFaults(await here.events())).toEqual([])
  })

  test('is noted as used where the answer of its append never came', async () => {
    const store = bare()
    const ledger = await createTestLedger(store)
    const invoiceId = await drafted(ledger)
    store.next('folio-', 'landed')
    await ledger.must(postInvoice, { invoiceId })
    await ledger.handler.close()
    const events = await ledger.events()
    expect(takenNumbers(events)).toHaveLength(1)
    expect(usedNumbers(events)).toEqual([1])
  })
})
