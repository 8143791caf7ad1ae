import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  creditedNets,
  creditLines,
  type CreditedDocument,
  grossLeft,
  type LineCredited,
  type LineRequest,
  nothingCredited,
  withCredited,
} from '../../src/aggregates/crediting.js'
import { creditAmount } from '../../src/aggregates/crediting-by-amount.js'
import {
  priceDocument,
  type PricedDocument,
  type PricingTerms,
} from '../../src/aggregates/pricing.js'
import type { Line } from '../../src/events/parts.js'
import { anyLines, exactTaxOf, roundTo } from './any-lines.js'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const terms = (changes: Partial<PricingTerms> = {}): PricingTerms => ({
  prices: 'tax_excluded',
  rounding: 'per_line',
  currency: 'GBP',
  ...changes,
})
const line = (unitPrice: string, quantity = '1', more: Partial<Line> = {}): Line => ({
  kind: 'item',
  description: 'Goods',
  quantity,
  unitPrice,
  tax: { code: 'GB-20', ratePercent: '20' },
  ...more,
})

/** Notes on one invoice, one after the other, each posted. */
function notesOn(lines: readonly Line[], pricing: PricingTerms) {
  const invoice = priceDocument(lines, pricing)
  let credited: readonly LineCredited[] = nothingCredited(invoice.lines, pricing.currency)
  const now = () => ({ lines: invoice.lines, credited, terms: pricing })
  const posted = (note: ReturnType<typeof creditLines>) => {
    if (!('code' in note)) credited = withCredited(credited, note.lines, pricing.prices)
    return note
  }
  const mustBe = (note: ReturnType<typeof creditLines>): CreditedDocument => {
    if ('code' in note) throw new Error(JSON.stringify(note))
    return note
  }
  const currency = (amount: string) => ({ amount, currency: pricing.currency })
  return {
    invoice,
    now,
    credit: (...requests: LineRequest[]) => posted(creditLines(requests, now())),
    must: (...requests: LineRequest[]) => mustBe(posted(creditLines(requests, now()))),
    creditAmount: (amount: string) => posted(creditAmount(currency(amount), now())),
    mustAmount: (amount: string) => mustBe(posted(creditAmount(currency(amount), now()))),
    left: () => grossLeft(now()).amount,
  }
}

describe('the tax of a note', () => {
  test('per line is the tax on all credited so far, less what earlier notes took', () => {
    const notes = notesOn([line('0.33', '3')], terms())
    expect(notes.invoice.totals).toEqual({ net: gbp('0.99'), tax: gbp('0.20'), gross: gbp('1.19') })
    const taxes = [1, 2, 3].map(
      () => notes.must({ invoiceLine: 0, quantity: '1' }).totals.tax.amount,
    )
    expect(taxes).toEqual(['0.07', '0.06', '0.07'])
  })

  test('globally follows the code over all its lines', () => {
    const notes = notesOn(
      ['68.33', '68.33', '57.5', '85'].map((price) => line(price)),
      terms({ rounding: 'global' }),
    )
    const totals = [0, 1, 2, 3].map(
      (invoiceLine) => notes.must({ invoiceLine, quantity: '1' }).totals,
    )
    expect(totals.map(({ tax }) => tax.amount)).toEqual(['13.67', '13.66', '11.50', '17.00'])
    expect(totals.map(({ gross }) => gross.amount)).toEqual(['82.00', '81.99', '69.00', '102.00'])
  })

  test('globally of a full credit in one note is 334.99, tax and all', () => {
    const lines = ['68.33', '68.33', '57.5', '85'].map((price) => line(price))
    const notes = notesOn(lines, terms({ rounding: 'global' }))
    const note = notes.must(...lines.map((_, invoiceLine) => ({ invoiceLine, quantity: '1' })))
    expect(note.totals).toEqual({ net: gbp('279.16'), tax: gbp('55.83'), gross: gbp('334.99') })
    expect(note.taxes).toEqual(notes.invoice.taxes)
  })

  test('included in the price is cumulative too', () => {
    const notes = notesOn([line('1', '3')], terms({ prices: 'tax_included' }))
    const parts = [1, 2, 3].map(() => notes.must({ invoiceLine: 0, quantity: '1' }).totals)
    expect(parts.map(({ tax }) => tax.amount)).toEqual(['0.17', '0.16', '0.17'])
    expect(parts.map(({ gross }) => gross.amount)).toEqual(['1.00', '1.00', '1.00'])
  })
})

