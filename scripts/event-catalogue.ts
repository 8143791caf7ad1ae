/** The catalogue of events as Markdown, read off their schemas. */
import { z } from 'zod'
import { EVENT_DEFINITIONS, type LedgerEventType } from '../src/events/ledger-event.js'
import { personalPaths } from '../src/events/personal.js'
import { entrySeriesSchema, seriesNameSchema } from '../src/events/series-events.js'
import {
  decimalSchema,
  documentIdSchema,
  ratePercentSchema,
  slugSchema,
} from '../src/events/text.js'

const NAMES: ReadonlyMap<z.core.$ZodType, string> = new Map<z.core.$ZodType, string>([
  [decimalSchema, 'decimal'],
  [documentIdSchema, 'document id'],
  [ratePercentSchema, 'percent'],
  [slugSchema, 'slug'],
  [seriesNameSchema, `${nameOfEnum(entrySeriesSchema)}, or \`WH/OUT\` of the warehouse \`WH\``],
])

/** One line each; a new event does not compile without. */
const DESCRIPTIONS: Readonly<Record<LedgerEventType, string>> = {
  BooksOpened: 'The books of a legal entity were opened: currency, time zone, rounding.',
  AccountOpened: 'An account was added to the chart of accounts.',
  AccountClosed: 'An account takes no further postings by hand; its history stays.',
  BooksConfigured: 'Where a company may choose: all settings of the books as they are now.',
  ExchangeRatesSet: 'Rates of other currencies from a day on (L20).',
  FiscalYearOpened: 'The first number of a year was asked for (L10, L21).',
  PeriodClosing: 'The days up to one are being closed: the number series follow (L10).',
  PeriodClosed: 'The days up to one are closed: no number is given for them any more (L10).',
  PeriodReopening: 'Closed days are being opened again: the number series follow (L10).',
  PeriodReopened: 'Closed days are open again (L10).',
  PartiesMerged: 'A party was merged into another: both are one from now on (L26).',
  PartiesUnmerged: 'Two parties that were merged are two again (L26).',
  OrderPlaced: 'An order was placed by hand (L1). Posts nothing.',
  OrderImported: 'The state of an order as a platform showed it; again with each newer state (L1).',
  OrderCancelled: 'What of an order is not invoiced yet will not be (L2, L15). Posts nothing.',
  SourceDocumentRecorded: 'A document of a foreign file was taken over into the folio.',
  InvoiceDrafted: 'An invoice (`out`) or bill (`in`) was drafted (L2).',
  InvoiceDraftEdited: 'The whole draft as it reads now.',
  InvoiceDraftDiscarded: 'A draft was thrown away; it never had a number.',
  InvoicePosted: 'An invoice or bill was confirmed: number and entry (L3; J1, J3, J6, J33).',
  PaymentRegistered: 'Money for a posted invoice or bill (L4; J13 to J15, J36, J37).',
  PaymentReconciled: 'A payment or refund was matched with the bank (J16 to J18).',
  CreditNoteDrafted: 'A credit note, linked or ad hoc, was drafted (L5).',
  CreditNoteDraftEdited: 'The whole draft as it reads now.',
  CreditNoteDraftDiscarded: 'A draft was thrown away; it never had a number.',
  CreditNotePosted: 'A credit note was confirmed: number and entry (L5, L6; J7, J34).',
  CreditSettled: 'A linked note settled what its own invoice still asked (L11; J8, J35).',
  CreditRefunded: 'Remaining credit was paid out or received back (N5; J19, J20, J39).',
  CreditNoteVoided: 'A note on which nothing hangs was voided by its opposite entry (L9; J41).',
  PrepaymentRegistered: 'Money before any invoice asked for it (L4, L13; J12, J38).',
  PaymentReversed: 'A payment bounced, or was wrong: it is taken back (L25; J30).',
  AllocationReserved: 'A credit was reserved for an invoice of another folio (L7). Posts nothing.',
  AllocationApplied: 'A credit settled an invoice, which is not its own (L7; J10, J11).',
  AllocationRefused: 'The invoice does not take a credit that was reserved for it (L7).',
  AllocationConcluded: 'What was reserved is used: the other folio applied it (L7).',
  AllocationReleased: 'What was reserved or used for the other folio is free again (L7).',
  AllocationReversed: 'A credit was taken off the invoice again (L7; J9).',
  RefundApprovalRequested: 'A refund above the threshold waits for somebody else (N6).',
  RefundApproved: 'Somebody else allowed the refund, which stands beside it (N6).',
  RefundDeclined: 'The refund will not be made; its credit is free again (N6).',
  OpeningBalancesPosted: 'What the books begin with, in one entry with its open items (L29; J42).',
  ShipmentPlanned: 'A delivery of goods of an order was planned (M2). Posts nothing.',
  ShipmentPlanDiscarded: 'A planned delivery will not be made.',
  DeliveryValidated: 'The goods left: number, day and tracking (M2, M7, M13). Posts nothing.',
  TrackingAdded: 'A tracking number that came later (M13).',
  PlatformRefundRequested:
    'A refund of a credit note at its store was asked for; its credit is reserved (B3, B4, B11).',
  CaptureRequested: 'The order is to be marked as paid at its store (P2, P3).',
  SyncTaskWithdrawn: 'What made a task is not so any more, and nothing of it was sent (P3).',
  AttemptStarted: 'An attempt at telling a store something began; without it nothing leaves (S1).',
  AttemptFailed: 'An attempt, or the question before it, came to nothing, and what follows (S3).',
  SyncRetried: 'A person wants a task that gave up tried again (S3).',
  SyncDismissed: 'A person let a task go; what it had reserved is free again (S3).',
  PlatformRefundSeen: 'A store has a refund that cannot be placed, or not yet (B9). Posts nothing.',
  PlatformRefundRecorded:
    'A refund at a store stands on the document that it gives back, for good (B4, B7, B9; J24).',
  PlatformRefundPaid:
    'What of it left through a gateway, or went back as store credit (B10; J21, J23).',
  PlatformRefundDeclined: 'What was accepted was declined later: the credit is back (B8; J22).',
  OrderCaptured: 'The store shows the order as paid (P2). Posts nothing (J25).',
  ForceRefundSet: "An order's Force Refund was set or cleared (B6).",
  NumberReleased: 'The folio gave a number back that its document did not need.',
  NumbersTaken: 'Numbers were given out, each bound to one document; others became known as used.',
  NumberVoided: 'A number will never stand on a document, and why.',
  SeriesCheckpointed: 'Where reading a series backwards may stop.',
  SeriesClosedThrough: 'The series gives no number up to a day, or to an earlier one again (L10).',
  BillNumberClaimed: "A supplier's own number belongs to one bill (L26).",
  BillNumberReleased: "The bill was discarded: the supplier's number is free again.",
  InstanceRegistered: 'A store was connected to the books, with its settings and workflows (L28).',
  InstanceConfigured: 'All settings of a connected store as they are now (L28, L29).',
  SubjectForgotten: 'A person was forgotten: the keys of their personal fields are gone (A6).',
}

