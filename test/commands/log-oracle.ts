/** What must hold of a log, read off its events alone: no aggregate is asked about itself. */
import { Decimal } from 'decimal.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'

type Binding = Readonly<{ number: string; document: string }>

function formatted(series: string, year: number | null, number: number): string {
  const digits = number.toString().padStart(5, '0')
  return year === null ? `${series}/${digits}` : `${series}/${year}/${digits}`
}

/** Every number that stands on an entry or document, in log order; a settlement may share that of what caused it. */
export function standingNumbers(events: readonly LedgerEvent[]): string[] {
  const ofOthers = new Set(events.flatMap(ownNumbers))
  return events.flatMap((event) =>
    event.type === 'CreditSettled'
      ? [event.data.entry.number].filter((number) => !ofOthers.has(number))
      : ownNumbers(event),
  )
}

function ownNumbers({ type, data }: LedgerEvent): string[] {
  if (type === 'DeliveryValidated') return [data.number]
  if (type === 'CreditSettled' || !('entry' in data)) return []
  const { number } = data.entry
  if (type === 'PrepaymentRegistered') return [number, data.prepayment.number]
  const overpayment = type === 'PaymentRegistered' ? data.overpayment : undefined
  return [number, ...(overpayment === undefined ? [] : [overpayment.number])]
}

export function takenNumbers(events: readonly LedgerEvent[]): Binding[] {
  return events.flatMap((event) =>
    event.type === 'NumbersTaken'
      ? event.data.taken.map(({ number, document }) => ({
          number: formatted(event.data.series, event.data.year, number),
          document,
        }))
      : [],
  )
}

export function voidedNumbers(events: readonly LedgerEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'NumberVoided'
      ? [formatted(event.data.series, event.data.year, event.data.number)]
      : [],
  )
}

export function releasedNumbers(events: readonly LedgerEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'NumberReleased'
      ? [formatted(event.data.series, event.data.year, event.data.number)]
      : [],
  )
}

/** What is wrong with the numbers of a log; empty is right. */
export function numberFaults(events: readonly LedgerEvent[]): string[] {
  const standing = standingNumbers(events)
  const taken = takenNumbers(events).map(({ number }) => number)
  const voided = voidedNumbers(events)
  const faults: string[] = []
  for (const [what, numbers] of Object.entries({ standing, taken, voided })) {
    const twice = numbers.filter((number, index) => numbers.indexOf(number) !== index)
    faults.push(...twice.map((number) => `${number} is ${what} twice`))
  }
  for (const number of taken) {
    const explained = standing.includes(number) || voided.includes(number)
    if (!explained) faults.push(`${number} was taken and neither stands nor was voided`)
  }
  for (const number of standing) {
    if (!taken.includes(number)) faults.push(`${number} stands and was never taken`)
    if (voided.includes(number)) faults.push(`${number} stands and was voided`)
  }
  const bySeries = new Map<string, number[]>()
  for (const text of taken) {
    const [, series = '', number = ''] = /^(.*)\/(\d+)$/.exec(text) ?? []
    const numbers = bySeries.get(series) ?? []
    bySeries.set(series, [...numbers, Number.parseInt(number, 10)])
  }
  for (const [series, numbers] of bySeries) {
    const inOrder = numbers.every((number, index) => number === index + 1)
    if (!inOrder) faults.push(`${series} is not in order without a gap: ${numbers.join(' ')}`)
  }
  return faults
}

/** By account, and by document where a line names one: debits less credits. */
export function balances(events: readonly LedgerEvent[]): Map<string, string> {
  const sums = new Map<string, Decimal>()
  for (const { account, side, amount, document } of entriesOf(events).flatMap(
    (one) => one.postings,
  )) {
    for (const key of [account, ...(document === undefined ? [] : [`${account} ${document}`])]) {
      const signed =
        side === 'debit' ? new Decimal(amount.amount) : new Decimal(amount.amount).negated()
      sums.set(key, (sums.get(key) ?? new Decimal(0)).plus(signed))
    }
  }
  return new Map([...sums].map(([key, sum]) => [key, sum.toFixed(2)]))
}

/** Given back on a document, in all. */
export function refundedOn(events: readonly LedgerEvent[], documentId: string): string {
  return events
    .reduce(
      (sum, event) =>
        event.type === 'CreditRefunded' && event.data.documentId === documentId
          ? sum.plus(event.data.amount.amount)
          : sum,
      new Decimal(0),
    )
    .toFixed(2)
}

export function entriesOf(events: readonly LedgerEvent[]): Entry[] {
  return events.flatMap((event) => ('entry' in event.data ? [event.data.entry] : []))
}
