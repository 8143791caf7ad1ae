/** Callers who post on many days while periods are closed and opened under them, and what must then hold of the log. */
import { expect } from 'vitest'
import type { z } from 'zod'
import type { FolioCommand } from '../../commands/command.js'
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { refundCredit } from '../../commands/credit/refund-credit.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { reconcilePayment } from '../../commands/payment/reconcile-payment.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import { laterDay, nextDay } from '../../src/events/day.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createRandom } from '../properties/random.js'
import type { TestLedger } from '../support/ledger.js'
import { gbp, item } from './scenes.js'

type Random = ReturnType<typeof createRandom>
export type Tally = { sales: number; refused: number }

/** Days of two years, before, in and after what the tests close. */
const DAYS = ['2025-11-05', '2025-12-31', '2026-01-01', '2026-10-05', '2026-10-31', '2026-11-01']
const TODAY = '2026-11-22'

/** Invoice, payment, match, note and refund, each on a day of its own; a closed one is asked for again when it may. */
export async function oneSale(ledger: TestLedger, random: Random, tally: Tally): Promise<void> {
  const day = () => DAYS[random.whole(0, DAYS.length - 1)] ?? TODAY
  const { invoiceId } = await ledger.must(draftInvoice, {
    lines: [item('100')],
    documentDate: '2025-11-05',
  })
  const posted = (date: string) => ({ invoiceId, postingDate: date })
  const invoicedOn = await onOpenDay(ledger, postInvoice, posted, day(), tally)
  const paid = (date: string) => ({ invoiceId, account: 'bank', amount: gbp('120.00'), date })
  const paidOn = await onOpenDay(ledger, registerPayment, paid, laterDay(day(), invoicedOn), tally)
  const paymentId = `${invoiceId.slice(0, 36)}-p1`
  // A line of a statement is never refused, however old it is.
  await ledger.must(reconcilePayment, { paymentId, date: day() })
  const { creditNoteId } = await ledger.must(draftCreditNote, {
    invoiceId,
    reason: 'Returned',
    documentDate: TODAY,
  })
  const noted = (date: string) => ({ creditNoteId, postingDate: date })
  const notedOn = await onOpenDay(ledger, postCreditNote, noted, laterDay(day(), paidOn), tally)
  const refund = (date: string) => ({ documentId: creditNoteId, account: 'cash', date })
  await onOpenDay(ledger, refundCredit, refund, laterDay(TODAY, notedOn), tally)
  tally.sales += 1
}

const TRIES_MAX = 5

/** Where the day is closed the refusal says the first open one; the day that it was accepted on. */
async function onOpenDay<Input extends z.ZodType>(
  ledger: TestLedger,
  command: FolioCommand<Input>,
  input: (date: string) => object,
  first: string,
  tally: Tally,
): Promise<string> {
  let date = first
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const outcome = await ledger.ask(command, input(date))
    if (outcome.outcome === 'accepted') return date
    if (outcome.outcome !== 'refused' || outcome.refusal.code !== 'period_closed') {
      throw new Error(`${command.name}: ${JSON.stringify(outcome)}`)
    }
    const { refusal } = outcome
    expect(refusal.date).toBe(date)
    expect(refusal.closedThrough >= date).toBe(true)
    expect(refusal.firstOpenDay).toBe(nextDay(refusal.closedThrough))
    tally.refused += 1
    date = refusal.firstOpenDay
  }
  throw new Error(`${command.name} is stuck at ${date}`)
}

/** Each append waits for a few others, before it is made and before its answer is seen. */
export function slowStore(store: EventStore, random: Random): EventStore {
  const turns = async () => {
    for (let turn = random.whole(0, 3); turn > 0; turn -= 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return {
    ...store,
    append: async (...append) => {
      await turns()
      const answer = await store.append(...append)
      await turns()
      return answer
    },
  }
}

/** Entries inside a period that was closed by then, and entries on another day than their number allows. */
export function periodFaults(events: readonly LedgerEvent[]): string[] {
  const faults: string[] = []
  const allowed = new Map<string, string>()
  let closed: string | null = null
  for (const { type, data, position } of events) {
    if (type === 'PeriodClosed' || type === 'PeriodReopening') closed = data.through
    if (type === 'NumbersTaken') {
      for (const { number, postingDate } of data.taken) {
        const digits = number.toString().padStart(5, '0')
        allowed.set(`${data.series}/${data.year}/${digits}`, postingDate)
      }
    }
    if (!('entry' in data)) continue
    const { number, postingDate } = data.entry
    if (closed !== null && postingDate <= closed) {
      faults.push(`${number} at ${position} posts on ${postingDate}, closed through ${closed}`)
    }
    if (allowed.get(number) !== postingDate) {
      faults.push(`${number} was taken for ${allowed.get(number)}, stands on ${postingDate}`)
    }
  }
  return faults
}

export function movedEntries(events: readonly LedgerEvent[]) {
  return events.flatMap(({ data }) =>
    'entry' in data && data.entry.movedFrom !== undefined ? [data.entry] : [],
  )
}
