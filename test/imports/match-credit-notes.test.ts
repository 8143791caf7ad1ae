import { describe, expect, test } from 'vitest'
import { LINES_MAX } from '../../src/events/parts.js'
import { linesPerDocumentMax } from '../../src/imports/online-retail/classify.js'
import { creditOf, planOf } from './support.js'
import type { Line } from './support.js'

const sold = (no: string, quantity: number, price: string, more: Line = {}): Line => ({
  no,
  quantity,
  price,
  at: '2010-12-02T10:00',
  ...more,
})

const credited = (no: string, quantity: number, price: string, more: Line = {}): Line => ({
  no,
  quantity: -quantity,
  price,
  at: '2010-12-09T10:00',
  ...more,
})

/** `invoice/line quantity x price` for each linked part, `ad hoc …: cause` for the others. */
const matched = async (lines: readonly Line[], number = 'C9001'): Promise<string[]> => {
  const credit = creditOf(await planOf(lines), number)
  const linked = credit.linked.flatMap((note) =>
    note.lines.map(
      (line) =>
        `${note.invoiceNumber}/${line.invoiceLine.toString()} ${line.quantity} x ${line.unitPrice}`,
    ),
  )
  const adHoc = credit.adHoc.map(
    ({ quantity, unitPrice, cause }) => `ad hoc ${quantity} x ${unitPrice}: ${cause}`,
  )
  return [...linked, ...adHoc]
}

describe('which invoice', () => {
  test('the newest earlier invoice with something left comes first, then the older ones', async () => {
    const lines = [
      sold('8001', 5, '2', { at: '2010-12-01T10:00' }),
      sold('8002', 3, '2', { at: '2010-12-03T10:00' }),
      sold('8003', 4, '2', { at: '2010-12-02T10:00' }),
      credited('C9001', 9, '2'),
    ]
    expect(await matched(lines)).toEqual(['8002/0 3 x 2', '8003/0 4 x 2', '8001/0 2 x 2'])
  })

  test('what nothing is left for is ad hoc', async () => {
    expect(await matched([sold('8001', 2, '2'), credited('C9001', 3, '2')])).toEqual([
      '8001/0 2 x 2',
      'ad hoc 1 x 2: nothing_to_match',
    ])
  })

  test('another customer, another article and a later invoice match nothing', async () => {
    const lines = [
      sold('8001', 2, '2', { customer: '1' }),
      sold('8002', 2, '2', { code: '22001A' }),
      sold('8003', 2, '2', { code: '22001a' }),
      sold('8004', 2, '2', { at: '2010-12-09T10:01' }),
      credited('C9001', 1, '2'),
    ]
    expect(await matched(lines)).toEqual(['ad hoc 1 x 2: nothing_to_match'])
  })

  test('customer and article do not run together', async () => {
    const lines = [
      sold('8001', 2, '2', { customer: '1', code: '23' }),
      credited('C9001', 1, '2', { customer: '12', code: '3' }),
    ]
    expect(await matched(lines)).toEqual(['ad hoc 1 x 2: nothing_to_match'])
  })

  test('without a customer nothing is matched, not even to sales without one', async () => {
    const lines = [
      sold('8001', 2, '2', { customer: '' }),
      credited('C9001', 1, '2', { customer: '' }),
    ]
    expect(await matched(lines)).toEqual(['ad hoc 1 x 2: no_customer'])
  })

  test('in the same minute the order of the file decides', async () => {
    const at = '2010-12-09T10:00'
    const before = sold('8001', 1, '2', { at })
    const after = sold('8002', 1, '2', { at })
    const credit = credited('C9001', 2, '2', { at })
    expect(await matched([before, credit, after])).toEqual([
      '8001/0 1 x 2',
      'ad hoc 1 x 2: nothing_to_match',
    ])
    expect(await matched([before, after, credited('C9001', 1, '2')])).toEqual(['8002/0 1 x 2'])
  })

  test('an invoice of an earlier date is matched though it stands further down', async () => {
    expect(await matched([credited('C9001', 1, '2'), sold('8001', 1, '2')])).toEqual([
      '8001/0 1 x 2',
    ])
  })

  test('refused documents and refused lines are never matched', async () => {
    const lines = [
      sold('8001', 2, '2'),
      sold('8001', -2, '2'),
      sold('8002', 2, '0'),
      sold('8002', 1, '9', { code: '22009' }),
      credited('C9001', 1, '2'),
    ]
    expect(await matched(lines)).toEqual(['ad hoc 1 x 2: nothing_to_match'])
  })

  test('credit notes take from what earlier ones in the file have left', async () => {
    const lines = [
      sold('8001', 5, '2'),
      credited('C9001', 3, '2'),
      credited('C9002', 3, '2', { at: '2010-12-08T10:00' }),
    ]
    expect(await matched(lines)).toEqual(['8001/0 3 x 2'])
    expect(await matched(lines, 'C9002')).toEqual([
      '8001/0 2 x 2',
      'ad hoc 1 x 2: nothing_to_match',
    ])
  })
})

