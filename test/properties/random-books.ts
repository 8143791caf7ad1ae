/** The books that random folios are kept in: how each log's are set, and what happens to them in the middle. */
import { closeAccount } from '../../commands/books/close-account.js'
import { closePeriod } from '../../commands/books/close-period.js'
import { configureBooks } from '../../commands/books/configure-books.js'
import { openAccount } from '../../commands/books/open-account.js'
import { openBooks } from '../../commands/books/open-books.js'
import { reopenPeriod } from '../../commands/books/reopen-period.js'
import { setExchangeRate } from '../../commands/books/set-exchange-rate.js'
import type { BooksCommand } from '../../commands/command.js'
import type { Handler } from '../../commands/handle.js'
import { registerInstance } from '../../commands/instance/register-instance.js'
import type { Outcome } from '../../commands/outcome.js'
import { mergeParties } from '../../commands/party/merge-parties.js'
import { unmergeParties } from '../../commands/party/unmerge-parties.js'
import type { Caller } from '../../commands/ports.js'
import { DAYS, PARTIES } from './random-known.js'
import { amountText, type RandomTerms } from './random-lines.js'
import type { Random } from './random.js'

const BOOKS = [
  { currency: 'GBP', digits: 2, rounding: 'per_line' },
  { currency: 'GBP', digits: 2, rounding: 'global' },
  { currency: 'JPY', digits: 0, rounding: 'per_line' },
  { currency: 'KWD', digits: 3, rounding: 'global' },
] as const

const FOREIGN = [
  { currency: 'USD', digits: 2 },
  { currency: 'JPY', digits: 0 },
  { currency: 'KWD', digits: 3 },
] as const

export function booksOf(log: number): (typeof BOOKS)[number] {
  return BOOKS[log % BOOKS.length] ?? BOOKS[0]
}

/** Another currency than the books' now and then. */
export function randomTerms(
  random: Random,
  log: number,
): Readonly<{ terms: RandomTerms; isForeign: boolean }> {
  const { currency, digits } = booksOf(log)
  const foreign = FOREIGN.filter((terms) => terms.currency !== currency)
  if (random.chance(0.3)) return { terms: random.pick(foreign), isForeign: true }
  return { terms: { currency, digits }, isForeign: false }
}

/** Gives the stores that are connected to the books, and one that is not. */
export async function openRandomBooks(handler: Handler, log: number): Promise<string[]> {
  const { currency, digits, rounding } = booksOf(log)
  const open = (command: Pick<BooksCommand, 'name'>, input: unknown) =>
    must(handler.books(command as BooksCommand, input, bookkeeper()))
  const bank = (account: string, more: object = {}) =>
    open(openAccount, { account, name: account, type: 'bank', ...more })
  await open(openBooks, { currency, rounding })
  await open(openAccount, { account: 'gateway-shop', name: 'Shop', type: 'gateway' })
  await bank('bank-direct')
  await bank('bank-closed')
  await open(closeAccount, { account: 'bank-closed' })
  await bank('bank-foreign', { currency: 'CHF' })
  await bank('bank-home', { currency })
  const pair = { receipts: 'two-receipts', payments: 'two-payments' }
  for (const account of Object.values(pair))
    await open(openAccount, { account, name: account, type: 'outstanding' })
  await bank('bank-two', { outstanding: pair })
  await open(configureBooks, settings(log, digits))
  for (const from of ['2025-11-01', '2026-06-15']) {
    const rates = FOREIGN.filter(
      (terms) => terms.currency !== currency && (log % 4 !== 3 || terms.currency === 'USD'),
    )
    await open(setExchangeRate, {
      from,
      rates: rates.map((terms) => ({
        currency: terms.currency,
        rate: tableRate(terms.currency, from),
      })),
    })
  }
  return connectStores(handler)
}

