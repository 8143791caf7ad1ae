/** What happened in the simulated stores: each a line of the journal, from which all is rebuilt. */
import type { Fault, StoreSettings } from '../options.js'
import type { Hook, Notice } from './hook.js'
import type { OrderBase, OrderFace, Refund, Shipment, Transaction } from './order.js'

type Faced = Readonly<{ face: OrderFace; visibleAtMs: number }>

export type SeededOrder = Readonly<{
  base: OrderBase
  face: OrderFace
  transactions: readonly Transaction[]
  shipments: readonly Shipment[]
}>

/** Something that is still to happen by itself. */
export type Later = Readonly<
  | { what: 'decline'; atMs: number; order: number; refund: number; message: string }
  | {
      what: 'payment'
      atMs: number
      order: number
      paymentStatus: string
      transaction: Transaction
    }
>

/** What happened to one order. */
export type OrderEffect = Readonly<
  { store: string; order: number; atMs: number } & (
    | ({ type: 'order_changed'; shipment?: Shipment } & Faced)
    | ({ type: 'refund_made'; refund: Refund; transactions: readonly Transaction[] } & Faced)
    | ({
        type: 'refund_declined'
        refund: Refund
        transactions: readonly Transaction[]
      } & Faced)
    | ({ type: 'transaction_recorded'; transaction: Transaction; later?: string } & Faced)
    | { type: 'later_planned'; key: string; later: Later }
  )
>

export type Effect = Readonly<
  | OrderEffect
  | { type: 'started'; atMs: number; seed: number }
  | { type: 'store_set'; store: string; settings: StoreSettings }
  | { type: 'orders_seeded'; store: string; atMs: number; orders: readonly SeededOrder[] }
  | { type: 'hook_set'; store: string; hook: Hook }
  | { type: 'hook_deleted'; store: string; hook: number }
  | { type: 'notice_due'; store: string; notice: Notice }
  | { type: 'notice_ended'; store: string; notice: string; delivered: boolean; attempts: number }
  | { type: 'faults_set'; faults: readonly (Fault & { id: string; left: number | null })[] }
  | { type: 'fault_spent'; fault: string }
>
