/** Closing and opening periods (L10): what is refused, what moves, and each race decided by hand. */
import { describe, expect, test } from 'vitest'
import { closePeriod } from '../../commands/books/close-period.js'
import { openBooks } from '../../commands/books/open-books.js'
import { reopenPeriod } from '../../commands/books/reopen-period.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { seriesClosedThrough } from '../../commands/period-change.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { faultyStore } from './faulty-store.js'
import { entriesOf, numberFaults, voidedNumbers } from './log-oracle.js'
import { movedEntries, periodFaults } from './periods-callers.js'
import { gbp, item } from './scenes.js'

const OCTOBER = { through: '2026-10-31' }
const REASON = { reason: 'A late bill' }
const ALL = { through: null, ...REASON }
const ORIGIN = {
  command: 'x',
  commandKey: 'x',
  fingerprint: 'x',
  principal: 'x',
  correlation: 'x',
  recordedAt: '2026-11-22T10:00:00.000Z',
  decidedUnder: {},
}

const bare = () => faultyStore(createMemoryEventStore())
const drafted = async (ledger: TestLedger, documentDate = '2026-10-05') =>
  (await ledger.must(draftInvoice, { lines: [item('100')], documentDate })).invoiceId
const closed = async (ledger: TestLedger, input: object = OCTOBER) => {
  expect(await ledger.askBooks(closePeriod, input)).toMatchObject({ outcome: 'accepted' })
}
const reopened = async (ledger: TestLedger, input: object = ALL) => {
  expect(await ledger.askBooks(reopenPeriod, input)).toMatchObject({ outcome: 'accepted' })
}
const refusedIn = (date: string) => ({
  outcome: 'refused',
  refusal: {
    code: 'period_closed',
    date,
    closedThrough: '2026-10-31',
    firstOpenDay: '2026-11-01',
  },
})
const typesOf = async (ledger: TestLedger, prefix: string) =>
  (await ledger.events()).map(({ type }) => type).filter((type) => type.startsWith(prefix))
async function faultless(ledger: TestLedger): Promise<void> {
  await ledger.handler.close()
  const events = await ledger.events()
  expect([...periodFaults(events), ...numberFaults(events)]).toEqual([])
}

