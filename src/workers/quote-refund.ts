/** The refund of a credit note as its store would make it, decided and planned as it will be, and not sent (B3). */
import { folioOfDocument } from '../../commands/document-id.js'
import { refundableNote } from '../../commands/platform/refund-conditions.js'
import { refundItems } from '../../commands/platform/refund-items.js'
import { moneyRefusal } from '../../commands/platform/refund-order-on-platform.js'
import type { Refusal } from '../../commands/refusal.js'
import type { Folio } from '../aggregates/folio.js'
import type { Instance } from '../aggregates/instance.js'
import { minus, type Money } from '../money/money.js'
import type {
  Failure,
  RefundItem,
  RefundPayment,
  RefundQuote,
  Store,
} from '../platforms/platform.js'
import { planRefund } from './refund-plan.js'
import { paidBy } from './tell-refund.js'

type Ports = Readonly<{
  readFolio: (folioId: string) => Promise<Folio>
  readInstance: (instance: string) => Promise<Instance>
  storeOf: (instance: string) => Promise<Store | null>
  monotonicMs: () => number
}>

type Quoted = Readonly<{
  purpose: 'give_back' | 'record'
  amount: Money
  tax: Money
  items: readonly RefundItem[]
  quote: RefundQuote
  chosen: readonly RefundPayment[] | null
  override: Readonly<{ total: Money; tax: Money }> | null
  /** What the store reckons beyond the ledger. */
  difference: Money
  setback: Readonly<{ code: string; detail: string }> | null
}>

/** Whoever asks waits for it. */
const DEADLINE_MS = 20_000

export async function quoteRefund(
  {
    creditNoteId,
    providers,
  }: Readonly<{ creditNoteId: string; providers: readonly string[] | null }>,
  { readFolio, readInstance, storeOf, monotonicMs }: Ports,
): Promise<
  Readonly<
    | { outcome: 'quoted'; quoted: Quoted }
    | { outcome: 'refused'; refusal: Refusal }
    | { outcome: 'not_connected'; instance: string }
    | { outcome: 'failed'; failure: Failure }
  >
> {
  const folio = await readFolio(folioOfDocument(creditNoteId))
  const { order } = folio
  const id = order.status === 'absent' ? null : (order.platform?.instance ?? null)
  const known = id === null ? null : await readInstance(id)
  const instance = known?.status === 'registered' ? known : null
  const found = refundableNote(creditNoteId, { folio, instance })
  if ('code' in found) return { outcome: 'refused', refusal: found }
  const refusal = moneyRefusal(found, { folio })
  if (refusal !== null) return { outcome: 'refused', refusal }
  const { note, order: ofStore, purpose, amount } = found
  const { instance: storeId, platformOrderId } = ofStore.platform
  const store = await storeOf(storeId)
  if (store === null || instance === null) return { outcome: 'not_connected', instance: storeId }
  const { items: asked, tax } = refundItems(note, ofStore, amount, folio)
  const items = asked.map(withoutUndefined)
  const quote = await store.quoteRefund(
    { order: platformOrderId, currency: amount.currency, items },
    { deadlineMs: monotonicMs() + DEADLINE_MS },
  )
  if (quote.outcome === 'failed') return { outcome: 'failed', failure: quote }
  const plan = planRefund({ purpose, amount, tax, items, providers }, quote.value, {
    refundDifference: instance.refundDifference,
    paidBy: paidBy(folio),
  })
  const isPlanned = !('setback' in plan)
  return {
    outcome: 'quoted',
    quoted: {
      ...{ purpose, amount, tax, items, quote: quote.value },
      chosen: isPlanned ? plan.payments : null,
      override: isPlanned ? plan.override : null,
      difference: minus(quote.value.total, amount),
      setback: isPlanned ? null : { code: plan.setback, detail: plan.detail },
    },
  }
}

function withoutUndefined(item: ReturnType<typeof refundItems>['items'][number]): RefundItem {
  if (item.kind !== 'item') return item
  const { lessBy, ...rest } = item
  return lessBy === undefined ? rest : { ...rest, lessBy }
}
