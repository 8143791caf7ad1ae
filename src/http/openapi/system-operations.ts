/** The state of the server: projections, health, this description. */
import { z } from 'zod'
import { READ_PERMISSIONS, rolesAllowed } from '../permissions.js'
import { schemaReference } from './components.js'
import { problemReferences, REQUEST_ID_HEADER } from './responses.js'
import { pageSchema } from './row-schema.js'

export const SYSTEM_TAG = { name: 'System', description: 'How the server is.' }

const PROJECTIONS = '/projections'
const REQUEST_ID = { $ref: '#/components/parameters/XRequestId' }

const projectionSchema = z.strictObject({
  name: z.string(),
  version: z.int().nullable().describe('Of what is read now; null before it was ever built.'),
  codeVersion: z.int(),
  build: z.int().nullable(),
  position: z.string().nullable(),
  events: z.string(),
  lagEvents: z.number().min(0),
  lagSeconds: z.number().min(0),
  holder: z.string().nullable().describe('The process that advances it.'),
  error: z.string().nullable().describe('Why it stands still, if it does.'),
})

export const SYSTEM_ANSWERS: Readonly<Record<string, z.ZodType>> = {
  Projections: pageSchema(z.string(), projectionSchema),
  Live: z.strictObject({ status: z.literal('live') }),
  Ready: z.strictObject({ status: z.literal('ready'), stopped: z.array(z.string()).max(0) }),
  NotReady: z.strictObject({
    status: z.literal('not ready'),
    stopped: z
      .array(z.string())
      .optional()
      .describe('The projections that stand still; missing where none could be asked.'),
  }),
}

export function systemPaths(): Readonly<Record<string, unknown>> {
  return {
    [PROJECTIONS]: {
      get: {
        operationId: 'listProjections',
        tags: [SYSTEM_TAG.name],
        summary: 'How each read model stands to the log',
        description: `Roles: ${rolesAllowed(READ_PERMISSIONS, PROJECTIONS).join(', ')}.`,
        parameters: [REQUEST_ID],
        responses: {
          '200': answer('All of them.', 'Projections', { 'text/html': TEXT }),
          ...problemReferences('status'),
        },
      },
    },
    '/health/live': publicPath('readLive', 'Whether the process answers', {
      '200': answer('It does.', 'Live'),
    }),
    '/health/ready': publicPath('readReady', 'Whether the read models can be asked', {
      '200': answer('They can, and none stands still.', 'Ready'),
      '503': answer('They cannot, or some stand still.', 'NotReady'),
    }),
    '/openapi.json': publicPath('readOpenApi', 'This description', {
      '200': {
        description: 'OpenAPI 3.1.',
        headers: REQUEST_ID_HEADER,
        content: { 'application/json': { schema: { type: 'object' } } },
      },
    }),
  }
}

const TEXT = { schema: { type: 'string' } }

function publicPath(operationId: string, summary: string, answers: Readonly<object>) {
  const responses = { ...problemReferences('public'), ...answers }
  const tags = [SYSTEM_TAG.name]
  return { get: { operationId, tags, summary, security: [], parameters: [REQUEST_ID], responses } }
}

function answer(description: string, schema: string, others: Readonly<object> = {}) {
  const content = { 'application/json': { schema: schemaReference(schema) }, ...others }
  return { description, headers: REQUEST_ID_HEADER, content }
}
