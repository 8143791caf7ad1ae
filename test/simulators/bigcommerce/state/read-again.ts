/** Rebuilds the stores and the record from the lines of a journal. */
import { type CallRecord, type RecordLine, replay } from '../record/record.js'
import type { Effect } from './effects.js'
import { apply, type World } from './world.js'

export function readAgain(world: World, record: CallRecord, lines: readonly string[]): void {
  for (const text of lines) {
    const line = JSON.parse(text) as Effect | RecordLine
    if (line.type === 'request_arrived' || line.type === 'request_ended') replay(record, line)
    else apply(world, line)
  }
}
