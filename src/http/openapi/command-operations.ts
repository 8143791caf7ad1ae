/** `POST /commands/<name>`, described from the definition that also validates, routes and decides. */
import { z } from 'zod'
import type {
  BooksCommand,
  CommandArea,
  FolioCommand,
  InstanceCommand,
  SubjectCommand,
} from '../../../commands/command.js'
import {
  BOOKS_COMMANDS,
  FOLIO_COMMANDS,
  INSTANCE_COMMANDS,
  SUBJECT_COMMANDS,
} from '../../../commands/registry.js'
import { PREVIEW_TYPE } from '../command-routes.js'
import { COMMAND_PERMISSIONS, rolesAllowed } from '../permissions.js'
import { jsonSchemas, type Schemas, schemaReference } from './components.js'
import { COMMAND_EXAMPLES } from './examples.js'
import { camelCase, pascalCase } from './names.js'
import {
  problemReferences,
  REPLAY_HEADER,
  REQUEST_ID_HEADER,
  REVISION_HEADERS,
} from './responses.js'

type AnyCommand = Pick<
  FolioCommand | BooksCommand | InstanceCommand | SubjectCommand,
  'name' | 'area' | 'summary' | 'rows' | 'input' | 'output' | 'kind'
>

const COMMANDS: readonly AnyCommand[] = [
  ...BOOKS_COMMANDS,
  ...FOLIO_COMMANDS,
  ...INSTANCE_COMMANDS,
  ...SUBJECT_COMMANDS,
]

export const COMMAND_TAGS = {
  order: { name: 'Orders', description: 'Sales, placed by hand or imported from a platform.' },
  invoice: { name: 'Invoices', description: 'Customer invoices and vendor bills.' },
  payment: { name: 'Payments', description: 'Money in and out.' },
  credit: { name: 'Credits', description: 'Credit notes and the refund of what they have left.' },
  shipment: {
    name: 'Shipments',
    description: 'Deliveries of what was ordered, and their tracking.',
  },
  books: {
    name: 'Books',
    description: 'Legal entities: their charts of accounts, settings, exchange rates and periods.',
  },
  party: { name: 'Parties', description: 'Customers and suppliers: merged, unmerged, forgotten.' },
  instance: { name: 'Instances', description: 'Connected stores, their settings and workflows.' },
  platform: {
    name: 'Stores',
    description: 'What connected stores are told of their orders, and what they have made of it.',
  },
} as const satisfies Record<CommandArea, Readonly<{ name: string; description: string }>>

export const COMMAND_PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description:
      'Chosen by the caller, one for each request that is meant: a UUID does. The same request with the same key is one request, whenever it comes again, and gets the same answer; the same key with another body is refused.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description:
      'The ETag that the caller saw: at any other revision the command is refused, and tells what has happened since.',
    schema: { type: 'string', pattern: '^"(?:0|[1-9]\\d{0,9})"$' },
  },
  Preview: {
    name: 'preview',
    in: 'query',
    description: `With \`true\` nothing is recorded: the answer, as \`${PREVIEW_TYPE}\`, has the events that would be, with entries and provisional numbers, and the Idempotency-Key stays free (L29).`,
    schema: { type: 'string', enum: ['true', 'false'] },
  },
} as const

export function commandPaths(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    COMMANDS.map((command) => [`/commands/${command.name}`, { post: operation(command) }]),
  )
}

export function commandInputs(): Schemas {
  const inputs = COMMANDS.map(({ name, input }) => [pascalCase(name), input] as const)
  return jsonSchemas('input', Object.fromEntries(inputs))
}

export function commandAnswers(): Readonly<Record<string, z.ZodType>> {
  return {
    Preview: previewSchema,
    ...Object.fromEntries(
      COMMANDS.flatMap(({ name, kind, output }) => [
        [answerName(name), output],
        [acceptedName(name), acceptedSchema(kind, output)],
      ]),
    ),
  }
}

/** What a command on a folio would record. */
const previewSchema = z.strictObject({
  preview: z.literal(true),
  events: z.array(z.strictObject({ type: z.string(), data: z.record(z.string(), z.unknown()) })),
})

function operation({ name, area, summary, rows, kind }: AnyCommand) {
  const schema = schemaReference(pascalCase(name))
  const roles = rolesAllowed(COMMAND_PERMISSIONS, name).join(', ')
  const isPreviewed = kind === 'folio'
  const parameters = [
    'IdempotencyKey',
    'IfMatch',
    'XRequestId',
    ...(isPreviewed ? ['Preview'] : []),
  ]
  return {
    operationId: camelCase(name),
    tags: [COMMAND_TAGS[area].name],
    summary,
    description: `Rows ${rows.join(', ')} of the specification. Roles: ${roles}.`,
    parameters: parameters.map((key) => ({ $ref: `#/components/parameters/${key}` })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema, example: COMMAND_EXAMPLES[name] } },
    },
    responses: {
      '200': {
        description: 'Accepted, and recorded for good.',
        headers: { ...REVISION_HEADERS, ...REPLAY_HEADER, ...REQUEST_ID_HEADER },
        content: {
          'application/json': { schema: schemaReference(acceptedName(name)) },
          ...(isPreviewed ? { [PREVIEW_TYPE]: { schema: schemaReference('Preview') } } : {}),
        },
      },
      ...problemReferences('command'),
    },
  }
}

const STREAMS = {
  folio: {
    pattern: /^folio-[0-9a-f-]{36}$/,
    example: 'folio-3f0c2a58-5a4f-5c1e-9d6e-0d7c1f6f2b11',
  },
  books: { pattern: /^books-[a-z0-9-]{1,60}$/, example: 'books-main' },
  instance: {
    pattern: /^instance-[0-9a-f-]{36}$/,
    example: 'instance-5d1d0a2e-6f43-5b57-8f0e-1f2d3c4b5a69',
  },
  subject: {
    pattern: /^subject-[0-9a-f-]{36}$/,
    example: 'subject-0b9f3d8e-7c1a-4f5e-8a53-1f0b1c2d3e4f',
  },
} as const

function acceptedSchema(kind: AnyCommand['kind'], output: z.ZodType): z.ZodType {
  return z.strictObject({
    answer: output,
    stream: z
      .string()
      .regex(STREAMS[kind].pattern)
      .meta({
        description: 'The stream of events that the command was decided on.',
        examples: [STREAMS[kind].example],
      }),
    revision: z.int().min(0).describe('Where the stream stands after the command.'),
    position: z
      .string()
      .regex(/^\d+$/)
      .meta({
        description: 'Where that is in the log: a read with this minPosition sees the command.',
        examples: ['123'],
      }),
  })
}

function answerName(command: string): string {
  return `${pascalCase(command)}Answer`
}

function acceptedName(command: string): string {
  return `${pascalCase(command)}Accepted`
}
