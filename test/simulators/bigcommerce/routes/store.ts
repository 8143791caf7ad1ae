/** V2: what a store says of itself; good for trying credentials. */
import { digitsOf } from '../state/amounts.js'
import type { Handler } from './call.js'

export const store: Handler = ({ store: { settings } }) => ({
  status: 200,
  body: {
    id: settings.hash,
    account_uuid: '8d4d492f-17a1-4d95-b396-e1c5720815a5',
    domain: `${settings.hash}.example.com`,
    secure_url: `https://${settings.hash}.example.com`,
    status: 'live',
    name: settings.name,
    admin_email: 'owner@example.com',
    country_code: 'DE',
    language: 'en',
    currency: settings.currency,
    currency_symbol: settings.currency,
    decimal_places: digitsOf(settings.currency),
    timezone: { name: 'Europe/Berlin', raw_offset: 3_600 },
    plan_name: 'Standard',
    plan_level: 'Standard',
    is_price_entered_with_tax: true,
    store_id: settings.storeId,
    default_channel_id: 1,
  },
})

export const time: Handler = ({ nowMs }) => ({
  status: 200,
  body: { time: Math.floor(nowMs / 1_000) },
})
