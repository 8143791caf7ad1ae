import type { AccountType } from '../../src/events/books-events.js'

/** The default chart of accounts of postings.md, by slug. */
export const DEFAULT_CHART: readonly Readonly<{
  account: string
  name: string
  type: AccountType
}>[] = [
  { account: 'bank', name: 'Bank', type: 'bank' },
  { account: 'cash', name: 'Cash', type: 'cash' },
  { account: 'cheques', name: 'Cheques', type: 'cheque' },
  { account: 'outstanding-receipts', name: 'Outstanding receipts', type: 'outstanding' },
  { account: 'outstanding-payments', name: 'Outstanding payments', type: 'outstanding' },
  { account: 'receivable', name: 'Receivable', type: 'receivable' },
  { account: 'payable', name: 'Payable', type: 'payable' },
  { account: 'customer-prepayments', name: 'Customer prepayments', type: 'prepayment' },
  { account: 'supplier-prepayments', name: 'Supplier prepayments', type: 'prepayment' },
  { account: 'store-credit', name: 'Store credit and gift certificates', type: 'liability' },
  { account: 'output-tax', name: 'Output tax', type: 'tax' },
  { account: 'input-tax', name: 'Input tax', type: 'tax' },
  { account: 'withheld-tax', name: 'Withheld tax', type: 'tax' },
  { account: 'sales', name: 'Sales', type: 'revenue' },
  { account: 'shipping', name: 'Shipping and handling', type: 'revenue' },
  { account: 'fees-charged', name: 'Fees charged', type: 'revenue' },
  { account: 'discounts', name: 'Discounts', type: 'revenue' },
  { account: 'purchases', name: 'Purchases', type: 'expense' },
  { account: 'payment-fees', name: 'Payment fees', type: 'expense' },
  { account: 'disputes-lost', name: 'Disputes lost', type: 'expense' },
  { account: 'small-differences', name: 'Small differences', type: 'expense' },
  { account: 'rounding', name: 'Rounding', type: 'expense' },
  { account: 'exchange-gain', name: 'Exchange gain', type: 'revenue' },
  { account: 'exchange-loss', name: 'Exchange loss', type: 'expense' },
  { account: 'opening-balances', name: 'Opening balances', type: 'equity' },
]

/** The accounts that decisions name themselves: without them there is no entry. */
export const LEDGER_ACCOUNTS: ReadonlySet<string> = new Set(
  DEFAULT_CHART.map(({ account }) => account).filter(
    (account) => !['bank', 'cash', 'cheques'].includes(account),
  ),
)

/** Where money of the default bank account waits for its statement. */
export const DEFAULT_OUTSTANDING = {
  receipts: 'outstanding-receipts',
  payments: 'outstanding-payments',
}
