/** The server of `DATABASE_URL` cannot be used; the message names it, and never its password. */
export class DatabaseUnavailable extends Error {
  constructor(databaseUrl: string, cause: unknown) {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause)
    super(
      `The PostgreSQL of DATABASE_URL${placeOf(databaseUrl)} cannot be used: ${why}. ` +
        'Start it or correct DATABASE_URL; without DATABASE_URL, Folio brings a PostgreSQL of its own.',
      { cause },
    )
    this.name = 'DatabaseUnavailable'
  }
}

/** The server of `EVENTSTORE_URL` cannot be used; the message names it, and never its password. */
export class EventLogUnavailable extends Error {
  constructor(cause: Error) {
    super(
      `The event log of EVENTSTORE_URL cannot be used: ${cause.message}. ` +
        'Start the server or correct EVENTSTORE_URL; without EVENTSTORE_URL, Folio keeps the log in PostgreSQL.',
      { cause },
    )
    this.name = 'EventLogUnavailable'
  }
}

function placeOf(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null
  return url === null || url.host === '' ? '' : ` at ${url.host}${url.pathname}`
}
