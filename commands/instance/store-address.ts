/** Which store an instance is: its id follows from where the store is, however that was written (architecture 1). */
import { v5 as uuidv5 } from 'uuid'
import type { Platform } from '../../src/events/instance-events.js'

/** Instances are named from `<platform> <normalised address>`. */
const INSTANCE_NAMESPACE = '5f2a7c1e-8b0d-5e64-a3c9-71d2e4b6f058'
const ADDRESS_LENGTH_MAX = 200
/** Requests with the store's credentials go there, so it is a name of the public net, and no bare number. */
const PUBLIC_HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])$/
const PRIVATE_ENDINGS = ['.localhost', '.local', '.internal']

/** `https`, the host in lower case, a path without its last slash; `null`: no address of a store. */
export function normalisedAddress(address: string): string | null {
  if (!URL.canParse(address)) return null
  const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(address)
  if (protocol !== 'https:' || username + password + search + hash !== '') return null
  const host = hostname.replace(/\.$/, '')
  if (!PUBLIC_HOST.test(host) || PRIVATE_ENDINGS.some((ending) => host.endsWith(ending)))
    return null
  const place = port === '' ? host : `${host}:${port}`
  const normalised = `https://${place}${pathname.replace(/\/+$/, '')}`
  return normalised.length > ADDRESS_LENGTH_MAX ? null : normalised
}

/** What is no address names nothing that is ever registered. */
export function instanceId(platform: Platform, address: string): string {
  return uuidv5(`${platform} ${normalisedAddress(address) ?? address}`, INSTANCE_NAMESPACE)
}
