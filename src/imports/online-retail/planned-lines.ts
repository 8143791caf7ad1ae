import { isShipping } from './classify.js'
import type { SourceRefusal } from './classify.js'
import { amountText, lineAmount, priceText } from './exact-amount.js'
import type {
  PlannedAdHocLine,
  PlannedLine,
  PlannedLinkedNote,
  RefusedLine,
} from './import-plan.js'
import type { PlannedLinkedLine } from './import-plan.js'
import type { AdHocPart, LinkedPart } from './match-credit-notes.js'
import type { SourceLine } from './source.js'
import type { PlannedTax } from './tax.js'

/**
 * Builds planned lines. Equal figures become one text: half a million lines have a few thousand
 * different amounts, and this is most of what a plan weighs. For the same reason the lines are
 * written out and not spread from a common part, which costs a second object for each.
 */
export type LineBuilder = {
  sale: (line: SourceLine, tax: PlannedTax) => PlannedLine
  adHoc: (part: AdHocPart, tax: PlannedTax) => PlannedAdHocLine
  linked: (parts: readonly LinkedPart[]) => PlannedLinkedNote[]
  refused: (refusal: SourceRefusal) => RefusedLine
}

export const createLineBuilder = (): LineBuilder => {
  const texts: Texts = {
    amount: remembered(amountText),
    price: remembered(priceText),
    quantity: remembered((quantity) => quantity.toString()),
  }
  return {
    sale: (line, tax) => saleLine(line, tax, texts),
    adHoc: (part, tax) => adHocLine(part, tax, texts),
    linked: (parts) => linkedNotes(parts, texts),
    refused: ({ line, reason }) => ({
      line: line.line,
      stockCode: line.stockCode,
      amount: texts.amount(lineAmount(line.quantity, line.unitPrice)),
      reason,
    }),
  }
}

type ToText = (value: bigint) => string
type Texts = { amount: ToText; price: ToText; quantity: ToText }

const remembered = (toText: ToText): ToText => {
  const known = new Map<bigint, string>()
  return (value) => {
    const text = known.get(value) ?? toText(value)
    known.set(value, text)
    return text
  }
}

const saleLine = (line: SourceLine, tax: PlannedTax, texts: Texts): PlannedLine => {
  const isDiscount = line.quantity < 0n
  const quantity = isDiscount ? -line.quantity : line.quantity
  const unitPrice = isDiscount ? -line.unitPrice : line.unitPrice
  return {
    line: line.line,
    stockCode: line.stockCode,
    kind: kindOf(line),
    quantity: texts.quantity(quantity),
    unitPrice: texts.price(unitPrice),
    amount: texts.amount(lineAmount(quantity, unitPrice)),
    description: descriptionOf(line),
    tax,
  }
}

const adHocLine = (
  { line, quantity, unitPrice, cause }: AdHocPart,
  tax: PlannedTax,
  texts: Texts,
): PlannedAdHocLine => ({
  line: line.line,
  stockCode: line.stockCode,
  kind: kindOf(line),
  quantity: texts.quantity(quantity),
  unitPrice: texts.price(unitPrice),
  amount: texts.amount(lineAmount(quantity, unitPrice)),
  description: descriptionOf(line),
  tax,
  cause,
})

const linkedNotes = (parts: readonly LinkedPart[], texts: Texts): PlannedLinkedNote[] => {
  const notes = new Map<string, { total: bigint; lines: PlannedLinkedLine[] }>()
  for (const part of parts) {
    const note = notes.get(part.invoice.number) ?? { total: 0n, lines: [] }
    note.total += lineAmount(part.quantity, part.unitPrice)
    note.lines.push(linkedLine(part, texts))
    notes.set(part.invoice.number, note)
  }
  return [...notes].map(([invoiceNumber, { total, lines }]) => ({
    invoiceNumber,
    total: texts.amount(total),
    lines,
  }))
}

const linkedLine = (
  { line, invoiceLine, quantity, unitPrice }: LinkedPart,
  texts: Texts,
): PlannedLinkedLine => ({
  line: line.line,
  stockCode: line.stockCode,
  kind: kindOf(line),
  quantity: texts.quantity(quantity),
  unitPrice: texts.price(unitPrice),
  amount: texts.amount(lineAmount(quantity, unitPrice)),
  invoiceLine,
})

const kindOf = (line: SourceLine): 'item' | 'shipping' => (isShipping(line) ? 'shipping' : 'item')

/** The data has lines without a description; the article's code says more than nothing. */
const descriptionOf = (line: SourceLine): string => line.description || line.stockCode
