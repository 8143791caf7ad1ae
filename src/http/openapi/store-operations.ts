/** The connections to stores: credentials, their state, quotes, webhooks. */
import { z } from 'zod'
import { refundItemSchema } from '../../events/platform-events.js'
import { instantSchema, moneySchema } from '../../events/text.js'
import { rolesAllowed, STORE_PERMISSIONS } from '../permissions.js'
import { refundQuoteQuerySchema } from '../refund-quote-routes.js'
import { credentialsSchema } from '../credentials-schema.js'
import { credentialsQuerySchema } from '../store-routes.js'
import { inlineSchema, schemaReference } from './components.js'
import { problemReferences, REQUEST_ID_HEADER } from './responses.js'
import type { Audience } from './problem-schema.js'

export const STORE_TAG = {
  name: 'Stores',
  description: 'The connections to stores: what opens them, how far they were pulled, webhooks.',
}

const REQUEST_ID = { $ref: '#/components/parameters/XRequestId' }

const connectionSchema = z.strictObject({
  hasCredentials: z.boolean().describe('They themselves are never told.'),
  savedAt: instantSchema.nullable(),
  pull: z.strictObject({
    modifiedUntil: instantSchema
      .nullable()
      .describe('What changed at the store until then was looked at.'),
    firstPullDoneAt: instantSchema.nullable(),
    lastPullAt: instantSchema.nullable(),
    lastError: z.string().nullable().describe('Why the last pull did not come to its end.'),
  }),
  webhooks: z.strictObject({
    armed: z.boolean().describe('The store announces what changes.'),
    checkedAt: instantSchema.nullable(),
    lastError: z.string().nullable(),
    lastDeliveryAt: instantSchema.nullable(),
  }),
  failedOrders: z
    .strictObject({
      count: z.int().min(0),
      oldest: z.array(
        z.strictObject({
          order: z.string().describe('As the store names it.'),
          why: z.string(),
          tries: z.int().min(1),
          firstFailedAt: instantSchema,
          nextTryAt: instantSchema,
        }),
      ),
    })
    .describe('Orders that could not be taken over, and are looked at again.'),
})

const paymentSchema = z.strictObject({
  provider: z.string(),
  description: z.string(),
  amount: moneySchema,
  isOffline: z.boolean().describe('Only recorded: no money moves through the store.'),
})
const figuresSchema = z.strictObject({ total: moneySchema, tax: moneySchema })

const refundQuoteSchema = z.strictObject({
  purpose: z.enum(['give_back', 'record']),
  amount: moneySchema.describe('As the ledger has it.'),
  tax: moneySchema,
  items: z.array(refundItemSchema),
  quote: figuresSchema
    .extend({ methods: z.array(z.array(paymentSchema)) })
    .describe('As the store reckons it; each method is one complete way to pay it.'),
  chosen: z
    .array(paymentSchema)
    .nullable()
    .describe('The payments that would be sent; null: none would, and `setback` says why.'),
  override: figuresSchema
    .nullable()
    .describe("What would be sent in place of the store's own figures."),
  difference: moneySchema.describe('What the store reckons beyond the ledger.'),
  setback: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
})

export const STORE_ANSWERS: Readonly<Record<string, z.ZodType>> = {
  StoreConnection: connectionSchema,
  RefundQuote: refundQuoteSchema,
}

export const STORE_INPUTS: Readonly<Record<string, z.ZodType>> = {
  StoreCredentials: credentialsSchema,
}

export function storePaths(): Readonly<Record<string, unknown>> {
  const noContent = { '204': { description: 'Done.', headers: REQUEST_ID_HEADER } }
  return {
    '/instances/{id}/credentials': {
      put: {
        ...operation('saveStoreCredentials', 'Saves what opens the store, once the store takes it'),
        ...described('PUT /instances/{id}/credentials'),
        parameters: [
          ID,
          REQUEST_ID,
          queryParameter('check', credentialsQuerySchema.shape.check.unwrap()),
        ],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: schemaReference('StoreCredentials') } },
        },
        responses: responses('credentials', noContent),
      },
      delete: {
        ...operation('removeStoreCredentials', 'Removes what opens the store'),
        ...described('DELETE /instances/{id}/credentials'),
        parameters: [ID, REQUEST_ID],
        responses: responses('connection', noContent),
      },
    },
    '/instances/{id}/connection': {
      get: {
        ...operation('readStoreConnection', 'How the connection to the store is'),
        ...described('GET /instances/{id}/connection'),
        parameters: [ID, REQUEST_ID],
        responses: responses('connection', answer('StoreConnection')),
      },
    },
    '/credit-notes/{id}/refund-quote': {
      get: {
        ...operation('quoteRefund', 'What the store would make of the refund of a credit note'),
        ...described('GET /credit-notes/{id}/refund-quote'),
        parameters: [ID, REQUEST_ID, PROVIDERS],
        responses: responses('quote', answer('RefundQuote')),
      },
    },
    '/webhooks/bigcommerce/{instance}': {
      post: {
        ...operation('receiveWebhook', 'Takes a webhook of a store, known by its signature'),
        security: [],
        parameters: [{ ...ID, name: 'instance' }, REQUEST_ID],
        requestBody: { required: true, content: { 'application/json': { schema: {} } } },
        responses: responses('webhook', {
          '200': {
            description: 'It is kept.',
            headers: REQUEST_ID_HEADER,
            content: { 'application/json': { schema: { type: 'object' } } },
          },
        }),
      },
    },
  }
}

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }

const PROVIDERS = queryParameter('providers', refundQuoteQuerySchema.shape.providers.unwrap())

function queryParameter(name: string, schema: z.ZodType) {
  const { description, ...own } = inlineSchema(schema)
  return { name, in: 'query', description, schema: own }
}

function operation(operationId: string, summary: string) {
  return { operationId, summary, tags: [STORE_TAG.name] }
}

function described(route: string) {
  return { description: `Roles: ${rolesAllowed(STORE_PERMISSIONS, route).join(', ')}.` }
}

function answer(schema: string) {
  const content = { 'application/json': { schema: schemaReference(schema) } }
  return { '200': { description: 'As it is now.', headers: REQUEST_ID_HEADER, content } }
}

function responses(audience: Audience, accepted: Readonly<object>) {
  return { ...problemReferences(audience), ...accepted }
}
