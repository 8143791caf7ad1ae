/** What went wrong, for people, and the exit code that says it to programs. */
import { AppendTooLarge } from '../event-store/event-store.js'
import { ConfigInvalid } from '../config.js'
import {
  EmbeddedPostgresUnavailable,
  unavailableBecause,
} from '../embedded-postgres/unavailable.js'
import { MasterKeyDiffers } from '../event-store/postgres-subject-keys.js'
import { ImportInterrupted } from '../imports/online-retail/book-plan.js'
import { MasterKeyUnreadable } from '../master-key.js'

export const EXIT = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const

/** The input cannot be used as it is: the message says where and what to do. */
export class BadInput extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadInput'
  }
}

/** Stopped by a signal, in order. */
export class Interrupted extends Error {
  constructor(message = 'Interrupted.') {
    super(message)
    this.name = 'Interrupted'
  }
}

export type Failure = Readonly<{ exitCode: number; message: string }>

export function failureOf(reason: unknown, dataDirectory: string): Failure {
  if (reason instanceof BadInput || reason instanceof ConfigInvalid) {
    return { exitCode: EXIT.badInput, message: reason.message }
  }
  if (reason instanceof Interrupted || reason instanceof ImportInterrupted) {
    return { exitCode: EXIT.interrupted, message: reason.message }
  }
  const known = [EmbeddedPostgresUnavailable, MasterKeyDiffers, MasterKeyUnreadable, AppendTooLarge]
  const unavailable = unavailableBecause(rootOf(reason), dataDirectory)
  if (unavailable !== undefined) return { exitCode: EXIT.failed, message: unavailable.message }
  if (known.some((kind) => reason instanceof kind)) {
    return { exitCode: EXIT.failed, message: (reason as Error).message }
  }
  return { exitCode: EXIT.failed, message: described(reason) }
}

function rootOf(reason: unknown): unknown {
  let root = reason
  while (root instanceof Error && root.cause !== undefined) root = root.cause
  return root
}

/** Nothing we foresaw: the whole of it, for a report to us. */
function described(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason)
  return process.env['FOLIO_DEBUG'] === undefined
    ? `${reason.name}: ${reason.message}`
    : (reason.stack ?? reason.message)
}