describe('the amount of a note', () => {
  test('carries the line’s discount along, the last piece taking the rest', () => {
    const notes = notesOn([line('10', '3', { discount: gbp('1.00') })], terms())
    const nets = [1, 2, 3].map(
      () => notes.must({ invoiceLine: 0, quantity: '1' }).totals.net.amount,
    )
    expect(nets).toEqual(['9.67', '9.66', '9.67'])
  })

  test('at a lower price takes back that price only', () => {
    const notes = notesOn([line('10', '2')], terms())
    expect(notes.must({ invoiceLine: 0, quantity: '1', unitPrice: '4' }).totals).toEqual({
      net: gbp('4.00'),
      tax: gbp('0.80'),
      gross: gbp('4.80'),
    })
    expect(notes.must({ invoiceLine: 0, quantity: '1' }).totals.gross).toEqual(gbp('12.00'))
  })

  test('of one line may be asked for twice in one note', () => {
    const notes = notesOn([line('0.33', '3')], terms())
    const note = notes.must({ invoiceLine: 0, quantity: '1' }, { invoiceLine: 0, quantity: '2' })
    expect(note.totals).toEqual(notes.invoice.totals)
    expect(notes.credit({ invoiceLine: 0, quantity: '1' })).toMatchObject({
      code: 'credit_quantity_exceeds_invoice_line',
    })
  })

  test('of a discount line is negative, at its own price and at a smaller one', () => {
    const notes = notesOn([line('100'), line('-10', '2')], terms())
    expect(notes.must({ invoiceLine: 1, quantity: '1' }).totals.gross).toEqual(gbp('-12.00'))
    expect(notes.must({ invoiceLine: 1, quantity: '1', unitPrice: '-5' }).totals.gross).toEqual(
      gbp('-6.00'),
    )
  })
})

describe('a platform’s own tax on a line, kept as it came', () => {
  const halves = (taxAmount: string, gross: string) => {
    const lines = [
      { ...line('0.5', '2'), net: gbp('1.00'), taxAmount: gbp(taxAmount), gross: gbp(gross) },
    ]
    let credited = nothingCredited(lines, 'GBP')
    return [1, 2].map(() => {
      const note = creditLines([{ invoiceLine: 0, quantity: '1' }], {
        lines,
        credited,
        terms: terms(),
      })
      if ('code' in note) throw new Error(JSON.stringify(note))
      credited = withCredited(credited, note.lines, 'tax_excluded')
      return note.totals.tax.amount
    })
  }

  test('limits the tax of a note where it is less than the rate gives', () => {
    expect(halves('0.05', '1.05')).toEqual(['0.05', '0.00'])
  })

  test('goes to the last note where it is more', () => {
    expect(halves('0.25', '1.25')).toEqual(['0.10', '0.15'])
  })
})

