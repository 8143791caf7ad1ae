/** What to try on a served demo, to paste into a shell or a browser. */
import { randomUUID } from 'node:crypto'
import { creditNotes, creditNotesParameters } from '../queries/credit-notes.js'
import type { ReadDatabase } from '../queries/list-page.js'

export type Place = Readonly<{
  /** `http://127.0.0.1:4180` */
  address: string
  key: string
}>

type Post = Readonly<{ command: string; idempotencyKey: string; body: object }>

/** Browsers send the key along as the password of whatever user name. */
export function browserAddress({ address, key }: Place): string {
  const url = new URL('/invoices', address)
  url.username = 'folio'
  url.password = key
  return url.href
}

export function curlList({ address, key }: Place): string {
  return curl(`${address}/invoices`, [`Authorization: Bearer ${key}`])
}

/** Refunds the newest credit note with something left, or places an order where there is none. */
export async function curlCommand(db: ReadDatabase, { address, key }: Place): Promise<string> {
  const { command, idempotencyKey, body } = (await refund(db)) ?? order()
  const headers = [
    `Authorization: Bearer ${key}`,
    `Idempotency-Key: ${idempotencyKey}`,
    'Content-Type: application/json',
  ]
  return `${curl(`${address}/commands/${command}`, headers)} -d '${JSON.stringify(body)}'`
}

/** Named after its note: pasted twice, it is one refund. */
async function refund(db: ReadDatabase): Promise<Post | null> {
  const open = creditNotesParameters.parse({ limit: '1', status: 'Open', direction: 'out' })
  const [note] = (await creditNotes(db, open)).rows
  if (note === undefined) return null
  const { creditNoteId: documentId, remaining, currency } = note
  return {
    command: 'refund-credit',
    idempotencyKey: `refund-${documentId}`,
    body: { documentId, amount: { amount: remaining, currency }, account: 'bank' },
  }
}

function order(): Post {
  return {
    command: 'place-order',
    idempotencyKey: randomUUID(),
    body: {
      number: 'DEMO-1',
      placedOn: '2026-01-05',
      party: null,
      billTo: { name: 'Ada Byron', country: 'GB' },
      shipTo: null,
      prices: 'tax_excluded',
      lines: [
        {
          kind: 'item',
          description: 'Desk lamp',
          quantity: '2',
          unitPrice: '24.5',
          tax: { code: 'GB-20', ratePercent: '20' },
        },
      ],
    },
  }
}

/** None of it holds a quote: keys, ids, decimal text and our own words. */
function curl(url: string, headers: readonly string[]): string {
  return [`curl -sS '${url}'`, ...headers.map((header) => `-H '${header}'`)].join(' ')
}
