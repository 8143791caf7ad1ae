/**
 * Draft credit notes that the ledger proposes by itself, for a person to confirm: over everything left where an order
 * was cancelled (L15), over the surplus where it was lowered after it was invoiced (L16). No posted document changes.
 */
import { atPlace } from '../../src/aggregates/at-place.js'
import type { LineRequest } from '../../src/aggregates/crediting.js'
import { quantityLeft } from '../../src/aggregates/crediting.js'
import type { Folio } from '../../src/aggregates/folio.js'
import type { PostedInvoice } from '../../src/aggregates/invoice.js'
import type { OpenOrder } from '../../src/aggregates/order.js'
import { surplusOf } from '../../src/aggregates/order-difference.js'
import { draftNotesOn, postedInvoicesOf } from '../../src/aggregates/order-documents.js'
import type { CreditNoteContent } from '../../src/events/credit-note-events.js'
import { laterDay } from '../../src/events/day.js'
import type { FactOfType, LedgerFact } from '../../src/events/ledger-event.js'
import type { PricedLine } from '../../src/events/parts.js'
import {
  equals,
  extended,
  isNegative,
  isPositive,
  minus,
  type Money,
} from '../../src/money/money.js'
import {
  compareDecimal,
  isZeroDecimal,
  magnitude,
  minusDecimal,
  proportionDecimal,
} from '../../src/money/quantity.js'
import type { FolioContext } from '../command.js'
import { folioAfter } from '../consequences.js'
import { linkedNote, noteTotalRefusal } from '../credit/credit-note-draft.js'
import { nextCreditNoteId } from '../document-id.js'

type Drafted = FactOfType<'CreditNoteDrafted'>
type Context = Pick<FolioContext, 'folioId' | 'folio' | 'today'>
type Proposal = Readonly<{
  invoice: PostedInvoice
  /** Left out: everything that the invoice still has to credit. */
  requests?: readonly LineRequest[]
  invoiceableAgain: boolean
  reason: string
}>

/** What is drafted under this reason is the ledger's own: a newer state of the order replaces it. */
const ORDER_CHANGED = 'The order was changed at its store'

/** A note over everything left of each posted invoice, unless one is drafted already (L15). */
export function notesOnCancellation(
  order: OpenOrder,
  reason: string,
  context: Context,
): readonly LedgerFact[] {
  const named = `The order was cancelled: ${reason}`
  const invoices = postedInvoicesOf(order, context.folio).filter(({ content }) =>
    draftNotesOn(content.invoiceId, context.folio).every(
      ({ reason: why }) => why === ORDER_CHANGED,
    ),
  )
  // What it proposed itself when the order was lowered is part of everything left.
  const stale = invoices.flatMap(({ content }) => draftNotesOn(content.invoiceId, context.folio))
  const discarded = stale.map(discardedDraft)
  const proposals = invoices.map((invoice) => ({
    invoice,
    invoiceableAgain: false,
    // Cut off it could end within a character.
    reason: named.length > REASON_MAX ? 'The order was cancelled' : named,
  }))
  const folio = folioAfter(context.folio, discarded)
  return [...discarded, ...drafted(proposals, { ...context, folio })]
}

const REASON_MAX = 500

/**
 * What the order has less than its posted invoices: notes over the surplus pieces, whose quantity may be invoiced again
 * should the order grow once more, and notes at a lower price over the pieces that stay. Where somebody else has drafted
 * a note on an invoice, nothing is proposed for it.
 */
export function notesOnChange(order: OpenOrder, context: Context): readonly LedgerFact[] {
  const { folio } = context
  const invoices = postedInvoicesOf(order, folio).filter(({ content }) =>
    draftNotesOn(content.invoiceId, folio).every(({ reason }) => reason === ORDER_CHANGED),
  )
  const requests = surplusRequests(order, invoices, folio)
  const proposals = invoices.flatMap((invoice): Proposal[] =>
    (['pieces', 'price'] as const).flatMap((kind) => {
      const own = requests.filter((request) => request.invoice === invoice && request.kind === kind)
      const common = { invoice, reason: ORDER_CHANGED, invoiceableAgain: kind === 'pieces' }
      return own.length === 0 ? [] : [{ ...common, requests: own.map(({ request }) => request) }]
    }),
  )
  const stale = invoices.flatMap(({ content }) => draftNotesOn(content.invoiceId, folio))
  const discarded = stale.map(discardedDraft)
  const fresh = drafted(proposals, { ...context, folio: folioAfter(folio, discarded) })
  return isProposedAlready(stale, fresh) ? [] : [...discarded, ...fresh]
}

function discardedDraft({ creditNoteId }: CreditNoteContent): LedgerFact {
  return { type: 'CreditNoteDraftDiscarded', data: { creditNoteId } }
}

