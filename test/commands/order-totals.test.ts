import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDraft } from '../../commands/invoice/edit-draft.js'
import { discardDraft } from '../../commands/invoice/discard-draft.js'
import { isFullyInvoiced } from '../../commands/invoice/fully-invoiced.js'
import { invoiceLinesInput } from '../../commands/invoice/invoice-draft.js'
import { invoiceOrder } from '../../commands/invoice/invoice-order.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { cancelOrder } from '../../commands/order/cancel-order.js'
import type { InvoiceContent } from '../../src/events/invoice-events.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { sum } from '../../src/money/money.js'
import {
  after,
  expectRefusal,
  FOLIO_ID,
  folioOf,
  type Scene,
  testBooks,
} from '../support/decider-spec.js'
import { imported, instance } from './imported-orders.js'
import {
  booksWith,
  gbp,
  INVOICE,
  item,
  journal,
  note,
  ORDER,
  order,
  orderInvoice,
  posted,
} from './scenes.js'

const contents = (facts: readonly LedgerFact[] = []): InvoiceContent[] =>
  facts.flatMap((fact) => (fact.type === 'InvoiceDrafted' ? [fact.data] : []))
const newest = (scene: Readonly<{ newest: readonly LedgerFact[] }>) => contents(scene.newest)[0]!
const part = (scene: Partial<Scene>, quantity: string, line = 0) =>
  orderInvoice(scene, { lines: [{ line, quantity }] })
const of = (id: string) => `${FOLIO_ID}-${id}`
const totals = (gross: string) => ({ net: gbp(gross), tax: gbp('0.00'), gross: gbp(gross) })
const shipping = (more: object = {}) => item('9', { kind: 'shipping', ...more })
const charged = (content: InvoiceContent) =>
  content.lines.flatMap(({ kind, net }) => (kind === 'item' ? [] : [net.amount]))
const orderIn = (scene: Partial<Scene>) => {
  const folio = folioOf(scene.facts ?? [])
  if (folio.order.status === 'absent') throw new Error('There is no order')
  return isFullyInvoiced(folio.order, folio)
}
/** Invoices the first line piece by piece. */
function piecewise(scene: Partial<Scene>, pieces: number) {
  const drafts: InvoiceContent[] = []
  let next = scene
  for (let piece = 0; piece < pieces; piece += 1) {
    const made = part(next, '1')
    drafts.push(newest(made))
    next = made
  }
  return { drafts, scene: next }
}

