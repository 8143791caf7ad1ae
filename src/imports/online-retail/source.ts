/** A file in the online-retail format, read: what its lines say, before any of it is judged. */

/**
 * One line of the file. `line` counts from 1 with the header as line 1; `unitPrice` is in
 * ten-thousandths of a pound; `at` is local time, `YYYY-MM-DDTHH:MM:SS`.
 */
export type SourceLine = {
  line: number
  stockCode: string
  description: string
  quantity: bigint
  at: string
  unitPrice: bigint
  customer: string | null
  country: string
}

/** All lines with one InvoiceNo, in file order, wherever in the file they lie. */
export type SourceDocument = { number: string; lines: SourceLine[] }

/** Documents stand in file order of their first line; `sha256` is of the file's bytes, in hex. */
export type Source = {
  readable: true
  documents: readonly SourceDocument[]
  lines: number
  sha256: string
}
