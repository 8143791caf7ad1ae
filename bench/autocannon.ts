/** Of autocannon 9 what the bench uses, typed as narrowly as it is used. */
import { peerModule } from './peers.js'

/** Kept for one connection from its first request to its last of a round through the list, then begun anew. */
export type LoadContext = { invoiceId?: string }

export type LoadRequest = Readonly<{
  method: 'POST'
  path: string
  setupRequest: (request: LoadRequest, context: LoadContext) => object
  onResponse?: (status: number, body: string, context: LoadContext) => void
}>

export type LoadResult = Readonly<{
  /** Seconds. */
  duration: number
  '2xx': number
  non2xx: number
  errors: number
  latency: Readonly<{ p50: number; p99: number; max: number }>
}>

type Autocannon = (
  options: Readonly<{
    url: string
    connections: number
    /** Seconds. */
    duration: number
    requests: readonly LoadRequest[]
  }>,
) => Promise<LoadResult>

export function autocannon(): Autocannon {
  return peerModule('autocannon') as Autocannon
}
