/** A client that says what no HTTP client would: bytes on a socket, and whatever comes back. */
import { connect } from 'node:net'

export type RawSocket = Readonly<{
  send(bytes: string | Buffer): void
  /** All that has come so far. */
  received(): string
  /** Fulfilled with all that came, when the server has ended the connection, by force or not. */
  ended: Promise<string>
  /** Does not read any more. */
  pause(): void
  /** Reads on after {@link pause}. */
  resume(): void
  /** Goes away without a word. */
  destroy(): void
  isOpen(): boolean
}>

export type RawSocketOptions = Readonly<{
  /** Goes on sending when the server has said its last. */
  keepsSending?: boolean
}>

export type RawAnswer = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}>

export async function openSocket(
  port: number,
  { keepsSending = false }: RawSocketOptions = {},
): Promise<RawSocket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: keepsSending })
  const chunks: Buffer[] = []
  const received = () => Buffer.concat(chunks).toString('latin1')
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A reset is an end as well.
  socket.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(received()))
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  return {
    send: (bytes) => void socket.write(bytes),
    received,
    ended,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    destroy: () => void socket.destroy(),
    isOpen: () => !socket.destroyed,
  }
}

/** Sends, and reads until the server ends the connection. */
export async function rawAnswer(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await openSocket(port)
  socket.send(bytes)
  const [answer] = answersIn(await socket.ended)
  if (answer === undefined) throw new Error('The connection ended without an answer.')
  return answer
}

/** The answers in what was received, each with a Content-Length. */
export function answersIn(received: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = received
  while (rest !== '') {
    const headEnd = rest.indexOf('\r\n\r\n')
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    const length = Number(headers['content-length'])
    if (headEnd < 0 || !Number.isInteger(length)) throw new Error(`This is no answer: ${rest}`)
    const bodyEnd = headEnd + 4 + length
    answers.push({
      status: Number(statusLine.split(' ')[1]),
      headers,
      body: rest.slice(headEnd + 4, bodyEnd),
    })
    rest = rest.slice(bodyEnd)
  }
  return answers
}
