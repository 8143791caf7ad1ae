/**
 * Which addresses of the net a store may have. Whoever saves a store's address chooses where this process connects to,
 * so that only what the whole net can reach is let through, and the networks that the configuration names besides.
 */
import { BlockList, isIP } from 'node:net'

export type Networks = Readonly<{
  isPublic: (address: string) => boolean
  /** Within a network that the configuration names. */
  isAllowed: (address: string) => boolean
  /** The configuration names some network. */
  allowsAny: boolean
}>

/** A network of the configuration is none: says which. */
export class MalformedNetwork extends Error {
  constructor(network: string) {
    super(`${JSON.stringify(network)} is no network such as 10.1.0.0/16 or fd00::/8`)
    this.name = 'MalformedNetwork'
  }
}

/** Networks as CIDR texts; throws {@link MalformedNetwork}. */
export function networksOf(allowed: readonly string[]): Networks {
  const named = listOf(allowed)
  return {
    isPublic: (address) => isIP(address) !== 0 && !isWithin(NOT_PUBLIC, address),
    isAllowed: (address) => isWithin(named, address),
    allowsAny: allowed.length > 0,
  }
}

/** The special-purpose registries of IANA, and what clouds put beside them. */
const NOT_PUBLIC_NETWORKS = [
  // This network, private ones, carriers' own (CGNAT; some clouds' metadata), loopback, link-local (other clouds').
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  // Protocol assignments, documentation, relays of 6to4, benchmarks.
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  // Multicast; reserved, and broadcast.
  '224.0.0.0/4',
  '240.0.0.0/4',
  // A public number that leads to the host itself within Azure.
  '168.63.129.16/32',
  // All of IPv6 but 2000::/3: loopback, IPv4 written as IPv6 (mapped, compatible, NAT64), unique-local, link-local,
  // site-local, multicast, and what nobody was given yet.
  '::/3',
  '4000::/2',
  '8000::/1',
  // Within 2000::/3: protocol assignments with Teredo and ORCHID, documentation, 6to4, which holds an IPv4 address.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]

/** One list a family, for a list of both takes an IPv4 address for its mapped form. */
type Lists = Readonly<{ ipv4: BlockList; ipv6: BlockList }>

const NOT_PUBLIC = listOf(NOT_PUBLIC_NETWORKS)

function listOf(networks: readonly string[]): Lists {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const network of networks) {
    const { address, family, prefix } = parsed(network)
    lists[family].addSubnet(address, prefix, family)
  }
  return lists
}

function parsed(network: string) {
  const [, address = '', digits = ''] = /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(network) ?? []
  const family = familyOf(address)
  const prefix = Number.parseInt(digits, 10)
  if (family === null || prefix > (family === 'ipv4' ? 32 : 128)) {
    throw new MalformedNetwork(network)
  }
  return { address, family, prefix }
}

function isWithin(lists: Lists, address: string): boolean {
  const family = familyOf(address)
  return family !== null && lists[family].check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  if (version === 0) return null
  return version === 4 ? 'ipv4' : 'ipv6'
}
