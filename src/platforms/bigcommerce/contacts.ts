/** Whom an order names. */
import type { Mending } from '../mended-text.js'
import type { PlatformContact } from '../platform.js'
import type { WireAddress } from './order-wire.js'

const LENGTHS_MAX = { name: 200, address: 1000, email: 254, phone: 50, country: 100 } as const

/** A company stands above the address of whoever ordered for it. `null`: nothing was said. */
export function contactOf(
  wire: WireAddress | null | undefined,
  mending: Mending,
): PlatformContact | null {
  if (wire === null || wire === undefined) return null
  const person = joined([wire.first_name, wire.last_name], ' ')
  const company = joined([wire.company], '')
  const town = joined([wire.city, wire.state, wire.zip], ' ')
  const parts = {
    name: person === '' ? company : person,
    address: joined([person === '' ? '' : company, wire.street_1, wire.street_2, town], ', '),
    email: joined([wire.email], ''),
    phone: joined([wire.phone], ''),
    country: joined([wire.country_iso2], '') || joined([wire.country], ''),
  }
  const said = Object.entries(parts).flatMap(([name, text]) => {
    const mended = mending.text(text, LENGTHS_MAX[name as keyof typeof parts])
    return mended === '' ? [] : [[name, mended] as const]
  })
  return said.length === 0 ? null : Object.fromEntries(said)
}

function joined(texts: readonly (string | null | undefined)[], separator: string): string {
  return texts
    .map((text) => (text ?? '').trim())
    .filter((text) => text !== '')
    .join(separator)
}
