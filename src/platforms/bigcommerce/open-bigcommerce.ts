/** A store of BigCommerce. */
import { randomUUID } from 'node:crypto'
import { forPeople } from '../for-people.js'
import type { Resolve } from '../guarded-connector.js'
import { createOrderLanes } from '../order-lanes.js'
import type { Gate } from '../rate-gate.js'
import type { CallOptions, Read, Store } from '../platform.js'
import { openConnection, type StoreConnection } from '../store-connection.js'
import { systemTimers, type Timers } from '../timers.js'
import { apiOf } from './api.js'
import { bigCommerceAddress } from './api-address.js'
import { confirmPayment, readPayment, recordCapture } from './captures.js'
import { changedOrders } from './changed-orders.js'
import { checkStore } from './check-store.js'
import { ensureHooks, type HookOrder, type HooksSet } from './hooks.js'
import { rateLimitsOf } from './rate-headers.js'
import { readOrder } from './read-order.js'
import { createRefund, listRefunds, quoteRefund } from './refunds.js'

export type BigCommerceOptions = Readonly<{
  address: string
  accessToken: string
  /** CIDR texts: where a store may be beside the public net. */
  allowedNetworks: readonly string[]
  /** Names this program to BigCommerce. */
  userAgent?: string
  /** Names each request, for BigCommerce's support; a UUID. */
  correlation?: () => string
  /** PEM of an authority that the system does not know. */
  certificateAuthority?: string
  resolve?: Resolve
  timers?: Timers
  /** For several clients of one store, which has one quota; one of its own unless given. */
  gate?: Gate
}>

export type BigCommerce = Store &
  Readonly<{
    /** Sees to it that changes of orders are announced to a destination. */
    ensureHooks: (order: HookOrder, options: CallOptions) => Promise<Read<HooksSet>>
  }>

const USER_AGENT = 'Folio'

/** Calls on an address that may not be connected to answer so; nothing is thrown. */
export function openBigCommerce(options: BigCommerceOptions): BigCommerce {
  const { accessToken, timers = systemTimers } = options
  const connection = connectionTo(options, timers)
  const lanes = createOrderLanes(timers)
  const apiWith = (...secrets: readonly string[]) =>
    apiOf(connection, lanes, forPeople([accessToken, ...secrets]))
  const api = apiWith()
  return {
    readOrder: (order, call) => readOrder(api, order, call),
    changedOrders: (asked, call) => changedOrders(api, asked, call),
    quoteRefund: (asked, call) => quoteRefund(api, asked, call),
    refunds: (asked, call) => listRefunds(api, asked, call),
    refund: (asked, call) => createRefund(api, asked, call),
    payment: (order, call) => readPayment(api, order, call),
    recordCapture: (asked, call) => recordCapture(api, asked, call),
    confirmPayment: (order, call) => confirmPayment(api, order, call),
    check: (call) => checkStore(api, call),
    // Its headers hold a secret of ours, which the store may repeat as well.
    ensureHooks: (order, call) =>
      ensureHooks(apiWith(...Object.values(order.headers)), order, call),
    close: () => connection.close(),
  }
}

function connectionTo(options: BigCommerceOptions, timers: Timers): StoreConnection {
  const { allowedNetworks, certificateAuthority, resolve, gate } = options
  const read = bigCommerceAddress(options.address, { allowedNetworks })
  if (read.outcome === 'refused') return closedConnection(read.reason)
  return openConnection({
    address: read.address,
    allowedNetworks,
    headers: () => headersOf(options),
    rateLimitsOf,
    timers,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(resolve === undefined ? {} : { resolve }),
    ...(gate === undefined ? {} : { gate }),
  })
}

function headersOf({
  accessToken,
  userAgent = USER_AGENT,
  correlation = randomUUID,
}: BigCommerceOptions): Readonly<Record<string, string>> {
  return {
    'x-auth-token': accessToken,
    accept: 'application/json',
    'content-type': 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    'x-correlation-id': correlation(),
  }
}

function closedConnection(reason: string): StoreConnection {
  const refuse = () =>
    Promise.resolve({
      outcome: 'not_sent',
      reason: 'not_allowed',
      detail: `the store's address is not allowed: ${reason}`,
    } as const)
  return { ask: refuse, send: refuse, close: () => Promise.resolve() }
}
