import { lineAmount } from './exact-amount.js'
import type { SourceDocument, SourceLine } from './source.js'

/**
 * Why a line is not booked. The first four are of the line itself, the others of its document.
 */
export const refusalReasons = [
  'fee_is_no_sale',
  'line_without_money',
  'negative_price',
  'positive_quantity_in_credit_note',
  'adjustment_is_no_sale',
  'parties_differ',
  'too_many_lines',
  'document_too_large',
  'document_total_zero',
  'document_total_negative',
] as const

export type RefusalReason = (typeof refusalReasons)[number]

/** The most lines of a document that are booked; a longer one is refused whole. */
export const linesPerDocumentMax = 1_000

/**
 * The ledger takes 900 kB in one append; the widest line, with its amounts and its posting, takes 475 bytes beside its
 * own texts, which stand in it as JSON.
 */
const documentBytesMax = 890_000
const lineBytesBesideTexts = 480

const feeCodes: ReadonlySet<string> = new Set(['AMAZONFEE', 'BANK CHARGES'])
const shippingCodes: ReadonlySet<string> = new Set(['POST', 'C2', 'DOT'])

export type SourceRefusal = { line: SourceLine; reason: RefusalReason }

/** What a document is, with its lines told apart: every line is in `lines` or in `refused`. */
export type Classified = {
  kind: 'sale' | 'credit' | 'refused'
  lines: readonly SourceLine[]
  refused: readonly SourceRefusal[]
}

/**
 * Tells sales, credit notes (a number with C) and what is neither apart, by the rules of the
 * main job: fees, lines without money and documents of total zero are no sales. A document whose
 * lines are refused in part is booked with the others.
 */
export const classify = ({ number, lines }: SourceDocument): Classified => {
  const isCredit = number.startsWith('C')
  const kept: SourceLine[] = []
  const refused: SourceRefusal[] = []
  for (const line of lines) {
    const reason = lineRefusal(line, isCredit)
    if (reason) refused.push({ line, reason })
    else kept.push(line)
  }
  const reason = documentRefusal(number, lines, kept)
  if (reason) {
    const rest = kept.map((line) => ({ line, reason }))
    return { kind: 'refused', lines: [], refused: inFileOrder([...refused, ...rest]) }
  }
  return { kind: isCredit ? 'credit' : 'sale', lines: kept, refused }
}

/** The reason a whole document goes by: that of its kept lines, else the gravest of its lines. */
export const reasonOfDocument = (refused: readonly SourceRefusal[]): RefusalReason => {
  const reasons = new Set(refused.map(({ reason }) => reason))
  const ofDocument = documentReasons.find((reason) => reasons.has(reason))
  if (ofDocument) return ofDocument
  const [first, ...others] = reasons
  if (first !== undefined && others.length === 0 && first !== 'line_without_money') return first
  return reasons.has('fee_is_no_sale') ? 'fee_is_no_sale' : 'document_total_zero'
}

const documentReasons: readonly RefusalReason[] = refusalReasons.slice(4)

export const isShipping = (line: SourceLine): boolean =>
  shippingCodes.has(line.stockCode.toUpperCase())

const isFee = (line: SourceLine): boolean => feeCodes.has(line.stockCode.toUpperCase())

const lineRefusal = (line: SourceLine, isCredit: boolean): RefusalReason | undefined => {
  if (isFee(line)) return 'fee_is_no_sale'
  if (lineAmount(line.quantity, line.unitPrice) === 0n) return 'line_without_money'
  if (line.unitPrice < 0n) return 'negative_price'
  if (isCredit && line.quantity > 0n) return 'positive_quantity_in_credit_note'
  return undefined
}

const documentRefusal = (
  number: string,
  lines: readonly SourceLine[],
  kept: readonly SourceLine[],
): RefusalReason | undefined => {
  if (/^[ABD-Z]/.test(number)) return 'adjustment_is_no_sale'
  if (kept.length > linesPerDocumentMax) return 'too_many_lines'
  if (bytesOf(kept) > documentBytesMax) return 'document_too_large'
  const [first] = lines
  const differs = (line: SourceLine): boolean =>
    line.customer !== first?.customer || line.country !== first.country
  if (lines.some(differs)) return 'parties_differ'
  const total = kept.reduce((sum, line) => sum + lineAmount(line.quantity, line.unitPrice), 0n)
  if (total === 0n) return 'document_total_zero'
  return total < 0n && !number.startsWith('C') ? 'document_total_negative' : undefined
}

const bytesOf = (lines: readonly SourceLine[]): number =>
  lines.reduce(
    (bytes, { description, stockCode }) =>
      bytes + lineBytesBesideTexts + jsonBytes(description || stockCode) + jsonBytes(stockCode),
    0,
  )

const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text))

const inFileOrder = (refused: SourceRefusal[]): SourceRefusal[] =>
  refused.sort((left, right) => left.line.line - right.line.line)
