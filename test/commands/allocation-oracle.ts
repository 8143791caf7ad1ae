/**
 * What must hold of allocations whatever happened (L7, L12), read off the log alone: neither side is over-used at any
 * position, each reservation is answered once, and in the end none hangs.
 */
import { isAllocationFact } from '../../commands/allocation-events.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import type { Entry } from '../../src/events/parts.js'
import type { Money } from '../../src/money/money.js'

type State = {
  documentId: string
  invoiceId: string
  cents: bigint
  answers: string[]
  held: 'reserved' | 'used' | 'free'
  reversed: boolean
}

const cents = ({ amount }: Money): bigint => BigInt(amount.replace('.', ''))

export type Judged = Readonly<{
  violations: readonly string[]
  /** Reserved, and neither concluded nor released. */
  hanging: readonly string[]
  applied: number
  refused: number
  /** By credit: what was applied and not taken back. */
  used: ReadonlyMap<string, bigint>
  /** By invoice. */
  due: ReadonlyMap<string, bigint>
}>

export function judgeAllocations(events: readonly LedgerEvent[]): Judged {
  const violations: string[] = []
  const totals = new Map<string, bigint>()
  const drawn = new Map<string, bigint>()
  const due = new Map<string, bigint>()
  const used = new Map<string, bigint>()
  const allocations = new Map<string, State>()
  let applied = 0
  let refused = 0

  for (const event of events) {
    const say = (what: string) => violations.push(`${event.position} ${event.type}: ${what}`)
    const stateOf = (id: string): State | undefined => {
      const state = allocations.get(id)
      if (state === undefined) say(`${id} was never reserved`)
      return state
    }
    documentsOf(event, { totals, drawn, due })
    if (isAllocationFact(event)) {
      switch (event.type) {
        case 'AllocationReserved': {
          const { credit, invoiceId } = event.data
          const { allocationId, documentId } = credit
          if (allocations.has(allocationId)) say(`${allocationId} is reserved twice`)
          const amount = cents(credit.amount)
          const answers: string[] = []
          const state = { documentId, invoiceId, cents: amount, answers, reversed: false } as const
          allocations.set(allocationId, { ...state, held: 'reserved' })
          add(drawn, documentId, amount)
          break
        }
        case 'AllocationApplied': {
          const { credit, invoiceId, entry } = event.data
          const { allocationId, documentId } = credit
          const amount = cents(credit.amount)
          if (!isWithinOneFolio(documentId, invoiceId)) stateOf(allocationId)
          else add(drawn, documentId, amount)
          const state = allocations.get(allocationId) ?? {
            documentId,
            invoiceId,
            cents: amount,
            answers: [],
            held: 'used',
            reversed: false,
          }
          allocations.set(allocationId, state)
          state.answers.push('applied')
          if (state.answers.length > 1)
            say(`${allocationId} is answered ${state.answers.join(', ')}`)
          if (state.cents !== amount || state.documentId !== documentId)
            say('not what was reserved')
          add(due, invoiceId, -amount)
          add(used, documentId, amount)
          violations.push(...entryViolations(entry, { documentId, invoiceId, amount }))
          applied += 1
          break
        }
        case 'AllocationRefused': {
          const state = stateOf(event.data.allocationId)
          state?.answers.push('refused')
          if ((state?.answers.length ?? 0) > 1) say(`${event.data.allocationId} is answered twice`)
          refused += 1
          break
        }
        case 'AllocationConcluded': {
          const state = stateOf(event.data.allocationId)
          if (state?.answers[0] !== 'applied') say('concluded, and not applied')
          if (state?.held !== 'reserved') say('concluded, and not reserved')
          if (state !== undefined) state.held = 'used'
          break
        }
        case 'AllocationReversed': {
          const { allocationId, documentId, invoiceId, amount } = event.data
          const state = stateOf(allocationId)
          if (state === undefined) break
          if (state.answers[0] !== 'applied' || state.reversed) say('reversed, and not applied')
          state.reversed = true
          add(due, invoiceId, cents(amount))
          add(used, documentId, -cents(amount))
          if (isWithinOneFolio(documentId, invoiceId)) {
            state.held = 'free'
            add(drawn, documentId, -cents(amount))
          }
          break
        }
        case 'AllocationReleased': {
          const state = stateOf(event.data.allocationId)
          if (state === undefined) break
          if (state.held === 'free') say(`${event.data.allocationId} is given back twice`)
          if (state.answers[0] !== 'refused' && !state.reversed)
            say('given back, and it may still apply')
          state.held = 'free'
          add(drawn, state.documentId, -cents(event.data.amount))
          break
        }
      }
    }
    for (const [document, amount] of drawn) {
      if (amount > (totals.get(document) ?? 0n)) say(`${document} is over-used: ${amount}`)
    }
    for (const [invoice, amount] of due) {
      if (amount < 0n) say(`${invoice} is over-settled: ${amount}`)
    }
  }
  const hanging = [...allocations]
    .filter(([, { held, reversed }]) => held === 'reserved' || (held === 'used' && reversed))
    .map(([id]) => id)
  return { violations, hanging, applied, refused, used, due }
}

