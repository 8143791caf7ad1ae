/** What a command needs of the world, handed in by whoever wires it: decisions themselves touch none of it. */
export interface Clock {
  /** UTC with milliseconds: `2026-11-22T17:05:00.000Z`. */
  now(): string
  /** The calendar day it is in a time zone (IANA name). */
  today(timeZone: string): string
  /** Milliseconds that only ever grow. */
  monotonicMs(): number
}

/** The same input, as it was given, of the same command on the same stream gives the same text; any other another. */
export type Fingerprint = (
  requested: Readonly<{ command: string; input: unknown; stream: string }>,
) => Promise<string>

/** Who asks, and under which key: the same key and input again is the same request (H3). */
export type Caller = Readonly<{
  principal: string
  /** The role of whoever asks; left out by the ledger's own work and the command line, which may do everything. */
  role?: string
  key: string
  correlation: string
  causation?: string
  /** The folio that an opening command opens; by hand it follows from principal, command and key. */
  folio?: string
  /** The revision that the caller saw: at any other the command is refused (H4). */
  expectedRevision?: number
  /** Whether the key is claimed first, for callers that may ask again while the first request is under way. */
  claimsKey?: boolean
}>

/** A key as its caller uses it now: for this command, with this input. */
export type KeyRequest = Readonly<{
  principal: string
  key: string
  command: string
  fingerprint: string
}>

export type KeyClaim = Readonly<
  | { claim: 'granted'; settle: (outcome: 'used' | 'free') => void }
  /** The same request is under way, in this process or another. */
  | { claim: 'in_flight' }
  /** The key belongs to another request, of this command. */
  | { claim: 'used_differently'; command: string }
>

/**
 * Who is at work under which key, and which keys were used up: early answers only. What it says may be lost; the key
 * in the events' metadata decides (architecture 5). A settled claim is `used` for good, or `free` for whoever asks next.
 */
export interface KeyClaims {
  claim(request: KeyRequest): Promise<KeyClaim>
}

/** A key that seals a person's fields, named without giving it away. */
export type SubjectKeyName = Readonly<{ subject: string; key: string }>

/** Where people are named, and the keys that seal their fields (A6). */
export interface People {
  /** The folios with documents of the party, all that stand in the log by now; `behind`: not all can be found yet. */
  foliosNaming(party: string): Promise<readonly string[] | 'behind'>
  /** The keys that there are under these names. */
  keysOf(subjects: readonly string[]): Promise<readonly SubjectKeyName[]>
  /** Drops exactly these; gives those that were still there. */
  drop(keys: readonly SubjectKeyName[]): Promise<readonly SubjectKeyName[]>
}
