/** Scenes of orders that a store sent, and of the instance they came from. */
import { importOrder } from '../../commands/order/import-order.js'
import type { RegisteredInstance } from '../../src/aggregates/instance.js'
import {
  type InstanceSettings,
  PLATFORM_SETTINGS_DEFAULT,
  type Workflow,
} from '../../src/events/instance-events.js'
import { after, decide, type Scene } from '../support/decider-spec.js'

export const STORE = '00000000-0000-4000-8000-0000000000bb'

export const instance = (settings: Partial<InstanceSettings> = {}): RegisteredInstance => ({
  status: 'registered',
  instance: STORE,
  books: 'main',
  platform: 'bigcommerce',
  address: 'https://shop.example.com',
  name: 'Shop',
  startDate: null,
  charges: 'first_invoice',
  roundingUnitsPerLine: 1,
  workflows: [],
  ...PLATFORM_SETTINGS_DEFAULT,
  ...settings,
})

export const workflow = (changes: Partial<Workflow> = {}): Workflow => ({
  paymentMethod: '*',
  until: 'posted_invoice',
  when: 'ordered',
  capturesItself: false,
  ...changes,
})

type More = Readonly<Record<string, unknown>>

/** The state of the order on the n-th day of November. */
export const state = (lines: readonly object[], more: More = {}, day = 2) => ({
  number: '1001',
  placedOn: '2026-11-01',
  billTo: null,
  shipTo: null,
  prices: 'tax_excluded',
  lines,
  instance: STORE,
  platformOrderId: '77',
  modifiedAt: `2026-11-${day.toString().padStart(2, '0')}T00:00:00.000Z`,
  status: 'Pending',
  paymentStatus: '',
  ...more,
})

export const imported = (
  lines: readonly object[],
  more: More = {},
  scene: Partial<Scene> = {},
  day = 2,
) => after(importOrder, state(lines, more, day), scene)

/** What a further import of the order decides and answers. */
export const importing = (
  lines: readonly object[],
  more: More = {},
  scene: Partial<Scene> = {},
  day = 2,
) => {
  const decided = decide(importOrder, state(lines, more, day), scene)
  if ('refusal' in decided) throw new Error(JSON.stringify(decided.refusal))
  return decided
}
