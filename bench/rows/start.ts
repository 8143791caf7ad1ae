/** From `folio start` to the first list it answers, in a new data folder and in one that is there. */
import { type Bench, figuresOf, interleaved } from '../bench.js'
import { startFolio } from '../folio-process.js'
import type { Comparison } from '../statistics.js'

const FIRST_MS_MAX = 3_000
const AGAIN_MS_MAX = 1_000

export async function start(bench: Bench): Promise<readonly Comparison[]> {
  const postgres = await bench.contender('postgres-start', { folder: await bench.folder() })
  const folio = async () => {
    const folder = await bench.folder()
    return { firstMs: await answerMs(bench, folder), againMs: await answerMs(bench, folder) }
  }
  const rounds = await interleaved(bench, 'start', { folio, postgres: () => postgres.round(0) })
  await postgres.end()
  const comparison = (name: string, what: string, peer: string, figure: number): Comparison => ({
    row: `start-${name}`,
    what,
    unit: 'ms',
    ours: { name: 'folio start', figures: figuresOf(rounds.folio, `${name}Ms`) },
    peer: { name: peer, figures: figuresOf(rounds.postgres, `${name}Ms`) },
    aim: { kind: 'at_most', figure },
  })
  return [
    comparison(
      'first',
      'Start to first answer, new folder',
      'initdb and start of PostgreSQL alone',
      FIRST_MS_MAX,
    ),
    comparison('again', 'Start to first answer, again', 'start of PostgreSQL alone', AGAIN_MS_MAX),
  ]
}

/** Until it answered; then it is stopped, its database with it. */
async function answerMs(bench: Bench, folder: string): Promise<number> {
  const begunAt = performance.now()
  const folio = await startFolio(['--data', folder], {}, bench.signal)
  try {
    // Ready says that lists can be read; it is the one answer that takes no key.
    const response = await fetch(`${folio.address}/health/ready`)
    if (!response.ok) throw new Error(`The first answer of folio start was ${response.status}.`)
    return performance.now() - begunAt
  } finally {
    await folio.stop()
  }
}
