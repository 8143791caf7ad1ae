/** What a store's credentials open. */
import { z } from 'zod'
import { Mending } from '../mended-text.js'
import type { CallOptions, Read } from '../platform.js'
import type { Api } from './api.js'
import { wireChangedOrder } from './order-wire.js'
import { listOf, wireText } from './wire.js'

const NAME_LENGTH_MAX = 200

/** Its orders must be open to them; its name is shown where it is, too. */
export async function checkStore(
  api: Api,
  options: CallOptions,
): Promise<Read<Readonly<{ name: string | null }>>> {
  const list = listOf(wireChangedOrder)
  const orders = await api.get('/v2/orders?page=1&limit=1', (json) => list.parse(json), options)
  if (orders.outcome === 'failed') return orders
  const reading = (json: unknown): string =>
    new Mending().text(store.parse(json).name, NAME_LENGTH_MAX).trim()
  const name = await api.get('/v2/store', reading, options)
  return {
    outcome: 'read',
    value: { name: name.outcome === 'failed' || name.value === '' ? null : name.value },
  }
}

const store = z.object({ name: wireText })
