import { describe, expect, test } from 'vitest'
import { linesPerDocumentMax } from '../../src/imports/online-retail/classify.js'
import { creditOf, entryOf, planOf, saleOf } from './support.js'
import type { Line } from './support.js'

/** What became of the only document: its kind or reason, its totals, and its lines' reasons. */
const judged = async (lines: readonly Line[]): Promise<unknown> => {
  const [entry] = (await planOf(lines)).entries
  return {
    as: entry?.kind === 'refused' ? entry.reason : entry?.kind,
    booked: entry?.bookedTotal,
    refused: entry?.refusedTotal,
    reasons: entry?.refusedLines.map(({ line, reason }) => `${line.toString()} ${reason}`),
  }
}

describe('sales', () => {
  test('a sale is booked with its lines in file order', async () => {
    const plan = await planOf([
      { quantity: 3, price: '2.55' },
      { code: '22002', price: '0.1' },
    ])
    expect(saleOf(plan, '536365')).toEqual({
      kind: 'sale',
      number: '536365',
      date: '2010-12-01',
      time: '08:26:00',
      customer: '17850',
      country: 'United Kingdom',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      refusedLines: [],
      datesDiffer: false,
      inputTotal: '7.75',
      bookedTotal: '7.75',
      refusedTotal: '0.00',
      lines: [
        {
          line: 2,
          kind: 'item',
          stockCode: '22001',
          description: 'TIN MUG',
          quantity: '3',
          unitPrice: '2.55',
          amount: '7.65',
          tax: { code: 'outside-scope', ratePercent: '0', reason: 'The file states no taxes' },
        },
        expect.objectContaining({ line: 3, unitPrice: '0.1', amount: '0.10' }) as unknown,
      ],
    })
  })

  test('postage and carriage become shipping, in whatever case they are typed', async () => {
    const codes = ['POST', 'C2', 'DOT', 'dot', 'M', 'S', 'C20', 'POSTER']
    const sale = saleOf(await planOf(codes.map((code) => ({ code }))), '536365')
    expect(sale.lines.filter(({ kind }) => kind === 'shipping').map(({ line }) => line)).toEqual([
      2, 3, 4, 5,
    ])
  })

  test('a line without description is described by its article, a missing customer is null', async () => {
    const sale = saleOf(await planOf([{ description: '', customer: '' }]), '536365')
    expect(sale).toMatchObject({ customer: null, lines: [{ description: '22001' }] })
  })

  test('a line of negative quantity reduces the sale as a discount', async () => {
    const lines = [{ price: '10' }, { code: 'D', quantity: -2, price: '1.5' }]
    expect(await judged(lines)).toEqual({
      as: 'sale',
      booked: '7.00',
      refused: '0.00',
      reasons: [],
    })
    expect(saleOf(await planOf(lines), '536365').lines[1]).toMatchObject({
      kind: 'item',
      quantity: '2',
      unitPrice: '-1.5',
      amount: '-3.00',
    })
  })

  test('the first line dates the document, and another minute is noted', async () => {
    const plan = await planOf([{ at: '2010-12-01T16:57' }, { at: '2010-12-01T16:58' }])
    expect(saleOf(plan, '536365')).toMatchObject({ time: '16:57:00', datesDiffer: true })
  })

  test('prices with parts of a penny are rounded by line, half away from zero', async () => {
    const lines = [
      { price: '0.005' },
      { quantity: 3, price: '0.335' },
      { quantity: 7, price: '0.0007' },
      { quantity: -3, price: '0.005' },
    ]
    expect(await judged(lines)).toEqual({
      as: 'sale',
      booked: '1.00',
      refused: '0.00',
      reasons: ['4 line_without_money'],
    })
    const sale = saleOf(await planOf(lines), '536365')
    expect(sale.lines.map(({ unitPrice, amount }) => [unitPrice, amount])).toEqual([
      ['0.005', '0.01'],
      ['0.335', '1.01'],
      ['-0.005', '-0.02'],
    ])
  })
})