describe('a credit by amount', () => {
  const FOUR = ['68.33', '68.33', '57.5', '85'].map((price) => line(price))
  const global = terms({ rounding: 'global' })
  const figures = ({ totals }: CreditedDocument) =>
    [totals.net, totals.tax, totals.gross].map(({ amount }) => amount)

  test('is split in proportion to what the lines have left, and shows money only', () => {
    const notes = notesOn([line('100', '2', { sku: 'A-1' }), line('50')], terms())
    const note = notes.mustAmount('30.00')
    expect(note.lines).toEqual([
      {
        ...line('20', '1', { sku: 'A-1' }),
        net: gbp('20.00'),
        taxAmount: gbp('4.00'),
        gross: gbp('24.00'),
        invoiceLine: 0,
        byAmount: true,
      },
      {
        ...line('5'),
        net: gbp('5.00'),
        taxAmount: gbp('1.00'),
        gross: gbp('6.00'),
        invoiceLine: 1,
        byAmount: true,
      },
    ])
    expect(notes.left()).toBe('270.00')
  })

  test('has its gross exactly where no net and its rounded tax make it', () => {
    // 0.02 + 0.00 and 0.03 + 0.01: at 20 % nothing comes to 0.03.
    const note = notesOn([line('10')], terms()).mustAmount('0.03')
    expect(figures(note)).toEqual(['0.02', '0.01', '0.03'])
  })

  test('takes the tax of each rate by what the rate has left', () => {
    const lines = [line('100'), line('100', '1', { tax: { code: 'Z', ratePercent: '0' } })]
    const note = notesOn(lines, terms()).mustAmount('11.00')
    expect(note.taxes.map(({ base, amount }) => [base.amount, amount.amount])).toEqual([
      ['5.00', '1.00'],
      ['5.00', '0.00'],
    ])
  })

  test('of prices with tax is that of its lines', () => {
    const note = notesOn([line('100'), line('20')], terms({ prices: 'tax_included' })).mustAmount(
      '12.00',
    )
    expect(note.lines.map(({ unitPrice, net, taxAmount }) => [unitPrice, net, taxAmount])).toEqual([
      ['10', gbp('8.33'), gbp('1.67')],
      ['2', gbp('1.67'), gbp('0.33')],
    ])
  })

  test('of a part of 334.99 leaves the rest to the other parts, in either order', () => {
    const first = notesOn(FOUR, global)
    expect(figures(first.mustAmount('100.00'))).toEqual(['83.33', '16.67', '100.00'])
    expect(figures(first.mustAmount('234.99'))).toEqual(['195.83', '39.16', '234.99'])
    const second = notesOn(FOUR, global)
    expect(figures(second.mustAmount('234.99'))).toEqual(['195.83', '39.16', '234.99'])
    expect(figures(second.mustAmount('100.00'))).toEqual(['83.33', '16.67', '100.00'])
  })

  test('of 334.99 whole is the invoice, line by line', () => {
    const notes = notesOn(FOUR, global)
    const note = notes.mustAmount('334.99')
    expect(note.taxes).toEqual(notes.invoice.taxes)
    expect(note.lines.map(({ net, taxAmount, gross }) => ({ net, taxAmount, gross }))).toEqual(
      notes.invoice.lines.map(({ net, taxAmount, gross }) => ({ net, taxAmount, gross })),
    )
    expect(notes.left()).toBe('0.00')
  })

  test('leaves out a line that it does not reach', () => {
    const note = notesOn([line('1000'), line('0.01')], terms()).mustAmount('5.00')
    expect(note.lines.map(({ invoiceLine }) => invoiceLine)).toEqual([0])
  })

  test('takes its part of a discount line back too', () => {
    const note = notesOn([line('100'), line('-10')], terms()).mustAmount('54.00')
    expect(note.lines.map(({ net }) => net.amount)).toEqual(['50.00', '-5.00'])
  })

  test('reaches no tax code whose lines add up to nothing, until it is all that is left', () => {
    const zero = { tax: { code: 'Z', ratePercent: '0' } }
    const notes = notesOn([line('100'), line('10', '1', zero), line('-10', '1', zero)], global)
    expect(notes.mustAmount('60.00').lines.map(({ invoiceLine }) => invoiceLine)).toEqual([0])
    const rest = notes.mustAmount('60.00')
    expect(rest.lines.map(({ net }) => net.amount)).toEqual(['50.00', '10.00', '-10.00'])
    expect(rest.totals.gross).toEqual(gbp('60.00'))
  })

  test('weighs what discount lines left of a tax code below nothing', () => {
    const zero = { tax: { code: 'Z', ratePercent: '0' } }
    const notes = notesOn([line('100'), line('30', '1', zero), line('-60', '1', zero)], global)
    const note = notes.mustAmount('45.00')
    expect(note.lines.map(({ net }) => net.amount)).toEqual(['50.00', '15.00', '-30.00'])
    expect(note.totals.gross).toEqual(gbp('45.00'))
    notes.mustAmount('45.00')
    expect(notes.left()).toBe('0.00')
  })

  test('shows a thousand pieces where one would have more digits than a price', () => {
    const idr = terms({ currency: 'IDR' })
    const lines = [line('999999999999', '2', { tax: { code: 'Z', ratePercent: '0' } })]
    const note = notesOn(lines, idr).mustAmount('1999999999998.00')
    expect(note.lines[0]).toMatchObject({ quantity: '1000', unitPrice: '1999999999.998' })
    expect(note.totals.gross.amount).toBe('1999999999998.00')
  })

  test.each(['0.00', '-1.00'])('of %s is refused', (amount) => {
    expect(notesOn(FOUR, global).creditAmount(amount)).toEqual({
      code: 'credit_amount_not_positive',
      requested: gbp(amount),
    })
  })

  test('beyond what all notes before it left is refused, to the unit', () => {
    const notes = notesOn(FOUR, global)
    notes.must({ invoiceLine: 0, quantity: '1' })
    notes.mustAmount('52.99')
    expect(notes.creditAmount('200.01')).toEqual({
      code: 'credit_exceeds_invoice',
      left: gbp('200.00'),
      requested: gbp('200.01'),
    })
    expect(notes.creditAmount('200.00')).toHaveProperty('totals')
    expect(notes.creditAmount('0.01')).toMatchObject({ left: gbp('0.00') })
  })
})

