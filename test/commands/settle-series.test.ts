import { expect, test } from 'vitest'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import { placeOrder } from '../../commands/order/place-order.js'
import { planShipment } from '../../commands/shipment/plan-shipment.js'
import { validateDelivery } from '../../commands/shipment/validate-delivery.js'
import { createMemoryEventStore } from '../../src/event-store/memory.js'
import { createOracle } from '../oracle/oracle.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { Crash, faultyStore } from './faulty-store.js'
import { item, ZERO } from './scenes.js'

const KEY = { books: 'main', series: 'INV', year: 2026 } as const
const DOCTOR = { principal: 'doctor', key: 'settle', correlation: 'test' }

async function drafted(ledger: TestLedger): Promise<string> {
  const tax = { code: 'zero', ratePercent: '0' }
  const line = { kind: 'item', description: 'Goods', quantity: '1', unitPrice: '12', tax }
  const { invoiceId } = await ledger.must(draftInvoice, { lines: [line] })
  return invoiceId
}

/** One invoice posted and not noted as used, one whose number was taken and that was never posted. */
async function afterTwoCrashes() {
  const store = faultyStore(createMemoryEventStore())
  const crashing = await createTestLedger(store)
  const [posted, unposted] = [await drafted(crashing), await drafted(crashing)]
  store.next('folio-', 'crash after', 'crash')
  for (const invoiceId of [posted, unposted]) {
    await expect(crashing.ask(postInvoice, { invoiceId })).rejects.toThrow(Crash)
  }
  return { posted, unposted, ledger: await createTestLedger(store) }
}

test('a number that stands is noted as used, one that does not is named and left to its document', async () => {
  const { unposted, ledger } = await afterTwoCrashes()
  const settled = await ledger.handler.settleSeries(KEY, { release: false }, DOCTOR)
  expect(settled).toEqual({
    used: ['INV/2026/00001'],
    released: [],
    waiting: [{ number: 'INV/2026/00002', document: unposted }],
  })
  await ledger.handler.close()
  expect(await ledger.must(postInvoice, { invoiceId: unposted })).toMatchObject({
    number: 'INV/2026/00002',
  })
  await ledger.handler.close()
  expect(await ledger.handler.settleSeries(KEY, { release: false }, DOCTOR)).toEqual({
    used: [],
    released: [],
    waiting: [],
  })
})

test('a number given back is voided on both sides, and its document takes another', async () => {
  const { unposted, ledger } = await afterTwoCrashes()
  const settled = await ledger.handler.settleSeries(KEY, { release: true }, DOCTOR)
  expect(settled).toMatchObject({ released: ['INV/2026/00002'], waiting: [] })
  expect(await ledger.must(postInvoice, { invoiceId: unposted })).toMatchObject({
    number: 'INV/2026/00003',
  })
  const oracle = createOracle()
  for (const event of await ledger.events()) oracle.feed(event)
  expect(oracle.finish()).toEqual([])
  expect(oracle.unexplainedNumbers()).toEqual([])
})

test('a number whose draft was discarded is given back without asking', async () => {
  const { unposted, ledger } = await afterTwoCrashes()
  await ledger.ask(discardDraft, { document: unposted })
  const settled = await ledger.handler.settleSeries(KEY, { release: false }, DOCTOR)
  expect(settled).toMatchObject({ released: ['INV/2026/00002'], waiting: [] })
})

test('a number is noted as used once, whoever notes it', async () => {
  const { ledger } = await afterTwoCrashes()
  const other = await createTestLedger(ledger.store)
  await ledger.handler.settleSeries(KEY, { release: false }, DOCTOR)
  await other.handler.settleSeries(KEY, { release: false }, DOCTOR)
  await ledger.handler.close()
  await other.handler.close()
  const noted = (await ledger.events()).flatMap((event) =>
    event.type === 'NumbersTaken' ? event.data.used : [],
  )
  expect(noted).toEqual([1])
})

test('a number taken for one posting date is no permission for another', async () => {
  const store = faultyStore(createMemoryEventStore())
  const crashing = await createTestLedger(store)
  const invoiceId = await drafted(crashing)
  store.next('folio-', 'crash')
  const october = { invoiceId, postingDate: '2026-10-31' }
  await expect(crashing.ask(postInvoice, october)).rejects.toThrow(Crash)
  const ledger = await createTestLedger(store)
  const posted = await ledger.must(postInvoice, { invoiceId, postingDate: '2026-11-22' })
  expect(posted).toMatchObject({ number: 'INV/2026/00002' })
  const bindings = (await ledger.events()).flatMap((event) => {
    if (event.type === 'NumbersTaken') return event.data.taken.map(({ postingDate }) => postingDate)
    return event.type === 'NumberVoided' ? [`voided ${event.data.number}`] : []
  })
  expect(bindings).toEqual(['2026-10-31', 'voided 1', '2026-11-22'])
})

test('so is that of a credit note or a delivery that was discarded, and of no draft that stands', async () => {
  const store = faultyStore(createMemoryEventStore())
  const ledger = await createTestLedger(store)
  const lines = [item('12', { tax: ZERO })]
  const noteOf = async () =>
    (await ledger.must(draftCreditNote, { lines, reason: 'Goodwill' })).creditNoteId
  const [discarded, standing] = [await noteOf(), await noteOf()]
  for (const creditNoteId of [discarded, standing]) {
    store.next('folio-', 'crash')
    await expect(ledger.ask(postCreditNote, { creditNoteId })).rejects.toThrow(Crash)
  }
  await ledger.ask(discardDraft, { document: discarded })
  const settled = await ledger.handler.settleSeries(
    { ...KEY, series: 'RINV' },
    { release: false },
    DOCTOR,
  )
  expect(settled).toEqual({
    used: [],
    released: ['RINV/2026/00001'],
    waiting: [{ number: 'RINV/2026/00002', document: standing }],
  })
  const order = { number: '1', placedOn: '2026-11-01', party: null, billTo: null, shipTo: null }
  const { orderId } = await ledger.must(placeOrder, { ...order, prices: 'tax_excluded', lines })
  const { shipmentId } = await ledger.must(planShipment, { orderId })
  store.next('folio-', 'crash')
  await expect(ledger.ask(validateDelivery, { shipmentId })).rejects.toThrow(Crash)
  const outside = { books: 'main', series: 'WH/OUT', year: null } as const
  const settle = () => ledger.handler.settleSeries(outside, { release: false }, DOCTOR)
  expect(await settle()).toMatchObject({ waiting: [{ number: 'WH/OUT/00001' }] })
  await ledger.must(cancelOrder, { orderId, reason: 'x' })
  expect(await settle()).toEqual({ used: [], released: ['WH/OUT/00001'], waiting: [] })
})