describe('what is no sale', () => {
  test.each<[string, readonly Line[], string, string, string[]]>([
    [
      'a fee',
      [{ code: 'AMAZONFEE', price: '13541.33' }],
      'fee_is_no_sale',
      '13541.33',
      ['2 fee_is_no_sale'],
    ],
    [
      'a bank charge given back',
      [{ no: 'C1000', code: 'bank charges', quantity: -1 }],
      'fee_is_no_sale',
      '-1.00',
      ['2 fee_is_no_sale'],
    ],
    [
      'a stock write-off',
      [{ quantity: -5, price: '0' }],
      'document_total_zero',
      '0.00',
      ['2 line_without_money'],
    ],
    [
      'a quantity of nothing',
      [{ quantity: 0 }],
      'document_total_zero',
      '0.00',
      ['2 line_without_money'],
    ],
    [
      'a price that rounds to nothing',
      [{ price: '0.001' }],
      'document_total_zero',
      '0.00',
      ['2 line_without_money'],
    ],
    [
      'a total of zero',
      [{ quantity: 2 }, { quantity: -2 }],
      'document_total_zero',
      '0.00',
      ['2 document_total_zero', '3 document_total_zero'],
    ],
    [
      'a negative total',
      [{ quantity: 2 }, { quantity: -3 }],
      'document_total_negative',
      '-1.00',
      ['2 document_total_negative', '3 document_total_negative'],
    ],
    ['a negative price', [{ price: '-4' }], 'negative_price', '-4.00', ['2 negative_price']],
    [
      'an adjustment',
      [{ no: 'A563185', code: 'B', price: '11062.06' }],
      'adjustment_is_no_sale',
      '11062.06',
      ['2 adjustment_is_no_sale'],
    ],
    [
      'two customers in one document',
      [{}, { customer: '1' }],
      'parties_differ',
      '2.00',
      ['2 parties_differ', '3 parties_differ'],
    ],
    [
      'two countries in one document',
      [{}, { country: 'EIRE' }],
      'parties_differ',
      '2.00',
      ['2 parties_differ', '3 parties_differ'],
    ],
    [
      'a credit note of something sold',
      [{ no: 'C536365' }],
      'positive_quantity_in_credit_note',
      '1.00',
      ['2 positive_quantity_in_credit_note'],
    ],
    [
      'a credit note of nothing',
      [{ no: 'C536365', quantity: -1, price: '0' }],
      'document_total_zero',
      '0.00',
      ['2 line_without_money'],
    ],
  ])('%s is refused', async (_, lines, as, refused, reasons) => {
    expect(await judged(lines)).toEqual({ as, booked: '0.00', refused, reasons })
  })

  test('the rest of a document is booked when some of its lines are refused', async () => {
    const lines: Line[] = [
      { price: '5' },
      { code: 'BANK CHARGES', price: '15' },
      { quantity: 9, price: '0' },
      { price: '-2' },
    ]
    const reasons = ['3 fee_is_no_sale', '4 line_without_money', '5 negative_price']
    expect(await judged(lines)).toEqual({ as: 'sale', booked: '5.00', refused: '13.00', reasons })
    const plan = await planOf(lines)
    expect(plan).toMatchObject({ inputTotal: '18.00', bookedTotal: '5.00', refusedTotal: '13.00' })
    expect(plan.refusals).toEqual({ fee_is_no_sale: 1, line_without_money: 1, negative_price: 1 })
  })

  test('the rest of a credit note is booked when some of its lines are refused', async () => {
    const plan = await planOf([
      { no: 'C536365', quantity: -2 },
      { no: 'C536365', quantity: 1 },
    ])
    expect(creditOf(plan, 'C536365')).toMatchObject({ bookedTotal: '-2.00', refusedTotal: '1.00' })
  })

  test('lines that are refused with their document stay in file order beside those refused alone', async () => {
    const entry = entryOf(await planOf([{}, { price: '0' }, { quantity: -1 }]), '536365')
    expect(entry.refusedLines.map(({ line }) => line)).toEqual([2, 3, 4])
  })

  test('a document of too many lines is refused, one of just as many is booked', async () => {
    const most = Array.from({ length: linesPerDocumentMax }, () => ({}))
    expect(await judged([...most, { price: '0' }])).toMatchObject({ as: 'sale', booked: '1000.00' })
    expect(await judged([...most, {}])).toMatchObject({ as: 'too_many_lines', refused: '1001.00' })
  })
})
