/** One side of a comparison, in a process of its own: opened once, then asked for figures round by round. */

/** Everything a contender is told when it starts, in the names of its own. */
export type Setup = Readonly<Record<string, string | number>>

/** What a round came to; the row that asked knows the names and units. */
export type Figures = Readonly<Record<string, number>>

export type Contender = Readonly<{
  round(ms: number): Promise<Figures>
  close(): Promise<void>
}>

export type Order = Readonly<
  { do: 'open'; setup: Setup } | { do: 'round'; ms: number } | { do: 'close' }
>
export type Reply = Readonly<{ figures: Figures } | { failure: string }>

/** Answers the bench over the channel to it, and ends with it. */
export function serveContender(open: (setup: Setup) => Promise<Contender>): void {
  let opened: Contender | null = null
  const obey = async (order: Order): Promise<Figures> => {
    if (order.do === 'open') {
      opened = await open(order.setup)
      return {}
    }
    if (opened === null) throw new Error('The contender was not opened.')
    if (order.do === 'round') return opened.round(order.ms)
    await opened.close()
    return {}
  }
  // Ctrl-C reaches every process of the terminal; the bench is the one that answers it.
  process.on('SIGINT', () => undefined)
  process.on('disconnect', () => process.exit())
  process.on('message', (order: Order) => {
    obey(order).then(
      (figures) => process.send?.({ figures } satisfies Reply),
      (reason: unknown) => process.send?.({ failure: textOf(reason) } satisfies Reply),
    )
  })
}

export function textIn(setup: Setup, name: string): string {
  const value = setup[name]
  if (typeof value !== 'string') throw new TypeError(`The set-up names no ${name}.`)
  return value
}

export function numberIn(setup: Setup, name: string): number {
  const value = setup[name]
  if (typeof value !== 'number') throw new TypeError(`The set-up gives no ${name}.`)
  return value
}

/** Many callers at once, each asking again as soon as it is answered, until the time is up. */
export async function callersFor(
  ms: number,
  callers: number,
  work: () => Promise<number>,
): Promise<Figures> {
  const begunAt = performance.now()
  const begunCpu = process.cpuUsage()
  const endAt = begunAt + ms
  let done = 0
  const caller = async () => {
    while (performance.now() < endAt) {
      const made = await work()
      done += made
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const { user, system } = process.cpuUsage(begunCpu)
  const perSecond = (done * 1000) / (performance.now() - begunAt)
  return { perSecond, cpuMsEach: (user + system) / 1000 / done }
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)
}
