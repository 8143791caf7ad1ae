import { expect, test } from 'vitest'
import { instanceList } from '../../projections/instance-list.js'
import { PLATFORM_SETTINGS_DEFAULT } from '../../src/events/instance-events.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { project } from '../support/project.js'

const instance = '5b0a3ac9-3f0e-5d39-9bb6-0b5d4b9b1a01'
const settings = {
  name: 'Shop',
  startDate: null,
  charges: 'first_invoice',
  roundingUnitsPerLine: 1,
  workflows: [
    { paymentMethod: '*', until: 'posted_invoice', when: 'captured', capturesItself: false },
  ],
  ...PLATFORM_SETTINGS_DEFAULT,
} as const
const registered: LedgerFact = {
  type: 'InstanceRegistered',
  data: {
    instance,
    books: 'main',
    platform: 'bigcommerce',
    address: 'https://shop.example.com',
    ...settings,
    workflows: [...settings.workflows],
  },
}
const configured: LedgerFact = {
  type: 'InstanceConfigured',
  data: {
    ...settings,
    ...{ instance, name: 'Outlet', startDate: '2026-01-01', workflows: [] },
    ...{ markOrdersPaid: true, markPaidBy: 'payment_confirmation' },
    ...{ refundDifference: 'refuse', storeRefunds: 'draft' },
  },
}

test('shows a store with its settings', () => {
  expect(project(instanceList, [registered])).toEqual([
    {
      instance,
      books: 'main',
      platform: 'bigcommerce',
      address: 'https://shop.example.com',
      name: 'Shop',
      startDate: null,
      charges: 'first_invoice',
      roundingUnitsPerLine: 1,
      workflows: [
        '{"paymentMethod":"*","until":"posted_invoice","when":"captured","capturesItself":false}',
      ],
      markOrdersPaid: false,
      markPaidBy: 'capture_record',
      refundDifference: 'override',
      storeRefunds: 'posted',
      sortKey: `main bigcommerce https://shop.example.com ${instance}`,
    },
  ])
})

test('follows its configuration', () => {
  expect(project(instanceList, [registered, configured])).toMatchObject([
    {
      address: 'https://shop.example.com',
      name: 'Outlet',
      startDate: '2026-01-01',
      workflows: [],
      markOrdersPaid: true,
      markPaidBy: 'payment_confirmation',
      refundDifference: 'refuse',
      storeRefunds: 'draft',
    },
  ])
})

test('the configuration of a store that is not there is a gap', () => {
  expect(() => project(instanceList, [configured])).toThrow('needs instance')
})
