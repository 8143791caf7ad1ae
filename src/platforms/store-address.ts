/**
 * Where a store may be, as its address is saved. What a name resolves to is seen only when it is connected to
 * (guarded-connector.ts), by the same rule.
 */
import { isIP } from 'node:net'
import { type Networks, networksOf } from './networks.js'

export type AddressReading = Readonly<
  { outcome: 'address'; address: string } | { outcome: 'refused'; reason: AddressRefusal }
>

export type AddressRefusal =
  | 'not_a_url'
  | 'too_long'
  | 'has_credentials'
  | 'has_query'
  | 'not_https'
  | 'port_not_allowed'
  | 'network_not_allowed'
  | 'no_public_name'
  /** It is no address of this platform's interface. */
  | 'not_of_the_platform'

export const ADDRESS_LENGTH_MAX = 200

/**
 * `https`, a host of the public net and its port 443: credentials are sent there. Within an allowed network, http and
 * other ports are allowed too, for whoever runs this has vouched for what is there; a name may then be any, and must
 * resolve into such a network.
 */
export function storeAddress(
  text: string,
  { allowedNetworks }: Readonly<{ allowedNetworks: readonly string[] }>,
): AddressReading {
  const networks = networksOf(allowedNetworks)
  if (!URL.canParse(text)) return { outcome: 'refused', reason: 'not_a_url' }
  const url = new URL(text)
  const reason = formRefusal(url) ?? placeRefusal(url, networks)
  if (reason !== null) return { outcome: 'refused', reason }
  const address = `${url.protocol}//${hostOf(url)}${portOf(url)}${url.pathname.replace(/\/+$/, '')}`
  if (address.length > ADDRESS_LENGTH_MAX) return { outcome: 'refused', reason: 'too_long' }
  return { outcome: 'address', address }
}

/** Not as the public net would have it, so that it may only lie within an allowed network. */
export function mustBeAllowed(url: URL): boolean {
  const host = hostOf(url)
  return (
    url.protocol === 'http:' || url.port !== '' || (literalOf(url) === null && !isPublicName(host))
  )
}

/** The host where it is an address and no name: `new URL` has read all its notations by then. */
export function literalOf(url: URL): string | null {
  const host = hostOf(url).replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? null : host
}

function formRefusal({ protocol, username, password, search, hash }: URL): AddressRefusal | null {
  if (protocol !== 'https:' && protocol !== 'http:') return 'not_https'
  if (username + password !== '') return 'has_credentials'
  return search + hash === '' ? null : 'has_query'
}

function placeRefusal(url: URL, networks: Networks): AddressRefusal | null {
  const literal = literalOf(url)
  if (literal !== null && networks.isAllowed(literal)) return null
  if (literal !== null && !networks.isPublic(literal)) return 'network_not_allowed'
  // A name may lead into an allowed network, where there is one; what it leads to is seen when it is connected to.
  if (literal === null && networks.allowsAny) return null
  if (url.protocol === 'http:') return 'not_https'
  if (url.port !== '') return 'port_not_allowed'
  return literal === null && !isPublicName(hostOf(url)) ? 'no_public_name' : null
}

const PUBLIC_NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])$/
const PRIVATE_ENDINGS = ['.localhost', '.local', '.internal', '.home.arpa', '.lan']

function isPublicName(host: string): boolean {
  return PUBLIC_NAME.test(host) && !PRIVATE_ENDINGS.some((ending) => host.endsWith(ending))
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/\.$/, '')
}

function portOf({ port }: URL): string {
  return port === '' ? '' : `:${port}`
}
