/** A command of the ledger's own was not accepted, for a reason that nothing here can answer. */
export class SyncCommandFailed extends Error {
  constructor(outcome: unknown) {
    super(`A step of the sync was not accepted: ${JSON.stringify(outcome)}`)
    this.name = 'SyncCommandFailed'
  }
}
