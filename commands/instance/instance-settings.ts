import type { OpenBooks } from '../../src/aggregates/books.js'
import type { AccountType } from '../../src/events/books-events.js'
import { instanceSettingsSchema, type Workflow } from '../../src/events/instance-events.js'
import { HAND_ACCOUNT_TYPES } from '../money-account.js'
import type { Refusal } from '../refusal.js'

const { name, startDate, charges, roundingUnitsPerLine, workflows } = instanceSettingsSchema.shape
const { markOrdersPaid, markPaidBy, refundDifference, storeRefunds } = instanceSettingsSchema.shape

/** All settings of an instance, each of which may be left out. */
export const settingsInput = {
  name: name.optional(),
  startDate: startDate
    .optional()
    .describe('Older orders are history: visible, without postings (L29).'),
  charges: charges
    .optional()
    .describe('Of an order with several invoices: whole on the first, or in proportion (L17).'),
  roundingUnitsPerLine: roundingUnitsPerLine
    .optional()
    .describe("So many minor units a line the platform's total may differ (L19)."),
  workflows: workflows
    .optional()
    .describe('All of them anew: how far an imported order is carried by itself (L28).'),
  markOrdersPaid: markOrdersPaid
    .optional()
    .describe('*Mark Order as Paid?*: orders paid here are marked as paid at the store (P1).'),
  markPaidBy: markPaidBy
    .optional()
    .describe('How the store is told first; the other way where it does not offer that (P5).'),
  refundDifference: refundDifference
    .optional()
    .describe("A refund that the store reckons differently: the ledger's amount, or none (B3)."),
  storeRefunds: storeRefunds
    .optional()
    .describe('Credit notes over refunds made at the store: posted at once, or drafts (B9).'),
}

const PAYMENT_ACCOUNT_TYPES: readonly AccountType[] = [...HAND_ACCOUNT_TYPES, 'gateway']

/** A payment method has one workflow; one that registers the payment says over which account. */
export function workflowsRefusal(given: readonly Workflow[], books: OpenBooks): Refusal | null {
  const seen = new Set<string>()
  for (const workflow of given) {
    const { paymentMethod } = workflow
    if (seen.has(paymentMethod)) return { code: 'workflow_named_twice', paymentMethod }
    seen.add(paymentMethod)
    const refusal = accountRefusal(workflow, books)
    if (refusal !== null) return refusal
  }
  return null
}

function accountRefusal(
  { paymentMethod, until, account }: Workflow,
  { books, accounts }: OpenBooks,
): Refusal | null {
  if (until !== 'registered_payment') return null
  if (account === undefined) return { code: 'workflow_needs_account', paymentMethod }
  const known = accounts.get(account)
  if (known === undefined) return { code: 'account_not_found', account, books }
  const { type, closed } = known
  if (!PAYMENT_ACCOUNT_TYPES.includes(type)) {
    return { code: 'account_type_not_allowed', account, type, allowed: PAYMENT_ACCOUNT_TYPES }
  }
  return closed ? { code: 'account_closed', account } : null
}
