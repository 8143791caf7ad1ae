/** A store of a test's own: an HTTP server that answers as the test says, and remembers what it was asked. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type Asked = Readonly<{
  method: string
  /** Below the store's path, with its query. */
  path: string
  headers: IncomingHttpHeaders
  body: string
  atMs: number
}>

export type Answer = (response: ServerResponse, asked: Asked) => void

export type StoreServer = Readonly<{
  address: string
  origin: string
  asked: Asked[]
  /** How many connections were made. */
  connections: () => number
  close: () => Promise<void>
}>

export const STORE_PATH = '/stores/abc123'

export async function storeServer(answer: Answer): Promise<StoreServer> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: (request.url ?? '').replace(STORE_PATH, ''),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        atMs: performance.now(),
      }
      asked.push(one)
      answer(response, one)
    })
  })
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    address: `${origin}${STORE_PATH}`,
    origin,
    asked,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Headers = Readonly<Record<string, string>>

export function json(status: number, body: unknown, headers: Headers = {}): Answer {
  return text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

export function text(status: number, body: string, headers: Headers = {}): Answer {
  return (response) => {
    response.writeHead(status, headers)
    response.end(body)
  }
}

export const noContent: Answer = (response) => {
  response.writeHead(204)
  response.end()
}

/** By method and path, whatever the query; what is not named is not there. */
export function routes(answers: Readonly<Record<string, Answer>>): Answer {
  return (response, asked) => {
    const name = `${asked.method} ${asked.path.replace(/\?.*/, '')}`
    const found = answers[name] ?? json(404, [{ status: 404, message: `no ${name}` }])
    found(response, asked)
  }
}
