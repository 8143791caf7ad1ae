/** Which store an instance is: its id follows from where the store is, however that was written (architecture 1). */
import { v5 as uuidv5 } from 'uuid'
import type { Platform } from '../../src/events/instance-events.js'

/** Instances are named from `<platform> <normalised address>`. */
const INSTANCE_NAMESPACE = '5f2a7c1e-8b0d-5e64-a3c9-71d2e4b6f058'
const ADDRESS_LENGTH_MAX = 200
/** Requests with the store's credentials go there, so it is a name of the public net, and no bare number. */
const PUBLIC_HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])$/
const PRIVATE_ENDINGS = ['.localhost', '.local', '.internal', '.home.arpa', '.lan']
/** Where the interface of a BigCommerce store is, whatever its shop is called. */
const BIGCOMMERCE_PATH = /^\/stores\/[A-Za-z0-9]{1,40}$/

type Place = Readonly<{ platform: Platform; address: string }>

/**
 * `https`, the host in lower case, a path without its last slash; `null`: no address of a store. With private stores
 * allowed it may also be `http`, and any host: whether it lies in a network that is allowed shows when it is connected
 * to.
 */
export function normalisedAddress(
  { platform, address }: Place,
  { allowsPrivateStores }: Readonly<{ allowsPrivateStores: boolean }>,
): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (!isPlain(url) || !(allowsPrivateStores || isPublic(url))) return null
  const { protocol, port } = url
  const place = port === '' ? hostOf(url) : `${hostOf(url)}:${port}`
  const path = pathAt(platform, url)
  if (path === null) return null
  const normalised = `${protocol}//${place}${path}`
  return normalised.length > ADDRESS_LENGTH_MAX ? null : normalised
}

/** What is no address names nothing that is ever registered. */
export function instanceId(platform: Platform, address: string): string {
  // The name does not depend on what is allowed: the store stays the same when that changes.
  const normalised = normalisedAddress({ platform, address }, { allowsPrivateStores: true })
  return uuidv5(`${platform} ${normalised ?? address}`, INSTANCE_NAMESPACE)
}

function isPlain({ protocol, username, password, search, hash }: URL): boolean {
  return (
    (protocol === 'https:' || protocol === 'http:') && username + password + search + hash === ''
  )
}

function isPublic(url: URL): boolean {
  const host = hostOf(url)
  return (
    url.protocol === 'https:' &&
    PUBLIC_HOST.test(host) &&
    !PRIVATE_ENDINGS.some((ending) => host.endsWith(ending))
  )
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/\.$/, '')
}

/** BigCommerce shows it with a version behind; its shop's own address is another one of the same store. */
function pathAt(platform: Platform, { pathname }: URL): string | null {
  const path = pathname.replace(/\/+$/, '')
  if (platform !== 'bigcommerce') return path
  const unversioned = path.replace(/\/v[23]$/, '')
  return BIGCOMMERCE_PATH.test(unversioned) ? unversioned : null
}
