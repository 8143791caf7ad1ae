/** The HTTP server of a process, over an open ledger. */
import { createAuthenticate } from '../access/authenticate.js'
import type { Config } from '../config.js'
import { createDocumentReader } from '../documents/read-document.js'
import { holderOf } from '../embedded-postgres/port.js'
import { AddressUnavailable } from '../http/address-unavailable.js'
import { createApp, LOOPBACK_NAMES } from '../http/app.js'
import { serve, type Serving } from '../http/serve.js'
import type { Ledger } from '../open-ledger.js'
import { PROJECTIONS } from '../../projections/index.js'
import { projectionReadiness, projectionStatus } from '../workers/projection-status.js'
import { say } from './output.js'

/** The port of the HTTP server is taken; the message names who has it where the system shows that. */
export class PortInUse extends Error {
  constructor(message: string, holder: string) {
    super(`${message} It is held by ${holder}.`)
    this.name = 'PortInUse'
  }
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/

export async function serveLedger(
  ledger: Ledger,
  { host, port, stores: { publicUrl } }: Pick<Config, 'host' | 'port' | 'stores'>,
): Promise<Serving> {
  const { handler, db, store, log, clock, apiKeys, waitFor, connections } = ledger
  const { readBooks, readInstance } = handler
  const app = createApp({
    handler,
    authenticate: createAuthenticate({ find: apiKeys.find, nowMs: () => clock.monotonicMs() }),
    db,
    readDocument: createDocumentReader({
      ...{ log, clock, projections: PROJECTIONS, readBooks, readInstance },
    }),
    head: () => store.head(),
    waitFor,
    projections: () => projectionStatus(db, store, PROJECTIONS),
    readiness: () => projectionReadiness(db, PROJECTIONS),
    stores: connections.access,
    receiveWebhook: connections.receiveWebhook,
    quoteRefund: connections.quoteRefund,
    // Whoever serves other machines puts a proxy before it that knows the names.
    hostNames: LOOPBACK.test(host) ? [...LOOPBACK_NAMES, host, ...hostOf(publicUrl)] : null,
    onError: (error, requestId) => {
      say(
        `Request ${requestId} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
    },
  })
  try {
    return await serve({ app, host, port })
  } catch (reason) {
    if (!(reason instanceof AddressUnavailable) || reason.code !== 'EADDRINUSE') throw reason
    throw new PortInUse(reason.message, await holderOf(port))
  }
}

/** A proxy may hand on the name under which stores reach it. */
function hostOf(publicUrl: string | null): readonly string[] {
  return publicUrl === null ? [] : [new URL(publicUrl).hostname]
}