const HEAD = `# Events

What happened, in the words of the log. This page is written by \`npm run events:catalogue\` from the schemas in
\`src/events/\`; a test says when it is stale. Personal fields are sealed with a key per subject. Money is
\`{ amount, currency }\` with all digits of the currency, a decimal is canonical text, a day is \`2026-11-22\`.
`

export function eventCatalogue(): string {
  const events = [...EVENT_DEFINITIONS.values()].map(({ type, version, schema }) => {
    const personal = personalPaths(schema).map((path) => `\`${path.join('.')}\``)
    return [
      `## ${type}, version ${version}`,
      '',
      DESCRIPTIONS[type as LedgerEventType],
      '',
      ...(personal.length === 0 ? [] : [`Personal: ${personal.join(', ')}.`, '']),
      '| field | type |',
      '|---|---|',
      ...fieldsOf(schema, '').map(({ path, type: of }) => `| \`${path}\` | ${of} |`),
      '',
    ].join('\n')
  })
  return [HEAD, ...events].join('\n')
}

type Field = Readonly<{ path: string; type: string }>

function fieldsOf(schema: z.core.$ZodType, prefix: string): Field[] {
  if (!(schema instanceof z.ZodObject)) return []
  const shape = schema.shape as Record<string, z.core.$ZodType>
  return Object.entries(shape).flatMap(([key, member]) => {
    const { inner, mark, orNull } = unwrapped(member)
    const field = (type: string): Field => ({ path: `${prefix}${key}${mark}`, type: type + orNull })
    if (isMoney(inner)) return [field('money')]
    if (inner instanceof z.ZodObject)
      return [field('object'), ...fieldsOf(inner, `${prefix}${key}.`)]
    const kinds = kindsOf(inner)
    if (kinds !== null)
      return [field('object of a kind'), ...fieldsOfKinds(kinds, `${prefix}${key}.`)]
    if (!(inner instanceof z.ZodArray)) return [field(nameOf(inner))]
    const element = inner.element
    const elementKinds = kindsOf(element)
    if (elementKinds !== null)
      return [
        field('list of objects of a kind each'),
        ...fieldsOfKinds(elementKinds, `${prefix}${key}[].`),
      ]
    if (!(element instanceof z.ZodObject)) return [field(`list of ${nameOf(element)}`)]
    return [field('list of objects'), ...fieldsOf(element, `${prefix}${key}[].`)]
  })
}

