import type { RefusalReason } from './classify.js'
import type { AdHocCause } from './match-credit-notes.js'
import type { PlannedTax } from './tax.js'

/**
 * What an import will book and refuse, as plain data (row L1 and step 8 of the first issue).
 *
 * Amounts are GBP as decimal text with two decimals; quantities and unit prices are canonical
 * decimal text without trailing zeros. Amounts are gross (quantity times price) and signed as in the file: a credit
 * note's are negative in the totals. Booked plus refused is the input, of each document and in all.
 */
export type ImportPlan = {
  sha256: string
  lines: number
  documents: number
  currency: 'GBP'
  /** How all unit prices of the plan are meant; it matters under the VAT option only. */
  prices: 'tax_included'
  /** In file order of each document's first line. */
  entries: readonly PlannedDocument[]
  /** How many lines are refused for each reason. */
  refusals: Readonly<Partial<Record<RefusalReason, number>>>
} & Totals

export type Totals = { inputTotal: string; bookedTotal: string; refusedTotal: string }

export type PlannedDocument = PlannedSale | PlannedCredit | PlannedRefusal

type PlannedBase = {
  /** The InvoiceNo. */
  number: string
  /** Of the document's first line. */
  date: string
  /** Local time, `HH:MM:SS`, of the document's first line. */
  time: string
  customer: string | null
  country: string
  fingerprint: string
  refusedLines: readonly RefusedLine[]
  /** Some line of the document is dated otherwise than the first, whose date was taken. */
  datesDiffer: boolean
} & Totals

export type PlannedSale = PlannedBase & { kind: 'sale'; lines: readonly PlannedLine[] }

export type PlannedCredit = PlannedBase & {
  kind: 'credit'
  /** One linked credit note for each invoice, in the order they were first matched. */
  linked: readonly PlannedLinkedNote[]
  /** The lines of the one ad-hoc credit note; empty: there is none. */
  adHoc: readonly PlannedAdHocLine[]
}

export type PlannedRefusal = PlannedBase & { kind: 'refused'; reason: RefusalReason }

export type PlannedLinkedNote = {
  invoiceNumber: string
  /** Positive: what the note gives back. */
  total: string
  lines: readonly PlannedLinkedLine[]
}

export type LineBase = {
  /** The line of the file this comes from; one line may come to several planned lines. */
  line: number
  stockCode: string
  kind: 'item' | 'shipping'
  /** Positive, also where the file's is negative. */
  quantity: string
  /** Canonical, as `2.5`; negative on a discount, which is a sale's line of negative quantity. */
  unitPrice: string
  /** Quantity times unit price, rounded half away from zero to pennies. */
  amount: string
}

export type PlannedLine = LineBase & { description: string; tax: PlannedTax }
export type PlannedAdHocLine = PlannedLine & { cause: AdHocCause }
/** `invoiceLine` is an index into the lines of the planned sale `invoiceNumber`. */
export type PlannedLinkedLine = LineBase & { invoiceLine: number }
export type RefusedLine = { line: number; stockCode: string; amount: string; reason: RefusalReason }