function add(map: Map<string, bigint>, key: string, change: bigint): void {
  map.set(key, (map.get(key) ?? 0n) + change)
}

type Sums = Readonly<Record<'totals' | 'drawn' | 'due', Map<string, bigint>>>

/** What every other event makes of credits and invoices. */
function documentsOf(event: LedgerEvent, { totals, drawn, due }: Sums): void {
  if (event.type === 'CreditNotePosted') {
    totals.set(event.data.creditNoteId, cents(event.data.totals.gross))
  } else if (event.type === 'PrepaymentRegistered') {
    totals.set(event.data.prepayment.documentId, cents(event.data.amount))
  } else if (event.type === 'InvoicePosted') {
    due.set(event.data.invoiceId, cents(event.data.totals.gross))
  } else if (event.type === 'PaymentRegistered') {
    const { invoiceId, applied, overpayment } = event.data
    add(due, invoiceId, -cents(applied))
    if (overpayment !== undefined) totals.set(overpayment.documentId, cents(overpayment.amount))
  } else if (event.type === 'PaymentReversed') {
    const { invoiceId, applied } = event.data
    if (invoiceId !== null) add(due, invoiceId, cents(applied))
  } else if (event.type === 'CreditSettled') {
    add(drawn, event.data.creditNoteId, cents(event.data.amount))
    add(due, event.data.invoiceId, -cents(event.data.amount))
  } else if (event.type === 'CreditRefunded') {
    add(drawn, event.data.documentId, cents(event.data.amount))
  }
}

/** It balances, and moves exactly so much of the credit and of the invoice, against each other. */
function entryViolations(
  { number, postings }: Entry,
  {
    documentId,
    invoiceId,
    amount,
  }: Readonly<{ documentId: string; invoiceId: string; amount: bigint }>,
): string[] {
  const signed = (figure: 'amount' | 'booksAmount', document?: string) =>
    postings
      .filter((posting) => document === undefined || posting.document === document)
      .reduce(
        (sum, posting) => sum + (posting.side === 'debit' ? 1n : -1n) * cents(posting[figure]),
        0n,
      )
  const ofInvoice = signed('amount', invoiceId)
  const isRight =
    signed('amount') === 0n &&
    signed('booksAmount') === 0n &&
    (ofInvoice === amount || ofInvoice === -amount) &&
    signed('amount', documentId) === -ofInvoice
  return isRight ? [] : [`${number} does not move ${amount} from ${documentId} to ${invoiceId}`]
}

function isWithinOneFolio(left: string, right: string): boolean {
  return left.slice(0, 36) === right.slice(0, 36)
}
