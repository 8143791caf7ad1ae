/** Facts of credits in a story: prepayments, allocations, approvals, voids, reversals, opening balances. */
import type { AllocatedCredit } from '../../src/events/allocation-events.js'
import type { FactOfType } from '../../src/events/ledger-event.js'
import type { Posting } from '../../src/events/parts.js'
import { minus, type Money, money, plus } from '../../src/money/money.js'
import {
  entry,
  folioId,
  gbp,
  invoiceId,
  noteId,
  numbered,
  orderId,
  overpaymentId,
  PARTY,
  paymentId,
  posting,
} from './ledger-story.js'

export const prepaymentId = (folio: number, advance = 1): string =>
  `${folioId(folio)}-pre${advance}`
export const allocationId = (folio: number, allocation = 1): string =>
  `${folioId(folio)}-al${allocation}`
export const approvalId = (folio: number, approval = 1): string => `${folioId(folio)}-ap${approval}`
export const openingId = (folio: number, item: number, kind: 'i' | 'pre'): string =>
  `${folioId(folio)}-${kind}${item}`

type Named = Readonly<{ folio: number; date?: string }>

/** Taken in by a gateway, at once. `tax`: what of it is tax that is due with it (J12). */
export function prepaymentRegistered(
  options: Named &
    Readonly<{
      payment?: number
      advance?: number
      amount?: string
      tax?: string
      order?: boolean
      account?: 'cash' | 'bank'
    }>,
): FactOfType<'PrepaymentRegistered'> {
  const { folio, payment = 1, advance = 1, amount = '120.00', date = '2026-03-01' } = options
  const { tax, order = false, account = 'cash' } = options
  const document = prepaymentId(folio, advance)
  const heldIn = account === 'cash' ? 'cash' : 'outstanding-receipts'
  const taxed = gbp(tax ?? '0.00')
  const net = minus(gbp(amount), taxed)
  return {
    type: 'PrepaymentRegistered',
    data: {
      paymentId: paymentId(folio, payment),
      direction: 'out',
      flow: 'received',
      party: PARTY,
      account,
      heldIn,
      matching: account === 'bank' ? 'awaited' : 'none',
      amount: gbp(amount),
      date,
      prepayment: { documentId: document, number: `PRE/2026/${numbered(folio * 10 + advance)}` },
      order: order ? { orderId: orderId(folio), number: `${1000 + folio}` } : null,
      online: { gateway: 'stripe', transaction: `ch_${folio}_${payment}` },
      ...(tax === undefined ? {} : { tax: { code: 'standard', ratePercent: '20', amount: taxed } }),
      entry: entry(`PAY/2026/${numbered(folio * 10 + payment)}`, date, [
        posting(heldIn, 'debit', gbp(amount)),
        posting('customer-prepayments', 'credit', net, { document }),
        ...(tax === undefined
          ? []
          : [{ ...posting('output-tax', 'credit', taxed, { document }), tax: standard(net) }]),
      ]),
    },
  }
}

function cents(amount: string): string {
  return amount.replace('.', '')
}

function standard(base: Money) {
  return { code: 'standard', ratePercent: '20', base }
}

/** The payment of an invoice, or with `credit` alone a prepayment, that bounced. */
export function paymentReversed(
  options: Named &
    Readonly<{
      payment?: number
      applied?: string
      credit?: Readonly<{ documentId: string; amount: string }>
      account?: 'bank' | 'cash'
    }>,
): FactOfType<'PaymentReversed'> {
  const { folio, payment = 1, applied = '0.00', credit, date = '2026-04-01' } = options
  const { account = 'bank' } = options
  const settled = gbp(applied)
  const isInvoice = applied !== '0.00'
  const back = [
    ...(isInvoice ? [posting('receivable', 'debit', settled, { document: invoiceId(folio) })] : []),
    ...(credit === undefined
      ? []
      : [
          posting('customer-prepayments', 'debit', gbp(credit.amount), {
            document: credit.documentId,
          }),
        ]),
  ]
  const heldIn = account === 'cash' ? 'cash' : 'outstanding-receipts'
  return {
    type: 'PaymentReversed',
    data: {
      paymentId: paymentId(folio, payment),
      paymentNumber: `PAY/2026/${numbered(folio * 10 + payment)}`,
      invoiceId: isInvoice ? invoiceId(folio) : null,
      applied: settled,
      credit:
        credit === undefined ? null : { documentId: credit.documentId, amount: gbp(credit.amount) },
      direction: 'out',
      flow: 'received',
      account,
      amount: credit === undefined ? settled : plus(settled, gbp(credit.amount)),
      date,
      reason: 'bounced',
      entry: entry(`JRN/2026/${numbered(folio * 10 + payment)}`, date, [
        ...back,
        ...back.map(({ amount }) => posting(heldIn, 'credit', amount)),
      ]),
    },
  }
}

type Source = 'credit_note' | 'prepayment' | 'overpayment'