describe('charges of an order with several invoices', () => {
  const ordered = [item('10', { quantity: '3' }), shipping(), item('2', { kind: 'fee' })]

  test('go whole with the first', () => {
    const { drafts } = piecewise(order(ordered), 3)
    expect(drafts.map(charged)).toEqual([['9.00', '2.00'], [], []])
  })

  test('or in proportion to the goods, adding up to the order', () => {
    const { drafts, scene } = piecewise(
      order(ordered, {}, booksWith({ charges: 'in_proportion' })),
      3,
    )
    expect(drafts.map(charged)).toEqual([
      ['3.00', '0.67'],
      ['3.00', '0.66'],
      ['3.00', '0.67'],
    ])
    expect(orderIn({ facts: scene.facts ?? [] })).toBe(false)
  })

  test('as the instance says, before the books', () => {
    const scene = { ...booksWith({ charges: 'in_proportion' }), instance: instance() }
    expect(charged(newest(part(imported(ordered, {}, scene), '1')))).toEqual(['9.00', '2.00'])
    const other = { instance: instance({ charges: 'in_proportion' }) }
    expect(charged(newest(part(imported(ordered, {}, other), '1')))).toEqual(['3.00', '0.67'])
  })

  test('that the request names are taken as it says, and no other', () => {
    const lines = [
      { line: 0, quantity: '1' },
      { line: 2, quantity: '1' },
    ]
    expect(charged(newest(orderInvoice(order(ordered), { lines })))).toEqual(['2.00'])
  })

  test('come back with the next invoice when their draft was discarded', () => {
    const discarded = after(discardDraft, { document: INVOICE }, part(order(ordered), '1'))
    expect(charged(newest(part(discarded, '1')))).toEqual(['9.00', '2.00'])
  })

  test('without goods to go by they are whole: free goods, free charges', () => {
    const scene = booksWith({ charges: 'in_proportion' })
    const free = order([item('0', { quantity: '2' }), shipping()], {}, scene)
    expect(charged(newest(part(free, '1')))).toEqual(['9.00'])
    const nothing = order(
      [item('10', { quantity: '2' }), item('0', { kind: 'shipping' })],
      {},
      scene,
    )
    expect(charged(newest(part(nothing, '1')))).toEqual(['0.00'])
  })

  test('of any price and discount add up, in whatever pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 2_000 }),
        (prices, charge, discount, tax) => {
          const money = (cents: number) => gbp((cents / 100).toFixed(2))
          const lines = [
            ...prices.map((price) => item((price / 1000).toString(), { quantity: '2' })),
            shipping({
              unitPrice: (charge / 100 + 6).toString(),
              discount: money(discount),
              platformTax: money(tax),
            }),
          ]
          const settings = { instance: instance({ charges: 'in_proportion' }) }
          let scene: Partial<Scene> = imported(lines, {}, settings)
          const drafts: InvoiceContent[] = []
          for (const [line] of prices.entries()) {
            const made = part(scene, '1', line)
            drafts.push(newest(made))
            scene = made
          }
          drafts.push(newest(orderInvoice(scene)))
          const added = (kind: string, figure: 'net' | 'taxAmount') =>
            sum(
              drafts.flatMap((draft) =>
                draft.lines.filter((line) => line.kind === kind).map((line) => line[figure]),
              ),
              'GBP',
            ).amount
          expect(added('shipping', 'net')).toBe(money(charge + 600 - discount).amount)
          expect(added('shipping', 'taxAmount')).toBe(money(tax).amount)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('the parts of a line add up to it', () => {
  test('also where a piece is no whole number of units', () => {
    const { drafts } = piecewise(order([item('0.333', { quantity: '3' })]), 3)
    expect(drafts.map(({ totals: { net } }) => net.amount)).toEqual(['0.33', '0.33', '0.34'])
  })

  test('with the tax that the platform charged', () => {
    const scene = imported([item('10', { quantity: '3', platformTax: gbp('6.01') })])
    const { drafts } = piecewise(scene, 3)
    expect(drafts.map(({ totals: { tax } }) => tax.amount)).toEqual(['2.00', '2.01', '2.00'])
  })
})

describe('fully invoiced', () => {
  test('is every line and charge on posted invoices', () => {
    const scene = order([item('10', { quantity: '2' }), shipping()])
    expect(orderIn(scene)).toBe(false)
    const first = part(scene, '1')
    const second = orderInvoice(first)
    expect(orderIn(posted(second))).toBe(false)
    const both = posted(posted(second), { invoiceId: of('i2') })
    expect(orderIn(both)).toBe(true)
    const goodsAlone = orderInvoice(scene, {
      lines: [
        { line: 0, quantity: '2' },
        { line: 1, quantity: '0.5' },
      ],
    })
    expect(orderIn(posted(goodsAlone))).toBe(false)
  })

  test('is not what may be invoiced again', () => {
    const scene = posted(orderInvoice(order([item('10', { quantity: '2' })])))
    const lines = [{ invoiceLine: 0, quantity: '1' }]
    expect(orderIn(note(scene, { lines }))).toBe(true)
    expect(orderIn(note(scene, { lines, invoiceableAgain: true }))).toBe(false)
  })

  test('is an order whose rest was cancelled', () => {
    const scene = posted(part(order([item('10', { quantity: '2' })]), '1'))
    expect(orderIn(after(cancelOrder, { orderId: ORDER, reason: 'x' }, scene))).toBe(true)
  })
})

describe("the platform's total", () => {
  const invoiceOf = (gross: string, lines: readonly object[] = [item('10'), item('10')]) =>
    newest(orderInvoice(imported(lines, { totals: totals(gross) })))

  test.each([
    ['24.00', []],
    ['24.01', ['0.01']],
    ['24.02', ['0.02']],
    ['23.98', ['-0.02']],
    ['24.03', []],
    ['23.97', []],
  ])('%s is reached by a rounding line, within a unit a line', (gross, rounding) => {
    const content = invoiceOf(gross)
    const lines = content.lines.filter(({ kind }) => kind === 'rounding')
    expect(lines.map(({ gross: { amount } }) => amount)).toEqual(rounding)
    if (rounding.length > 0) expect(content.totals.gross.amount).toBe(gross)
    expect(content.taxes.map(({ code }) => code)).toEqual(['GB-20'])
  })

  test('the rounding line books to its own account, whichever way', () => {
    const entry = (gross: string) =>
      journal(posted(orderInvoice(imported([item('10')], { totals: totals(gross) }))).newest[0])
    expect(entry('12.01')).toEqual([
      'debit receivable 12.01 [i1]',
      'credit sales 10.00',
      'credit rounding 0.01',
      'credit output-tax 2.00 (GB-20 20 % of 10.00)',
    ])
    expect(entry('11.99')).toContain('debit rounding 0.01')
  })

  test('beyond the limit stays a draft, with both figures', () => {
    const scene = orderInvoice(imported([item('10')], { totals: totals('12.02') }))
    expectRefusal(postInvoice, { invoiceId: INVOICE }, scene, {
      code: 'platform_total_differs',
      own: gbp('12.00'),
      platform: gbp('12.02'),
      limit: gbp('0.01'),
    })
    const wider = { instance: instance({ roundingUnitsPerLine: 2 }) }
    expect(
      posted(orderInvoice(imported([item('10')], { totals: totals('12.02') }, wider))),
    ).toBeDefined()
    const none = { instance: instance({ roundingUnitsPerLine: 0 }) }
    const strict = orderInvoice(imported([item('10')], { totals: totals('12.01') }, none))
    expectRefusal(postInvoice, { invoiceId: INVOICE }, strict, {
      code: 'platform_total_differs',
      own: gbp('12.00'),
      platform: gbp('12.01'),
      limit: gbp('0.00'),
    })
  })

  test('is that of all invoices: the one that completes the order has the line', () => {
    // Three times 0.40 with 0.08 tax is 1.44; the platform rounded its tax over the whole line.
    const { drafts, scene } = piecewise(
      imported([item('0.4', { quantity: '3' })], { totals: totals('1.45') }),
      3,
    )
    expect(drafts.map(({ totals: { gross } }) => gross.amount)).toEqual(['0.48', '0.48', '0.49'])
    for (const id of ['i3', 'i1', 'i2']) {
      expect(() => posted(scene, { invoiceId: of(id) })).not.toThrow()
    }
  })

  test('of an order changed since is no matter for rounding', () => {
    const before = posted(part(imported([item('10', { quantity: '2' })]), '1'))
    const cheaper = [item('8', { quantity: '2' })]
    const scene = imported(cheaper, { totals: totals('19.21') }, before, 3)
    const content = newest(orderInvoice(scene))
    expect(content.totals.gross.amount).toBe('9.61')
    expect(posted(orderInvoice(scene), { invoiceId: of('i2') })).toBeDefined()
  })

  test('grown since is reached again', () => {
    const first = posted(orderInvoice(imported([item('10')], { totals: totals('12.01') })))
    const scene = imported([item('10'), item('5')], { totals: totals('18.00') }, first, 3)
    expect(newest(orderInvoice(scene)).totals.gross.amount).toBe('5.99')
  })

  test('survives the edit of a draft', () => {
    const scene = orderInvoice(imported([item('10')], { totals: totals('12.01') }))
    const edited = after(editDraft, { document: INVOICE, note: 'Thanks' }, scene)
    expect(posted(edited).newest[0]).toMatchObject({ data: { totals: { gross: gbp('12.01') } } })
  })

  test('of an order by hand is its own', () => {
    const { drafts } = piecewise(order([item('0.333', { quantity: '3' })]), 3)
    expect(drafts.flatMap(({ lines }) => lines.map(({ kind }) => kind))).toEqual([
      'item',
      'item',
      'item',
    ])
  })
})

describe("the platform's taxes", () => {
  const lines = [
    item('10', { quantity: '3', platformTax: gbp('6.03') }),
    item('7', { platformTax: gbp('1.39') }),
    shipping(),
  ]

  test.each(['per_line', 'global'] as const)(
    'stand on the invoice as they came, and a full credit takes them back (%s)',
    (rounding) => {
      const scene = posted(orderInvoice(imported(lines, {}, { books: testBooks({ rounding }) })))
      const [fact] = scene.newest
      expect(fact).toMatchObject({ data: { totals: { tax: gbp('9.22'), gross: gbp('55.22') } } })
      const credited = note(scene).newest.find(({ type }) => type === 'CreditNotePosted')
      expect(credited).toMatchObject({
        data: { totals: { tax: gbp('9.22'), gross: gbp('55.22') } },
      })
    },
  )

  test.each([
    ['per_line', 'tax_excluded'],
    ['per_line', 'tax_included'],
    ['global', 'tax_excluded'],
    ['global', 'tax_included'],
  ] as const)(
    'are taken back in pieces to the last unit, account by account (%s, %s)',
    (rounding, prices) => {
      let scene: Partial<Scene> = posted(
        orderInvoice(imported(lines, { prices }, { books: testBooks({ rounding }) })),
      )
      const pieces = [
        [{ invoiceLine: 0, quantity: '1' }],
        [
          { invoiceLine: 2, quantity: '1' },
          { invoiceLine: 0, quantity: '1' },
        ],
        [{ invoiceLine: 1, quantity: '1' }],
        [{ invoiceLine: 0, quantity: '1' }],
      ]
      pieces.forEach((requested, index) => {
        scene = note(scene, { lines: requested }, of(`c${index + 1}`))
      })
      const invoice = folioOf(scene.facts ?? []).invoices.get(INVOICE)
      if (invoice?.status !== 'posted') throw new Error('The invoice is not posted')
      expect(invoice.creditedGross).toEqual(invoice.content.totals.gross)
      expect([...invoice.booked.values()].map(({ amount }) => amount.amount)).toEqual(
        [...invoice.booked].map(() => '0.00'),
      )
    },
  )

  test('are nothing under reverse charge', () => {
    const tax = { code: 'RC', ratePercent: '20', reverseCharge: true }
    const content = newest(orderInvoice(imported([item('10', { tax, platformTax: gbp('2.00') })])))
    expect(content.totals.tax.amount).toBe('0.00')
  })

  test('are what the order itself comes to', () => {
    expect(imported(lines).newest[0]).toMatchObject({ data: { totals: { gross: gbp('55.22') } } })
  })
})

test.each(['rounding', 'opening'])('a caller cannot write a line of kind %s', (kind) => {
  expect(invoiceLinesInput.lines.safeParse([item('1', { kind })]).success).toBe(false)
  expect(invoiceLinesInput.lines.safeParse([item('1')]).success).toBe(true)
})

test('without lines everything left is invoiced, charges with it', () => {
  const scene = orderInvoice(order([item('10'), shipping()]))
  expect(newest(scene).lines.map(({ kind }) => kind)).toEqual(['item', 'shipping'])
  expectRefusal(invoiceOrder, { orderId: ORDER }, scene, {
    code: 'nothing_left_to_invoice',
    order: ORDER,
  })
})