/** An object of one kind or another; `null`: it is something else. */
function kindsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] | null {
  return schema instanceof z.ZodDiscriminatedUnion ? schema.options : null
}

/** Each kind by its name, with what it has. */
function fieldsOfKinds(kinds: readonly z.core.$ZodType[], prefix: string): Field[] {
  return kinds.flatMap((kind) => fieldsOf(kind, prefix))
}

type Unwrapped = Readonly<{ inner: z.core.$ZodType; mark: '' | '?'; orNull: '' | ' or null' }>

/** `?`: may be missing. */
function unwrapped(schema: z.core.$ZodType): Unwrapped {
  if (schema instanceof z.ZodOptional) return { ...unwrapped(schema.unwrap()), mark: '?' }
  if (schema instanceof z.ZodNullable) return { ...unwrapped(schema.unwrap()), orNull: ' or null' }
  return { inner: schema, mark: '', orNull: '' }
}

function isMoney(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).join() === 'amount,currency'
}

function nameOf(schema: z.core.$ZodType): string {
  const name = NAMES.get(schema)
  if (name !== undefined) return name
  if (isMoney(schema)) return 'money'
  if (schema instanceof z.ZodEnum) return nameOfEnum(schema)
  if (schema instanceof z.ZodRecord) return `by name: ${nameOf(schema.valueType)}`
  if (schema instanceof z.ZodNull) return 'null'
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].map((value) => `\`${String(value)}\``).join(', ')
  if (schema instanceof z.ZodBoolean) return 'yes or no'
  if (schema instanceof z.ZodNumber) return 'whole number'
  if (schema instanceof z.ZodISODate) return 'day'
  if (schema instanceof z.ZodISODateTime) return 'instant'
  if (schema instanceof z.ZodUUID) return 'uuid'
  if (schema instanceof z.ZodUnion) return nameOfUnion(schema.options)
  if (!(schema instanceof z.ZodString))
    throw new TypeError(`The catalogue has no name for ${schema._zod.def.type}`)
  if (schema.maxLength !== null) return `text, at most ${schema.maxLength}`
  return 'text'
}

function nameOfEnum({ options }: Pick<z.ZodEnum, 'options'>): string {
  return options.map((option) => `\`${option}\``).join(', ')
}

/** A text that may be empty is a text: the empty one is not told apart. */
function nameOfUnion(options: readonly z.core.$ZodType[]): string {
  const [first, second] = options
  const isOfTexts = first instanceof z.ZodLiteral && second instanceof z.ZodString
  return isOfTexts ? 'text' : options.map(nameOf).join(' or ')
}
