import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { reportRows, writeReport } from '../../src/imports/online-retail/report.js'
import { planOf, temporaryFile, temporaryPath } from './support.js'
import type { Line } from './support.js'

const lines: Line[] = [
  { no: '8001', quantity: 2, price: '2' },
  { no: '8001', price: '0' },
  { no: '8002', code: '=1+2', price: '5' },
  { no: 'C8003', quantity: -3, price: '2.5' },
  { no: 'C8004', quantity: -1, customer: '' },
  { no: '8005', code: 'AMAZONFEE' },
]

const expected = `InvoiceNo,Line,StockCode,Outcome,Reason,Booked,Refused,BookedAs
8001,2,22001,booked,,4.00,0.00,invoice
8001,3,22001,refused,line_without_money,0.00,0.00,
8002,4,'=1+2,booked,,5.00,0.00,invoice
C8003,5,22001,booked,,-4.00,0.00,linked credit note of 8001
C8003,5,22001,booked,,-1.00,0.00,ad-hoc credit note (price_above_invoice)
C8003,5,22001,booked,,-2.50,0.00,ad-hoc credit note (nothing_to_match)
C8004,6,22001,booked,,-1.00,0.00,ad-hoc credit note (no_customer)
8005,7,AMAZONFEE,refused,fee_is_no_sale,0.00,1.00,
`

test('the report says of every line, and part of a line, what became of it', async () => {
  const path = join(await temporaryPath(), 'imports', 'report.csv')
  expect(await writeReport(await planOf(lines), path)).toEqual({ written: true, rows: 8 })
  expect(await readFile(path, 'utf8')).toBe(expected)
})

test('nothing is left beside the report, which replaces the one before it', async () => {
  const path = join(await temporaryPath(), 'report.csv')
  await writeReport(await planOf(lines), path)
  await writeReport(await planOf([{}]), path)
  expect(await readdir(dirname(path))).toEqual(['report.csv'])
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3)
})

test('a report that fails half way leaves the old one as it was', async () => {
  const path = join(await temporaryPath(), 'report.csv')
  await writeReport(await planOf([{}]), path)
  const before = await readFile(path, 'utf8')
  const revise = (): never => {
    throw new RangeError('half way')
  }
  await expect(writeReport(await planOf(lines), path, { revise })).rejects.toThrow('half way')
  expect(await readFile(path, 'utf8')).toBe(before)
  expect(await readdir(dirname(path))).toEqual(['report.csv'])
})

test('a place that cannot be written to is answered', async () => {
  const underFile = join(await temporaryFile('a file'), 'report.csv')
  expect(await writeReport(await planOf(lines), underFile)).toMatchObject({
    written: false,
    message: expect.stringContaining('The report cannot be written') as unknown,
  })
})

test('the ledger has the last word on a row', async () => {
  const path = await temporaryPath()
  await writeFile(path, 'old')
  await writeReport(await planOf([{}]), path, {
    revise: (row) => ({
      ...row,
      outcome: 'refused',
      reason: 'already_booked_differently',
      booked: '0.00',
      refused: row.booked,
      bookedAs: '',
    }),
  })
  expect(await readFile(path, 'utf8')).toContain(
    '536365,2,22001,refused,already_booked_differently,0.00,1.00,\n',
  )
})

test('rows of a long report come in file order of documents, and by line in each', async () => {
  const many = Array.from({ length: 2_500 }, (_, index) => ({
    no: `8${(index % 5).toString().padStart(4, '0')}`,
  }))
  const plan = await planOf(many)
  const path = await temporaryPath()
  expect(await writeReport(plan, path)).toEqual({ written: true, rows: 2_500 })
  const seen = [...reportRows(plan)].map(({ number, line }) => [number, line])
  expect(seen.slice(0, 2)).toEqual([
    ['80000', 2],
    ['80000', 7],
  ])
  expect((await readFile(path, 'utf8')).trimEnd().split('\n')).toHaveLength(2_501)
})
