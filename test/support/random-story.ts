/** Stories of many folios, made of random steps: whatever a step cannot do just now it leaves. */
import fc from 'fast-check'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  BOOKS_STREAM,
  booksOpened,
  creditNoteDrafted,
  creditNotePosted,
  creditRefunded,
  creditSettled,
  folioStream,
  invoiceDrafted,
  invoiceId,
  invoicePosted,
  noteId,
  orderId,
  orderImported,
  orderPlaced,
  paymentReconciled,
  paymentRegistered,
} from './ledger-story.js'

const STEPS = [
  'order',
  'cancel',
  'draft',
  'edit',
  'discard',
  'post',
  'pay',
  'overpay',
  'reconcile',
  'note',
  'refund',
  'number',
] as const

export type StoryStep = Readonly<{ step: (typeof STEPS)[number]; folio: number; cents: number }>

export const storySteps = (
  folios: number,
  length: number,
  lengthMin = 0,
): fc.Arbitrary<StoryStep[]> =>
  fc.array(
    fc.record({
      step: fc.constantFrom(...STEPS),
      folio: fc.integer({ min: 1, max: folios }),
      cents: fc.integer({ min: 1, max: 20_000 }),
    }),
    { minLength: lengthMin, maxLength: length, size: 'max' },
  )

export type Append = Readonly<{ stream: string; facts: readonly LedgerFact[] }>

type Folio = {
  order: 'placed' | 'imported' | null
  cancelled: boolean
  invoice: 'none' | 'draft' | 'posted'
  total: number
  due: number
  payments: number
  awaited: { payment: number; cents: number }[]
  notes: number
  credited: number
  remaining: { note: number; cents: number }[]
}

/** One story of exactly so many steps, the same each time. */
export function sampleStory({
  folios,
  length,
  seed,
}: Readonly<{ folios: number; length: number; seed: number }>): readonly Append[] {
  const [steps = []] = fc.sample(storySteps(folios, length, length), { numRuns: 1, seed })
  return storyOf(steps)
}

/** The appends that the steps come to, the books opened first. */
export function storyOf(steps: readonly StoryStep[]): readonly Append[] {
  const folios = new Map<number, Folio>()
  const series = { taken: 0 }
  const appends: Append[] = [{ stream: BOOKS_STREAM, facts: booksOpened() }]
  for (const { step, folio: number, cents } of steps) {
    const folio = folios.get(number) ?? unopened()
    folios.set(number, folio)
    const facts = step === 'number' ? [] : factsOf(step, number, cents, folio)
    if (facts.length > 0) appends.push({ stream: folioStream(number), facts })
    if (step === 'number') {
      series.taken += 1
      appends.push({
        stream: 'series-default-INV-2026',
        facts: [numberTaken(series.taken, number)],
      })
    }
  }
  return appends
}

function unopened(): Folio {
  return {
    order: null,
    cancelled: false,
    invoice: 'none',
    total: 0,
    due: 0,
    payments: 0,
    awaited: [],
    notes: 0,
    credited: 0,
    remaining: [],
  }
}

function factsOf(
  step: Exclude<StoryStep['step'], 'number'>,
  number: number,
  cents: number,
  folio: Folio,
): readonly LedgerFact[] {
  const order = folio.order === null ? {} : { order: folio.order }
  switch (step) {
    case 'order':
      if (folio.order === 'placed') return []
      if (folio.order === null && cents % 2 === 0) {
        folio.order = 'placed'
        return [orderPlaced({ folio: number, total: amount(cents) })]
      }
      folio.order = 'imported'
      return [orderImported({ folio: number, total: amount(cents), status: `state ${cents % 7}` })]
    case 'cancel':
      if (folio.order === null || folio.cancelled) return []
      folio.cancelled = true
      return [{ type: 'OrderCancelled', data: { orderId: orderId(number), reason: 'x' } }]
    case 'draft':
      if (folio.invoice !== 'none') return []
      folio.invoice = 'draft'
      return [invoiceDrafted({ folio: number, total: amount(cents), ...order })]
    case 'edit':
      if (folio.invoice !== 'draft') return []
      return [
        {
          type: 'InvoiceDraftEdited',
          data: invoiceDrafted({
            folio: number,
            total: amount(cents),
            billToName: `N° ${cents} "'\\{}`,
            ...order,
          }).data,
        },
      ]
    case 'discard':
      if (folio.invoice !== 'draft') return []
      folio.invoice = 'none'
      return [{ type: 'InvoiceDraftDiscarded', data: { invoiceId: invoiceId(number) } }]
    case 'post':
      if (folio.invoice === 'posted') return []
      Object.assign(folio, { invoice: 'posted', total: cents, due: cents })
      return [invoicePosted({ folio: number, total: amount(cents), ...order })]
    case 'pay':
      return pay(number, Math.min(cents, folio.due), 0, folio)
    case 'overpay':
      return pay(number, folio.due, cents, folio)
    case 'reconcile': {
      const awaited = folio.awaited.shift()
      if (awaited === undefined) return []
      return [
        paymentReconciled({
          folio: number,
          payment: awaited.payment,
          amount: amount(awaited.cents),
        }),
      ]
    }
    case 'note':
      return note(number, Math.min(cents, folio.total - folio.credited), folio)
    case 'refund': {
      const open = folio.remaining.shift()
      if (open === undefined) return []
      folio.payments += 1
      return [
        creditRefunded({
          folio: number,
          payment: folio.payments,
          note: open.note,
          amount: amount(open.cents),
        }),
      ]
    }
  }
}

function pay(number: number, applied: number, over: number, folio: Folio): readonly LedgerFact[] {
  if (folio.invoice !== 'posted' || applied === 0) return []
  folio.payments += 1
  folio.due -= applied
  const account = (applied + over) % 3 === 0 ? 'cash' : 'bank'
  if (account === 'bank') folio.awaited.push({ payment: folio.payments, cents: applied + over })
  return [
    paymentRegistered({
      folio: number,
      payment: folio.payments,
      amount: amount(applied),
      account,
      ...(over === 0 ? {} : { over: amount(over) }),
    }),
  ]
}

function note(number: number, cents: number, folio: Folio): readonly LedgerFact[] {
  if (folio.invoice !== 'posted' || cents === 0) return []
  folio.notes += 1
  folio.credited += cents
  const settles = Math.min(cents, folio.due)
  folio.due -= settles
  if (cents > settles) folio.remaining.push({ note: folio.notes, cents: cents - settles })
  const options = { folio: number, note: folio.notes, total: amount(cents) }
  return [
    creditNoteDrafted(options),
    ...(cents % 5 === 0
      ? [
          {
            type: 'CreditNoteDraftDiscarded',
            data: { creditNoteId: noteId(number, folio.notes) },
          } as const,
          creditNoteDrafted(options),
        ]
      : []),
    creditNotePosted(options),
    ...(settles === 0
      ? []
      : [creditSettled({ folio: number, note: folio.notes, amount: amount(settles) })]),
  ]
}

function numberTaken(number: number, folio: number): LedgerFact {
  const binding = { number, document: invoiceId(folio), postingDate: '2026-03-01' }
  return {
    type: 'NumbersTaken',
    data: {
      books: 'default',
      series: 'INV',
      year: 2026,
      taken: [binding],
      used: number % 3 === 0 ? [number - 1] : [],
    },
  }
}

function amount(cents: number): string {
  return cents
    .toString()
    .padStart(3, '0')
    .replace(/(\d\d)$/, '.$1')
}