describe('a closed period', () => {
  test('refuses what a person asks for inside, with the first open day, and takes it there', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await drafted(ledger)
    await closed(ledger)
    expect(await ledger.ask(postInvoice, { invoiceId })).toEqual(refusedIn('2026-10-05'))
    const last = { invoiceId, postingDate: '2026-10-31' }
    expect(await ledger.ask(postInvoice, last)).toEqual(refusedIn('2026-10-31'))
    await ledger.must(postInvoice, { invoiceId, postingDate: '2026-11-01' })
    const payment = { invoiceId, account: 'bank', amount: gbp('120.00') }
    const dated = (date: string) => ledger.ask(registerPayment, { ...payment, date })
    expect(await dated('2026-10-31')).toEqual(refusedIn('2026-10-31'))
    expect(await dated('2026-11-01')).toMatchObject({ outcome: 'accepted' })
    await faultless(ledger)
  })

  test('moves what happened outside to its first open day, and keeps its own', async () => {
    const ledger = await createTestLedger()
    const invoiceId = await drafted(ledger, '2025-12-30')
    await ledger.must(postInvoice, { invoiceId })
    const payment = { invoiceId, account: 'bank', amount: gbp('120.00'), date: '2025-12-30' }
    const { paymentId } = await ledger.must(registerPayment, payment)
    await closed(ledger, { through: '2025-12-31' })
    const { number } = await ledger.must(reconcilePayment, { paymentId, date: '2025-12-31' })
    // The first open day is in the year after, and so is the number.
    expect(number).toBe('JRN/2026/00001')
    expect(movedEntries(await ledger.events())).toMatchObject([
      { postingDate: '2026-01-01', movedFrom: '2025-12-31', number },
    ])
    await faultless(ledger)
  })

  test('is opened again for all days, or for those after one', async () => {
    const ledger = await createTestLedger()
    await closed(ledger)
    await reopened(ledger, { through: '2026-09-30', ...REASON })
    const [early, late] = [await drafted(ledger, '2026-09-30'), await drafted(ledger, '2026-10-01')]
    expect(await ledger.ask(postInvoice, { invoiceId: early })).toMatchObject({
      refusal: { code: 'period_closed', closedThrough: '2026-09-30', firstOpenDay: '2026-10-01' },
    })
    await ledger.must(postInvoice, { invoiceId: late })
    await reopened(ledger)
    await ledger.must(postInvoice, { invoiceId: early })
    await closed(ledger)
    await faultless(ledger)
  })

  test('answers a repeat as it answered first, also after others came', async () => {
    const ledger = await createTestLedger()
    const asked = () => ledger.askBooks(closePeriod, OCTOBER, { key: 'october' })
    const first = await asked()
    expect(first).toMatchObject({ outcome: 'accepted', replayed: false, appended: 2 })
    await reopened(ledger)
    if (first.outcome !== 'accepted') throw new Error('it was accepted')
    expect(await asked()).toEqual({ ...first, replayed: true, appended: 0 })
    const [last] = (await ledger.events()).filter(({ type }) => type === 'PeriodClosed')
    expect([last?.revision, last?.position]).toEqual([first.revision, first.position])
    expect(await ledger.handler.readBooks('main')).toMatchObject({
      period: { closedThrough: null, change: null },
    })
  })

  test('is over by the days in the time zone of its books', async () => {
    const ledger = await createTestLedger()
    const today = (zone: string) => (zone === 'Asia/Tokyo' ? '2026-11-23' : '2026-11-22')
    Object.assign(ledger.clock, { today })
    await ledger.askBooks(openBooks, { books: 'tokyo', timeZone: 'Asia/Tokyo', currency: 'JPY' })
    const through = '2026-11-22'
    expect(await ledger.askBooks(closePeriod, { through })).toMatchObject({
      refusal: { code: 'period_not_over', through, today: '2026-11-22' },
    })
    expect(
      await ledger.askBooks(closePeriod, { books: 'tokyo', through: '2026-11-23' }),
    ).toMatchObject({
      refusal: { code: 'period_not_over', through: '2026-11-23', today: '2026-11-23' },
    })
    await closed(ledger, { books: 'tokyo', through })
    // The books beside are not touched.
    await ledger.must(postInvoice, { invoiceId: await drafted(ledger) })
  })

  test.each([
    [2024, '2026-10-31', '2024-12-31'],
    [2026, '2026-10-31', '2026-10-31'],
    [2026, '2026-12-31', '2026-12-31'],
    [2026, '2026-01-01', '2026-01-01'],
    [2026, '2025-12-31', null],
    [2026, null, null],
  ])('closes the series of %s, where all is closed through %s, through %s', (year, all, own) => {
    expect(seriesClosedThrough(year, all)).toBe(own)
  })
})

