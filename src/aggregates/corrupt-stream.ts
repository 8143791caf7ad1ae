/** An event does not fit the events before it. Going on would pay on a guess, so the stream is refused as a whole. */
export class CorruptStream extends Error {
  constructor(event: Readonly<{ type: string; stream: string; revision: number }>, why: string) {
    super(`${event.type} at revision ${event.revision} of ${event.stream} does not fit: ${why}`)
    this.name = 'CorruptStream'
  }
}
