/** What Folio takes as the address of an EventStoreDB, and what it says of any other: never the password. */
import { afterEach, expect, test, vi } from 'vitest'
import {
  MalformedConnectionString,
  parseAddress,
} from '../../src/event-store/eventstoredb-address.js'
import { openConnection } from '../../src/event-store/eventstoredb-connection.js'

afterEach(() => {
  vi.restoreAllMocks()
})

test.each<[given: string, forTheClient: string, place: string]>([
  ['esdb://localhost', 'esdb://localhost?keepAliveTimeout=5000', 'localhost'],
  ['esdb://localhost/', 'esdb://localhost?keepAliveTimeout=5000', 'localhost'],
  ['esdb://localhost?', 'esdb://localhost?keepAliveTimeout=5000', 'localhost'],
  [
    'esdb://10.0.0.1:2113?tls=false',
    'esdb://10.0.0.1:2113?keepAliveTimeout=5000&tls=false',
    '10.0.0.1:2113',
  ],
  [
    'esdb://a:1,b:2,c?TLS_CA_FILE=/ca.crt',
    'esdb://a:1,b:2,c?keepAliveTimeout=5000&tlsCAFile=/ca.crt',
    'a:1,b:2,c',
  ],
  [
    'esdb+discover://log.example?keepAliveTimeout=20000',
    'esdb+discover://log.example?keepAliveTimeout=20000',
    'log.example',
  ],
])('%s', (given, connectionString, place) => {
  expect(parseAddress(given)).toEqual({ connectionString, credentials: null, place })
})

test('user and password are decoded, kept from the client, and of any signs', () => {
  expect(parseAddress('esdb://folio%40shop:p%3Aw%2F%40%25:x@host?tls=true')).toEqual({
    connectionString: 'esdb://host?keepAliveTimeout=5000&tls=true',
    credentials: { username: 'folio@shop', password: 'p:w/@%:x' },
    place: 'host',
  })
})

test.each<[given: string, why: RegExp]>([
  ['http://u:secret@host', /is not of that form/],
  ['esdb://', /is not of that form/],
  ['esdb://u:secret@a b', /is not of that form/],
  ['esdb://u:secret@host:70000', /names a host that is no name or IPv4 address with a port/],
  ['esdb://u:secret@host:x', /names a host/],
  ['esdb://u:secret@[::1]:2113', /names a host that is no name or IPv4 address/],
  ['esdb://u:secret%zz@host', /a % begins no percent-encoded sign/],
  [
    'esdb://u:secret@host?tlsVerifyCert=false',
    /has the option tlsVerifyCert, which Folio does not take/,
  ],
  ['esdb://u:secret@host?throwOnAppendFailure=false', /has the option throwOnAppendFailure, which/],
  ['esdb://u:secret@host?tls', /has the option tls without a value/],
  ['esdb://u:secret@host?tls=maybe', /has an option whose value is not understood/],
  ['esdb://u:secret@host?tlsCAFile=/no/such/file', /names a certificate file that is not there/],
])('%s is refused', (given, why) => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const open = () => openConnection(given)
  expect(open).toThrow(MalformedConnectionString)
  expect(open).toThrow(why)
  expect(open).not.toThrow(/secret/)
  expect(warned).not.toHaveBeenCalled()
})
