/** `POST /commands/<name>`, described from the definition that also validates, routes and decides. */
import { z } from 'zod'
import type { BooksCommand, CommandArea, FolioCommand } from '../../../commands/command.js'
import { BOOKS_COMMANDS, FOLIO_COMMANDS } from '../../../commands/registry.js'
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
  FolioCommand | BooksCommand,
  'name' | 'area' | 'summary' | 'rows' | 'input' | 'output' | 'kind'
>

const COMMANDS: readonly AnyCommand[] = [...BOOKS_COMMANDS, ...FOLIO_COMMANDS]

export const COMMAND_TAGS = {
  order: { name: 'Orders', description: 'Sales, placed by hand or imported from a platform.' },
  invoice: { name: 'Invoices', description: 'Customer invoices and vendor bills.' },
  payment: { name: 'Payments', description: 'Money in and out.' },
  credit: { name: 'Credits', description: 'Credit notes and the refund of what they have left.' },
  books: { name: 'Books', description: 'Legal entities and their charts of accounts.' },
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
  return Object.fromEntries(
    COMMANDS.flatMap(({ name, kind, output }) => [
      [answerName(name), output],
      [acceptedName(name), acceptedSchema(kind, output)],
    ]),
  )
}

function operation({ name, area, summary, rows }: AnyCommand) {
  const schema = schemaReference(pascalCase(name))
  const roles = rolesAllowed(COMMAND_PERMISSIONS, name).join(', ')
  const parameters = ['IdempotencyKey', 'IfMatch', 'XRequestId']
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
        content: { 'application/json': { schema: schemaReference(acceptedName(name)) } },
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
