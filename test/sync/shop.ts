/** A simulated store, connected to the ledger of a bench, and what is sold there. */
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { StoreInput } from '../simulators/bigcommerce/options.js'
import type { OrderTruth } from '../simulators/bigcommerce/control/control.js'
import type { SeedOrder } from '../simulators/bigcommerce/seed/seed-input.js'
import type { Answered, Json } from '../support/served-ledger.js'
import type { Bench } from './bench.js'
import { eventually } from './eventually.js'

export const TOKEN = 'canary-token-77aa'
export const gbp = (amount: string) => ({ amount, currency: 'GBP' })

export type Shop = Readonly<{ bench: Bench; hash: string; instance: string }>

/** Orders wait for a person, whatever was captured: the ledger does nothing by itself. */
export const BY_HAND = { paymentMethod: '*', until: 'order', when: 'ordered', capturesItself: true }

export type ShopOptions = Readonly<{
  hash: string
  store?: Partial<StoreInput>
  settings?: Readonly<Record<string, unknown>>
  /** Under which the ledger reaches it; the simulator's own unless given. */
  address?: string
}>

export async function openShop(bench: Bench, options: ShopOptions): Promise<Shop> {
  const shop = await closedShop(bench, options)
  const saved = await saveCredentials(shop)
  if (saved.status !== 204) throw new Error(`${saved.status} ${saved.text}`)
  // The first round over it is over: what is seen from now on is seen because a test wants it so.
  await eventually(
    async () => (await bench.client.get(`/instances/${shop.instance}/connection`)).body.pull,
    ({ lastPullAt }) => lastPullAt !== null,
  )
  return shop
}

/** Known to the ledger, which has no credentials for it. */
export async function closedShop(
  bench: Bench,
  { hash, store = {}, settings = {}, address = bench.simulator.address }: ShopOptions,
): Promise<Shop> {
  const { simulator, admin } = bench
  await simulator.control.setStore({ hash, token: TOKEN, currency: 'GBP', quota: null, ...store })
  const { instance } = await admin.must('register-instance', {
    ...{ name: hash, platform: 'bigcommerce', address: `${address}/stores/${hash}` },
    ...{ workflows: [BY_HAND], ...settings },
  })
  return { bench, hash, instance }
}

export async function saveCredentials(
  { bench, instance }: Pick<Shop, 'bench' | 'instance'>,
  { accessToken = TOKEN, check = true }: Readonly<{ accessToken?: string; check?: boolean }> = {},
): Promise<Omit<Answered, 'headers'>> {
  const { address, keys } = bench.served
  const query = check ? '' : '?check=false'
  const response = await fetch(`${address}/instances/${instance}/credentials${query}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${keys.administrator}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ accessToken }),
  })
  const text = await response.text()
  return { status: response.status, text, body: text === '' ? null : JSON.parse(text) }
}

/** An order of the store that the ledger knows. */
export type Sale = Readonly<{
  shop: Shop
  /** As the store numbers it. */
  order: number
  orderId: string
  invoiceId: string
  /** As it truly is at the store. */
  truth(): Promise<OrderTruth>
  /** What the ledger recorded of it. */
  events(): Promise<readonly LedgerEvent[]>
  /** The order's document, as HTTP shows it. */
  read(): Promise<Json>
  pull(): Promise<Json>
}>

/** Two at 50.00 and 10.00 for sending them, 20 % on top: 132.00, captured by card. */
export const TWO_PIECES: SeedOrder = {
  prices: 'tax_excluded',
  products: [{ price: '50.00', quantity: 2 }],
  shipping: '10.00',
}

/** Seeded at the store, and pulled. */
export async function sell(shop: Shop, seed: SeedOrder = TWO_PIECES): Promise<Sale> {
  const { hash, bench } = shop
  const [seeded] = await bench.simulator.control.seedOrders({ store: hash, orders: [seed] })
  if (seeded === undefined) throw new Error('No order was seeded.')
  return pulledSale(shop, seeded.base.id)
}

export async function pulledSale(shop: Shop, order: number): Promise<Sale> {
  const pulled = await pullOrder(shop, order)
  if (pulled.outcome !== 'pulled') throw new Error(JSON.stringify(pulled))
  return saleOf(shop, order, pulled.orderId)
}

export function saleOf(shop: Shop, order: number, orderId: string): Sale {
  const { bench, hash } = shop
  const { simulator, served, client } = bench
  return {
    ...{ shop, order, orderId },
    invoiceId: orderId.replace(/-o1$/, '-i1'),
    truth: () => simulator.control.order({ store: hash, order }),
    events: () => served.ledger.log.read(`folio-${orderId.replace(/-o1$/, '')}`, 0),
    read: async () => (await client.get(`/orders/${orderId}`)).body,
    pull: () => pullOrder(shop, order),
  }
}

function pullOrder({ bench, instance }: Shop, order: number) {
  return bench.served.ledger.connections.pullOrder({ instance, order: `${order}` })
}

/** Invoiced in full, by hand. */
export async function invoiced(sale: Sale): Promise<Sale> {
  const { client } = sale.shop.bench
  const { invoiceId } = await client.must('invoice-order', { orderId: sale.orderId })
  await client.must('post-invoice', { invoiceId })
  return { ...sale, invoiceId }
}

/** A posted note over it: lines or an amount; all that is left unless given. */
export async function credited(
  { shop: { bench }, invoiceId }: Sale,
  what: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const asked = { invoiceId, reason: 'Came back', ...what }
  const { creditNoteId } = await bench.client.must('draft-credit-note', asked)
  await bench.client.must('post-credit-note', { creditNoteId })
  return creditNoteId
}

export const ONE_PIECE = { lines: [{ invoiceLine: 0, quantity: '1' }] }

/** Asks for it; gives the task. */
export async function givenBack(
  { client }: Bench,
  creditNoteId: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const asked = { creditNoteId, description: 'Came back', ...more }
  const { task } = await client.must('refund-order-on-platform', asked)
  return task.taskId
}

export async function taskOf({ client }: Bench, taskId: string): Promise<Json> {
  return (await client.get(`/sync-tasks/${taskId}`)).body
}

const GOES_ON: readonly string[] = ['Due', 'In flight', 'Unknown']

/** The task, once nothing of it goes on by itself. */
export function settled(bench: Bench, taskId: string): Promise<Json> {
  return eventually(
    () => taskOf(bench, taskId),
    ({ state }) => !GOES_ON.includes(state),
  )
}
