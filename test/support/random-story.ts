/** Stories of many folios, made of random steps: whatever a step cannot do just now it leaves. */
import fc from 'fast-check'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import {
  allocationApplied,
  allocationConcluded,
  allocationRefused,
  allocationReleased,
  allocationReserved,
  allocationReversed,
  creditNoteVoided,
  dollarInvoicePosted,
  openingAccount,
  openingBalancesPosted,
  paymentReversed,
  prepaymentId,
  prepaymentRegistered,
  refundApprovalRequested,
  refundDecided,
} from './credit-story.js'
import { deliveryStory } from './delivery-story.js'
import {
  attemptFailed,
  attemptStarted,
  captureRequested,
  forceRefundSet,
  orderCaptured,
  platformRefundDeclined,
  platformRefundPaid,
  platformRefundRecorded,
  platformRefundRequested,
  platformRefundSeen,
  storeAccounts,
  syncDismissed,
  syncRetried,
  syncTaskWithdrawn,
} from './store-story.js'
import {
  BOOKS_STREAM,
  booksOpened,
  creditNoteDrafted,
  creditNotePosted,
  creditRefunded,
  creditSettled,
  folioId,
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
  'prepay',
  'bounce',
  'use',
  'give',
  'approve',
  'void',
  'open',
  'ship',
  'store',
  'capture',
  'number',
  'unnumber',
  'forget',
  'close',
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
  paid: { payment: number; cents: number }[]
  prepaid: number | null
  uses: number
  opened: boolean
  shipped: number
  tasks: number
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
  const accounts = [openingAccount(), ...storeAccounts()]
  const appends: Append[] = [{ stream: BOOKS_STREAM, facts: [...booksOpened(), ...accounts] }]
  for (const { step, folio: number, cents } of steps) {
    const folio = folios.get(number) ?? unopened()
    folios.set(number, folio)
    if (step === 'number') {
      series.taken += 1
      appends.push({ stream: SERIES, facts: [numberTaken(series.taken, number)] })
    } else if (step === 'unnumber') {
      if (series.taken > 0) appends.push(...unnumbered(number, series.taken))
    } else if (step === 'give') {
      const others = [...folios].filter(([other, { due }]) => other !== number && due > 0)
      const [to, invoice] = others[cents % Math.max(others.length, 1)] ?? [number, folio]
      appends.push(...given(number, folio, { to, invoice, cents }))
    } else if (step === 'forget') {
      appends.push({
        stream: `subject-${folioId(number)}`,
        facts: [forgotten(number)],
      })
    } else if (step === 'close') {
      const data = { books: 'default', account: 'payment-fees' }
      appends.push({ stream: BOOKS_STREAM, facts: [{ type: 'AccountClosed', data }] })
    } else {
      const facts = factsOf(step, number, cents, folio)
      if (facts.length > 0) appends.push({ stream: folioStream(number), facts })
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
    paid: [],
    prepaid: null,
    uses: 0,
    opened: false,
    shipped: 0,
    tasks: 0,
  }
}

function factsOf(
  step: Exclude<StoryStep['step'], 'number' | 'unnumber' | 'give' | 'forget' | 'close'>,
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
      // Whole pounds are dollars, and nothing is done with them after that.
      if (cents % 600 === 0) {
        folio.due = 0
        folio.total = 0
        const options = { folio: number, total: amount(cents), ...order }
        return [dollarInvoicePosted(invoicePosted(options))]
      }
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
    case 'prepay':
    case 'bounce':
    case 'use':
    case 'approve':
    case 'void':
    case 'open':
    case 'ship':
      return ofCredits(step, number, cents, folio)
    case 'store':
      return refundedAtStore(number, cents, folio)
    case 'capture':
      return capturedAtStore(number, cents, folio)
  }
}

