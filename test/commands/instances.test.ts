import { describe, expect, test } from 'vitest'
import { closeAccount } from '../../commands/books/close-account.js'
import { configureBooks } from '../../commands/books/configure-books.js'
import { openAccount } from '../../commands/books/open-account.js'
import type { InstanceCommand } from '../../commands/command.js'
import { configureInstance } from '../../commands/instance/configure-instance.js'
import { registerInstance } from '../../commands/instance/register-instance.js'
import { instanceId, normalisedAddress } from '../../commands/instance/store-address.js'
import { importOrder } from '../../commands/order/import-order.js'
import type { Caller } from '../../commands/ports.js'
import { testBooks } from '../support/decider-spec.js'
import { createTestLedger, type TestLedger } from '../support/ledger.js'
import { state, STORE, workflow } from './imported-orders.js'
import { gbp, item } from './scenes.js'

const API = 'https://api.bigcommerce.com/stores'
const SHOP = { platform: 'bigcommerce', address: `${API}/abc123`, name: 'Shop' }
let keys = 0

function ask(
  ledger: TestLedger,
  command: InstanceCommand,
  input: unknown,
  caller: Partial<Caller> = {},
) {
  return ledger.handler.instance(command, input, {
    principal: 'tester',
    key: `instance-${(keys += 1)}`,
    correlation: 'test',
    ...caller,
  })
}
const register = (ledger: TestLedger, more: object = {}, caller: Partial<Caller> = {}) =>
  ask(ledger, registerInstance, { ...SHOP, ...more }, caller)
const configure = (ledger: TestLedger, more: object, caller: Partial<Caller> = {}) =>
  ask(ledger, configureInstance, { instance: SHOP_ID, ...more }, caller)
const SHOP_ID = instanceId('bigcommerce', SHOP.address)
const typesOf = async (ledger: TestLedger) =>
  (await ledger.events())
    .filter(({ stream }) => stream.startsWith('instance-'))
    .map(({ type }) => type)

const PUBLIC = { allowsPrivateStores: false }
const PRIVATE = { allowsPrivateStores: true }
const magento = (address: string, allowed = PUBLIC) =>
  normalisedAddress({ platform: 'magento2', address }, allowed)
const bigcommerce = (address: string, allowed = PUBLIC) =>
  normalisedAddress({ platform: 'bigcommerce', address }, allowed)

/** Every way to write a place that requests with a store's credentials must not reach. */
const INWARD = [
  'http://shop.example.com',
  'ftp://shop.example.com',
  'file:///etc/passwd',
  'https://localhost',
  'https://localhost.',
  'https://store.localhost',
  'https://STORE.LOCALHOST.',
  'https://store.internal',
  'https://metadata.google.internal',
  'https://metadata.google.internal.',
  'https://printer.local',
  'https://router.lan',
  'https://nas.home.arpa',
  'https://shop',
  'https://127.0.0.1',
  'https://127.1',
  'https://2130706433',
  'https://0x7f.1',
  'https://0x7f000001',
  'https://0177.0.0.1',
  'https://127.0.0.1.',
  'https://１２７.０.０.１',
  'https://0.0.0.0',
  'https://0',
  'https://10.0.0.1/',
  'https://172.16.0.1',
  'https://172.31.255.255',
  'https://192.168.1.1',
  'https://100.64.0.1',
  'https://169.254.169.254/latest/meta-data',
  'https://0xa9fea9fe',
  'https://168.63.129.16',
  'https://224.0.0.1',
  'https://255.255.255.255',
  'https://8.8.8.8',
  'https://[::1]',
  'https://[::]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://[64:ff9b::7f00:1]',
  'https://[fd00::1]',
  'https://[fe80::1]',
  'https://[ff02::1]',
  'https://[2001:db8::1]',
]
/** No address of a store wherever stores may be. */
const NONE = [
  'shop.example.com',
  'https://',
  'https://me:secret@shop.example.com',
  'https://me@shop.example.com',
  'https://shop.example.com@127.0.0.1',
  'https://shop.example.com?x=1',
  'https://shop.example.com#x',
  `https://shop.example.com/${'a'.repeat(200)}`,
]

