/** The address cannot be listened on; the message says what to do. */
export class AddressUnavailable extends Error {
  readonly code: string
  constructor(host: string, port: number, code: string) {
    super(messageFor(host, port, code))
    this.name = 'AddressUnavailable'
    this.code = code
  }
}

function messageFor(host: string, port: number, code: string): string {
  const where = `${host}:${port}`
  if (code === 'EADDRINUSE') {
    return `Another program listens on ${where}. Stop it, or give another port with --port (0 takes any free one).`
  }
  if (code === 'EACCES') {
    return `This user may not listen on ${where}. Give a port above 1023 with --port.`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine. Give another with FOLIO_HOST, or leave it out for 127.0.0.1.`
  }
  return `Listening on ${where} failed with ${code}.`
}