describe('a poster that has its number when the period is closed', () => {
  test('conflicts with the release, decides again and is refused', async () => {
    const store = bare()
    const [slow, closer] = [await createTestLedger(store), await createTestLedger(store)]
    const invoiceId = await drafted(slow)
    store.before('folio-', () => closed(closer))
    expect(await slow.ask(postInvoice, { invoiceId })).toEqual(refusedIn('2026-10-05'))
    expect(voidedNumbers(await slow.events())).toEqual(['INV/2026/00001'])
    await faultless(slow)
  })

  test('stands where it was quicker than the release', async () => {
    const base = createMemoryEventStore()
    const [posting, closing] = [faultyStore(base), faultyStore(base)]
    const [slow, closer] = [await createTestLedger(posting), await createTestLedger(closing)]
    const invoiceId = await drafted(slow)
    let goOn: () => void = () => undefined
    const numberIsTaken = new Promise<void>((taken) => {
      posting.before('folio-', () => {
        taken()
        return new Promise<void>((resolve) => (goOn = resolve))
      })
    })
    const posted = slow.must(postInvoice, { invoiceId })
    await numberIsTaken
    // Between the closer's look at the folio and its release the slow one comes through after all.
    closing.before('folio-', async () => {
      goOn()
      await posted
    })
    await closed(closer)
    expect(await posted).toMatchObject({ number: 'INV/2026/00001' })
    const events = await closer.events()
    const used = events.flatMap(({ type, data }) => (type === 'NumbersTaken' ? data.used : []))
    expect([used, voidedNumbers(events)]).toEqual([[1], []])
    await faultless(slow)
  })

  test('moves what happened outside, with another number', async () => {
    const store = bare()
    const [slow, closer] = [await createTestLedger(store), await createTestLedger(store)]
    const invoiceId = await drafted(slow)
    await slow.must(postInvoice, { invoiceId })
    const payment = { invoiceId, account: 'bank', amount: gbp('120.00'), date: '2026-10-06' }
    const { paymentId } = await slow.must(registerPayment, payment)
    store.before('folio-', () => closed(closer))
    const matched = await slow.must(reconcilePayment, { paymentId, date: '2026-10-07' })
    expect(matched).toMatchObject({ number: 'JRN/2026/00002' })
    expect(movedEntries(await slow.events())).toMatchObject([
      { postingDate: '2026-11-01', movedFrom: '2026-10-07' },
    ])
    await faultless(slow)
  })

  test('keeps the change under way while its folio is changed again and again; a repeat ends it', async () => {
    const base = createMemoryEventStore()
    const [posting, closing] = [faultyStore(base), faultyStore(base)]
    const [slow, closer] = [await createTestLedger(posting), await createTestLedger(closing)]
    const other = await createTestLedger(base)
    const invoiceId = await drafted(slow)
    posting.next('folio-', 'crash')
    await expect(slow.ask(postInvoice, { invoiceId })).rejects.toThrow()
    for (let attempt = 1; attempt <= 100; attempt += 1) {
      closing.before('folio-', () =>
        other.must(editDraft, { document: invoiceId, note: `note ${attempt}` }),
      )
    }
    const asked = () => closer.askBooks(closePeriod, OCTOBER, { key: 'october' })
    expect(await asked()).toMatchObject({ refusal: { code: 'folio_busy' } })
    expect(await typesOf(closer, 'Period')).toEqual(['PeriodClosing'])
    // What is being closed is closed for whoever asks.
    const next = await drafted(other)
    expect(await other.ask(postInvoice, { invoiceId: next })).toEqual(refusedIn('2026-10-05'))
    const quiet = await createTestLedger(base)
    expect(await quiet.askBooks(closePeriod, OCTOBER, { key: 'october' })).toMatchObject({
      outcome: 'accepted',
      replayed: true,
    })
    expect(await typesOf(closer, 'Period')).toEqual(['PeriodClosing', 'PeriodClosed'])
    expect(voidedNumbers(await quiet.events())).toEqual(['INV/2026/00001'])
  })
})

describe('whoever is behind', () => {
  test('gives numbers again for days that were opened elsewhere', async () => {
    const store = bare()
    const [here, there] = [await createTestLedger(store), await createTestLedger(store)]
    await here.must(postInvoice, { invoiceId: await drafted(here) })
    await closed(here)
    await reopened(there)
    await here.must(postInvoice, { invoiceId: await drafted(here) })
    await faultless(here)
  })

  test('with closing a series closes none that was opened again in the meantime', async () => {
    const base = createMemoryEventStore()
    const slow = faultyStore(base)
    const [late, quick] = [await createTestLedger(slow), await createTestLedger(base)]
    await quick.must(postInvoice, { invoiceId: await drafted(quick) })
    slow.before('series-main-PAY', async () => {
      // By a caller of its own, or the log would take the two for one event.
      await quick.askBooks(closePeriod, OCTOBER, { principal: 'somebody else' })
      await reopened(quick)
    })
    await closed(late)
    expect(await typesOf(late, 'Period')).toEqual([
      'PeriodClosing',
      'PeriodClosed',
      'PeriodReopening',
      'PeriodReopened',
    ])
    const invoiceId = await drafted(quick)
    await quick.must(postInvoice, { invoiceId })
    await quick.must(registerPayment, {
      invoiceId,
      account: 'bank',
      amount: gbp('120.00'),
      date: '2026-10-05',
    })
  })

  test('with the end of a closing does not end the next one of the same day', async () => {
    const base = createMemoryEventStore()
    const [slow, dying] = [faultyStore(base), faultyStore(base)]
    const [late, quick] = [await createTestLedger(slow), await createTestLedger(base)]
    const doomed = await createTestLedger(dying)
    await quick.must(postInvoice, { invoiceId: await drafted(quick) })
    // Every series has followed; before the books are told so, it is done, undone, and begun again.
    slow.before('books-', () => Promise.resolve())
    slow.before('books-', async () => {
      await closed(quick)
      await reopened(quick)
      dying.next('series-', 'crash')
      await expect(doomed.askBooks(closePeriod, OCTOBER)).rejects.toThrow()
    })
    await late.askBooks(closePeriod, OCTOBER)
    expect((await typesOf(late, 'Period')).at(-1)).toBe('PeriodClosing')
    await closed(quick)
    expect((await typesOf(late, 'Period')).at(-1)).toBe('PeriodClosed')
  })

  test('with a repeat carries on no change but its own', async () => {
    const base = createMemoryEventStore()
    const dying = faultyStore(base)
    const [ledger, doomed] = [await createTestLedger(base), await createTestLedger(dying)]
    await ledger.must(postInvoice, { invoiceId: await drafted(ledger) })
    const october = () => ledger.askBooks(closePeriod, OCTOBER, { key: 'october' })
    await october()
    dying.next('series-', 'crash')
    await expect(doomed.askBooks(reopenPeriod, ALL)).rejects.toThrow()
    expect(await october()).toMatchObject({ outcome: 'accepted', replayed: true })
    expect((await typesOf(ledger, 'Period')).at(-1)).toBe('PeriodReopening')
    expect(await ledger.askBooks(closePeriod, { through: '2026-11-15' })).toMatchObject({
      refusal: { code: 'period_change_under_way', change: 'reopening', through: null },
    })
    // Until the series have followed the days are closed.
    expect(await ledger.ask(postInvoice, { invoiceId: await drafted(ledger) })).toEqual(
      refusedIn('2026-10-05'),
    )
  })
})

