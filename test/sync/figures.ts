/** What reports and documents say, as the tests of the sync ask for it. */
import type { FactOfType, LedgerEvent } from '../../src/events/ledger-event.js'
import type { Answered, Json } from '../support/served-ledger.js'
import type { Bench } from './bench.js'
import type { Sale, Shop } from './shop.js'

/** The balance of every account; the books balance, or it throws. */
export async function trialBalance(bench: Bench): Promise<Readonly<Record<string, string>>> {
  await bench.caughtUp()
  const { body } = await bench.client.get('/reports/trial-balance?limit=200')
  for (const { balance } of body.totals) {
    if (balance !== '0.00') throw new Error(`The trial balance is ${balance}.`)
  }
  return Object.fromEntries(body.rows.map((row: Json) => [row.account, row.balance]))
}

export async function noteOf({ client }: Bench, creditNoteId: string): Promise<Json> {
  return (await client.get(`/credit-notes/${creditNoteId}`)).body
}

/** Whether the document offers it, and the problem that it shows instead. */
export function actionIn({ actions }: Json, command: string): Json {
  const { open, reason } = actions.find((action: Json) => action.command === command)
  return open === true ? 'open' : reason
}

/** The command, as a person gives it who reads the answer. */
export function asked(
  { client }: Bench,
  creditNoteId: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answered> {
  return client.command('refund-order-on-platform', {
    creditNoteId,
    description: 'Came back',
    ...more,
  })
}

/** The refunds that a store has, by the task whose marker they carry. */
export async function refundsByTask({ bench, hash }: Shop): Promise<Record<string, number[]>> {
  const byMarker = await bench.simulator.control.refundsByMarker({ store: hash })
  return Object.fromEntries(
    Object.entries(byMarker).map(([marker, ids]) => [marker.replace('ref:', ''), ids]),
  )
}

export async function eventsOf<Type extends LedgerEvent['type']>(
  sale: Pick<Sale, 'events'>,
  type: Type,
): Promise<readonly FactOfType<Type>['data'][]> {
  const events: readonly Readonly<{ type: string; data: unknown }>[] = await sale.events()
  return events
    .filter((event) => event.type === type)
    .map(({ data }) => data as FactOfType<Type>['data'])
}

/** What the entries of an order have made of an account: debits less credits, in minor units. */
export async function balanceIn(sale: Pick<Sale, 'events'>, account: string): Promise<number> {
  const events = await sale.events()
  const postings = events.flatMap(({ data }) => ('entry' in data ? data.entry.postings : []))
  return postings
    .filter((posting) => posting.account === account)
    .reduce((sum, { side, amount }) => {
      const units = Math.round(Number.parseFloat(amount.amount) * 100)
      return side === 'debit' ? sum + units : sum - units
    }, 0)
}
