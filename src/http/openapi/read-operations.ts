/** `GET /<list>` and `GET /<list>/{id}`, described from the lists that answer them. */
import { z } from 'zod'
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../../queries/list-page.js'
import { pageParameters } from '../../queries/parameters.js'
import type { List } from '../list.js'
import { LISTS } from '../lists.js'
import { READ_PERMISSIONS, rolesAllowed } from '../permissions.js'
import { inlineSchema, type JsonSchema, schemaReference } from './components.js'
import { pascalCase } from './names.js'
import {
  POSITION_HEADER,
  problemReferences,
  REQUEST_ID_HEADER,
  REVISION_HEADERS,
} from './responses.js'
import { documentAnswerSchema, listAnswerSchema } from './row-schema.js'

export const READ_TAG = {
  name: 'Reading',
  description: 'Lists, documents and reports. They follow the log, usually by milliseconds.',
}

/** One line each; a parameter without is not described, and the test says so. */
const PARAMETERS: Readonly<Record<string, string>> = {
  limit: `Rows on a page: ${PAGE_LIMIT_DEFAULT} unless given, at most ${PAGE_LIMIT_MAX}.`,
  after: 'The `next` of the page before.',
  minPosition: 'Waits until the answer holds the event at this position (H5).',
  books: 'Only those of these books.',
  instance: 'Only those of this store.',
  waits: 'Only orders that wait for this, such as `not_captured` or `no_workflow`.',
  platform: 'Only stores of this platform.',
  synced: "Only those that belong to a platform's order, or only the others.",
  documentId: 'Only allocations of this credit.',
  invoiceId: 'Only those on this invoice or bill.',
  finished: 'Only those of which both folios know how they ended, or only the others.',
  direction: '`out`: towards customers; `in`: from suppliers.',
  status: 'Only those of this status.',
  refundStatus: 'Only those of this status.',
  flow: '`received`: money came in; `paid`: money went out.',
  account: 'Only those on this account.',
  party: 'Only those of this customer or supplier.',
  open: '`false`: those with nothing open any more.',
  currency: 'Only those in this currency.',
  kind: 'Only those of this kind.',
  orderId: 'Only those of this order.',
  state: 'Only those in this state.',
  held: 'Only refunds that wait for this reason.',
  toRefund: '`true`: only money left of cancelled orders (L15).',
  period: 'Only those of this month, `2026-11`.',
  code: 'Only those of this tax code.',
  series: 'Only those of this series.',
  type: 'Only accounts of this type.',
}

export function readPaths(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    LISTS.flatMap((list) => [
      [list.path, { get: listOperation(list) }],
      ...(list.find === undefined
        ? []
        : [[`${list.path}/{id}`, { get: documentOperation(list) }] as const]),
    ]),
  )
}

export function readAnswers(): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    LISTS.flatMap((list) => [
      [listName(list), listAnswerSchema(list)],
      ...(list.find === undefined
        ? []
        : [[documentName(list), documentAnswerSchema(list)] as const]),
    ]),
  )
}

function listOperation(list: List) {
  const roles = rolesAllowed(READ_PERMISSIONS, list.path).join(', ')
  return {
    operationId: `list${pascalCase(list.path)}`,
    tags: [READ_TAG.name],
    summary: list.title,
    description: `Roles: ${roles}.`,
    parameters: [...queryParameters(list.parameters), REQUEST_ID],
    responses: {
      '200': {
        description: 'One page.',
        headers: { ...POSITION_HEADER, ...REQUEST_ID_HEADER },
        content: contentOf(listName(list)),
      },
      ...problemReferences('list'),
    },
  }
}

function documentOperation(list: List) {
  const roles = rolesAllowed(READ_PERMISSIONS, list.path).join(', ')
  const id = { type: 'string', minLength: 1, maxLength: 200 }
  return {
    operationId: `read${documentName(list)}`,
    tags: [READ_TAG.name],
    summary: `One of: ${list.title}`,
    description: `Roles: ${roles}.`,
    parameters: [
      { name: 'id', in: 'path', required: true, schema: id, description: 'As lists give it.' },
      ...queryParameters(pageParameters.pick({ minPosition: true })),
      REQUEST_ID,
    ],
    responses: {
      '200': {
        description: 'The document as it is now.',
        headers: {
          ...(list.find === 'in_folio' ? REVISION_HEADERS : POSITION_HEADER),
          ...REQUEST_ID_HEADER,
        },
        content: contentOf(documentName(list)),
      },
      ...problemReferences('document'),
    },
  }
}

const REQUEST_ID = { $ref: '#/components/parameters/XRequestId' }

/** Programs get JSON; whoever prefers HTML gets the same as a page. */
function contentOf(schema: string) {
  return {
    'application/json': { schema: schemaReference(schema) },
    'text/html': { schema: { type: 'string' } },
  }
}

/** As they come in a query string: texts, one each. */
function queryParameters(parameters: z.ZodType) {
  const { properties = {} } = inlineSchema(parameters) as {
    properties?: Record<string, JsonSchema>
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(PARAMETERS[name] === undefined ? {} : { description: PARAMETERS[name] }),
    schema: textSchema(schema),
  }))
}

/** What is left out stands for `null`, and defaults are written as they would be sent. */
function textSchema({ anyOf, default: given, ...schema }: JsonSchema): JsonSchema {
  const [text = {}] = (anyOf ?? []) as readonly JsonSchema[]
  const isSent =
    typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean'
  return { ...text, ...schema, ...(isSent ? { default: String(given) } : {}) }
}

function listName({ path }: List): string {
  return `${pascalCase(path)}Page`
}

/** `/credit-notes` → `CreditNote` */
function documentName({ path }: List): string {
  return pascalCase(path).replace(/s$/, '')
}