/** A proposal that the invoice cannot bear, or that comes to nothing, is none. */
function drafted(proposals: readonly Proposal[], { folioId, folio, today }: Context): Drafted[] {
  const facts: Drafted[] = []
  let next = folio
  for (const { invoice, requests, invoiceableAgain, reason } of proposals) {
    const content = linkedNote(invoice, requests, {
      creditNoteId: nextCreditNoteId(folioId, next),
      reason,
      invoiceableAgain,
      documentDate: laterDay(today, invoice.content.documentDate),
    })
    if ('code' in content || noteTotalRefusal(content) !== null) continue
    const fact: Drafted = { type: 'CreditNoteDrafted', data: content }
    facts.push(fact)
    next = folioAfter(next, [fact])
  }
  return facts
}

function isProposedAlready(
  stale: readonly CreditNoteContent[],
  fresh: readonly Drafted[],
): boolean {
  const said = ({ invoice, lines }: CreditNoteContent) =>
    JSON.stringify([
      invoice?.invoiceId,
      lines.map(({ invoiceLine, quantity, unitPrice }) => [invoiceLine, quantity, unitPrice]),
    ])
  const proposed = fresh.map(({ data }) => said(data))
  return JSON.stringify(stale.map(said)) === JSON.stringify(proposed)
}

type SurplusRequest = Readonly<{
  invoice: PostedInvoice
  kind: 'pieces' | 'price'
  request: LineRequest
}>
type InvoicedPlace = Readonly<{
  invoice: PostedInvoice
  invoiceLine: number
  line: PricedLine
  /** What of it can still come back. */
  quantity: string
}>

function surplusRequests(
  order: OpenOrder,
  invoices: readonly PostedInvoice[],
  folio: Folio,
): SurplusRequest[] {
  return surplusOf(order, folio).flatMap((surplus, orderLine) => {
    const places = placesOf(orderLine, invoices)
    const pieces = surplusPieces(surplus.quantity, places)
    const taken = new Map(pieces.map(({ place, quantity }) => [place, quantity]))
    const kept = places.map((place) => ({
      ...place,
      quantity: minusDecimal(place.quantity, taken.get(place) ?? '0'),
    }))
    const rest = pieces.reduce(
      (base, { place, quantity }) =>
        minus(base, extended(quantity, place.line.unitPrice, base.currency)),
      surplus.base,
    )
    return [
      ...pieces.map(({ place: { invoice, invoiceLine }, quantity }) => ({
        invoice,
        kind: 'pieces' as const,
        request: { invoiceLine, quantity },
      })),
      ...lowerPrice(rest, kept),
    ]
  })
}

/** Where the order's line was invoiced and can still come back, the newest invoice first. */
function placesOf(orderLine: number, invoices: readonly PostedInvoice[]): InvoicedPlace[] {
  return [...invoices].reverse().flatMap((invoice) =>
    invoice.content.lines.flatMap((line, invoiceLine) => {
      if (line.orderLine !== orderLine) return []
      const quantity = quantityLeft(line, atPlace(invoice.credited, invoiceLine))
      return [{ invoice, invoiceLine, line, quantity }]
    }),
  )
}

function surplusPieces(surplus: string, places: readonly InvoicedPlace[]) {
  const pieces: { place: InvoicedPlace; quantity: string }[] = []
  let rest = surplus
  for (const place of places) {
    if (isZeroDecimal(rest) || rest.startsWith('-') !== place.quantity.startsWith('-')) continue
    const isAll = compareDecimal(magnitude(rest), magnitude(place.quantity)) >= 0
    const quantity = isAll ? place.quantity : rest
    if (isZeroDecimal(quantity)) continue
    pieces.push({ place, quantity })
    rest = minusDecimal(rest, quantity)
  }
  return pieces
}

/** The amount as a lower price of the pieces kept on the newest invoice, of one piece where it does not divide. */
function lowerPrice(base: Money, kept: readonly InvoicedPlace[]): SurplusRequest[] {
  const place = kept.find(({ quantity }) => !isZeroDecimal(quantity))
  if (place === undefined) return []
  const { invoice, invoiceLine, line } = place
  const isLess = isNegative(line.gross) ? isNegative(base) : isPositive(base)
  if (!isLess) return []
  const whole = proportionDecimal(base.amount, '1', place.quantity)
  const exact = equals(extended(place.quantity, whole, base.currency), base)
  const onePiece = place.quantity.startsWith('-') ? '-1' : '1'
  const request = exact
    ? { invoiceLine, quantity: place.quantity, unitPrice: whole }
    : {
        invoiceLine,
        quantity: onePiece,
        unitPrice: proportionDecimal(base.amount, '1', onePiece),
      }
  return [{ invoice, kind: 'price', request }]
}
