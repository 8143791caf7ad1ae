/** A server of bare sockets, for what no HTTP server does. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { STORE_PATH } from './store-server.js'

export type SocketServer = Readonly<{
  address: string
  port: number
  /** All bytes that came, of all connections. */
  received: () => string
  connections: () => number
}>

export async function socketServer(serve: (socket: Socket) => void): Promise<SocketServer> {
  const chunks: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => chunks.push(chunk))
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}${STORE_PATH}`,
    port,
    received: () => Buffer.concat(chunks).toString('latin1'),
    connections: () => sockets.size,
  }
}
