/** What went wrong, for people, and the exit code that says it to programs. */
import { ConfigInvalid } from '../config.js'
import { unavailableBecause } from '../embedded-postgres/unavailable.js'
import { AddressUnavailable } from '../http/address-unavailable.js'
import { ImportInterrupted } from '../imports/online-retail/import-interrupted.js'
import { DatabaseUnavailable, EventLogUnavailable } from '../storage-unavailable.js'

export const EXIT = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const

/** The input cannot be used as it is: the message says where and what to do. */
export class BadInput extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadInput'
  }
}

/** It failed, and what was found is worth having all the same: `--json` prints both in one object. */
export class FailedWithResult extends Error {
  readonly result: object
  constructor(name: string, message: string, result: object) {
    super(message)
    this.name = name
    this.result = result
  }
}

/** Stopped by a signal, in order. */
export class Interrupted extends Error {
  constructor(message = 'Interrupted.') {
    super(message)
    this.name = 'Interrupted'
  }
}

/** SQLSTATE */
const DISK_FULL = '53100'
/** Names of errors that are not ours. */
const FOREIGN = /^(?:[a-z].*|(?:Aggregate|Database|Eval|Range|Reference|Syntax|Type)?Error)$/

export type Failure = Readonly<{ exitCode: number; message: string }>

/** `dataDirectory`: where the database lies; `null` where it is a server of the user's own. */
export function failureOf(reason: unknown, dataDirectory: string | null): Failure {
  if (reason instanceof BadInput || reason instanceof ConfigInvalid) {
    return { exitCode: EXIT.badInput, message: reason.message }
  }
  if (reason instanceof Interrupted || reason instanceof ImportInterrupted) {
    return { exitCode: EXIT.interrupted, message: reason.message }
  }
  return { exitCode: EXIT.failed, message: unavailable(reason, dataDirectory) ?? described(reason) }
}

/** A full disk, a folder that may not be used: whatever met it, the reason is the place. */
function unavailable(reason: unknown, dataDirectory: string | null): string | undefined {
  // They carry the code of a port or of another file, and say themselves what to do.
  const isPlain = [AddressUnavailable, DatabaseUnavailable, EventLogUnavailable].some(
    (kind) => reason instanceof kind,
  )
  if (isPlain) return undefined
  const root = rootOf(reason)
  if (dataDirectory !== null) return unavailableBecause(root, dataDirectory)?.message
  return (root as { code?: unknown } | null)?.code === DISK_FULL
    ? 'The disk of the database server is full. Nothing accepted is lost; make room and run the same again.'
    : undefined
}

function rootOf(reason: unknown): unknown {
  let root = reason
  while (root instanceof Error && root.cause !== undefined) root = root.cause
  return root
}

/** What we throw says a whole sentence; of anything else the kind is told too, for a report to us. */
function described(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason)
  if (process.env['FOLIO_DEBUG'] !== undefined) return reason.stack ?? reason.message
  return FOREIGN.test(reason.name) ? `${reason.name}: ${reason.message}` : reason.message
}
