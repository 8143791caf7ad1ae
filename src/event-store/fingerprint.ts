import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** SHA-256 over a command's name and its input in canonical JSON: the same request gives the same text (H3). */
export function fingerprint(command: string, input: unknown): string {
  return createHash('sha256')
    .update(`${command}\n${canonicalize(input) ?? ''}`)
    .digest('hex')
}
