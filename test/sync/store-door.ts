/** The way to a simulated store, which can be shut: nobody is there then. */
import { createServer, connect, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export type StoreDoor = Readonly<{
  /** The same, whether it is open or shut. */
  address: string
  shut(): Promise<void>
  open(): Promise<void>
}>

export async function openDoor(toPort: number): Promise<StoreDoor> {
  const sockets = new Set<Socket>()
  const through = (incoming: Socket): void => {
    const outgoing = connect({ host: '127.0.0.1', port: toPort })
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        incoming.destroy()
        outgoing.destroy()
      })
      socket.on('error', () => undefined)
    }
    incoming.pipe(outgoing)
    outgoing.pipe(incoming)
  }
  let server = await listening(through, 0)
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    shut: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
    open: async () => {
      server = await listening(through, port)
    },
  }
}

function listening(through: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer(through)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
