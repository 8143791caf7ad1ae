/** Amounts in two currencies: the sides of an entry at one rate, parts of what is open, and what an entry booked. */
import { describe, expect, test } from 'vitest'
import { atRate, booksPart, creditOf, withBooked } from '../../src/aggregates/amounts.js'
import type { Posting } from '../../src/events/parts.js'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const posting = (
  side: Posting['side'],
  account: string,
  amount: string,
  more: Partial<Posting> = {},
): Posting => ({ side, account, amount: usd(amount), booksAmount: usd(amount), ...more })
const tax = (base: string) => ({ code: 'GB-20', ratePercent: '20', base: usd(base) })
const entryOf = (postings: Posting[]) => ({
  books: 'main',
  number: 'INV/2026/00001',
  postingDate: '2026-11-22',
  postings,
})

describe('postings at one rate', () => {
  test('come to the same on both sides, the odd units with the largest remainders, in their own order', () => {
    const booked = atRate(
      [
        posting('credit', 'sales', '0.11'),
        posting('debit', 'receivable', '0.33'),
        posting('credit', 'shipping', '0.11'),
        posting('credit', 'output-tax', '0.11', { tax: tax('0.22') }),
      ],
      '0.5',
      'GBP',
    )
    expect(booked.map(({ account, booksAmount }) => [account, booksAmount])).toEqual([
      ['sales', gbp('0.06')],
      ['receivable', gbp('0.17')],
      ['shipping', gbp('0.06')],
      ['output-tax', gbp('0.05')],
    ])
    expect(booked[3]?.tax).toEqual({ ...tax('0.22'), booksBase: gbp('0.11') })
    expect(booked[0]).not.toHaveProperty('tax')
  })

  test('of a side that comes to nothing are nothing, and of none there are none', () => {
    const sides = [posting('debit', 'sales', '5.00'), posting('debit', 'sales', '-5.00')]
    expect(atRate(sides, '0.5', 'GBP').map(({ booksAmount }) => booksAmount)).toEqual([
      gbp('0.00'),
      gbp('0.00'),
    ])
    expect(atRate([], '0.5', 'GBP')).toEqual([])
  })

  test('in books of the same currency need no base of their own', () => {
    const [booked] = atRate(
      [posting('credit', 'output-tax', '2.00', { tax: tax('10.00') })],
      '1',
      'USD',
    )
    expect(booked?.tax).toEqual(tax('10.00'))
  })
})

test('a part of an open balance is in proportion, all of it the rest, and of nothing nothing', () => {
  const open = { amount: usd('3.00'), booksAmount: gbp('2.00') }
  expect(booksPart(open, usd('1.00'))).toEqual(gbp('0.67'))
  expect(booksPart(open, usd('3.00'))).toEqual(gbp('2.00'))
  const nothing = { amount: usd('0.00'), booksAmount: gbp('0.02') }
  expect(booksPart(nothing, usd('0.00'))).toEqual(gbp('0.02'))
  expect(booksPart(nothing, usd('1.00'))).toEqual(gbp('0.00'))
})

describe('what an entry booked', () => {
  test('is by account and tax code, control accounts apart, and a second entry takes it back', () => {
    const sold = entryOf([
      posting('debit', 'receivable', '24.00', { document: 'i1' }),
      posting('credit', 'sales', '12.00'),
      posting('credit', 'sales', '8.00'),
      posting('credit', 'output-tax', '4.00', { tax: tax('20.00') }),
    ])
    const booked = withBooked(new Map(), sold)
    expect(Object.fromEntries(booked)).toEqual({
      sales: { amount: usd('20.00'), booksAmount: usd('20.00'), base: null },
      'output-tax GB-20 20': {
        amount: usd('4.00'),
        booksAmount: usd('4.00'),
        base: { amount: usd('20.00'), booksAmount: usd('20.00') },
      },
    })
    const back = entryOf([
      posting('debit', 'sales', '5.00'),
      posting('debit', 'output-tax', '1.00', {
        booksAmount: gbp('0.80'),
        tax: { ...tax('5.00'), booksBase: gbp('4.00') },
      }),
    ])
    expect(withBooked(new Map(), back).get('output-tax GB-20 20')).toEqual({
      amount: usd('-1.00'),
      booksAmount: gbp('-0.80'),
      base: { amount: usd('-5.00'), booksAmount: gbp('-4.00') },
    })
    expect(withBooked(booked, entryOf([posting('debit', 'sales', '5.00')])).get('sales')).toEqual({
      amount: usd('15.00'),
      booksAmount: usd('15.00'),
      base: null,
    })
    const taxBack = entryOf([posting('debit', 'output-tax', '1.00', { tax: tax('5.00') })])
    expect(withBooked(booked, taxBack).get('output-tax GB-20 20')?.base).toEqual({
      amount: usd('15.00'),
      booksAmount: usd('15.00'),
    })
  })

  test('of a document is its credits less its debits; one that it does not name has none', () => {
    const entry = entryOf([
      posting('credit', 'receivable', '5.00', { document: 'c1' }),
      posting('debit', 'receivable', '2.00', { document: 'c1' }),
      posting('debit', 'receivable', '3.00', { document: 'i1' }),
    ])
    expect(creditOf(entry, 'c1')).toEqual({ amount: usd('3.00'), booksAmount: usd('3.00') })
    expect(creditOf(entry, 'i1')).toEqual({ amount: usd('-3.00'), booksAmount: usd('-3.00') })
    expect(creditOf(entry, 'i2')).toBeNull()
  })
})
