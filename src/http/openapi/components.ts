/** The schemas of commands, answers and rows as JSON Schema 2020-12, which is the dialect of OpenAPI 3.1. */
import { z } from 'zod'
import { lineRequestSchema } from '../../../commands/credit/draft-credit-note.js'
import { decimalInput, lineInput } from '../../../commands/line-input.js'
import {
  contactSchema,
  lineSchema,
  partySchema,
  postingSchema,
  taxSchema,
  totalsSchema,
} from '../../events/parts.js'
import {
  daySchema,
  decimalSchema,
  documentIdSchema,
  instantSchema,
  moneySchema,
  ratePercentSchema,
  slugSchema,
  uuidSchema,
} from '../../events/text.js'
import { actionSchema, documentEntrySchema } from './document-members.js'
import { problemSchema } from './problem-schema.js'

export type JsonSchema = Readonly<Record<string, unknown>>
export type Schemas = Readonly<Record<string, JsonSchema>>

type Shared = Readonly<{ schema: z.ZodType; description: string; example?: unknown }>

const LINE_DESCRIPTION =
  'A negative quantity or unit price is a discount line (L3). `discount` is taken off quantity × unit price.'

/** What several schemas are made of: each stands in the document once. */
const SHARED: Readonly<Record<string, Shared>> = {
  Money: {
    schema: moneySchema,
    description:
      'Canonical decimal text with all digits of its currency (ISO 4217): JPY none, GBP two, KWD three. A JSON number is refused.',
    example: { amount: '12.30', currency: 'GBP' },
  },
  Decimal: {
    schema: decimalSchema,
    description: 'Canonical decimal text: at most 12 digits before and 6 after the point.',
    example: '1.5',
  },
  Percent: {
    schema: ratePercentSchema,
    description: 'A rate in percent, as canonical decimal text.',
    example: '20',
  },
  Day: {
    schema: daySchema,
    description: 'A calendar day in the time zone of the books, from 1900 on.',
    example: '2026-11-22',
  },
  Instant: {
    schema: instantSchema,
    description: 'UTC, with milliseconds.',
    example: '2026-11-22T17:05:00.000Z',
  },
  Slug: {
    schema: slugSchema,
    description: 'Names books and accounts.',
    example: 'outstanding-receipts',
  },
  Uuid: {
    schema: uuidSchema,
    description: 'In lower case.',
    example: '3f0c2a58-5a4f-4c1e-9d6e-0d7c1f6f2b11',
  },
  DocumentId: {
    schema: documentIdSchema,
    description: 'Begins with the id of its folio.',
    example: '3f0c2a58-5a4f-5c1e-9d6e-0d7c1f6f2b11-i1',
  },
  Party: {
    schema: partySchema,
    description: 'Null for a sale without a customer, whose credits cannot be allocated (L26).',
    example: '3f0c2a58-5a4f-4c1e-9d6e-0d7c1f6f2b11',
  },
  Contact: {
    schema: contactSchema,
    description: 'Whom a document names. Later changes of the party do not change it (L26).',
    example: { name: 'Ada Byron', email: 'ada@example.com', country: 'United Kingdom' },
  },
  Tax: {
    schema: taxSchema,
    description:
      '`reason`: why no tax was charged. `reverseCharge`: the buyer owes the tax at this rate.',
    example: { code: 'standard', ratePercent: '20' },
  },
  Line: {
    schema: lineSchema,
    description: LINE_DESCRIPTION,
  },
  Totals: { schema: totalsSchema, description: 'gross = net + tax.' },
  Posting: {
    schema: postingSchema,
    description:
      "One debit or credit, in the document's currency and in the books'. `document`: whose balance it moves.",
  },
  Entry: {
    schema: documentEntrySchema,
    description: 'A journal entry: debits equal credits, in both currencies.',
  },
  Action: { schema: actionSchema, description: 'A command, and whether it is open now.' },
  Problem: {
    schema: problemSchema,
    description: 'Why the answer is no (RFC 9457); the figures that explain it are members too.',
  },
}

/** The same of requests alone, where callers may write more freely than the ledger stores. */
const SHARED_BY_REQUESTS: Readonly<Record<string, Shared>> = {
  DecimalInput: {
    schema: decimalInput,
    description: 'Decimal text: at most 12 digits before and 6 after the point.',
    example: '120.50',
  },
  LineInput: { schema: lineInput, description: LINE_DESCRIPTION },
  LineRequest: {
    schema: lineRequestSchema,
    description: "A quantity of an invoice's line, at the invoiced unit price or a lower one.",
  },
}

/**
 * The schemas by name, with references to the shared ones and to each other. `input`: as callers send it, where what
 * has a default may be left out; `output`: as it is answered.
 */
export function jsonSchemas(
  io: 'input' | 'output',
  schemas: Readonly<Record<string, z.ZodType>>,
): Schemas {
  const shared = { ...SHARED, ...(io === 'input' ? SHARED_BY_REQUESTS : {}) }
  const registry = z.registry<{ id: string }>()
  for (const [id, { schema }] of Object.entries(shared)) registry.add(schema, { id })
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` })
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, schema]) => [id, described(shared[id], schema)]),
  )
}

/** Names of {@link jsonSchemas} as a reference. */
export function schemaReference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** As one schema that stands nowhere else: for a parameter. */
export function inlineSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, { io: 'input' })
  return made
}

function described(shared: Shared | undefined, schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, $id: _address, ...own } = schema
  if (shared === undefined) return own
  const { description, example } = shared
  return { description, ...own, ...(example === undefined ? {} : { examples: [example] }) }
}
