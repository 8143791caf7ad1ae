/**
 * A BigCommerce of our own: stores that answer over HTTP as the platform does, refuse what it refuses, fail where a test
 * says so, and remember all that was asked. What it was told is in a file before it is answered, so that a simulator
 * that is killed goes on where it was.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SimulatorControl } from './control/control.js'
import { createControl } from './control/create-control.js'
import { answerControl, isControl } from './control/over-http.js'
import { startDeliveries } from './hooks/deliver.js'
import { createDraws } from './http/draw.js'
import { serve, type Serving } from './http/exchange.js'
import { createQuota } from './http/quota.js'
import { send } from './http/send.js'
import { type SimulatorOptions, simulatorOptionsSchema } from './options.js'
import { type CallRecord, ended, emptyRecord, storeRecord } from './record/record.js'
import { createEngine, type Engine } from './state/engine.js'
import { memoryJournal, openJournal } from './state/journal.js'
import { readAgain } from './state/read-again.js'
import { emptyWorld } from './state/world.js'

export type Simulator = Readonly<{
  /** `http://127.0.0.1:<port>`; a store is below `/stores/<hash>`. */
  address: string
  port: number
  control: SimulatorControl
  close(): Promise<void>
}>

export async function startSimulator(asked: SimulatorOptions = {}): Promise<Simulator> {
  const options = simulatorOptionsSchema.parse(asked)
  const world = emptyWorld()
  const record = emptyRecord()
  const { journal, lines } =
    options.folder === undefined
      ? { journal: memoryJournal(), lines: [] }
      : await openJournal(options.folder)
  readAgain(world, record, lines)
  const engine = createEngine(world, journal)
  endKilled(engine, record)
  await engine.commit([{ type: 'started', atMs: Date.now(), seed: options.seed }])

  const control = createControl(engine, record)
  for (const store of options.stores) {
    if (!world.stores.has(store.hash)) await control.setStore(store)
  }
  if (options.faults !== undefined) await control.setFaults(options.faults)

  const draws = createDraws(world, options.seed, ({ id }) => {
    engine.pass({ type: 'fault_spent', fault: id })
  })
  const deliveries = startDeliveries(engine, draws)
  const serving = { engine, record, draws, quota: createQuota() }
  const server = createServer((request, response) => {
    answer(serving, control, request, response).catch((error: unknown) => {
      console.error('The simulator is broken:', error)
      response.destroy()
    })
  })
  const port = await listen(server, options.port)
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    control,
    async close() {
      deliveries.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await engine.close()
    },
  }
}

async function answer(
  serving: Serving,
  control: SimulatorControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? ''
  if (isControl(url)) {
    await answerControl(control, request, response)
    return
  }
  const query = url.indexOf('?')
  const pathname = query === -1 ? url : url.slice(0, query)
  const search = new URLSearchParams(query === -1 ? '' : url.slice(query))
  const [, redirected, hash, path] =
    /^(\/_redirected)?\/stores\/([^/]+)(\/v[23]\/.*)$/.exec(pathname) ?? []
  if (hash === undefined || path === undefined) {
    send(response, { status: 404 }, {})
    return
  }
  if (redirected !== undefined) {
    const hasToken = request.headers['x-auth-token'] !== undefined
    storeRecord(serving.record, hash).followed.push({ hasToken, method: request.method ?? '' })
    send(response, { status: 200, body: {} }, {})
    return
  }
  await serve(serving, { request, response }, { hash, path, search, url })
}

/** What was under way when the process ended is over now: nobody called while it was away. */
function endKilled(engine: Engine, record: CallRecord): void {
  for (const request of record.requests.filter(({ endedAtMs }) => endedAtMs === null)) {
    const how = { status: null, ending: 'killed' as const, markers: [], faults: [] }
    ended(record, request, { endedAtMs: Date.now(), ...how })
    engine.note({ type: 'request_ended', id: request.id, atMs: Date.now(), ...how })
  }
}

async function listen(server: Server, port: number): Promise<number> {
  // Kept open for longer than a client thinks, so that only faults break connections.
  server.keepAliveTimeout = 60_000
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}
