/** Stores of the simulator, connected to a ledger, with orders that were captured, invoiced and credited. */
import type { SimulatorControl } from '../simulators/bigcommerce/control/control.js'
import { inParallel, type RetryingClient } from './store-client.js'

export const TOKEN = 'canary-token-5d1c'
const PIECE = '10.00'

export type Order = Readonly<{ store: string; instance: string; order: number; orderId: string }>
export type Note = Order & Readonly<{ creditNoteId: string; amount: string }>

export type StoreSpec = Readonly<{ hash: string; orders: number }>

export async function connectStores(
  { address, control }: Readonly<{ address: string; control: SimulatorControl }>,
  client: RetryingClient,
  stores: readonly StoreSpec[],
  pieces: number,
): Promise<readonly Order[]> {
  await client.must(
    'open-account',
    { account: 'gateway-braintree', name: 'Braintree', type: 'gateway' },
    'open-gateway',
  )
  const orders: Order[] = []
  for (const { hash, orders: count } of stores) {
    const seeded = await control.seedOrders({
      store: hash,
      orders: Array.from({ length: count }, () => ({
        prices: 'tax_included' as const,
        products: [{ price: PIECE, quantity: pieces, name: 'Linen towel', sku: 'TOWEL' }],
        shipping: '0',
        payment: { gateway: 'braintree', method: 'Credit Card' },
      })),
    })
    const { instance } = (await client.must(
      'register-instance',
      {
        name: hash,
        platform: 'bigcommerce',
        address: `${address}/stores/${hash}`,
        workflows: [
          {
            paymentMethod: '*',
            until: 'registered_payment',
            when: 'captured',
            account: 'gateway-braintree',
            capturesItself: true,
          },
        ],
      },
      `register-${hash}`,
    )) as { instance: string }
    const saved = await client.put(`/instances/${instance}/credentials`, { accessToken: TOKEN })
    if (saved.status !== 204) throw new Error(`credentials: ${JSON.stringify(saved)}`)
    const ids = await importedOrders(client, instance, count)
    for (const { base } of seeded) {
      const orderId = ids.get(`${base.id}`)
      if (orderId === undefined) throw new Error(`Order ${base.id} was not imported.`)
      orders.push({ store: hash, instance, order: base.id, orderId })
    }
  }
  return orders
}

type Page = Readonly<{
  rows: readonly { number: string; view: { href: string } }[]
  next: string | null
}>

const IMPORT_TIMEOUT_MS = 240_000
const LOOK_MS = 250

/** By the store's number, once all are there. */
async function importedOrders(
  client: RetryingClient,
  instance: string,
  count: number,
): Promise<ReadonlyMap<string, string>> {
  const until = Date.now() + IMPORT_TIMEOUT_MS
  for (;;) {
    const found = new Map<string, string>()
    let after = ''
    for (;;) {
      const { body } = await client.get(`/orders?instance=${instance}&limit=200${after}`)
      const { rows, next } = body as unknown as Page
      for (const { number, view } of rows) found.set(number, view.href.split('/').at(-1) ?? '')
      if (next === null) break
      after = `&after=${encodeURIComponent(next)}`
    }
    if (found.size >= count) return found
    if (Date.now() > until) throw new Error(`${found.size} of ${count} orders were imported.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** A posted note for each piece of each order. */
export async function creditPieces(
  client: RetryingClient,
  orders: readonly Order[],
  pieces: number,
  atOnce: number,
): Promise<readonly Note[]> {
  const notes: Note[] = []
  await inParallel(orders, atOnce, async (order) => {
    const invoiceId = order.orderId.replace(/-o1$/, '-i1')
    for (let nth = 1; nth <= pieces; nth += 1) {
      const key = `note-${order.store}-${order.order}-${nth}`
      const drafted = (await client.must(
        'draft-credit-note',
        { invoiceId, reason: `Piece ${nth}`, lines: [{ invoiceLine: 0, quantity: '1' }] },
        `${key}-draft`,
      )) as { creditNoteId: string }
      await client.must('post-credit-note', { creditNoteId: drafted.creditNoteId }, `${key}-post`)
      notes.push({ ...order, creditNoteId: drafted.creditNoteId, amount: PIECE })
    }
  })
  return notes
}