describe('the address of a store', () => {
  test.each([
    ['https://shop.example.com', 'https://shop.example.com'],
    ['HTTPS://Shop.Example.COM/', 'https://shop.example.com'],
    ['https://shop.example.com:443', 'https://shop.example.com'],
    ['https://shop.example.com.', 'https://shop.example.com'],
    ['https://shop.example.com/Magento//', 'https://shop.example.com/Magento'],
    ['https://shop.example.com:8443/m', 'https://shop.example.com:8443/m'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('%s is %s', (written, address) => {
    expect(magento(written)).toBe(address)
    expect(magento(written, PRIVATE)).toBe(address)
  })

  test.each([
    [`${API}/abc123`, `${API}/abc123`],
    [`${API}/abc123/`, `${API}/abc123`],
    [`${API}/abc123/v3`, `${API}/abc123`],
    [`${API}/abc123/v2/`, `${API}/abc123`],
    ['https://API.BigCommerce.com/stores/abc123/v3/', `${API}/abc123`],
  ])('of BigCommerce: %s is %s', (written, address) => {
    expect(bigcommerce(written)).toBe(address)
    expect(instanceId('bigcommerce', written)).toBe(SHOP_ID)
  })

  test.each([
    'https://shop.example.com',
    API,
    `${API}/abc123/v4`,
    `${API}/abc123/v3/orders`,
    `${API}/../x`,
    `${API}/a%2fb`,
  ])('of BigCommerce: %s is none', (written) => {
    expect(bigcommerce(written)).toBeNull()
    expect(bigcommerce(written, PRIVATE)).toBeNull()
  })

  test.each(INWARD)('%s is none', (written) => {
    expect(magento(written)).toBeNull()
    expect(bigcommerce(`${written.replace(/\/$/, '')}/stores/abc123`)).toBeNull()
  })

  test.each(NONE)('%s is none, wherever stores may be', (written) => {
    expect(magento(written)).toBeNull()
    expect(magento(written, PRIVATE)).toBeNull()
  })

  test.each([
    ['http://127.0.0.1:8080/stores/abc/', 'http://127.0.0.1:8080/stores/abc'],
    ['https://store.internal/stores/abc/v2', 'https://store.internal/stores/abc'],
    ['http://[fd00::1]/stores/abc', 'http://[fd00::1]/stores/abc'],
  ])('where stores may be in private networks, %s is one', (written, address) => {
    expect(bigcommerce(written)).toBeNull()
    expect(bigcommerce(written, PRIVATE)).toBe(address)
  })

  test('has at most 200 characters', () => {
    const longest = `https://shop.example.com/${'a'.repeat(200 - 25)}`
    expect(magento(longest)).toBe(longest)
    expect(magento(`${longest}a`)).toBeNull()
    expect(magento(`${longest}/`)).toBe(longest)
  })

  test('names the instance, however it was written, by platform', () => {
    expect(SHOP_ID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
    const shop = instanceId('magento2', 'https://shop.example.com')
    expect(instanceId('magento2', 'https://SHOP.example.com/')).toBe(shop)
    expect(instanceId('magento2', SHOP.address)).not.toBe(SHOP_ID)
  })
})

describe('an instance', () => {
  test('is registered with the settings of its books where it names none', async () => {
    const ledger = await createTestLedger()
    await ledger.askBooks(configureBooks, { charges: 'in_proportion' })
    expect(await register(ledger)).toMatchObject({
      outcome: 'accepted',
      answer: { instance: SHOP_ID, address: SHOP.address },
      stream: `instance-${SHOP_ID}`,
      revision: 0,
    })
    expect((await ledger.events()).at(-1)).toMatchObject({
      type: 'InstanceRegistered',
      data: {
        ...SHOP,
        books: 'main',
        startDate: null,
        charges: 'in_proportion',
        roundingUnitsPerLine: 1,
        workflows: [],
      },
    })
  })

  test('is registered once, and the same request again is the same', async () => {
    const ledger = await createTestLedger()
    const first = await register(ledger, {}, { key: 'once' })
    const again = await register(ledger, {}, { key: 'once' })
    expect(again).toMatchObject({ outcome: 'accepted', replayed: true, revision: 0 })
    expect(again).toHaveProperty('answer', first.outcome === 'accepted' ? first.answer : null)
    expect(
      await register(ledger, { address: 'https://API.bigcommerce.com/stores/abc123/v3' }),
    ).toEqual({
      outcome: 'refused',
      refusal: { code: 'instance_registered_already', instance: SHOP_ID },
    })
    expect(await typesOf(ledger)).toEqual(['InstanceRegistered'])
  })

  test('two at once: one is registered', async () => {
    const ledger = await createTestLedger()
    const other = await createTestLedger(ledger.store)
    const outcomes = await Promise.all([register(ledger), register(other)])
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'refused'])
  })

  test('is of books that are open', async () => {
    const ledger = await createTestLedger()
    expect(await register(ledger, { books: 'none' })).toMatchObject({
      refusal: { code: 'books_not_open', books: 'none' },
    })
  })

  test('keeps what a configuration leaves out, and records no change of nothing', async () => {
    const ledger = await createTestLedger()
    await register(ledger, { startDate: '2026-01-01', workflows: [workflow()] })
    expect(await configure(ledger, { name: 'Outlet' })).toMatchObject({
      answer: { instance: SHOP_ID },
      revision: 1,
    })
    expect((await ledger.events()).at(-1)?.data).toMatchObject({
      name: 'Outlet',
      startDate: '2026-01-01',
      workflows: [workflow()],
    })
    expect(await configure(ledger, { name: 'Outlet' })).toMatchObject({ appended: 0 })
    await configure(ledger, { startDate: null, workflows: [] })
    expect((await ledger.events()).at(-1)?.data).toMatchObject({ startDate: null, workflows: [] })
  })

  test('is configured at the revision that the caller saw', async () => {
    const ledger = await createTestLedger()
    await register(ledger)
    expect(await configure(ledger, { name: 'A' }, { expectedRevision: 7 })).toMatchObject({
      refusal: { code: 'revision_differs', expected: 7, actual: 0 },
    })
    expect(await configure(ledger, { name: 'A' }, { expectedRevision: 0 })).toMatchObject({
      revision: 1,
    })
  })

  test('registers payments over an account that takes money, and is open', async () => {
    const ledger = await createTestLedger()
    const over = (account: string) =>
      register(ledger, { workflows: [workflow({ until: 'registered_payment', account })] })
    expect(await over('nowhere')).toMatchObject({
      refusal: { code: 'account_not_found', account: 'nowhere', books: 'main' },
    })
    expect(await over('sales')).toMatchObject({
      refusal: { code: 'account_type_not_allowed', account: 'sales' },
    })
    await ledger.askBooks(openAccount, { account: 'gateway-card', name: 'Card', type: 'gateway' })
    await ledger.askBooks(openAccount, { account: 'till', name: 'Till', type: 'cash' })
    await ledger.askBooks(closeAccount, { account: 'till' })
    expect(await over('till')).toMatchObject({
      refusal: { code: 'account_closed', account: 'till' },
    })
    expect(await over('gateway-card')).toMatchObject({ outcome: 'accepted' })
  })

  test('has no fields beside those it takes', async () => {
    const ledger = await createTestLedger()
    expect(await register(ledger, { token: 'secret' })).toMatchObject({ outcome: 'malformed' })
  })
})

describe('its orders', () => {
  const ordered = (more: object = {}) => state([item('100')], { instance: SHOP_ID, ...more })

  test('follow the workflow from the next import on', async () => {
    const ledger = await createTestLedger()
    await register(ledger)
    const first = await ledger.must(importOrder, ordered())
    expect(first).toMatchObject({ carried: { until: 'order', waits: 'no_workflow' } })
    await configure(ledger, {
      workflows: [workflow({ until: 'registered_payment', account: 'bank' })],
    })
    const second = await ledger.must(importOrder, ordered(), { key: 'second' })
    expect(second).toMatchObject({ changed: false, carried: { until: 'registered_payment' } })
    expect(await ledger.must(importOrder, ordered(), { key: 'second' })).toEqual(second)
    const entries = (await ledger.events()).flatMap((event) =>
      'entry' in event.data ? [event.data.entry.number] : [],
    )
    expect(entries).toEqual(['INV/2026/00001', 'PAY/2026/00001'])
  })

  test('are previewed before anything is posted', async () => {
    const ledger = await createTestLedger()
    await register(ledger, {
      workflows: [workflow({ until: 'registered_payment', account: 'bank' })],
    })
    const before = await ledger.events()
    const caller = { principal: 'tester', key: 'preview', correlation: 'test' }
    const preview = await ledger.handler.preview(importOrder, ordered(), caller)
    expect(preview).toMatchObject({
      outcome: 'previewed',
      events: [
        { type: 'OrderImported' },
        { type: 'InvoiceDrafted' },
        { type: 'InvoicePosted', data: { totals: { gross: gbp('120.00') } } },
        { type: 'PaymentRegistered' },
      ],
    })
    expect(await ledger.events()).toEqual(before)
    // The key was not used, and no number is missing.
    await ledger.must(importOrder, ordered(), caller)
    expect(
      JSON.stringify(await ledger.events(), (_, v: unknown) => (typeof v === 'bigint' ? '' : v)),
    ).toContain('INV/2026/00001')
    expect(await ledger.handler.preview(importOrder, ordered(), caller)).toEqual({
      outcome: 'previewed',
      events: [],
    })
  })

  test('a preview says no as the command does', async () => {
    const ledger = await createTestLedger()
    const caller = { principal: 'tester', key: 'preview', correlation: 'test' }
    expect(await ledger.handler.preview(importOrder, state([], {}), caller)).toMatchObject({
      outcome: 'malformed',
    })
    const none = state([item('1')], { books: 'none', instance: STORE })
    expect(await ledger.handler.preview(importOrder, none, caller)).toMatchObject({
      refusal: { code: 'books_not_open' },
    })
  })
})

describe('an instance that is not there', () => {
  const absent = { code: 'instance_not_registered', instance: SHOP_ID }

  test('is not configured, by the handler or by the decision alone', async () => {
    const ledger = await createTestLedger()
    expect(await configure(ledger, { name: 'Other' })).toEqual({
      outcome: 'refused',
      refusal: absent,
    })
    const decision = configureInstance.decide(
      { instance: SHOP_ID, name: 'Other' },
      { instance: { status: 'absent' }, instanceId: SHOP_ID, books: testBooks(), ...PUBLIC },
    )
    expect(decision).toEqual({ outcome: 'refused', refusal: absent })
  })

  test('is not registered in books that are not open', async () => {
    const ledger = await createTestLedger()
    expect(await register(ledger, { books: 'other' })).toEqual({
      outcome: 'refused',
      refusal: { code: 'books_not_open', books: 'other' },
    })
  })
})

test('a setting that is named but not given stays as it is', async () => {
  const ledger = await createTestLedger()
  await register(ledger, { startDate: '2026-01-01' })
  const asked = { name: 'Other', startDate: undefined, workflows: undefined }
  expect(await configure(ledger, asked)).toMatchObject({ outcome: 'accepted', appended: 1 })
  expect((await ledger.events()).at(-1)).toMatchObject({
    type: 'InstanceConfigured',
    data: { name: 'Other', startDate: '2026-01-01', workflows: [] },
  })
})

test('workflows are changed only to what the books can follow', async () => {
  const ledger = await createTestLedger()
  await register(ledger)
  const toPayment = workflow({ until: 'registered_payment' })
  const changed = (workflows: readonly object[]) => configure(ledger, { workflows })
  expect(await changed([toPayment])).toEqual({
    outcome: 'refused',
    refusal: { code: 'workflow_needs_account', paymentMethod: '*' },
  })
  expect(await changed([{ ...toPayment, account: 'sales' }])).toMatchObject({
    refusal: { code: 'account_type_not_allowed', account: 'sales', type: 'revenue' },
  })
  expect(await changed([{ ...toPayment, account: 'bank' }])).toMatchObject({ appended: 1 })
  expect(await changed([workflow(), workflow()])).toEqual({
    outcome: 'refused',
    refusal: { code: 'workflow_named_twice', paymentMethod: '*' },
  })
})
