/** Progress of long work on standard error: a bar on a terminal, a line now and then elsewhere. */
import { Presets, SingleBar } from 'cli-progress'
import { say } from './output.js'

export type Progress = Readonly<{ update(done: number): void; stop(): void }>

/** Without a terminal, a line at each tenth. */
const LINES_PER_RUN = 10

export function startProgress(label: string, total: number): Progress {
  return process.stderr.isTTY ? bar(label, total) : lines(label, total)
}

function bar(label: string, total: number): Progress {
  const drawn = new SingleBar(
    {
      format: `${label} {bar} {value}/{total} ({percentage} %, {eta_formatted} left)`,
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 200,
    },
    Presets.shades_classic,
  )
  drawn.start(total, 0)
  return {
    update: (done) => {
      drawn.update(done)
    },
    stop: () => {
      drawn.stop()
    },
  }
}

function lines(label: string, total: number): Progress {
  let told = 0
  return {
    update: (done) => {
      const tenth = total === 0 ? LINES_PER_RUN : Math.floor((done * LINES_PER_RUN) / total)
      if (tenth <= told) return
      told = tenth
      say(`${label}: ${done} of ${total}`)
    },
    stop: () => undefined,
  }
}