describe('a quantity after a credit by amount', () => {
  test('comes back in full, its money up to what is left, and the last takes the rest', () => {
    const notes = notesOn([line('10', '3')], terms())
    notes.mustAmount('19.20')
    const grosses = [1, 2, 3].map(
      () => notes.must({ invoiceLine: 0, quantity: '1' }).totals.gross.amount,
    )
    expect(grosses).toEqual(['12.00', '4.80', '0.00'])
    expect(notes.credit({ invoiceLine: 0, quantity: '1' })).toMatchObject({
      code: 'credit_quantity_exceeds_invoice_line',
      left: '0',
    })
  })

  test('shows its price and, as a discount, the money that was already taken', () => {
    const notes = notesOn([line('10', '1')], terms())
    notes.mustAmount('6.00')
    expect(notes.must({ invoiceLine: 0, quantity: '1' }).lines[0]).toMatchObject({
      quantity: '1',
      unitPrice: '10',
      discount: gbp('5.00'),
      net: gbp('5.00'),
    })
  })

  test('at a lower price is limited by what the line has left', () => {
    const notes = notesOn([line('10', '2')], terms())
    notes.mustAmount('18.00')
    expect(notes.credit({ invoiceLine: 0, quantity: '1', unitPrice: '6' })).toEqual({
      code: 'credit_amount_exceeds_invoice_line',
      line: 0,
      left: gbp('5.00'),
      requested: gbp('6.00'),
    })
    expect(notes.must({ invoiceLine: 0, quantity: '1', unitPrice: '5' }).totals.gross).toEqual(
      gbp('6.00'),
    )
    expect(notes.left()).toBe('0.00')
  })

  test('of a discount line too comes back up to what is left of it', () => {
    const notes = notesOn([line('100'), line('-10', '2')], terms())
    notes.mustAmount('72.00')
    expect(
      [1, 2].map(() => notes.must({ invoiceLine: 1, quantity: '1' }).totals.net.amount),
    ).toEqual(['-5.00', '0.00'])
  })

  test('takes no negative tax where the amounts took more than the rounded one', () => {
    const notes = notesOn([line('0.01', '500')], terms())
    for (let time = 1; time <= 4; time += 1) {
      expect(notes.mustAmount('0.04').totals.tax).toEqual(gbp('0.01'))
    }
    // With this piece 0.13 net are credited, on which the tax is 0.03, and 0.04 were taken.
    expect(notes.must({ invoiceLine: 0, quantity: '1' }).totals.tax).toEqual(gbp('0.00'))
  })

  test('takes no more tax than gross where the amounts took less than the rounded one', () => {
    const notes = notesOn([line('0.01', '600')], terms({ prices: 'tax_included' }))
    for (let time = 1; time <= 12; time += 1) {
      expect(notes.mustAmount('0.02').totals.tax).toEqual(gbp('0.00'))
    }
    // With this piece 0.25 are credited, which hold a tax of 0.04.
    const { totals } = notes.must({ invoiceLine: 0, quantity: '1' })
    expect([totals.net, totals.tax]).toEqual([gbp('0.00'), gbp('0.01')])
  })

  test.each(['tax_included', 'tax_excluded'] as const)(
    'with %s prices rounded globally leaves nothing on any line’s revenue',
    (prices) => {
      const lines = ['68.33', '68.33', '57.5', '85'].map((price) => line(price))
      const notes = notesOn(lines, terms({ rounding: 'global', prices }))
      const taken = notes.invoice.lines.map(() => new Decimal(0))
      const take = (note: () => CreditedDocument) => {
        const before = notes.now()
        const { lines: own, totals } = note()
        const nets = creditedNets(before, own)
        const all = nets.reduce((total, { amount }) => total.plus(amount), new Decimal(0))
        expect(all.toFixed(2)).toBe(totals.net.amount)
        nets.forEach(({ amount }, index) => {
          taken[index] = (taken[index] ?? new Decimal(0)).plus(amount)
        })
      }
      take(() => notes.mustAmount('33.33'))
      take(() => notes.must({ invoiceLine: 1, quantity: '0.5' }, { invoiceLine: 3, quantity: '1' }))
      take(() => notes.mustAmount('0.01'))
      take(() => notes.mustAmount(notes.left()))
      expect(taken.map((net) => net.toFixed(2))).toEqual(
        notes.invoice.lines.map(({ net }) => net.amount),
      )
    },
  )
})

