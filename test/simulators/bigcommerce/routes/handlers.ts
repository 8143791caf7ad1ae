/** Who answers which route. */
import type { RouteName } from '../contract.js'
import type { Handler } from './call.js'
import { changeHook, createHook, deleteHook, hook, hooks, hooksAdmin } from './hooks.js'
import {
  orderFees,
  orderProducts,
  orderTaxes,
  shipments,
  shippingAddresses,
} from './order-parts.js'
import { changeOrder, order, orders } from './orders.js'
import { createRefund, quoteRefund, refund, refunds, refundsOfOrder } from './refunds.js'
import { store, time } from './store.js'
import { capture, createTransaction, transactions, voidPayment } from './transactions.js'

export const HANDLERS: Readonly<Record<RouteName, Handler>> = {
  store,
  time,
  orders,
  order,
  changeOrder,
  orderProducts,
  shippingAddresses,
  orderTaxes,
  orderFees,
  shipments,
  quoteRefund,
  createRefund,
  refundsOfOrder,
  refund,
  refunds,
  capture,
  void: voidPayment,
  transactions,
  createTransaction,
  hooks,
  hooksAdmin,
  hook,
  createHook,
  changeHook,
  deleteHook,
}