describe('the years of the books', () => {
  const yearsOf = async (ledger: TestLedger) =>
    (await ledger.events()).flatMap(({ type, data }) =>
      type === 'FiscalYearOpened' ? [data.year] : [],
    )

  test('begin with the first number of any series, once, whoever asks for it', async () => {
    const store = createMemoryEventStore()
    const ledgers = [await createTestLedger(store), await createTestLedger(store)]
    const [first] = ledgers as [TestLedger]
    const drafts = await Promise.all(Array.from({ length: 32 }, () => drafted(first)))
    expect(await yearsOf(first)).toEqual([])
    await Promise.all(
      drafts.map((invoiceId, index) => ledgers[index % 2]!.must(postInvoice, { invoiceId })),
    )
    const old = await drafted(first, '2025-03-01')
    await first.must(postInvoice, { invoiceId: old })
    expect(await yearsOf(first)).toEqual([2026, 2025])
    await faultless(first)
  })

  test('do not begin with a day that is closed', async () => {
    const ledger = await createTestLedger()
    await closed(ledger)
    await ledger.ask(postInvoice, { invoiceId: await drafted(ledger) })
    expect(await yearsOf(ledger)).toEqual([])
    await ledger.must(postInvoice, { invoiceId: await drafted(ledger, '2026-11-01') })
    expect(await yearsOf(ledger)).toEqual([2026])
  })

  test('are known before the number, so that a closing in between is not passed', async () => {
    const store = bare()
    const [slow, closer] = [await createTestLedger(store), await createTestLedger(store)]
    const invoiceId = await drafted(slow)
    // No year is open: the closing finds no series to close, and the year comes after it.
    store.before('books-', () => closed(closer))
    expect(await slow.ask(postInvoice, { invoiceId })).toEqual(refusedIn('2026-10-05'))
    expect(await yearsOf(slow)).toEqual([])
    await faultless(slow)
  })

  test('of a log from before them are opened with the next number', async () => {
    const ledger = await createTestLedger()
    const [waiting, next] = [await drafted(ledger), await drafted(ledger)]
    const year = 2026
    const binding = { number: 1, document: waiting, postingDate: '2026-10-05' }
    const taken: LedgerFact = {
      type: 'NumbersTaken',
      data: { books: 'main', series: 'INV', year, taken: [binding], used: [] },
    }
    await ledger.log.append('series-main-INV-2026', 'no_stream', [taken], ORIGIN)
    expect(await ledger.must(postInvoice, { invoiceId: waiting })).toMatchObject({
      number: 'INV/2026/00001',
    })
    expect(await yearsOf(ledger)).toEqual([2026])
    await closed(ledger)
    expect(await ledger.ask(postInvoice, { invoiceId: next })).toEqual(refusedIn('2026-10-05'))
    await faultless(ledger)
  })
})

test('a draft whose number was taken and is then discarded keeps nobody from closing', async () => {
  const store = bare()
  const ledger = await createTestLedger(store)
  const invoiceId = await drafted(ledger)
  store.next('folio-', 'crash')
  await expect(ledger.ask(postInvoice, { invoiceId })).rejects.toThrow()
  await ledger.must(discardDraft, { document: invoiceId })
  await closed(ledger)
  expect(entriesOf(await ledger.events())).toEqual([])
  await faultless(ledger)
})
