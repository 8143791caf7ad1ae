/** The ways to pay a refund: each a list of payments that go together. */
import { share } from '../state/amounts.js'
import type { Order, PaidPart } from '../state/order.js'
import { refundedBy } from './standing.js'

export type PaymentOption = Readonly<{
  provider: string
  description: string
  units: number
  offline: boolean
  offlineProvider: boolean
  offlineReason: string
}>

export type Method = readonly PaymentOption[]

/** To store credit, as recorded elsewhere, and back where it came from, in the same split. */
export function methodsFor(units: number, order: Order): readonly Method[] {
  const methods: Method[] = []
  const takesCredit = storeCreditRefusal(order) === null
  if (takesCredit) methods.push([storeCredit(units)])
  methods.push([custom(units)])
  const paid = order.base.parts.find(({ kind }) => kind === 'gateway' || kind === 'offline')
  if (paid === undefined) return methods
  const left = paid.units - refundedBy(order, paid.provider).units
  if (units <= left) methods.push([gatewayOption(units, paid, order)])
  const others = order.base.total.gross - paid.units
  if (others === 0 || !takesCredit || left <= 0) return methods
  // The rest was paid by store credit or a gift certificate: it becomes store credit.
  const proportional = share(units, paid.units, order.base.total.gross)
  const back = Math.min(units > left ? left : proportional, left)
  if (back > 0 && back < units) {
    methods.push([gatewayOption(back, paid, order), storeCredit(units - back)])
  }
  return methods
}

/** Why store credit cannot be given, or `null`. */
export function storeCreditRefusal({ base }: Order): string | null {
  if (base.customerId === 0) return 'Unable to provide store credit for a guest customer.'
  if (base.currency !== base.storeCurrency) {
    return 'Unable to provide store credit in a currency that is not the default one.'
  }
  return null
}

/** Why the gateway would not move this money by itself; empty: it would. */
export function gatewayRefusal(units: number, paid: PaidPart, order: Order): string {
  if (paid.kind === 'offline') return 'This is an offline payment provider.'
  const { gatewayRefunds } = order.base
  if (gatewayRefunds === 'none') return 'Online refunds are not available.'
  if (gatewayRefunds === 'once' && refundedBy(order, paid.provider).online > 0) {
    return 'Multiple online refunds are not available.'
  }
  if (gatewayRefunds === 'full_only' && units < paid.units) {
    return 'Partial online refunds are not available.'
  }
  return ''
}

function gatewayOption(units: number, paid: PaidPart, order: Order): PaymentOption {
  const offlineReason = gatewayRefusal(units, paid, order)
  return {
    provider: paid.provider,
    description: paid.description,
    units,
    offline: offlineReason !== '',
    offlineProvider: paid.kind === 'offline',
    offlineReason,
  }
}

function storeCredit(units: number): PaymentOption {
  return {
    provider: 'storecredit',
    description: 'Store Credit',
    units,
    offline: false,
    offlineProvider: false,
    offlineReason: '',
  }
}

function custom(units: number): PaymentOption {
  return {
    provider: 'custom',
    description: 'Custom',
    units,
    offline: true,
    offlineProvider: true,
    offlineReason: 'This is an offline payment provider.',
  }
}
