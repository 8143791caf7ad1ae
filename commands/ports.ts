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
}>