/** Every choice that a company has is made otherwise in another log. */
function settings(log: number, digits: number) {
  const { currency } = booksOf(log)
  const threshold = { amount: amountText(20_00n, digits), currency }
  return {
    discounts: log % 2 === 1 ? 'gross' : 'net',
    giftCertificates: log % 5 === 4 ? 'single_purpose' : 'multi_purpose',
    depositTax: log % 3 === 1 ? { code: 'S20', ratePercent: '20' } : null,
    charges: log % 2 === 0 ? 'first_invoice' : 'in_proportion',
    refundThresholds: [{ role: 'operator', threshold }],
  }
}

function tableRate(currency: string, from: string): string {
  const rates: Readonly<Record<string, readonly [string, string]>> = {
    USD: ['0.79', '0.8112'],
    JPY: ['0.0052', '0.006017'],
    KWD: ['2.57', '2.4391'],
  }
  return rates[currency]?.[from < '2026-01-01' ? 0 : 1] ?? '1'
}

async function connectStores(handler: Handler): Promise<string[]> {
  const workflow = (paymentMethod: string, until: string, when: string, account?: string) => ({
    ...{ paymentMethod, until, when, capturesItself: false },
    ...(account === undefined ? {} : { account }),
  })
  const asked = {
    name: 'Shop',
    platform: 'bigcommerce',
    address: 'https://api.bigcommerce.com/stores/abc123',
    roundingUnitsPerLine: 2,
    workflows: [
      workflow('card', 'registered_payment', 'captured', 'gateway-shop'),
      workflow('transfer', 'registered_payment', 'ordered', 'bank'),
      workflow('cod', 'posted_invoice', 'shipped'),
    ],
  }
  const waiting = { ...asked, address: 'https://api.bigcommerce.com/stores/second', workflows: [] }
  const instances: string[] = []
  for (const input of [asked, waiting]) {
    const outcome = await handler.instance(registerInstance, input, bookkeeper())
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
    instances.push(outcome.answer.instance)
  }
  return [...instances, '5d1d0a2e-6f43-4b57-8f0e-1f2d3c4b5a69']
}

/** A period is closed or opened, a rate is set, parties become one or two, while folios are at work. */
export async function randomBooksChange(
  handler: Handler,
  random: Random,
  log: number,
): Promise<Outcome> {
  const ask = (command: Pick<BooksCommand, 'name'>, input: unknown) =>
    handler.books(command as BooksCommand, input, bookkeeper())
  const [party, into] = random.chance(0.5) ? PARTIES : [PARTIES[1], PARTIES[0]]
  const reason = 'Random'
  const { currency } = booksOf(log)
  switch (
    random.pick(['close', 'close', 'reopen', 'reopen', 'merge', 'unmerge', 'rate'] as const)
  ) {
    case 'close':
      return ask(closePeriod, { through: random.pick(DAYS) })
    case 'reopen':
      return ask(reopenPeriod, { through: random.chance(0.7) ? null : random.pick(DAYS), reason })
    case 'merge':
      return ask(mergeParties, { party, into, reason })
    case 'unmerge':
      return ask(unmergeParties, { party, into, reason })
    case 'rate': {
      const { currency: of } = random.pick(FOREIGN.filter((terms) => terms.currency !== currency))
      const rate = random.pick(['0.8', '1.25', '0.0063', '2.5'] as const)
      return ask(setExchangeRate, { from: random.pick(DAYS), rates: [{ currency: of, rate }] })
    }
  }
}

/** Open again for those that come next. */
export async function reopenAll(handler: Handler): Promise<Outcome> {
  return handler.books(reopenPeriod, { through: null, reason: 'Next' }, bookkeeper())
}

let keys = 0

function bookkeeper(): Caller {
  return { principal: 'bookkeeper', key: `books-${(keys += 1)}`, correlation: 'test' }
}

async function must(outcome: Promise<Outcome>): Promise<void> {
  const done = await outcome
  if (done.outcome !== 'accepted')
    throw new Error(`The books did not open: ${JSON.stringify(done)}`)
}
