/** The bench's side of a contender: its process, started, asked, and ended whatever happens. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Figures, Order, Reply, Setup } from './contender.js'
import { profilingOf } from './profiling.js'

export type RunningContender = Readonly<{
  round(ms: number): Promise<Figures>
  /** Lets it close in order; one that does not is killed. */
  end(): Promise<void>
}>

/** A contender said what went wrong, fell silent, or died. */
export class ContenderFailed extends Error {
  constructor(name: string, what: string) {
    super(`${name} ${what}`)
    this.name = 'ContenderFailed'
  }
}

const OPEN_TIMEOUT_MS = 120_000
const CLOSE_TIMEOUT_MS = 10_000
/** Beyond the time of the round itself, for work that ends when it is done. */
const ROUND_TIMEOUT_MS = 300_000

export async function startContender(
  name: string,
  setup: Setup,
  signal: AbortSignal,
): Promise<RunningContender> {
  const child = fork(join(import.meta.dirname, 'contenders', `${name}.js`), {
    // Standard output belongs to the result.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: profilingOf(name),
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill)
  const ask = (order: Order, timeoutMs: number) => answerOf(child, name, order, timeoutMs)
  const end = async () => {
    await ask({ do: 'close' }, CLOSE_TIMEOUT_MS).catch(() => undefined)
    signal.removeEventListener('abort', kill)
    await ended(child)
  }
  try {
    signal.throwIfAborted()
    await ask({ do: 'open', setup }, OPEN_TIMEOUT_MS)
  } catch (reason) {
    await end()
    throw reason
  }
  return { round: (ms) => ask({ do: 'round', ms }, ms + ROUND_TIMEOUT_MS), end }
}

function answerOf(
  child: ChildProcess,
  name: string,
  order: Order,
  timeoutMs: number,
): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void) => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      work()
    }
    const fail = (what: string) =>
      settle(() => {
        reject(new ContenderFailed(name, what))
      })
    const onMessage = (reply: Reply) => {
      if ('failure' in reply) fail(`failed: ${reply.failure}`)
      else settle(() => resolve(reply.figures))
    }
    const onExit = () => fail(`ended while asked to ${order.do}.`)
    const timer = setTimeout(() => fail(`gave no answer within ${timeoutMs} ms.`), timeoutMs)
    child.on('message', onMessage)
    child.on('exit', onExit)
    if (child.exitCode !== null || child.signalCode !== null || !child.connected) onExit()
    else child.send(order)
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  // Its end of the channel closed, a contender exits by itself.
  if (child.connected) child.disconnect()
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS)
  await exit
  clearTimeout(timer)
}
