import type { IncomingMessage } from 'node:http'

/**
 * Says that a body is too large as soon as it is, not when the last of it has come (as express.raw does): one without
 * an end would never be answered. The rest is let past, for as long as the server lets it.
 */
export function readBytes(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Buffer | 'too_large' | 'aborted'> {
  return new Promise((resolve) => {
    if (request.destroyed) resolve('aborted')
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) resolve('too_large')
    let length = 0
    let chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= bytesMax) {
        chunks.push(chunk)
        return
      }
      chunks = []
      resolve('too_large')
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    // Settles nothing after the end.
    request.once('close', () => resolve('aborted'))
    request.once('error', () => resolve('aborted'))
  })
}
