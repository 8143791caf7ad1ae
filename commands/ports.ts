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
