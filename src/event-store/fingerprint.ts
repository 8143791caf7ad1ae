import { createHmac } from 'node:crypto'
import { canonicalJson } from './canonical-json.js'
import type { SubjectKeys } from './subject-keys.js'

type Requested = Readonly<{ command: string; input: unknown; stream: string }>

/**
 * Tells the same request again from another one under the same key (H3). It is taken over the input as it was given,
 * so that a default that a later version adds changes no old request. And it is keyed, for it stands in the clear for
 * ever: a plain hash would let anybody test a guessed e-mail against it. Where the input names a person, the key is the
 * person's own, and forgetting the person forgets this too.
 */
export function createFingerprint(ledgerKey: Buffer, keys: SubjectKeys) {
  return async ({ command, input, stream }: Requested): Promise<string> => {
    const text = `${command}\n${input === undefined ? '' : canonicalJson(input)}`
    const key = namesPerson(text) ? await keys.obtain(partyOf(input) ?? stream) : ledgerKey
    return createHmac('sha256', key).update(text).digest('hex')
  }
}

/** The ledger's own key for fingerprints, from the master key. */
export function fingerprintKey(masterKey: Buffer): Buffer {
  return createHmac('sha256', masterKey).update('folio fingerprints').digest()
}

/** Contacts stand under these names in every command. */
function namesPerson(canonicalInput: string): boolean {
  return canonicalInput.includes('"billTo":{') || canonicalInput.includes('"shipTo":{')
}

function partyOf(input: unknown): string | null {
  const party = (input as Readonly<{ party?: unknown }>).party
  return typeof party === 'string' ? party : null
}
