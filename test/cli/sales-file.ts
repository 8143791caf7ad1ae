/** Files in the format online-retail, written line by line. */
import { writeFile } from 'node:fs/promises'

export const HEADER =
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

export type SaleLine = Readonly<{
  number: string
  sku?: string
  text?: string
  quantity?: number
  at?: string
  price?: string
  customer?: string
  country?: string
}>

export function csvLine(line: SaleLine): string {
  const { number, sku = 'A1', text = 'LAMP', quantity = 1, at = '2010-12-30T10:00' } = line
  const { price = '1.00', customer = '15001', country = 'United Kingdom' } = line
  return [number, sku, text, String(quantity), at, price, customer, country].join(',')
}

export async function writeSales(path: string, lines: readonly SaleLine[]): Promise<string> {
  await writeFile(path, `${[HEADER, ...lines.map(csvLine)].join('\n')}\n`)
  return path
}

/**
 * A small shop around the change of the UK's rate on 2011-01-04: 71.40 in sales of 4 invoices (1001 28.00, 1002 24.00,
 * 1004 14.40, 1007 5.00), a note on 1001 of 10.00, an ad-hoc note of 10.00, a fee of -50.00 and two lines of nothing.
 */
export const SHOP: readonly SaleLine[] = [
  { number: '1001', sku: 'A1', quantity: 10, price: '2.50' },
  { number: '1001', sku: 'POST', text: 'POSTAGE', quantity: 1, price: '3.00' },
  {
    number: '1002',
    sku: 'B1',
    quantity: 4,
    price: '6.00',
    customer: '15002',
    country: 'France',
    at: '2011-01-03T09:00',
  },
  { number: 'C1003', sku: 'A1', quantity: -4, price: '2.50', at: '2011-01-03T11:00' },
  { number: '1004', sku: 'A1', quantity: 6, price: '2.40', at: '2011-01-05T08:15' },
  {
    number: 'C1005',
    sku: 'Z9',
    quantity: -2,
    price: '5.00',
    customer: '15009',
    at: '2011-01-05T09:00',
  },
  {
    number: 'C1006',
    sku: 'AMAZONFEE',
    quantity: -1,
    price: '50.00',
    customer: '',
    at: '2011-01-05T10:00',
  },
  { number: '1007', sku: 'B1', quantity: 2, price: '2.50', customer: '', at: '2011-01-06T12:00' },
  {
    number: '1007',
    sku: 'G1',
    text: 'GIFT',
    quantity: 1,
    price: '0',
    customer: '',
    at: '2011-01-06T12:00',
  },
  {
    number: '1008',
    sku: 'G1',
    text: 'damaged',
    quantity: -3,
    price: '0',
    customer: '',
    at: '2011-01-06T13:00',
  },
]

/** Many documents of few lines, with a credit note after every fourth sale; the same for the same arguments. */
export function manySales(documents: number, first = 500_000): SaleLine[] {
  const lines: SaleLine[] = []
  for (let index = 0; index < documents; index += 1) {
    const isCredit = index % 5 === 4
    const customer = `${16_000 + Math.floor(index / 5)}`
    const number = `${isCredit ? 'C' : ''}${first + index}`
    const at = `2010-12-${String(1 + Math.floor((index * 28) / documents)).padStart(2, '0')}T10:00`
    if (isCredit) lines.push({ number, sku: 'S2', quantity: -3, price: '1.25', customer, at })
    else
      for (const sku of ['S1', 'S2', 'S3'])
        lines.push({ number, sku, quantity: 2 + (index % 3), price: '1.25', customer, at })
  }
  return lines
}