describe('refused is', () => {
  const lines = [line('10', '2'), line('-5', '1'), line('3', '-2'), line('0.333333', '3')]
  test.each<[string, LineRequest, object]>([
    [
      'a line that the invoice has not',
      { invoiceLine: 4, quantity: '1' },
      { code: 'invoice_line_not_found', line: 4, lines: 4 },
    ],
    [
      'no quantity',
      { invoiceLine: 0, quantity: '0' },
      { code: 'credit_quantity_not_positive', line: 0, requested: '0' },
    ],
    [
      'a negative quantity',
      { invoiceLine: 0, quantity: '-1' },
      { code: 'credit_quantity_not_positive', line: 0, requested: '-1' },
    ],
    [
      'a positive quantity of a line of negative quantity',
      { invoiceLine: 2, quantity: '1' },
      { code: 'credit_quantity_not_positive', line: 2, requested: '1' },
    ],
    [
      'a quantity just beyond the line',
      { invoiceLine: 0, quantity: '2.000001' },
      {
        code: 'credit_quantity_exceeds_invoice_line',
        line: 0,
        left: '2',
        requested: '2.000001',
      },
    ],
    [
      'a quantity beyond a line of negative quantity',
      { invoiceLine: 2, quantity: '-2.5' },
      { code: 'credit_quantity_exceeds_invoice_line', line: 2, left: '-2', requested: '-2.5' },
    ],
    [
      'a higher price',
      { invoiceLine: 0, quantity: '1', unitPrice: '10.01' },
      {
        code: 'credit_amount_exceeds_invoice_line',
        line: 0,
        left: gbp('10.00'),
        requested: gbp('10.01'),
      },
    ],
    [
      'a price below zero, which would charge the line once more',
      { invoiceLine: 0, quantity: '1', unitPrice: '-10' },
      { code: 'credit_price_opposite', line: 0, invoiced: '10', requested: '-10' },
    ],
    [
      'a price above zero of a discount line',
      { invoiceLine: 1, quantity: '1', unitPrice: '5' },
      { code: 'credit_price_opposite', line: 1, invoiced: '-5', requested: '5' },
    ],
  ])('%s', (_what, request, refusal) => {
    expect(notesOn(lines, terms()).credit(request)).toEqual(refusal)
  })

  test('nothing of a price within the invoiced one, to the unit', () => {
    const notes = notesOn(lines, terms())
    expect(notes.credit({ invoiceLine: 0, quantity: '1', unitPrice: '9.99' })).toHaveProperty(
      'totals',
    )
    expect(notes.credit({ invoiceLine: 0, quantity: '1', unitPrice: '0' })).toHaveProperty('totals')
  })
})

