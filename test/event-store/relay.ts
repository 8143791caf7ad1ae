import { createServer, connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** Stands between a client and its server, to do what networks do. */
export type Relay = Readonly<{
  connectionString: string
  /** From now on every byte is swallowed, both ways; no connection ends. */
  fallSilent(): void
  /** Ends all connections, and new ones as soon as they come. */
  cut(): void
  /** New connections are served again. Those that met silence stay silent. */
  recover(): void
  close(): Promise<void>
}>

export async function openRelay(connectionString: string): Promise<Relay> {
  const target = new URL(connectionString)
  const sockets = new Set<Socket>()
  let mode: 'open' | 'silent' | 'cut' = 'open'
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    if (mode === 'cut') {
      client.destroy()
      return
    }
    const upstream = connect(portOf(target), target.hostname)
    keep(upstream)
    let silent = mode === 'silent'
    const pass = (to: Socket) => (bytes: Buffer) => {
      silent ||= mode === 'silent'
      if (!silent) to.write(bytes)
    }
    client.on('data', pass(upstream))
    upstream.on('data', pass(client))
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const relayed = new URL(connectionString)
  relayed.hostname = '127.0.0.1'
  relayed.port = `${(server.address() as AddressInfo).port}`
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    connectionString: relayed.href,
    fallSilent: () => {
      mode = 'silent'
    },
    cut: () => {
      mode = 'cut'
      cutAll()
    },
    recover: () => {
      mode = 'open'
    },
    close: async () => {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function portOf(url: URL): number {
  return url.port === '' ? 5432 : Number(url.port)
}
