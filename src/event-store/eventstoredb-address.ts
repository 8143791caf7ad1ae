/** `EVENTSTORE_URL` as it is given, checked before the client sees it: what the client says of a mistake quotes all of it. */
import type { Credentials } from '@eventstore/db-client'

export type Address = Readonly<{
  /** For the client; without user and password, which go with each call. */
  connectionString: string
  credentials: Credentials | null
  /** The servers, for people. */
  place: string
}>

/** `esdb://user:password@host:port,…?option=value`, or `esdb+discover://…` for a cluster behind one name. */
const CONNECTION_STRING =
  /^(esdb(?:\+discover)?):\/\/(?:([^:@/?]+):([^@/?]+)@)?([^@/?,\s]+(?:,[^@/?,\s]+)*)\/?(?:\?(.*))?$/
const HOST = /^[^:[\]]+(?::(\d{1,5}))?$/
const PORT_MAX = 65_535

/** Options of the client that say where and how to connect; any other would change what an append means. */
const OPTIONS = [
  'tls',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'connectionName',
  'nodePreference',
  'maxDiscoverAttempts',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
]
const OPTION_LENGTH_SHOWN = 40

/** How soon a connection that has fallen silent is given up; the client's own default is twice that. */
const KEEP_ALIVE_TIMEOUT_MS = '5000'

/** Throws {@link MalformedConnectionString}. */
export function parseAddress(given: string): Address {
  const [, scheme, user, password, place, query] = CONNECTION_STRING.exec(given) ?? []
  if (scheme === undefined || place === undefined) {
    throw new MalformedConnectionString('is not of that form')
  }
  for (const host of place.split(',')) checkHost(host)
  const options = { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, ...optionsOf(query ?? '') }
  const asked = Object.entries(options).map((option) => option.join('='))
  return {
    connectionString: `${scheme}://${place}?${asked.join('&')}`,
    credentials:
      user === undefined || password === undefined
        ? null
        : { username: decoded(user), password: decoded(password) },
    place,
  }
}

/** `EVENTSTORE_URL` cannot be used; the message does not quote it. */
export class MalformedConnectionString extends Error {
  constructor(why: string) {
    super(
      `The connection string ${why}. It is esdb://user:password@host:2113?option=value, with several hosts by ` +
        'commas, or esdb+discover://… for a cluster; see docs/operating.md.',
    )
    this.name = 'MalformedConnectionString'
  }
}

function checkHost(host: string): void {
  const [found, port = '1'] = HOST.exec(host) ?? []
  if (found === undefined || Number.parseInt(port, 10) > PORT_MAX) {
    throw new MalformedConnectionString('names a host that is no name or IPv4 address with a port')
  }
}

function optionsOf(query: string): Readonly<Record<string, string>> {
  const options: Record<string, string> = {}
  for (const option of query.split('&').filter((text) => text !== '')) {
    const [name = '', value = ''] = option.split(/=(.*)/s)
    const known = OPTIONS.find((it) => flat(it) === flat(name))
    if (known === undefined || value === '') {
      const shown = name.slice(0, OPTION_LENGTH_SHOWN)
      throw new MalformedConnectionString(
        `has the option ${shown}${known === undefined ? ', which Folio does not take' : ' without a value'}`,
      )
    }
    options[known] = value
  }
  return options
}

/** As the client compares names. */
function flat(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[_-]/g, '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new MalformedConnectionString(
      'has a user or password in which a % begins no percent-encoded sign',
    )
  }
}
