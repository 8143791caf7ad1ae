/**
 * The durable record: a file of JSON lines, written in groups. While one group is flushed to the disk the next one
 * gathers, so that many callers do not wait one another out.
 */
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

export type Journal = Readonly<{
  /** Takes lines; the number is that of the last of them. */
  append(lines: readonly string[]): number
  /** Takes a line that nobody waits for: it goes with the next group. */
  note(line: string): void
  /** Resolves when that line and all before it are on the disk. */
  flushed(line: number): Promise<void>
  close(): Promise<void>
}>

const NAME = 'journal.jsonl'

/** Notes that no effect takes along are written after this. */
const NOTE_DELAY_MS = 20

export async function openJournal(
  folder: string,
): Promise<Readonly<{ journal: Journal; lines: readonly string[] }>> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, NAME)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const file = await open(path, 'a')
  // A line that was torn was never answered for.
  if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole))
  return { journal: journalOver(file), lines: whole === '' ? [] : whole.slice(0, -1).split('\n') }
}

/** For trials: nothing outlives the process. */
export function memoryJournal(): Journal {
  return {
    append: () => 0,
    note: () => undefined,
    flushed: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

function journalOver(file: FileHandle): Journal {
  let waiting: string[] = []
  let mustFlush = false
  let taken = 0
  let onDisk = 0
  let writing: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let readers: { line: number; resolve: () => void }[] = []

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const [lines, upTo, flush] = [waiting, taken, mustFlush]
      waiting = []
      mustFlush = false
      await file.appendFile(`${lines.join('\n')}\n`)
      if (flush) await file.datasync()
      onDisk = upTo
      for (const { line, resolve } of readers) if (line <= onDisk) resolve()
      readers = readers.filter(({ line }) => line > onDisk)
    }
    writing = null
  }
  const start = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    // What cannot be written ends the process: a store that forgets would prove nothing.
    writing ??= write()
  }

  return {
    append(lines) {
      waiting.push(...lines)
      taken += lines.length
      mustFlush = true
      start()
      return taken
    },
    note(line) {
      waiting.push(line)
      taken += 1
      if (writing === null) timer ??= setTimeout(start, NOTE_DELAY_MS)
    },
    flushed: (line) =>
      line <= onDisk
        ? Promise.resolve()
        : new Promise((resolve) => {
            readers.push({ line, resolve })
          }),
    async close() {
      start()
      await writing
      await file.datasync()
      await file.close()
    },
  }
}
