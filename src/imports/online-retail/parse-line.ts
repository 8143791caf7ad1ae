import type { Place, PlaceCode } from './places.js'
import { priceOf } from './exact-amount.js'
import type { SourceLine } from './source.js'

export const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const

export type Column = (typeof columns)[number]

/** The longest text of each column, in UTF-16 code units, after trimming. */
export const textLengthMax: Readonly<Record<Column, number>> = {
  InvoiceNo: 20,
  StockCode: 40,
  Description: 200,
  Quantity: 12,
  InvoiceDate: 19,
  UnitPrice: 16,
  CustomerID: 40,
  Country: 60,
}

/** Either sign; the public data set has 80,995 at most. */
export const quantityMax = 1_000_000n
/** Either sign, in ten-thousandths of a pound: 999,999.9999 GBP. A document stays below 10^15. */
export const unitPriceMax = 9_999_999_999n
/** Earlier dates are taken for slips of the keyboard. */
export const dateMin = '2000-01-01'

/** At least four digits, and at most one letter before them. */
const invoiceNumber = /^[A-Z]?\d{4,19}$/
const wholeNumber = /^(0|-?[1-9]\d*)$/
const decimalNumber = /^-?\d+(\.\d{1,4})?$/
const localTime = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d)?$/
const controlCharacter = /[\p{Cc}\p{Cs}]/u

export type ParsedLine = { number: string; line: SourceLine } | { places: readonly Place[] }

/**
 * Judges one line's fields, by column name, and answers with all its places or with the line.
 * `today` is `YYYY-MM-DD`; `intern` makes equal values one value, which keeps large files small.
 */
export const parseLine = (
  fields: Readonly<Record<Column, string>>,
  line: number,
  today: string,
  intern: Intern,
): ParsedLine => {
  const places: Place[] = []
  for (const column of columns) {
    const fault = faultOf(column, fields[column], today)
    if (fault) places.push({ line, column, code: fault[0], message: `${column} ${fault[1]}` })
  }
  if (places.length > 0) return { places }
  const at = fields.InvoiceDate.length === 16 ? `${fields.InvoiceDate}:00` : fields.InvoiceDate
  return {
    number: fields.InvoiceNo,
    line: {
      line,
      stockCode: intern.text(fields.StockCode),
      description: intern.text(fields.Description),
      quantity: intern.number(fields.Quantity, BigInt),
      at: intern.text(at),
      unitPrice: intern.number(fields.UnitPrice, priceOf),
      customer: fields.CustomerID === '' ? null : intern.text(fields.CustomerID),
      country: intern.text(fields.Country),
    },
  }
}

export type Intern = {
  text: (value: string) => string
  number: (value: string, parse: (text: string) => bigint) => bigint
}

export const createIntern = (): Intern => {
  const texts = new Map<string, string>()
  const numbers = new Map<(text: string) => bigint, Map<string, bigint>>()
  return {
    text: (value) => {
      const known = texts.get(value)
      if (known !== undefined) return known
      texts.set(value, value)
      return value
    },
    number: (value, parse) => {
      const ofKind = numbers.get(parse) ?? new Map<string, bigint>()
      numbers.set(parse, ofKind)
      let known = ofKind.get(value)
      if (known === undefined) ofKind.set(value, (known = parse(value)))
      return known
    },
  }
}

type Fault = readonly [PlaceCode, string]

const faultOf = (column: Column, value: string, today: string): Fault | undefined => {
  if (controlCharacter.test(value)) {
    return ['control_character', `has the control character ${firstControl(value)}.`]
  }
  const max = textLengthMax[column]
  if (value.length > max) return ['value_too_long', `is longer than ${max.toString()} characters.`]
  if (value === '' && column !== 'Description' && column !== 'CustomerID') {
    return ['value_missing', 'is empty.']
  }
  return judges[column]?.(value, today)
}

const judges: Partial<Record<Column, (value: string, today: string) => Fault | undefined>> = {
  InvoiceNo: (value) =>
    invoiceNumber.test(value)
      ? undefined
      : [
          'value_malformed',
          `${quoted(value)} is not a number of four or more digits, or a capital letter and such a number.`,
        ],
  Quantity: (value) => {
    if (!wholeNumber.test(value))
      return ['value_malformed', `${quoted(value)} is not a whole number.`]
    return within(BigInt(value), quantityMax)
      ? undefined
      : ['value_out_of_range', `${value} is beyond 1,000,000.`]
  },
  InvoiceDate: (value, today) => {
    const [, date] = localTime.exec(value) ?? []
    if (date === undefined) {
      return ['value_malformed', `${quoted(value)} is not a time of the form 2010-12-01T08:26.`]
    }
    if (!isCalendarDay(date)) return ['value_malformed', `${date} is no day of the calendar.`]
    if (date < dateMin) return ['value_out_of_range', `${date} is before ${dateMin}.`]
    return date > today ? ['date_in_the_future', `${date} is after today, ${today}.`] : undefined
  },
  UnitPrice: (value) => {
    if (!decimalNumber.test(value)) {
      return [
        'value_malformed',
        `${quoted(value)} is not a decimal number with at most four decimals.`,
      ]
    }
    return within(priceOf(value), unitPriceMax)
      ? undefined
      : ['value_out_of_range', `${value} is beyond 999,999.9999.`]
  },
}

const quoted = (value: string): string => JSON.stringify(value)

const within = (value: bigint, max: bigint): boolean => value <= max && value >= -max

const firstControl = (value: string): string => {
  const unit = controlCharacter.exec(value)?.[0].charCodeAt(0) ?? 0
  return `U+${unit.toString(16).toUpperCase().padStart(4, '0')}`
}

const isCalendarDay = (date: string): boolean => {
  const [year = 0, month = 0, day = 0] = date.split('-').map((part) => parseInt(part, 10))
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= days
}
