/**
 * The description of the interface (H1): OpenAPI 3.1, made from the definitions that validate, route and decide. It
 * depends on nothing but them, so it is the same in every process.
 */
import {
  COMMAND_PARAMETERS,
  COMMAND_TAGS,
  commandAnswers,
  commandInputs,
  commandPaths,
} from './command-operations.js'
import { jsonSchemas, type Schemas } from './components.js'
import { READ_TAG, readAnswers, readPaths } from './read-operations.js'
import { HEADERS, problemResponses } from './responses.js'
import { STORE_ANSWERS, STORE_INPUTS, STORE_TAG, storePaths } from './store-operations.js'
import { SYSTEM_ANSWERS, SYSTEM_TAG, systemPaths } from './system-operations.js'

export type OpenApiDocument = Readonly<{
  openapi: string
  info: Readonly<{ title: string; version: string; summary: string; description: string }>
  servers: readonly Readonly<{ url: string }>[]
  security: readonly Readonly<Record<string, readonly string[]>>[]
  tags: readonly Readonly<{ name: string; description: string }>[]
  paths: Readonly<Record<string, unknown>>
  components: Readonly<{
    schemas: Schemas
    parameters: Readonly<Record<string, unknown>>
    headers: Readonly<Record<string, unknown>>
    responses: Readonly<Record<string, unknown>>
    securitySchemes: Readonly<Record<string, unknown>>
  }>
}>

/** Of the interface: it grows with what callers can rely on, not with the program. */
const INTERFACE_VERSION = '1.0.0'

const DESCRIPTION = `Commands change the ledger; reads follow it.

- A command is accepted with 200, and then it is recorded for good; or it is refused, and nothing was recorded. A
  refusal is a problem document (RFC 9457) with the figures that explain it; its \`type\` leads to a page about it.
  400: malformed. 409: the ledger stands against it. 412: If-Match named another revision. 422: what it says is wrong.
- Every command takes an \`Idempotency-Key\`: sent again with the same key and body it is the same request.
- A command answers with its \`position\`. A read with \`?minPosition=\` waits until it holds that position.
- Money is \`{ "amount": "12.30", "currency": "GBP" }\`, decimals are text, days are days in the time zone of the books.
- What is no well-formed request of HTTP is answered before it has an address: 400, 405, 408, 417, 431.
- Texts are well-formed Unicode without U+0000; their lengths are counted in UTF-16 units.
`

const XRequestId = {
  name: 'X-Request-Id',
  in: 'header',
  description: 'Comes back in the answer, and stands in the events and in the log.',
  schema: { type: 'string', pattern: '^[\\w.-]{1,100}$' },
}

export function openApiDocument(): OpenApiDocument {
  const answers = { ...commandAnswers(), ...readAnswers(), ...STORE_ANSWERS, ...SYSTEM_ANSWERS }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Folio',
      version: INTERFACE_VERSION,
      summary: 'A ledger of orders, invoices, payments, credit notes and refunds.',
      description: DESCRIPTION,
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    tags: [...Object.values(COMMAND_TAGS), READ_TAG, STORE_TAG, SYSTEM_TAG],
    paths: { ...commandPaths(), ...readPaths(), ...storePaths(), ...systemPaths() },
    components: {
      schemas: {
        ...commandInputs(),
        ...jsonSchemas('input', STORE_INPUTS),
        ...jsonSchemas('output', answers),
      },
      parameters: { ...COMMAND_PARAMETERS, XRequestId },
      headers: HEADERS,
      responses: problemResponses(),
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key of `folio key create`.',
        },
      },
    },
  }
}
