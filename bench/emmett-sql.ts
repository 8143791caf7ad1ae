/** Three lists as Emmett's raw SQL projections: a statement an event and list, amounts added up by the database. */
import {
  dumbo,
  type EmmettProjection,
  emmettPostgres,
  type EmmettSql,
  type ReadEmmettEvent,
} from './emmett.js'
import { creditOf, debitOf, postingsOf, textAt } from './emmett-event.js'

export const sqlTables = ['bench_invoices', 'bench_payments', 'bench_trial_balance']

export function sqlLists(): readonly EmmettProjection[] {
  return [invoices(), payments(), trialBalance()]
}

function invoices(): EmmettProjection {
  const { sql, rawSql } = dumbo()
  const statement = ({ type, data }: ReadEmmettEvent): EmmettSql => {
    const invoiceId = textAt(data, 'invoiceId')
    if (type === 'InvoiceDrafted') {
      const [name, date] = [textAt(data, 'billTo', 'name'), textAt(data, 'documentDate')]
      const gross = textAt(data, 'totals', 'gross', 'amount')
      return sql(
        `insert into bench_invoices (invoice_id, bill_to_name, invoice_date, due_date, currency, tax_excluded, total, due, status)
         values (%L, %L, %L, %L, %L, %L, %L, %L, 'Draft') on conflict (invoice_id) do nothing`,
        ...[invoiceId, name, date, textAt(data, 'dueDate'), textAt(data, 'currency')],
        ...[textAt(data, 'totals', 'net', 'amount'), gross, gross],
      )
    }
    if (type === 'InvoicePosted') {
      return sql(
        `update bench_invoices set number = %L, status = 'Not Paid' where invoice_id = %L`,
        ...[textAt(data, 'entry', 'number'), invoiceId],
      )
    }
    return sql(
      `update bench_invoices set due = due - %L, status = case when due = %L then 'Paid' else 'Partially Paid' end
       where invoice_id = %L`,
      ...[textAt(data, 'applied', 'amount'), textAt(data, 'applied', 'amount'), invoiceId],
    )
  }
  return emmettPostgres().postgreSQLRawBatchSQLProjection({
    name: 'bench_invoices',
    canHandle: ['InvoiceDrafted', 'InvoicePosted', 'PaymentRegistered'],
    evolve: (events) => events.map(statement),
    init: () =>
      rawSql(`create table if not exists bench_invoices (
        invoice_id text primary key, number text, bill_to_name text, invoice_date date not null, due_date date not null,
        currency text not null, tax_excluded numeric not null, total numeric not null, due numeric not null,
        status text not null)`),
  })
}

function payments(): EmmettProjection {
  const { sql, rawSql } = dumbo()
  const statement = ({ data }: ReadEmmettEvent): EmmettSql =>
    sql(
      `insert into bench_payments (payment_id, number, invoice_id, account, date, amount)
       values (%L, %L, %L, %L, %L, %L) on conflict (payment_id) do nothing`,
      ...[textAt(data, 'paymentId'), textAt(data, 'entry', 'number'), textAt(data, 'invoiceId')],
      ...[textAt(data, 'account'), textAt(data, 'date'), textAt(data, 'amount', 'amount')],
    )
  return emmettPostgres().postgreSQLRawBatchSQLProjection({
    name: 'bench_payments',
    canHandle: ['PaymentRegistered'],
    evolve: (events) => events.map(statement),
    init: () =>
      rawSql(`create table if not exists bench_payments (
        payment_id text primary key, number text not null, invoice_id text not null, account text not null,
        date date not null, amount numeric not null)`),
  })
}

function trialBalance(): EmmettProjection {
  const { sql, rawSql } = dumbo()
  const statements = ({ data }: ReadEmmettEvent): EmmettSql[] =>
    postingsOf(data).map((posting) =>
      sql(
        `insert into bench_trial_balance as b (account, debit, credit) values (%L, %L, %L)
         on conflict (account) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit`,
        ...[posting.account, debitOf(posting), creditOf(posting)],
      ),
    )
  return emmettPostgres().postgreSQLRawBatchSQLProjection({
    name: 'bench_trial_balance',
    canHandle: ['InvoicePosted', 'PaymentRegistered'],
    evolve: (events) => events.flatMap(statements),
    init: () =>
      rawSql(`create table if not exists bench_trial_balance (
        account text primary key, debit numeric not null, credit numeric not null)`),
  })
}