/** A note given back at the order's store, or not after all: refused, let go, declined, only recorded; or one held. */
function refundedAtStore(number: number, cents: number, folio: Folio): readonly LedgerFact[] {
  if (folio.order !== 'imported') return []
  folio.tasks += 1
  const refund = folio.tasks
  const online = amount(cents)
  const named = { folio: number, refund }
  if (cents % 6 === 5) return [platformRefundSeen({ ...named, online })]
  folio.notes += 1
  const note = folio.notes
  const task = { folio: number, task: refund, note }
  const asked = [
    creditNotePosted({ folio: number, note, total: online, invoice: null }),
    platformRefundRequested({ ...task, amount: online }),
    attemptStarted({ ...task, amount: online }),
  ]
  const document = noteId(number, note)
  const recorded = { ...named, document, task: refund }
  const paid = [
    platformRefundRecorded({ ...recorded, online }),
    platformRefundPaid({ ...named, document, online }),
  ]
  if (cents % 6 === 0) {
    return [...asked, attemptFailed({ ...task, then: 'look', setback: 'unknown' }), ...paid]
  }
  folio.remaining.push({ note, cents })
  switch (cents % 6) {
    case 1:
      return [...asked, attemptFailed({ ...task, then: 'end' })]
    case 2:
      return [...asked, attemptFailed({ ...task, then: 'person' }), syncDismissed(task)]
    case 3:
      return [...asked, platformRefundRecorded({ ...recorded, offline: online })]
    default:
      folio.tasks += 1
      return [
        ...asked,
        ...paid,
        platformRefundDeclined({ ...named, document, online, task: folio.tasks }),
      ]
  }
}

function capturedAtStore(number: number, cents: number, folio: Folio): readonly LedgerFact[] {
  if (folio.order !== 'imported') return []
  folio.tasks += 1
  const task = { folio: number, task: folio.tasks, note: null }
  const requested = captureRequested(task)
  if (cents % 3 === 0) return [requested, syncTaskWithdrawn(task)]
  const forced = forceRefundSet(number, cents % 2 === 0)
  if (cents % 3 === 1) return [forced, requested, attemptStarted(task), orderCaptured(task)]
  const failed = attemptFailed({ ...task, attempt: null, then: 'person', detail: 'Not now' })
  return [requested, failed, syncRetried(task)]
}

type CreditStep = 'prepay' | 'bounce' | 'use' | 'approve' | 'void' | 'open' | 'ship'

function ofCredits(
  step: CreditStep,
  number: number,
  cents: number,
  folio: Folio,
): readonly LedgerFact[] {
  const source = 'prepayment' as const
  switch (step) {
    case 'prepay': {
      if (folio.prepaid !== null) return []
      folio.payments += 1
      folio.prepaid = cents
      const taxed = cents % 2 === 0 && cents > 6 ? { tax: amount(Math.floor(cents / 6)) } : {}
      const options = { folio: number, payment: folio.payments, amount: amount(cents), ...taxed }
      return [prepaymentRegistered({ ...options, order: folio.order !== null })]
    }
    case 'bounce': {
      const payment = folio.paid.shift()
      if (payment === undefined) return []
      folio.due += payment.cents
      folio.awaited = folio.awaited.filter((awaited) => awaited.payment !== payment.payment)
      const options = { folio: number, payment: payment.payment, applied: amount(payment.cents) }
      return [paymentReversed(options)]
    }
    case 'use': {
      const used = Math.min(folio.prepaid ?? 0, folio.due, cents)
      if (used === 0) return []
      folio.uses += 1
      const options = { folio: number, allocation: folio.uses, source, amount: amount(used) }
      if (cents % 3 === 0) return [allocationApplied(options), allocationReversed(options)]
      folio.due -= used
      folio.prepaid = (folio.prepaid ?? 0) - used
      return [allocationApplied(options)]
    }
    case 'approve': {
      const waits = Math.min(folio.prepaid ?? 0, cents)
      if (waits === 0) return []
      folio.uses += 1
      const options = { folio: number, approval: folio.uses, source, amount: amount(waits) }
      const requested = refundApprovalRequested(options)
      if (cents % 3 === 0) return [requested, refundDecided('RefundDeclined', options)]
      folio.payments += 1
      folio.prepaid = (folio.prepaid ?? 0) - waits
      const refund = { folio: number, payment: folio.payments, amount: amount(waits) }
      return [
        requested,
        refundDecided('RefundApproved', options),
        creditRefunded({ ...refund, document: 'overpayment', documentId: prepaymentId(number) }),
      ]
    }
    case 'void': {
      if (folio.invoice !== 'posted' || folio.total === folio.credited) return []
      folio.notes += 1
      const total = amount(Math.min(cents, folio.total - folio.credited))
      const settled = folio.due > 0 ? amount(Math.min(folio.due, toCents(total))) : '0.00'
      const options = { folio: number, note: folio.notes }
      return [
        creditNotePosted({ ...options, total }),
        ...(settled === '0.00' ? [] : [creditSettled({ ...options, amount: settled })]),
        creditNoteVoided({ ...options, total, settled }),
      ]
    }
    case 'open':
      if (folio.opened) return []
      folio.opened = true
      return [openingBalancesPosted(number)]
    case 'ship':
      if (folio.order === null) return []
      folio.shipped += 1
      return deliveryStory(number, folio.shipped)
  }
}

