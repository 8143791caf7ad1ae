import { describe, expect, test } from 'vitest'
import { MalformedNetwork, networksOf } from '../../src/platforms/networks.js'
import { storeAddress } from '../../src/platforms/store-address.js'
import { INWARD_HOSTS, INWARD_URLS } from './support/inward-urls.js'

const nobody = { allowedNetworks: [] }
const loopback = { allowedNetworks: ['127.0.0.0/8', '::1/128'] }

describe('the public net', () => {
  const { isPublic } = networksOf([])

  test.each([
    '0.0.0.0',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'no address',
    '',
  ])('%j is no part of it', (address) => {
    expect(isPublic(address)).toBe(false)
  })

  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
    '2001:200::1',
  ])('%s is', (address) => {
    expect(isPublic(address)).toBe(true)
  })
})

describe('networks of the configuration', () => {
  test('let through what lies in them, and nothing beside', () => {
    const { isAllowed } = networksOf(['10.1.0.0/16', 'fd00::/8', '127.0.0.1/32'])
    for (const address of ['10.1.0.1', '10.1.255.255', 'fd12::1', '127.0.0.1']) {
      expect([address, isAllowed(address)]).toEqual([address, true])
    }
    for (const address of ['10.2.0.0', '10.0.255.255', 'fe80::1', '127.0.0.2', '::1', 'name']) {
      expect([address, isAllowed(address)]).toEqual([address, false])
    }
  })

  test.each(['', '10.0.0.0', '10.0.0.0/33', 'fd00::/129', 'localhost/8', '10.0.0/8', '/8', '1/8'])(
    '%j is none',
    (network) => {
      expect(() => networksOf([network])).toThrow(MalformedNetwork)
    },
  )
})

describe('an address to be saved', () => {
  test.each(INWARD_URLS)('%s is refused', (url) => {
    expect(storeAddress(url, nobody)).toMatchObject({ outcome: 'refused' })
  })

  test.each([
    ['https://user@api.bigcommerce.com/', 'has_credentials'],
    ['https://user:pass@api.bigcommerce.com/', 'has_credentials'],
    ['http://api.bigcommerce.com/stores/x', 'not_https'],
    ['ftp://api.bigcommerce.com/', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['javascript:alert(1)', 'not_https'],
    ['https://api.bigcommerce.com/?a=b', 'has_query'],
    ['https://api.bigcommerce.com/#a', 'has_query'],
    ['https://api.bigcommerce.com:8443/', 'port_not_allowed'],
    ['https://api.bigcommerce.com:22/', 'port_not_allowed'],
    ['https://1.1.1.1:8443/', 'port_not_allowed'],
    ['https://store/', 'no_public_name'],
    ['https://metadata.google.internal/', 'no_public_name'],
    ['https://store.local/', 'no_public_name'],
    ['https://sub.localhost/', 'no_public_name'],
    ['api.bigcommerce.com', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['', 'not_a_url'],
    [`https://api.bigcommerce.com/${'a'.repeat(200)}`, 'too_long'],
  ])('%s is refused: %s', (url, reason) => {
    expect(storeAddress(url, nobody)).toEqual({ outcome: 'refused', reason })
  })

  test.each([
    ['HTTPS://API.BigCommerce.com/stores/x/', 'https://api.bigcommerce.com/stores/x'],
    ['https://api.bigcommerce.com:443', 'https://api.bigcommerce.com'],
    ['https://api.bigcommerce.com.', 'https://api.bigcommerce.com'],
    ['https://1.1.1.1/a//', 'https://1.1.1.1/a'],
    ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]'],
  ])('%s becomes %s', (url, address) => {
    expect(storeAddress(url, nobody)).toEqual({ outcome: 'address', address })
  })

  test.each([
    ['http://127.0.0.1:8080/x/', 'http://127.0.0.1:8080/x'],
    ['http://2130706433/', 'http://127.0.0.1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['http://simulator:8080/x', 'http://simulator:8080/x'],
    ['http://localhost:8080/x', 'http://localhost:8080/x'],
  ])('%s is taken where its network is allowed', (url, address) => {
    expect(storeAddress(url, loopback)).toEqual({ outcome: 'address', address })
  })

  test.each(['http://10.0.0.1/', 'https://192.168.0.1/', 'https://1.1.1.1:8443/'])(
    '%s is refused where another network is allowed',
    (url) => {
      expect(storeAddress(url, loopback)).toMatchObject({ outcome: 'refused' })
    },
  )

  test('there are enough notations among them to mean something', () => {
    expect(INWARD_HOSTS.length).toBeGreaterThanOrEqual(25)
  })
})
