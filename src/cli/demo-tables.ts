/** The books at a glance, for the end of the demo: the newest documents of each kind and the whole trial balance. */
import { creditNotes, creditNotesParameters } from '../queries/credit-notes.js'
import { invoices, invoicesParameters } from '../queries/invoices.js'
import type { ReadDatabase } from '../queries/list-page.js'
import { payments, paymentsParameters } from '../queries/payments.js'
import {
  trialBalance,
  trialBalanceParameters,
  trialBalanceTotals,
} from '../queries/trial-balance.js'
import { type Column, grouped, table } from './output.js'

const ROWS_SHOWN = '8'
const ACCOUNTS_SHOWN = '200'

const left = (label: string): Column => ({ label })
const right = (label: string): Column => ({ label, align: 'right' })

export async function ledgerTables(db: ReadDatabase): Promise<string> {
  return [
    await invoiceTable(db),
    await creditNoteTable(db),
    await paymentTable(db),
    await trialBalanceTable(db),
  ].join('\n\n')
}

async function invoiceTable(db: ReadDatabase): Promise<string> {
  const page = await invoices(db, invoicesParameters.parse({ limit: ROWS_SHOWN }))
  const columns = [
    left('Number'),
    left('Bill-to Name'),
    left('Invoice Date'),
    left('Due Date'),
    right('Tax Excluded'),
    left('Status'),
  ]
  const rows = page.rows.map((row) => [
    row.number ?? '',
    row.billToName ?? '',
    row.invoiceDate,
    row.dueDate,
    grouped(row.taxExcluded),
    row.status,
  ])
  return titled('Invoices', page, table(columns, rows))
}

async function creditNoteTable(db: ReadDatabase): Promise<string> {
  const page = await creditNotes(db, creditNotesParameters.parse({ limit: ROWS_SHOWN }))
  const columns = [
    left('Number'),
    left('Invoice'),
    left('Bill-to Name'),
    left('Date'),
    right('Total'),
    right('Remaining'),
    left('Status'),
  ]
  const rows = page.rows.map((row) => [
    row.number ?? '',
    row.invoiceNumber ?? 'ad hoc',
    row.billToName ?? '',
    row.documentDate,
    grouped(row.total),
    grouped(row.remaining),
    row.status,
  ])
  return titled('Credit notes', page, table(columns, rows))
}

async function paymentTable(db: ReadDatabase): Promise<string> {
  const page = await payments(db, paymentsParameters.parse({ limit: ROWS_SHOWN }))
  const columns = [
    left('Number'),
    left('Kind'),
    left('Date'),
    left('Document'),
    left('Account'),
    right('Amount'),
    left('Status'),
  ]
  const rows = page.rows.map((row) => [
    row.number,
    row.kind,
    row.date,
    row.documentNumber,
    row.account,
    grouped(row.amount),
    row.status,
  ])
  return titled('Payments and refunds', page, table(columns, rows))
}

async function trialBalanceTable(db: ReadDatabase): Promise<string> {
  const page = await trialBalance(db, trialBalanceParameters.parse({ limit: ACCOUNTS_SHOWN }))
  const totals = await trialBalanceTotals(db, undefined)
  const columns = [
    left('Account'),
    left('Type'),
    right('Debit'),
    right('Credit'),
    right('Balance'),
    left(''),
  ]
  const moved = page.rows.filter(({ debit, credit }) => /[1-9]/.test(debit + credit))
  const rows = [
    ...moved.map((row) => [
      row.name,
      row.type,
      grouped(row.debit),
      grouped(row.credit),
      grouped(row.balance),
      row.currency,
    ]),
    ...totals.map((total) => [
      'Total',
      '',
      grouped(total.debit),
      grouped(total.credit),
      grouped(total.balance),
      total.currency,
    ]),
  ]
  return `Trial balance\n${table(columns, rows)}`
}

function titled(
  title: string,
  page: Readonly<{ rows: readonly unknown[]; total: number }>,
  drawn: string,
): string {
  const shown =
    page.rows.length < page.total
      ? `the newest ${page.rows.length} of ${page.total}`
      : `${page.total}`
  return `${title} (${shown})\n${drawn}`
}
