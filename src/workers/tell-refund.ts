/** Gives a credit note back at its store: asks for a quote, plans how it is paid, sends it once (B3, B4). */
import type { RefundTask } from '../aggregates/sync-task.js'
import type { RegisteredInstance } from '../aggregates/instance.js'
import type { Folio } from '../aggregates/folio.js'
import type { RefundItem, Store } from '../platforms/platform.js'
import { lookBeforeAgain } from './look-for-refund.js'
import { readRefund } from './read-refund.js'
import { markerOf } from './refund-marker.js'
import { planRefund, STORE_CREDIT } from './refund-plan.js'
import { attempt, callOptions, recordFailure, recordUnanswered, type Told } from './sync-attempt.js'
import type { SyncPorts } from './sync-ports.js'

const REASON_LENGTH_MAX = 1000

type At = Readonly<{ folio: Folio; store: Store; instance: RegisteredInstance }>

export async function tellRefund(
  task: RefundTask,
  { folio, store, instance }: At,
  ports: SyncPorts,
): Promise<Told> {
  const { request } = task
  const { platformOrderId: order, amount, books } = request
  const items: readonly RefundItem[] = request.items.map(withoutUndefined)
  const asked = { order, currency: amount.currency, items }
  await ports.reached('before_question')
  const before = await lookBeforeAgain(task, { folio, store }, ports)
  if (before !== 'nothing') return before
  const quote = await store.quoteRefund(asked, callOptions(ports))
  if (quote.outcome === 'failed') return recordUnanswered(task, quote, ports)
  const plan = planRefund({ ...request, items }, quote.value, {
    refundDifference: instance.refundDifference,
    paidBy: paidBy(folio),
  })
  if ('setback' in plan) return recordFailure(task, { attempt: null, ...plan }, ports)
  const timeZone = await ports.timeZoneOf(books)
  const { payments, override } = plan
  return attempt(
    task,
    {
      kind: 'refund',
      payments: payments.map(({ provider, amount: part, isOffline }) => ({
        ...{ provider, amount: part, isOffline },
      })),
      override,
    },
    {
      send: (options) =>
        store.refund({ ...asked, reason: reasonOf(task), payments, override }, options),
      done: (refund) =>
        Promise.resolve({
          answer: 'refunded',
          refund: readRefund(refund, timeZone),
          foundBy: 'answer',
        }),
    },
    ports,
  )
}

/** What staff read, and what the refund is found again by, however long the description is. */
function reasonOf({ taskId, request }: RefundTask): string {
  const marker = markerOf(taskId)
  return `${request.description.slice(0, REASON_LENGTH_MAX - marker.length - 1).toWellFormed()} ${marker}`
}

/** The providers that the order's money came by, as the store names them; `null`: one that it has not named. */
export function paidBy({ order }: Folio): readonly (string | null)[] {
  if (order.status === 'absent') return []
  const { payments, gateway: ofOrder, storeCredit, giftCertificates } = order
  // Where no transaction is listed, all that is known is what the method is called in the shop.
  const ofMoney = payments.map(({ gateway = ofOrder, transaction }) =>
    transaction === undefined ? null : (gateway ?? null),
  )
  // What was paid with a gift certificate comes back as store credit, at the store and here (J26).
  const hasCredit = storeCredit !== undefined || giftCertificates !== undefined
  const providers = [...ofMoney, ...(hasCredit ? [STORE_CREDIT] : [])]
  if (providers.length > 0) return providers
  return ofOrder === undefined ? [] : [ofOrder]
}

function withoutUndefined(item: RefundTask['request']['items'][number]): RefundItem {
  if (item.kind !== 'item') return item
  const { lessBy, ...rest } = item
  return lessBy === undefined ? rest : { ...rest, lessBy }
}
