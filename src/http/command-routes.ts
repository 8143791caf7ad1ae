/** `POST /commands/<name>`: every command by one route: parse, ask, answer. */
import canonicalize from 'canonicalize'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type {
  BooksCommand,
  FolioCommand,
  InstanceCommand,
  SubjectCommand,
} from '../../commands/command.js'
import type { Handler } from '../../commands/handle.js'
import type { Outcome } from '../../commands/outcome.js'
import type { Caller } from '../../commands/ports.js'
import type { Preview } from '../../commands/preview-folio.js'
import {
  BOOKS_COMMANDS,
  FOLIO_COMMANDS,
  INSTANCE_COMMANDS,
  SUBJECT_COMMANDS,
} from '../../commands/registry.js'
import { jsonBody, jsonOf } from './json-body.js'
import { COMMAND_PERMISSIONS, rolesAllowed } from './permissions.js'
import { allowed, principalOf } from './principal.js'
import { sendProblem, sendRefusal } from './problem.js'
import { correlation, parseIdempotencyKey, parseIfMatch } from './request-headers.js'

export type CommandRoutesOptions = Readonly<{
  handler: Handler
  /** So many commands are worked on at once; whoever comes beyond them is told to come again. */
  commandsMax?: number
  /** After so long a caller is told that the outcome is unknown; the command goes on all the same. */
  deadlineMs?: number
}>

/** What the appender takes in a few batches: who would wait longer is better told so. */
const COMMANDS_MAX = 512
const DEADLINE_MS = 30_000
/** What would be recorded is no answer of the command. */
export const PREVIEW_TYPE = 'application/vnd.folio.preview+json'
/** A thousand lines may have a few thousand. */
const ERRORS_TOLD_MAX = 100

type AnyCommand = Readonly<{
  command: FolioCommand | BooksCommand | InstanceCommand | SubjectCommand
  permission: RequestHandler
}>

export function commandRoutes({
  handler,
  commandsMax = COMMANDS_MAX,
  deadlineMs = DEADLINE_MS,
}: CommandRoutesOptions): Router {
  const commands = new Map(
    [...BOOKS_COMMANDS, ...FOLIO_COMMANDS, ...INSTANCE_COMMANDS, ...SUBJECT_COMMANDS].map(
      (command): [string, AnyCommand] => {
        const permission = allowed(rolesAllowed(COMMAND_PERMISSIONS, command.name))
        return [command.name, { command: command, permission }]
      },
    ),
  )
  const commandOf = (request: Request) => commands.get(String(request.params['name']))
  let underWay = 0
  const router = Router()
  router.all('/commands/:name', (request, response, next) => {
    const known = commandOf(request)
    if (known === undefined) {
      sendProblem(response, 'not_found', { detail: 'There is no command of this name.' })
      return
    }
    if (request.method === 'POST') {
      known.permission(request, response, next)
      return
    }
    response.set('Allow', 'POST')
    sendProblem(response, 'method_not_allowed')
  })
  router.post('/commands/:name', jsonBody, async (request, response) => {
    const known = commandOf(request)
    const caller = callerOf(request, response)
    if (known === undefined || caller === null) return
    if (underWay >= commandsMax) {
      sendProblem(response, 'too_many_commands', { commandsMax })
      return
    }
    const isPreview = request.query['preview'] === 'true'
    if (isPreview && known.command.kind !== 'folio') {
      const detail = 'Only commands on the documents of a sale can be previewed.'
      sendProblem(response, 'malformed_query', { errors: [{ pointer: '/preview', detail }] })
      return
    }
    underWay += 1
    const work: Promise<Outcome | Preview> =
      isPreview && known.command.kind === 'folio'
        ? handler.preview(known.command, jsonOf(response), caller)
        : ask(handler, known.command, jsonOf(response), caller)
    const asked = work.finally(() => {
      underWay -= 1
    })
    const outcome = await within(deadlineMs, asked)
    if (outcome === 'too_late') sendProblem(response, 'outcome_unknown', { deadlineMs })
    else sendOutcome(response, outcome)
  })
  return router
}

/** `null` when it was said what is wrong with the headers. */
function callerOf(request: Request, response: Response): Caller | null {
  const key = parseIdempotencyKey(request)
  if ('problem' in key) {
    sendProblem(response, key.problem, key.details)
    return null
  }
  const expected = parseIfMatch(request)
  if ('problem' in expected) {
    sendProblem(response, expected.problem, expected.details)
    return null
  }
  return {
    principal: principalOf(response).principal,
    role: principalOf(response).role,
    key: key.value,
    correlation: correlation(request),
    claimsKey: true,
    ...(expected.value === undefined ? {} : { expectedRevision: expected.value }),
  }
}

function ask(
  handler: Handler,
  command: AnyCommand['command'],
  input: unknown,
  caller: Caller,
): Promise<Outcome> {
  if (command.kind === 'instance') return handler.instance(command, input, caller)
  if (command.kind === 'subject') return handler.subject(command, input, caller)
  return command.kind === 'folio'
    ? handler.folio(command, input, caller)
    : handler.books(command, input, caller)
}

async function within<Answer>(
  deadlineMs: number,
  asked: Promise<Answer>,
): Promise<Answer | 'too_late'> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<'too_late'>((resolve) => {
    timer = setTimeout(resolve, deadlineMs, 'too_late')
  })
  try {
    return await Promise.race([asked, deadline])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The same request again gets the same bytes: they say nothing of when or by whom it was answered, and their keys are in
 * one order whether the events come from the decision or from the log.
 */
function sendOutcome(response: Response, outcome: Outcome | Preview): void {
  if (outcome.outcome === 'malformed') {
    const errors = outcome.issues
      .slice(0, ERRORS_TOLD_MAX)
      .map(({ path, message }) => ({ pointer: path, detail: message }))
    sendProblem(response, 'malformed_request', { errors })
    return
  }
  if (outcome.outcome === 'refused') {
    sendRefusal(response, outcome.refusal)
    return
  }
  if (outcome.outcome === 'previewed') {
    response.type(PREVIEW_TYPE).send(canonicalize({ preview: true, events: outcome.events }))
    return
  }
  const { answer, stream, revision, replayed } = outcome
  const position = outcome.position?.toString() ?? null
  if (revision !== null) response.set('ETag', `"${revision}"`)
  if (position !== null) response.set('Folio-Position', position)
  if (replayed) response.set('Idempotent-Replayed', 'true')
  response.type('json').send(canonicalize({ answer, stream, revision, position }))
}