describe('at which price', () => {
  test('a lower price is credited as it is, and uses up the quantity', async () => {
    const lines = [sold('8001', 2, '2'), credited('C9001', 1, '1.5'), credited('C9002', 2, '1.5')]
    expect(await matched(lines)).toEqual(['8001/0 1 x 1.5'])
    expect(await matched(lines, 'C9002')).toEqual([
      '8001/0 1 x 1.5',
      'ad hoc 1 x 1.5: nothing_to_match',
    ])
  })

  test('a higher price is credited at the invoice price, and the excess is ad hoc', async () => {
    expect(await matched([sold('8001', 4, '2'), credited('C9001', 3, '2.75')])).toEqual([
      '8001/0 3 x 2',
      'ad hoc 3 x 0.75: price_above_invoice',
    ])
  })

  test('within an invoice the same price comes first, then the closest above, then the closest below', async () => {
    const lines = [
      ...['1', '1.5', '9', '3', '2', '2'].map((price) => sold('8001', 1, price)),
      credited('C9001', 6, '2'),
    ]
    expect(await matched(lines)).toEqual([
      '8001/4 1 x 2',
      '8001/5 1 x 2',
      '8001/3 1 x 2',
      '8001/2 1 x 2',
      '8001/1 1 x 1.5',
      '8001/0 1 x 1',
      'ad hoc 1 x 0.5: price_above_invoice',
      'ad hoc 1 x 1: price_above_invoice',
    ])
  })

  test('the newest invoice goes before the better price of an older one', async () => {
    const lines = [
      sold('8001', 1, '2', { at: '2010-12-01T10:00' }),
      sold('8002', 1, '1', { at: '2010-12-02T10:00' }),
      credited('C9001', 1, '2'),
    ]
    expect(await matched(lines)).toEqual(['8002/0 1 x 1', 'ad hoc 1 x 1: price_above_invoice'])
  })

  test('an invoice is never credited beyond the total that its discounts have left', async () => {
    const lines = [
      sold('8001', 10, '1'),
      sold('8001', -1, '3.5', { code: 'D' }),
      credited('C9001', 4, '1'),
      credited('C9002', 4, '1'),
    ]
    expect(await matched(lines)).toEqual(['8001/0 4 x 1'])
    expect(await matched(lines, 'C9002')).toEqual([
      '8001/0 2 x 1',
      'ad hoc 2 x 1: nothing_to_match',
    ])
  })

  test('a discount line is never credited', async () => {
    const lines = [
      sold('8001', 10, '1'),
      sold('8001', -1, '1', { code: 'D' }),
      credited('C9001', 1, '1', { code: 'D' }),
    ]
    expect(await matched(lines)).toEqual(['ad hoc 1 x 1: nothing_to_match'])
  })

  test('prices with parts of a penny are not matched, on either side', async () => {
    const lines = [
      sold('8001', 9, '0.335'),
      sold('8002', 9, '0.33'),
      credited('C9001', 1, '0.335'),
      credited('C9002', 10, '0.33'),
    ]
    expect(await matched(lines)).toEqual(['ad hoc 1 x 0.335: nothing_to_match'])
    expect(await matched(lines, 'C9002')).toEqual([
      '8002/0 9 x 0.33',
      'ad hoc 1 x 0.33: nothing_to_match',
    ])
  })
})

describe('the notes', () => {
  test('no note becomes longer than a document may be, and nothing is lost by it', async () => {
    expect(linesPerDocumentMax).toBe(LINES_MAX)
    const each = Array.from({ length: linesPerDocumentMax })
    const plan = await planOf([
      ...each.map(() => sold('8001', 1, '1')),
      ...each.map(() => sold('8002', 1, '3')),
      ...each.map(() => credited('C9001', 3, '2')),
      ...each.map(() => credited('C9002', 1, '2')),
    ])
    const first = creditOf(plan, 'C9001')
    expect(first.linked.map((note) => note.lines.length)).toEqual([linesPerDocumentMax])
    expect(first.adHoc).toHaveLength(667)
    expect(first.bookedTotal).toBe('-6000.00')
    const second = creditOf(plan, 'C9002')
    expect(second.linked.map((note) => note.invoiceNumber)).toEqual(['8001'])
    expect(second.adHoc).toHaveLength(linesPerDocumentMax)
    expect(second.adHoc.every(({ cause }) => cause === 'price_above_invoice')).toBe(true)
  })

  test('a line stays whole and ad hoc where its parts would make the ad-hoc note too long', async () => {
    const each = Array.from({ length: linesPerDocumentMax })
    const plan = await planOf([
      ...each.map(() => sold('8001', 1, '1')),
      ...each.map(() => credited('C9001', 2, '2')),
    ])
    const credit = creditOf(plan, 'C9001')
    expect(credit.linked).toEqual([])
    expect(credit.adHoc).toHaveLength(linesPerDocumentMax)
    expect(credit.bookedTotal).toBe('-4000.00')
  })

  test('there is one linked note for each invoice and at most one ad-hoc note', async () => {
    const lines = [
      sold('8001', 1, '2', { at: '2010-12-01T10:00' }),
      sold('8002', 1, '2'),
      sold('8002', 1, '18', { code: 'POST' }),
      credited('C9001', 2, '2'),
      credited('C9001', 1, '20', { code: 'POST' }),
      credited('C9001', 1, '5', { code: 'M' }),
    ]
    const credit = creditOf(await planOf(lines), 'C9001')
    expect(credit.linked.map(({ invoiceNumber, total }) => [invoiceNumber, total])).toEqual([
      ['8002', '20.00'],
      ['8001', '2.00'],
    ])
    expect(credit.linked[0]?.lines.map(({ kind, line }) => [kind, line])).toEqual([
      ['item', 5],
      ['shipping', 6],
    ])
    expect(credit.adHoc.map(({ amount, line }) => [amount, line])).toEqual([
      ['2.00', 6],
      ['5.00', 7],
    ])
    expect(credit.bookedTotal).toBe('-29.00')
  })

  test('invoice lines are counted among the booked lines of the sale', async () => {
    const lines = [sold('8001', 1, '0'), sold('8001', 1, '2'), credited('C9001', 1, '2')]
    expect(await matched(lines)).toEqual(['8001/0 1 x 2'])
  })
})
