/**
 * Connections that lead only where a store may be. A name is resolved once, every address it has is checked, and the
 * one connected to is one of those: a name that points elsewhere a moment later gains nothing.
 */
import { lookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import type { Networks } from './networks.js'
import { mustBeAllowed } from './store-address.js'

const CONNECT_TIMEOUT_MS = 10_000

export type Resolve = (name: string) => Promise<readonly LookupAddress[]>

/** The addresses of the system's resolver, which knows the hosts file too. */
export const systemResolve: Resolve = (name) => lookup(name, { all: true })

export class AddressNotAllowed extends Error {
  constructor(host: string, address: string) {
    const place = host === address ? address : `${host} leads to ${address}, which`
    super(`${place} is of a network that is not allowed`)
    this.name = 'AddressNotAllowed'
  }
}

export type Guard = Readonly<{
  origin: URL
  networks: Networks
  resolve: Resolve
  /** PEM of an authority that the system does not know. */
  certificateAuthority?: string
}>

export function guardedConnector(guard: Guard): buildConnector.connector {
  const { certificateAuthority } = guard
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: guardedLookup(guard),
    ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
  })
  return (options, callback) => {
    const { hostname } = options
    // A literal is never looked up.
    if (isIP(hostname) !== 0 && !isReachable(guard, hostname)) {
      queueMicrotask(() => callback(new AddressNotAllowed(hostname, hostname), null))
      return
    }
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null)
        return
      }
      const { remoteAddress = 'nowhere' } = socket
      if (isReachable(guard, remoteAddress)) {
        callback(null, socket)
        return
      }
      socket.destroy()
      callback(new AddressNotAllowed(hostname, remoteAddress), null)
    })
  }
}

/** One address that is not allowed spoils the name: it is no name of a store. */
function guardedLookup(guard: Guard): LookupFunction {
  return (name, { all }, callback) => {
    guard.resolve(name).then(
      (addresses) => {
        const [first] = addresses
        const foreign = addresses.find(({ address }) => !isReachable(guard, address))
        if (foreign !== undefined) callback(new AddressNotAllowed(name, foreign.address), '', 4)
        else if (first === undefined) callback(new Error(`${name} has no address`), '', 4)
        else if (all === true) callback(null, [...addresses])
        else callback(null, first.address, first.family)
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 4),
    )
  }
}

function isReachable({ origin, networks }: Guard, address: string): boolean {
  return networks.isAllowed(address) || (!mustBeAllowed(origin) && networks.isPublic(address))
}
