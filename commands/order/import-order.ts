import { v5 as uuidv5 } from 'uuid'
import { z } from 'zod'
import type { Folio } from '../../src/aggregates/folio.js'
import { orderOf } from '../../src/aggregates/order.js'
import { orderDifference } from '../../src/aggregates/order-difference.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import { type Carried, orderImported, type OrderLine } from '../../src/events/order-events.js'
import { FORGOTTEN } from '../../src/events/personal.js'
import { partySchema, totalsSchema } from '../../src/events/parts.js'
import {
  documentIdSchema,
  instantSchema,
  slugSchema,
  text,
  textOrEmpty,
  uuidSchema,
} from '../../src/events/text.js'
import { DEFAULT_BOOKS, folioCommand, type FolioContext } from '../command.js'
import { folioAfter, provisionalNumber } from '../consequences.js'
import { accept, type Decision, refuse } from '../decision.js'
import { HAND_OPENED_NAMESPACE, orderId } from '../document-id.js'
import { firstFact } from '../first-fact.js'
import type { Refusal } from '../refusal.js'
import { alignedLines } from './aligned-lines.js'
import { carryOrder, type ImportedOrder } from './carry-order.js'
import { orderCurrency, orderInput, orderTotals } from './order-input.js'
import { buyingParty } from './order-party.js'
import { notesOnChange } from './proposed-notes.js'
import { isSameContent } from './same-content.js'

const { carried, differences } = orderImported.schema.shape

const input = orderInput.extend({
  books: slugSchema.default(DEFAULT_BOOKS),
  instance: uuidSchema.refine((instance) => instance !== HAND_OPENED_NAMESPACE, {
    message: 'is no instance: the names of folios opened by hand begin with it',
  }),
  platformOrderId: text(50),
  modifiedAt: instantSchema,
  status: textOrEmpty(50),
  paymentStatus: textOrEmpty(50),
  party: partySchema
    .optional()
    .describe(
      "Left out: the platform's customer, or a guest by the e-mail in billTo. Null: nobody (L26).",
    ),
  customer: z
    .strictObject({ id: text(50) })
    .optional()
    .describe('As the platform names whoever bought; left out for a guest.'),
  totals: totalsSchema
    .optional()
    .describe('As the platform shows them; by our own pricing where it shows none.'),
})
type Input = z.infer<typeof input>
type Imported = z.infer<typeof orderImported.schema>

/** Whoever was forgotten stays so, whatever the store still says of them (A6). */
function withForgotten<State extends Pick<Imported, 'billTo' | 'shipTo'>>(
  state: State,
  known: Pick<Imported, 'billTo' | 'shipTo'>,
): State {
  const isForgotten = [known.billTo, known.shipTo].some((contact) => contact?.name === FORGOTTEN)
  return isForgotten ? { ...state, billTo: known.billTo, shipTo: known.shipTo } : state
}

/**
 * The state of an order as a platform shows it; its folio is UUIDv5(instance, platform order id). The same state again
 * changes nothing, an older one than the one recorded is ignored (L1); the same date with other content is a change. In
 * the same append its workflow carries it as far as it goes (L28), and notes are proposed over what it has less than was
 * invoiced (L16).
 */
export const importOrder = folioCommand({
  name: 'import-order',
  area: 'order',
  summary:
    'Takes over an order, or its newer state, from a platform, and carries it as far as its workflow says',
  rows: ['L1', 'L16', 'L26', 'L28', 'L29'],
  input,
  output: z.strictObject({
    orderId: documentIdSchema,
    changed: z.boolean().describe('False: this state, or a newer one, was known already.'),
    carried: carried
      .unwrap()
      .nullable()
      .describe(
        'How far the workflow has carried it, and what it waits for; null where nothing was recorded.',
      ),
    differences: differences
      .unwrap()
      .describe('The lines that say something else than the posted invoices (L16).'),
    creditNotes: z.array(documentIdSchema).describe('Drafts proposed over what was lowered.'),
  }),
  document: () => null,
  opens: ({ instance, platformOrderId }) => uuidv5(platformOrderId, instance),
  instance: ({ instance }) => instance,
  books: ({ books }) => books,
  decide(asked, context) {
    const { order } = context.folio
    if (order.status !== 'absent' && order.platform === null) {
      return refuse({ code: 'folio_has_an_order', order: order.orderId })
    }
    const { instance } = context
    if (instance !== null && instance.books !== asked.books) {
      const { books } = instance
      return refuse({
        code: 'instance_in_other_books',
        instance: asked.instance,
        books,
        given: asked.books,
      })
    }
    const known = order.status === 'absent' ? null : order.platform
    const said = stateOf(asked, context)
    if ('code' in said) return refuse(said)
    if (known === null) return imported(said, null, context)
    if (said.modifiedAt < known.modifiedAt) return accept()
    const state = withForgotten(said, known)
    const before = withoutOutcome(known)
    return isSameContent(state, before)
      ? carriedFurther(before, known.carried, context)
      : imported(state, known, context)
  },
  answer: (facts, folioId) => {
    const unchanged = { orderId: orderId(folioId), changed: false, carried: null }
    if (facts.length === 0) return { ...unchanged, differences: [], creditNotes: [] }
    const { data } = firstFact(facts, 'OrderImported')
    return {
      orderId: data.orderId,
      changed: data.isRepeat !== true,
      carried: data.carried ?? null,
      differences: data.differences ?? [],
      creditNotes: facts.flatMap((fact) =>
        fact.type === 'CreditNoteDrafted' ? [fact.data.creditNoteId] : [],
      ),
    }
  },
})

