/** What reads share: their parameters, the position that they wait for (H5), the read model that may be missing. */
import type { Request, Response } from 'express'
import type { z } from 'zod'
import { parseInput } from '../../commands/parse-input.js'
import type { ReadDocument } from '../documents/read-document.js'
import { type ReadDatabase, ReadModelMissing } from '../queries/list-page.js'
import type { NavigationItem } from './page.js'
import { sendProblem } from './problem.js'

export type WaitFor = (
  position: bigint,
  options: Readonly<{ timeoutMs: number; projections: readonly string[] }>,
) => Promise<Readonly<{ outcome: 'reached' } | { outcome: 'behind'; position: bigint | null }>>

export type ReadSources = Readonly<{
  db: ReadDatabase
  readDocument: ReadDocument
  /** The last position of the log. */
  head: () => Promise<bigint | null>
  waitFor: WaitFor
}>

export type Asked = Readonly<{
  request: Request
  response: Response
  navigation: readonly NavigationItem[]
}>

/** A read that names a position waits so long for it. */
const WAIT_TIMEOUT_MS = 5_000

/** Every problem of the query string at once, each with its place; `null` when they were sent. */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  { request, response }: Asked,
): z.infer<Schema> | null {
  const parsed = parseInput(schema, request.query)
  if ('value' in parsed) return parsed.value
  const errors = parsed.issues.map(({ path, message }) => ({ pointer: path, detail: message }))
  sendProblem(response, 'malformed_query', { errors })
  return null
}

/** Whether the read model has come so far; where it has not, that was answered. */
export async function reached(
  projection: string,
  minPosition: bigint | undefined,
  { waitFor }: Pick<ReadSources, 'waitFor'>,
  response: Response,
): Promise<boolean> {
  if (minPosition === undefined) return true
  const waited = await waitFor(minPosition, {
    timeoutMs: WAIT_TIMEOUT_MS,
    projections: [projection],
  })
  if (waited.outcome === 'reached') return true
  sendBehind(response, minPosition, waited.position)
  return false
}

export function sendBehind(response: Response, minPosition: bigint, position: bigint | null): void {
  sendProblem(response, 'read_model_behind', {
    position: position?.toString() ?? null,
    minPosition: minPosition.toString(),
  })
}

export async function orMissing(response: Response, send: () => Promise<void>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof ReadModelMissing)) throw error
    sendProblem(response, 'read_model_missing', { detail: error.message })
  }
}

/** The answer holds at least everything up to here. */
export function setPosition(response: Response, position: string | null): void {
  if (position !== null) response.set('Folio-Position', position)
}