export type AllocationOptions = Readonly<{
  /** The folio of the credit, and that of the invoice; the same one unless given. */
  folio: number
  to?: number
  allocation?: number
  source?: Source
  amount: string
}>

function documentOf({ folio, source = 'credit_note' }: AllocationOptions): string {
  if (source === 'credit_note') return noteId(folio)
  return source === 'prepayment' ? prepaymentId(folio) : overpaymentId(folio)
}

function creditOf(options: AllocationOptions): AllocatedCredit {
  const { folio, to = folio, allocation = 1, source = 'credit_note', amount } = options
  return {
    allocationId: allocationId(folio, allocation + (to === folio ? 0 : 1000 * to)),
    documentId: documentOf(options),
    documentKind: source,
    documentNumber: 'RINV/2026/00001',
    direction: 'out',
    party: PARTY,
    books: 'default',
    amount: gbp(amount),
    booksAmount: gbp(amount),
    remaining: gbp('0.00'),
  }
}

function invoiceOf({ folio, to = folio }: AllocationOptions) {
  return { invoiceId: invoiceId(to), invoiceNumber: `INV/2026/${numbered(to)}` }
}

export function allocationReserved(options: AllocationOptions): FactOfType<'AllocationReserved'> {
  const data = { credit: creditOf(options), ...invoiceOf(options), date: '2026-03-20' }
  return { type: 'AllocationReserved', data }
}

export function allocationApplied(options: AllocationOptions): FactOfType<'AllocationApplied'> {
  return {
    type: 'AllocationApplied',
    data: {
      credit: creditOf(options),
      ...invoiceOf(options),
      date: '2026-03-20',
      due: gbp('0.00'),
      entry: allocationEntry(options, 'debit'),
    },
  }
}

export function allocationReversed(options: AllocationOptions): FactOfType<'AllocationReversed'> {
  const { allocationId: id, documentId, amount } = creditOf(options)
  return {
    type: 'AllocationReversed',
    data: {
      allocationId: id,
      documentId,
      ...invoiceOf(options),
      amount,
      date: '2026-03-21',
      reason: 'wrong invoice',
      entry: allocationEntry(options, 'credit'),
    },
  }
}

function allocationEntry(options: AllocationOptions, ofCredit: Posting['side']) {
  const { folio, to = folio, source = 'credit_note', amount } = options
  const account = source === 'credit_note' ? 'receivable' : 'customer-prepayments'
  const ofInvoice = ofCredit === 'debit' ? 'credit' : 'debit'
  return entry(`JRN/2026/${numbered(folio)}`, '2026-03-20', [
    posting(account, ofCredit, gbp(amount), { document: documentOf(options) }),
    posting('receivable', ofInvoice, gbp(amount), { document: invoiceId(to) }),
  ])
}

export function allocationConcluded(options: AllocationOptions): FactOfType<'AllocationConcluded'> {
  const { allocationId: id, documentId } = creditOf(options)
  return {
    type: 'AllocationConcluded',
    data: { allocationId: id, documentId, number: 'JRN/2026/00001' },
  }
}

export function allocationRefused(options: AllocationOptions): FactOfType<'AllocationRefused'> {
  const { allocationId: id, documentId } = creditOf(options)
  const { invoiceId: invoice } = invoiceOf(options)
  return {
    type: 'AllocationRefused',
    data: { allocationId: id, documentId, invoiceId: invoice, code: 'nothing_due', figures: {} },
  }
}

export function allocationReleased(
  options: AllocationOptions & Readonly<{ cause: 'refused' | 'reversed' }>,
): FactOfType<'AllocationReleased'> {
  const { allocationId: id, documentId, amount } = creditOf(options)
  return {
    type: 'AllocationReleased',
    data: { allocationId: id, documentId, amount, cause: options.cause },
  }
}

export function creditNoteVoided(
  options: Named & Readonly<{ note?: number; total: string; settled?: string }>,
): FactOfType<'CreditNoteVoided'> {
  const { folio, note = 1, total, settled = '0.00', date = '2026-03-25' } = options
  const document = noteId(folio, note)
  return {
    type: 'CreditNoteVoided',
    data: {
      creditNoteId: document,
      invoiceId: invoiceId(folio),
      settled: gbp(settled),
      reason: 'written by mistake',
      entry: entry(`JRN/2026/${numbered(folio * 10 + note)}`, date, [
        posting('receivable', 'debit', gbp(total), { document }),
        posting('sales', 'credit', gbp(total)),
        ...(settled === '0.00'
          ? []
          : [
              posting('receivable', 'credit', gbp(settled), { document }),
              posting('receivable', 'debit', gbp(settled), { document: invoiceId(folio) }),
            ]),
      ]),
    },
  }
}

type ApprovalOptions = Readonly<{
  folio: number
  approval?: number
  source?: Source
  amount: string
}>

