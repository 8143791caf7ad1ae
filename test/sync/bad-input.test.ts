/** Every refusal of Refund in BigCommerce, over HTTP, with its problem document; at the store nothing happens (B1, B2). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import { type Bench, openBench } from './bench.js'
import { creditedOrder, GOODWILL } from './credited-order.js'
import { actionIn, asked, noteOf, trialBalance } from './figures.js'
import { heldPoint } from './held-point.js'
import {
  credited,
  gbp,
  givenBack,
  invoiced,
  ONE_PIECE,
  openShop,
  type Sale,
  sell,
  settled,
  type Shop,
  TWO_PIECES,
} from './shop.js'

const COMMAND = 'refund-order-on-platform'

const { reached, holdAt, letGo } = heldPoint()
afterEach(letGo)

let bench: Bench
let shop: Shop
beforeAll(async () => {
  bench = await openBench({ reached })
  shop = await openShop(bench, { hash: 'refusals' })
})
afterAll(async () => {
  await trialBalance(bench)
  await bench.close()
})

const sold = async (seed: SeedOrder = {}) => invoiced(await sell(shop, { ...TWO_PIECES, ...seed }))
const noted = async (sale: Sale) => ({ sale, note: await credited(sale, ONE_PIECE) })

type Made = Readonly<{
  note: string
  sale?: Sale
  more?: Readonly<Record<string, unknown>>
  figures: Readonly<Record<string, unknown>>
  /** The refunds that the store has of the order. */
  refunds?: number
}>

const shownAs = (paymentStatus: string, instance = shop.instance) =>
  creditedOrder(bench, 'import-order', {
    ...{ instance, platformOrderId: '9001', paymentStatus, status: 'Completed' },
    modifiedAt: '2026-01-05T10:00:00.000Z',
  })

const MAKE: Readonly<Record<string, () => Promise<Made>>> = {
  document_not_found: () => {
    const note = `${shop.instance}-c1`
    return Promise.resolve({ note, figures: { document: note } })
  },
  document_not_posted: async () => {
    const sale = await sold()
    const asking = { invoiceId: sale.invoiceId, reason: 'Came back' }
    const { creditNoteId: note } = await bench.client.must('draft-credit-note', asking)
    return { sale, note, figures: { document: note, documentStatus: 'draft' } }
  },
  credit_note_ad_hoc: async () => {
    const drafted = { reason: 'Goodwill', lines: [GOODWILL] }
    const { creditNoteId: note } = await bench.client.must('draft-credit-note', drafted)
    await bench.client.must('post-credit-note', { creditNoteId: note })
    return { note, figures: { creditNote: note } }
  },
  credit_note_of_other_order: async () => {
    const [{ sale, note }, other] = [await noted(await sold()), await sold()]
    return { sale, note, more: { orderId: other.orderId }, figures: { creditNote: note } }
  },
  order_not_on_platform: async () => {
    const { note, orderId } = await creditedOrder(bench, 'place-order', {})
    return { note, figures: { order: orderId } }
  },
  platform_refund_not_offered: async () => {
    const { instance } = await bench.admin.must('register-instance', {
      ...{ name: 'Magento', platform: 'magento2', address: 'https://shop.example.com' },
    })
    const { note } = await shownAs('captured', instance)
    return { note, figures: { platform: 'magento2' } }
  },
  payment_status_unknown: async () => {
    const { note, orderId } = await shownAs('half captured')
    return { note, figures: { order: orderId, paymentStatus: 'half captured' } }
  },
  nothing_captured_at_store: async () => {
    const sale = await sold({ payment: { status: 'authorized' } })
    const payment = { invoiceId: sale.invoiceId, account: 'cash', amount: gbp('132.00') }
    await bench.client.must('register-payment', payment)
    const figures = { order: sale.orderId, paymentStatus: 'authorized' }
    return { ...(await noted(sale)), figures }
  },
  chargeback_open: async () => {
    const { sale, note } = await noted(await sold())
    const { control } = bench.simulator
    await control.changeOrder({ store: shop.hash, order: sale.order, statusId: 13 })
    await sale.pull()
    return { sale, note, figures: { order: sale.orderId } }
  },
  platform_refund_exists: async () => {
    const { sale, note } = await noted(await sold())
    const { remoteId } = await settled(bench, await givenBack(bench, note))
    // It is read back by itself; whoever comes second finds nothing new.
    await sale.pull()
    return { sale, note, figures: { creditNote: note, platformRefund: remoteId }, refunds: 1 }
  },
  order_refunded_already: async () => {
    const { sale, note } = await noted(await sold())
    const request = {
      items: [{ item_type: 'ORDER' as const, item_id: sale.order, amount: 132 }],
      payments: [{ provider_id: 'braintree', amount: 132, offline: false }],
    }
    const { control } = bench.simulator
    await control.refundAtStore({ store: shop.hash, order: sale.order, request })
    await sale.pull()
    const figures = { order: sale.orderId, refunded: gbp('132.00'), total: gbp('132.00') }
    return { sale, note, figures, refunds: 1 }
  },
  nothing_left_to_refund: async () => {
    // The store has its money, and nobody has told the ledger of it: the note has settled its own invoice.
    const payment = { gateway: 'paypalexpress', method: 'PayPal' }
    const { sale, note } = await noted(await sold({ payment }))
    return { sale, note, figures: { document: note } }
  },
  refund_waits_for_approval: async () => {
    const { sale, note } = await noted(await sold())
    await withThreshold('10.00')
    const { approval } = (await asked(bench, note)).body.answer
    await withThreshold(null)
    return { sale, note, figures: { creditNote: note, approval: approval.approvalId } }
  },
  platform_refund_under_way: async () => {
    const { sale, note } = await noted(await sold())
    const isThere = holdAt('before_send')
    const task = await givenBack(bench, note)
    await isThere
    return { sale, note, figures: { creditNote: note, task } }
  },
}