/** The state as it will be recorded, but for what becomes of it. */
function stateOf(
  { customer, totals, ...asked }: Input,
  { folio, folioId, books, instance }: FolioContext,
): Imported | Refusal {
  const currency = orderCurrency(asked, books, totals)
  if ('code' in currency) return currency
  const { party = buyingParty({ ...asked, customer }), prices } = asked
  const lines = [...linesInPlace(asked.lines, folio)]
  const terms = { prices, rounding: books.rounding, currency: currency.currency }
  const startDate = instance?.startDate ?? null
  return {
    ...asked,
    ...currency,
    party,
    lines,
    orderId: orderId(folioId),
    totals: totals ?? orderTotals(lines, terms),
    ...(startDate !== null && asked.placedOn < startDate && !hasDocuments(folio)
      ? { isHistory: true as const }
      : {}),
  }
}

/** Documents name an order's lines by place, so a newer state keeps the places once there are any. */
function linesInPlace(lines: readonly OrderLine[], folio: Folio): readonly OrderLine[] {
  const { order } = folio
  if (order.status === 'absent' || !hasDocuments(folio)) return lines
  return alignedLines(order.lines, lines)
}

/** An order that something was made of is no history, whatever its instance's start date becomes. */
function hasDocuments({ invoices, shipments, payments }: Folio): boolean {
  return invoices.size + shipments.size + payments.size > 0
}

function withoutOutcome({
  carried: _carried,
  differences: _differences,
  isRepeat: _isRepeat,
  ...state
}: Imported): Imported {
  return state
}

function imported(state: Imported, known: Imported | null, context: FolioContext): Decision {
  const fact: LedgerFact = { type: 'OrderImported', data: state }
  const folio = folioAfter(context.folio, [fact])
  const order = importedOrder(state, context.folio)
  const notes = order.status === 'cancelled' ? [] : notesOnChange(order, { ...context, folio })
  const data = withDifferences(state, order, folio)
  const isDraftStale = known === null || !isSameContent(invoicedOf(state), invoicedOf(known))
  const carrying = carryOrder(
    order,
    { carried: known?.carried, isDraftStale, bytesMax: bytesLeft([fact, ...notes]) },
    { ...context, folio: folioAfter(folio, notes) },
  )
  return following(carrying, (outcome) => [
    { type: 'OrderImported', data: { ...data, carried: outcome } },
    ...notes,
  ])
}

/** What is known already is recorded again only where it could be carried further, or waits for something else. */
function carriedFurther(
  state: Imported,
  before: Carried | undefined,
  context: FolioContext,
): Decision {
  const { folio } = context
  const order = importedOrder(state, folio)
  const fact: LedgerFact = { type: 'OrderImported', data: state }
  const carrying = carryOrder(
    order,
    { carried: before, isDraftStale: false, bytesMax: bytesLeft([fact]) },
    context,
  )
  const isSame = before === undefined || isSameContent(before, carrying.carried)
  const { decision } = carrying
  const isIdle = decision.events(decision.numbers.map(provisionalNumber)).length === 0
  if (isIdle && isSame) return accept()
  const data = { ...withDifferences(state, order, folio), isRepeat: true as const }
  return following(carrying, (outcome) => [
    { type: 'OrderImported', data: { ...data, carried: outcome } },
  ])
}

/** Of a cancelled order nothing is asked any more, so that nothing differs. */
function withDifferences(state: Imported, order: ImportedOrder, folio: Folio): Imported {
  const differing = order.status === 'cancelled' ? [] : orderDifference(order, folio)
  return differing.length === 0 ? state : { ...state, differences: differing }
}

function following(
  { decision, carried: outcome }: ReturnType<typeof carryOrder>,
  first: (outcome: Carried) => readonly LedgerFact[],
): Decision {
  return {
    ...decision,
    events: (numbers) => [...first(outcome), ...decision.events(numbers)],
  }
}

/** What a draft takes over from its order. */
function invoicedOf({ lines, totals, currency, exchangeRate, prices, party, billTo }: Imported) {
  return { lines, totals, currency, exchangeRate, prices, party, billTo }
}

/** The order as it is with this state of it. */
function importedOrder(state: Imported, { order }: Folio): ImportedOrder {
  return { ...orderOf({ type: 'OrderImported', data: state }, order), platform: state }
}

/** An append holds 900 kB; what seals and describes its events takes the rest. */
const BYTES_MAX = 750_000

function bytesLeft(facts: readonly LedgerFact[]): number {
  return BYTES_MAX - Buffer.byteLength(JSON.stringify(facts))
}