function toCents(text: string): number {
  return parseInt(text.replace('.', ''), 10)
}

/** A credit of one folio on another's invoice: each side on a stream of its own, in turn (architecture 1). */
function given(
  number: number,
  folio: Folio,
  { to, invoice, cents }: Readonly<{ to: number; invoice: Folio; cents: number }>,
): readonly Append[] {
  const used = Math.min(folio.prepaid ?? 0, invoice.due, cents)
  if (to === number || used === 0) return []
  folio.uses += 1
  const allocation = folio.uses
  const options = {
    folio: number,
    to,
    allocation,
    source: 'prepayment',
    amount: amount(used),
  } as const
  const here = (...facts: LedgerFact[]) => ({ stream: folioStream(number), facts })
  const there = (...facts: LedgerFact[]) => ({ stream: folioStream(to), facts })
  const reserved = here(allocationReserved(options))
  if (cents % 4 === 0) {
    const released = here(allocationReleased({ ...options, cause: 'refused' }))
    return [reserved, there(allocationRefused(options)), released]
  }
  const applied = there(allocationApplied(options))
  if (cents % 4 === 1) {
    const released = here(allocationReleased({ ...options, cause: 'reversed' }))
    const concluded = cents % 8 === 1 ? [here(allocationConcluded(options))] : []
    return [reserved, applied, ...concluded, there(allocationReversed(options)), released]
  }
  invoice.due -= used
  folio.prepaid = (folio.prepaid ?? 0) - used
  return [reserved, applied, here(allocationConcluded(options))]
}

function pay(number: number, applied: number, over: number, folio: Folio): readonly LedgerFact[] {
  if (folio.invoice !== 'posted' || applied === 0) return []
  folio.payments += 1
  folio.due -= applied
  const account = (applied + over) % 3 === 0 ? 'cash' : 'bank'
  if (account === 'bank') folio.awaited.push({ payment: folio.payments, cents: applied + over })
  if (account === 'bank' && over === 0) folio.paid.push({ payment: folio.payments, cents: applied })
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
          { type: 'CreditNoteDraftEdited', data: creditNoteDrafted(options).data } as const,
        ]
      : []),
    creditNotePosted(options),
    ...(settles === 0
      ? []
      : [creditSettled({ folio: number, note: folio.notes, amount: amount(settles) })]),
  ]
}

const SERIES = 'series-default-INV-2026'

/** The folio gives the number back, and then the series voids it. */
function unnumbered(folio: number, number: number): readonly Append[] {
  const data = {
    books: 'default',
    series: 'INV' as const,
    year: 2026,
    number,
    document: invoiceId(folio),
    reason: 'nobody will post it',
  }
  return [
    { stream: folioStream(folio), facts: [{ type: 'NumberReleased', data }] },
    { stream: SERIES, facts: [{ type: 'NumberVoided', data }] },
  ]
}

/** Whoever bought in the folio, with every document that could name them. */
function forgotten(folio: number): LedgerFact {
  const documents = [orderId(folio), invoiceId(folio), noteId(folio), `${folioId(folio)}-s1`]
  return {
    type: 'SubjectForgotten',
    data: {
      subject: folioId(folio),
      keys: [{ subject: folioId(folio), key: '0123456789abcdef' }],
      documents,
      reason: 'asked for it',
    },
  }
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