async function withThreshold(amount: string | null): Promise<void> {
  const thresholds = amount === null ? [] : [{ role: 'accountant', threshold: gbp(amount) }]
  await bench.admin.must('configure-books', { books: 'main', refundThresholds: thresholds })
}

describe('refused, and nothing is done, here or there', () => {
  test.each(Object.keys(MAKE))('%s', async (code) => {
    const { note, sale, more, figures, refunds = 0 } = await (MAKE[code] ?? expect.fail)()
    const recorded = (await sale?.events())?.length
    const { status, body, headers } = await asked(bench, note, more)
    const says = { type: `/problems/${code}`, code, status, retryable: false, ...figures }
    expect(body).toMatchObject(says)
    expect(Object.keys(body).sort()).toEqual([...Object.keys(says), 'title'].sort())
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect([409, 422]).toContain(status)
    // Whoever looks at the note, or asks for a quote, is told the same.
    if (more === undefined && code !== 'document_not_found') {
      expect(actionIn(await noteOf(bench, note), COMMAND)).toEqual(body)
    }
    if (more === undefined) {
      const quote = await bench.client.get(`/credit-notes/${note}/refund-quote`)
      expect([quote.status, quote.body]).toEqual([status, body])
    }
    expect((await sale?.events())?.length).toBe(recorded)
    expect((await sale?.truth())?.refunds ?? []).toHaveLength(refunds)
    // There it is explained.
    expect((await bench.client.get(`/problems/${code}`)).status).toBe(200)
  })

  test('by the role, and by what the command takes', async () => {
    const { sale, note } = await noted(await sold())
    const { operator } = bench.served.keys
    const description = 'Came back'
    for (const [given, apiKey, code] of [
      [{ creditNoteId: note, description }, operator, 'role_not_allowed'],
      [{ creditNoteId: note }, undefined, 'malformed_request'],
      [{ creditNoteId: note, description: '' }, undefined, 'malformed_request'],
      [{ creditNoteId: note, description: 'x'.repeat(501) }, undefined, 'malformed_request'],
      [{ creditNoteId: note, description, amount: '1' }, undefined, 'malformed_request'],
      [{ creditNoteId: 'no note', description }, undefined, 'malformed_request'],
    ] as const) {
      const options = apiKey === undefined ? {} : { apiKey }
      const { status, body } = await bench.client.command(COMMAND, given, options)
      expect([status, body.code]).toEqual([code === 'role_not_allowed' ? 403 : 400, code])
    }
    expect((await sale.truth()).refunds).toEqual([])
  })
})
