/** What HTTP may do with the connections to stores. There is no way to read a credential (S4). */
import type { Failure } from '../platforms/platform.js'

export type StoreAccess = Readonly<{
  /** Asks the store whether it takes them first, unless told not to. */
  save: (
    instance: string,
    given: GivenCredentials,
    options: Readonly<{ check: boolean }>,
  ) => Promise<Saved>
  remove: (instance: string) => Promise<'removed' | 'unknown_instance'>
  /** `null`: there is no such instance. */
  connection: (instance: string) => Promise<Connection | null>
}>

export type GivenCredentials = Readonly<{
  accessToken: string
  /** `null`: the store signs no webhooks. */
  clientSecret: string | null
}>

export type Saved = Readonly<
  | { outcome: 'saved' }
  | { outcome: 'unknown_instance' }
  | { outcome: 'platform_not_offered'; platform: string }
  | { outcome: 'refused'; failure: Failure }
>

export type Connection = Readonly<{
  hasCredentials: boolean
  savedAt: string | null
  pull: Readonly<{
    modifiedUntil: string | null
    firstPullDoneAt: string | null
    lastPullAt: string | null
    lastError: string | null
  }>
  webhooks: Readonly<{
    armed: boolean
    checkedAt: string | null
    lastError: string | null
    lastDeliveryAt: string | null
  }>
  /** Orders that could not be taken over, and are looked at again. */
  failedOrders: Readonly<{
    count: number
    oldest: readonly Readonly<{
      order: string
      why: string
      tries: number
      firstFailedAt: string
      nextTryAt: string
    }>[]
  }>
}>
