import { describe, expect, test } from 'vitest'
import { inBookingOrder } from '../../src/imports/online-retail/booking-order.js'
import { planImport } from '../../src/imports/online-retail/plan.js'
import { taxOf } from '../../src/imports/online-retail/tax.js'
import { creditOf, csvLine, entryOf, header, planOf, readable, saleOf } from './support.js'
import type { Line } from './support.js'

describe('UK VAT', () => {
  test.each([
    ['2008-11-30', '17.5'],
    ['2008-12-01', '15'],
    ['2009-12-31', '15'],
    ['2010-01-01', '17.5'],
    ['2011-01-03', '17.5'],
    ['2011-01-04', '20'],
  ])('the standard rate of %s is %s per cent', (date, rate) => {
    expect(taxOf(true, date, 'United Kingdom')).toEqual({
      code: 'standard-rate',
      ratePercent: rate,
    })
  })

  test('other countries are exports at the zero rate', () => {
    const zero = {
      code: 'zero-rate',
      ratePercent: '0',
      reason: 'Export from the United Kingdom',
    }
    expect(taxOf(true, '2011-01-04', 'EIRE')).toEqual(zero)
    expect(taxOf(true, '2011-01-04', 'Channel Islands')).toEqual(zero)
  })

  test('without the option nothing is taxed, and with it no amount changes', async () => {
    const lines: Line[] = [{}, { no: 'C9001', quantity: -3 }]
    const plain = await planOf(lines)
    const taxed = await planOf(lines, true)
    expect(saleOf(plain, '536365').lines[0]?.tax.code).toBe('outside-scope')
    expect(saleOf(taxed, '536365').lines[0]?.tax.ratePercent).toBe('17.5')
    expect(creditOf(taxed, 'C9001').adHoc[0]?.tax.ratePercent).toBe('17.5')
    expect(taxed.bookedTotal).toBe(plain.bookedTotal)
  })
})

describe('the fingerprint', () => {
  const fingerprint = async (lines: readonly Line[], vat = false): Promise<string> =>
    entryOf(await planOf(lines, vat), '536365').fingerprint

  test('is the same for the same content in another file, otherwise spelled', async () => {
    const here = await fingerprint([{ price: '2.10' }, { code: '22002' }])
    const there = await planOf([
      { no: '536000' },
      { price: '2.1', at: '2010-12-01T08:26:00' },
      { code: '22002' },
    ])
    expect(entryOf(there, '536365').fingerprint).toBe(here)
  })

  test.each<[string, readonly Line[]]>([
    ['article', [{ code: '22002' }, {}]],
    ['description', [{ description: 'TIN' }, {}]],
    ['quantity', [{ quantity: 2 }, {}]],
    ['time', [{ at: '2010-12-01T08:27' }, {}]],
    ['price', [{ price: '1.01' }, {}]],
    ['customer', [{ customer: '' }, { customer: '' }]],
    ['country', [{ country: 'EIRE' }, { country: 'EIRE' }]],
    ['number of lines', [{}]],
    ['border between two values', [{ code: '22001T', description: 'IN MUG' }, {}]],
  ])('differs with another %s', async (_, lines) => {
    expect(await fingerprint(lines)).not.toBe(await fingerprint([{}, {}]))
  })

  test('differs with the order of the lines and with the tax treatment', async () => {
    const lines: Line[] = [{}, { code: '22002' }]
    const one = await fingerprint(lines)
    expect(await fingerprint([...lines].reverse())).not.toBe(one)
    expect(await fingerprint(lines, true)).not.toBe(one)
  })
})

describe('the plan', () => {
  test('counts its lines and documents, and keeps them in file order', async () => {
    const plan = await planOf([
      { no: '8002' },
      { no: '8001' },
      { no: 'C8001', quantity: -1 },
      { no: '8002' },
    ])
    expect(plan).toMatchObject({
      lines: 4,
      documents: 3,
      currency: 'GBP',
      prices: 'tax_included',
      inputTotal: '2.00',
    })
    expect(plan.entries.map(({ number }) => number)).toEqual(['8002', '8001', 'C8001'])
  })

  test('sums far beyond what a float holds, to the penny', async () => {
    const lines: Line[] = Array.from({ length: 200 }, () => ({
      quantity: 999_999,
      price: '999999.99',
    }))
    expect((await planOf([...lines, { price: '0.01' }])).inputTotal).toBe('199999798000002.01')
  })

  test('the columns of the file may stand in any order', async () => {
    const forth = [header, csvLine({}), csvLine({ no: 'C9001', quantity: -1 })]
    const back = forth.map((line) => line.split(',').reverse().join(','))
    const [one, other] = await Promise.all(
      [forth, back].map(async (lines) =>
        planImport(await readable(lines.join('\n')), { vat: true }),
      ),
    )
    expect({ ...other, sha256: '' }).toEqual({ ...one, sha256: '' })
  })
})

describe('the order of booking', () => {
  const booked = async (lines: readonly Line[]): Promise<string[]> =>
    inBookingOrder((await planOf(lines)).entries).map(({ number }) => number)

  test('is file order where every credit note follows its invoices', async () => {
    const lines = [{ no: '8001' }, { no: 'C8002', quantity: -1 }, { no: '8003' }]
    expect(await booked(lines)).toEqual(['8001', 'C8002', '8003'])
  })

  test('lets a credit note wait for an invoice that stands further down', async () => {
    const later = '2010-12-05T10:00'
    const lines: Line[] = [
      { no: 'C8001', quantity: -2, at: later },
      { no: 'C8002', quantity: -1, at: later, code: '22009' },
      { no: '8003' },
      { no: '8004', code: '22002' },
    ]
    expect(await booked(lines)).toEqual(['C8002', '8003', 'C8001', '8004'])
  })
})