describe('random invoices and random notes on them', () => {
  const pieces = fc.array(
    fc.array(
      fc.record({
        line: fc.nat({ max: 7 }),
        share: fc.integer({ min: 1, max: 4 }),
        cheaper: fc.constantFrom(100, 100, 100, 73, 20, 0),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    { maxLength: 8 },
  )

  test('every prefix has the tax of all credited so far, to the unit', () => {
    fc.assert(
      fc.property(anyLines({ negative: true }), pieces, ({ lines, terms }, wanted) => {
        const history = new History(lines, terms)
        for (const pieces of wanted) {
          history.credit(pieces)
          history.check()
        }
      }),
      { numRuns: 100 },
    )
  })

  test('credited to the last piece in many notes the invoice is taken back exactly, tax by tax', () => {
    fc.assert(
      fc.property(anyLines({ negative: true }), pieces, ({ lines, terms }, wanted) => {
        const history = new History(lines, terms)
        for (const pieces of wanted)
          history.credit(pieces.map((piece) => ({ ...piece, cheaper: 100 })))
        history.creditRest()
        history.check()
        expect(history.taxes()).toEqual(
          new Map(
            history.notes.invoice.taxes.map(({ code, amount }) => [
              code,
              new Decimal(amount.amount).toFixed(),
            ]),
          ),
        )
        expect(history.sum('gross')).toBe(
          new Decimal(history.notes.invoice.totals.gross.amount).toFixed(),
        )
        expect(history.sum('net')).toBe(
          new Decimal(history.notes.invoice.totals.net.amount).toFixed(),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('without discount lines nothing of any note is negative', () => {
    fc.assert(
      fc.property(anyLines({ negative: false }), pieces, ({ lines, terms }, wanted) => {
        const history = new History(lines, terms)
        for (const pieces of wanted) history.credit(pieces)
        history.creditRest()
        for (const { lines, taxes, totals } of history.posted) {
          const amounts = [
            ...lines.flatMap(({ net, taxAmount, gross }) => [net, taxAmount, gross]),
            ...taxes.flatMap(({ base, amount }) => [base, amount]),
            ...Object.values(totals),
          ]
          expect(amounts.filter(({ amount }) => amount.startsWith('-'))).toEqual([])
        }
      }),
      { numRuns: 100 },
    )
  })
})

type Piece = Readonly<{ line: number; share: number; cheaper: number }>
const DIGITS: Readonly<Record<string, number>> = { JPY: 0, EUR: 2, KWD: 3 }

/** Notes posted on a random invoice, beside the oracle's own account of quantities and amounts. */
class History {
  readonly notes: ReturnType<typeof notesOn> & { invoice: PricedDocument }
  readonly posted: CreditedDocument[] = []
  readonly #lines: readonly Line[]
  readonly #terms: PricingTerms
  readonly #quantity: Decimal[]
  readonly #base: Decimal[]

  constructor(lines: readonly Line[], terms: PricingTerms) {
    this.notes = notesOn(lines, terms)
    this.#lines = lines
    this.#terms = terms
    this.#quantity = lines.map(() => new Decimal(0))
    this.#base = lines.map(() => new Decimal(0))
  }

  credit(pieces: readonly Piece[]): void {
    const requests = pieces.flatMap((piece) => this.#request(piece))
    if (requests.length > 0) this.posted.push(this.notes.must(...requests))
  }

  creditRest(): void {
    this.credit(this.#lines.map((_, line) => ({ line, share: 1, cheaper: 100 })))
  }

  check(): void {
    const expected = new Map<string, Decimal>()
    const groups = this.#terms.rounding === 'per_line' ? this.#eachLine() : this.#eachCode()
    for (const { code, charged } of groups) {
      const tax = this.#round(exactTaxOf(charged, this.#terms.prices))
      expected.set(code, (expected.get(code) ?? new Decimal(0)).plus(tax))
    }
    const taken = this.taxes()
    for (const [code, tax] of expected) expect(taken.get(code) ?? '0').toBe(tax.toFixed())
    const base = this.#base.reduce((sum, one) => sum.plus(one), new Decimal(0))
    expect(this.sum(this.#terms.prices === 'tax_excluded' ? 'net' : 'gross')).toBe(base.toFixed())
    for (const { totals, taxes } of this.posted) {
      const { net, tax, gross } = totals
      expect(new Decimal(net.amount).plus(tax.amount).equals(gross.amount)).toBe(true)
      const rows = taxes.reduce((sum, { amount }) => sum.plus(amount.amount), new Decimal(0))
      expect(rows.equals(tax.amount)).toBe(true)
    }
  }

  taxes(): Map<string, string> {
    const taken = new Map<string, Decimal>()
    for (const { code, amount } of this.posted.flatMap(({ taxes }) => taxes)) {
      taken.set(code, (taken.get(code) ?? new Decimal(0)).plus(amount.amount))
    }
    return new Map([...taken].map(([code, amount]) => [code, amount.toFixed()]))
  }

  sum(figure: 'net' | 'gross'): string {
    const totals = this.posted.map(({ totals }) => totals[figure].amount)
    return totals.reduce((sum, amount) => sum.plus(amount), new Decimal(0)).toFixed()
  }

  #request({ line: index, share, cheaper }: Piece): LineRequest[] {
    const line = this.#lines[index]
    const before = this.#quantity[index]
    if (line === undefined || before === undefined) return []
    const left = new Decimal(line.quantity).minus(before)
    const quantity = left.dividedBy(share).toDecimalPlaces(2, Decimal.ROUND_DOWN)
    if (quantity.isZero()) return []
    const full = this.#round(new Decimal(line.quantity).times(line.unitPrice)).minus(
      line.discount?.amount ?? 0,
    )
    const upTo = (credited: Decimal) => this.#round(full.times(credited).dividedBy(line.quantity))
    const asInvoiced = upTo(before.plus(quantity)).minus(upTo(before))
    const price = new Decimal(line.unitPrice).times(cheaper).dividedBy(100).toDecimalPlaces(4)
    const asked = this.#round(quantity.times(price))
    const lower =
      cheaper < 100 && !price.equals(line.unitPrice) && asked.abs().lte(asInvoiced.abs())
    this.#quantity[index] = before.plus(quantity)
    this.#base[index] = (this.#base[index] ?? new Decimal(0)).plus(lower ? asked : asInvoiced)
    const unitPrice = price.isZero() ? '0' : price.toFixed()
    return [{ invoiceLine: index, quantity: quantity.toFixed(), ...(lower ? { unitPrice } : {}) }]
  }

  #eachLine() {
    return this.#lines.map(({ tax }, index) => ({
      code: tax.code,
      charged: [{ base: this.#base[index] ?? new Decimal(0), tax }],
    }))
  }

  #eachCode() {
    const codes = [...new Set(this.#lines.map(({ tax }) => tax.code))]
    return codes.map((code) => ({
      code,
      charged: this.#lines.flatMap(({ tax }, index) =>
        tax.code === code ? [{ base: this.#base[index] ?? new Decimal(0), tax }] : [],
      ),
    }))
  }

  #round(value: Decimal): Decimal {
    return roundTo(value, DIGITS[this.#terms.currency] ?? 2)
  }
}
