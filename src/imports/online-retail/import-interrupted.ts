/** Asked to stop: what is booked stays, and the next run goes on from there. */
export class ImportInterrupted extends Error {
  constructor(done: number, of: number) {
    super(`Stopped after ${done} of ${of} documents. Run the same import again to complete it.`)
    this.name = 'ImportInterrupted'
  }
}