export function refundApprovalRequested(
  options: ApprovalOptions,
): FactOfType<'RefundApprovalRequested'> {
  const { folio, approval = 1, source = 'credit_note', amount } = options
  return {
    type: 'RefundApprovalRequested',
    data: {
      approvalId: approvalId(folio, approval),
      books: 'default',
      documentId: documentOf(options),
      documentKind: source,
      documentNumber: 'RINV/2026/00001',
      direction: 'out',
      party: PARTY,
      amount: gbp(amount),
      remaining: gbp('0.00'),
      refund: { kind: 'refund_credit' },
      requestedBy: 'bob',
      role: 'operator',
      requestedOn: '2026-03-20',
      documentSum: gbp(amount),
      threshold: gbp('1.00'),
    },
  }
}

export function refundDecided(
  how: 'RefundApproved' | 'RefundDeclined',
  options: ApprovalOptions,
): FactOfType<'RefundApproved' | 'RefundDeclined'> {
  const named = {
    approvalId: approvalId(options.folio, options.approval),
    documentId: documentOf(options),
  }
  return how === 'RefundApproved'
    ? { type: how, data: { ...named, approvedBy: 'eve', approvedOn: '2026-03-21' } }
    : { type: how, data: { ...named, declinedBy: 'eve', declinedOn: '2026-03-21', reason: 'no' } }
}

/** What the opening balances need beyond the accounts of a story. */
export function openingAccount(): FactOfType<'AccountOpened'> {
  return {
    type: 'AccountOpened',
    data: {
      books: 'default',
      account: 'opening-balances',
      name: 'Opening balances',
      type: 'equity',
      booksCurrency: 'GBP',
    },
  }
}

/** An invoice, a bill and a prepayment of the time before, and money in the bank. */
export function openingBalancesPosted(folio: number): FactOfType<'OpeningBalancesPosted'> {
  const items = [
    opening({ documentId: openingId(folio, 1, 'i'), kind: 'invoice', amount: '300.00' }),
    opening({
      documentId: openingId(folio, 2, 'i'),
      kind: 'invoice',
      direction: 'in',
      amount: '80.00',
    }),
    opening({ documentId: openingId(folio, 1, 'pre'), kind: 'prepayment', amount: '50.00' }),
  ]
  return {
    type: 'OpeningBalancesPosted',
    data: {
      books: 'default',
      date: '2026-01-01',
      items,
      entry: entry(`JRN/2026/${numbered(folio)}`, '2026-01-01', [
        posting('receivable', 'debit', gbp('300.00'), { document: openingId(folio, 1, 'i') }),
        posting('bank', 'debit', gbp('1000.00')),
        posting('payable', 'credit', gbp('80.00'), { document: openingId(folio, 2, 'i') }),
        posting('customer-prepayments', 'credit', gbp('50.00'), {
          document: openingId(folio, 1, 'pre'),
        }),
        posting('opening-balances', 'credit', gbp('1170.00')),
      ]),
    },
  }
}

type OpeningItem = FactOfType<'OpeningBalancesPosted'>['data']['items'][number]

function opening({
  documentId,
  kind,
  amount,
  direction = 'out',
}: Readonly<{
  documentId: string
  kind: OpeningItem['kind']
  amount: string
  direction?: 'out' | 'in'
}>): OpeningItem {
  return {
    documentId,
    kind,
    direction,
    number: `OLD-${amount}`,
    party: PARTY,
    documentDate: '2025-12-01',
    dueDate: '2026-01-15',
    amount: gbp(amount),
    booksAmount: gbp(amount),
    exchangeRate: '1',
  }
}

/** An invoice in dollars at 0.9, of one tax code: all figures in both currencies. */
export function dollarInvoicePosted(
  base: FactOfType<'InvoicePosted'>,
): FactOfType<'InvoicePosted'> {
  const both = (posted: Posting): Posting => ({ ...posted, ...dollars(posted.amount) })
  const { totals, entry: own } = base.data
  const inDollars = (value: Money) => dollars(value).amount
  const tax = { ...standard(inDollars(totals.net)), booksBase: dollars(totals.net).booksAmount }
  return {
    type: 'InvoicePosted',
    data: {
      ...base.data,
      currency: 'USD',
      exchangeRate: '0.9',
      totals: {
        net: inDollars(totals.net),
        tax: inDollars(totals.tax),
        gross: inDollars(totals.gross),
      },
      entry: {
        ...own,
        postings: own.postings.map((posted) =>
          posted.account === 'output-tax' ? { ...both(posted), tax } : both(posted),
        ),
      },
    },
  }
}

/** Whole pounds are as many dollars at 0.90. */
function dollars({ amount }: Money): { amount: Money; booksAmount: Money } {
  const pence = (BigInt(cents(amount)) * 9n) / 10n
  const booksAmount = pence
    .toString()
    .padStart(3, '0')
    .replace(/(\d\d)$/, '.$1')
  return { amount: money(amount, 'USD'), booksAmount: gbp(booksAmount) }
}
