/** What the environment says of stores: believed within bounds, else told which variable, and what it takes. */
import { describe, expect, test } from 'vitest'
import { ConfigInvalid, readConfig, STORES_DEFAULTS } from '../src/config.js'

const read = (environment: Readonly<Record<string, string>> = {}) => readConfig({}, environment)

test('unless anything is set, stores are public and announce nothing', () => {
  const { stores, sync } = read()
  expect({ stores, sync }).toEqual(STORES_DEFAULTS)
  expect(read({ FOLIO_PUBLIC_URL: '', FOLIO_PULL_SECONDS: '', FOLIO_STORE_NETWORKS: ' ' })).toEqual(
    read(),
  )
})

test('what is set is taken', () => {
  const { stores, sync } = read({
    FOLIO_STORE_NETWORKS: '10.1.0.0/16, fd00::/8',
    FOLIO_PUBLIC_URL: 'https://ledger.example.com/folio/',
    FOLIO_PULL_SECONDS: '5',
    FOLIO_SYNC_DEADLINE_MS: '300000',
    FOLIO_SYNC_SETTLE_MS: '1000',
    FOLIO_SYNC_LEAVE_MS: '100',
  })
  expect(stores).toEqual({
    networks: ['10.1.0.0/16', 'fd00::/8'],
    publicUrl: 'https://ledger.example.com/folio',
    pullMs: 5_000,
  })
  expect(sync).toEqual({ deadlineMs: 300_000, settleMs: 1_000, leaveMs: 100 })
})

describe.each([
  ['FOLIO_STORE_NETWORKS', ['10.0.0.1', 'everything', '10.0.0.0/33', '10.0.0.0/8;11.0.0.0/8']],
  [
    'FOLIO_PUBLIC_URL',
    [
      'http://ledger.example.com',
      'https://ledger.example.com:8443',
      'https://me:secret@ledger.example.com',
      'https://ledger.example.com?x=1',
      'https://ledger.example.com#x',
      'ledger.example.com',
      `https://ledger.example.com/${'x'.repeat(150)}`,
    ],
  ],
  ['FOLIO_PULL_SECONDS', ['4', '86401', '1.5', '-60', 'often', '1e3']],
  ['FOLIO_SYNC_DEADLINE_MS', ['999', '300001']],
  ['FOLIO_SYNC_SETTLE_MS', ['999', '3600001']],
  ['FOLIO_SYNC_LEAVE_MS', ['99', '2001']],
])('%s', (name, values) => {
  test.each(values)('%s is refused', (value) => {
    expect(() => read({ [name]: value })).toThrow(ConfigInvalid)
    expect(() => read({ [name]: value })).toThrow(name)
  })
})
