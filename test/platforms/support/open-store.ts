/** Stores of a test, opened and closed with it. */
import { onTestFinished } from 'vitest'
import type { CallOptions, SendOptions } from '../../../src/platforms/platform.js'
import {
  type BigCommerce,
  type BigCommerceOptions,
  openBigCommerce,
} from '../../../src/platforms/bigcommerce/open-bigcommerce.js'
import { type Answer, type StoreServer, storeServer } from './store-server.js'

/** Must never be seen again. */
export const TOKEN = 'canary-4f1d9c2ab7e35086-token'
export const LOOPBACK = ['127.0.0.0/8']

export async function serving(answer: Answer): Promise<StoreServer> {
  const server = await storeServer(answer)
  onTestFinished(() => server.close())
  return server
}

export function openAt(address: string, given: Partial<BigCommerceOptions> = {}): BigCommerce {
  const store = openBigCommerce({
    address,
    accessToken: TOKEN,
    allowedNetworks: LOOPBACK,
    ...given,
  })
  onTestFinished(() => store.close())
  return store
}

/** A server with these answers, and the store opened there. */
export async function storeWith(
  answer: Answer,
  given: Partial<BigCommerceOptions> = {},
): Promise<Readonly<{ server: StoreServer; store: BigCommerce }>> {
  const server = await serving(answer)
  return { server, store: openAt(server.address, given) }
}

export function within(ms = 10_000): CallOptions {
  return { deadlineMs: performance.now() + ms }
}

export function sending(ms = 10_000, mayLeave: () => boolean = () => true): SendOptions {
  return { ...within(ms), mayLeave }
}
