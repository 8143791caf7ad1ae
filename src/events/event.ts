import type { z } from 'zod'

/** What happened: a type in the past tense and plain JSON. */
export type Fact<Type extends string = string, Data = unknown> = Readonly<{
  type: Type
  data: Data
}>

/**
 * An event type as the code knows it. `version` is the newest form; an older stored form is lifted on reading by
 * `upcasts`, which maps the version it starts from to the function that makes the next one.
 */
export type EventDefinition<
  Type extends string = string,
  Schema extends z.ZodType = z.ZodType,
> = Readonly<{
  type: Type
  version: number
  schema: Schema
  upcasts: Readonly<Record<number, (data: unknown) => unknown>>
}>

/** `upcasts`: one for every older form, so that the newest is one more than there are of them. */
export function event<Type extends string, Schema extends z.ZodType>(
  type: Type,
  schema: Schema,
  upcasts: readonly ((data: unknown) => unknown)[] = [],
): EventDefinition<Type, Schema> {
  return {
    type,
    version: upcasts.length + 1,
    schema,
    upcasts: Object.fromEntries(upcasts.map((upcast, index) => [index + 1, upcast])),
  }
}

export type FactOf<Definition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? Fact<Type, z.infer<Schema>> : never

/** What stands beside every event. Everything in it but `hash` is covered by the hash. */
export type EventMetadata = Readonly<{
  /** The command that caused the event, as `/commands/<name>` names it. */
  command: string
  /** The caller's Idempotency-Key and the fingerprint of the input it came with (H3). */
  commandKey: string
  fingerprint: string
  principal: string
  correlation: string
  causation?: string
  schemaVersion: number
  /** When we wrote it down: UTC, milliseconds. The accountant's date is in the event. */
  recordedAt: string
  /** The revision of each settings stream that the decision was made under. */
  decidedUnder: Readonly<Record<string, number>>
  /** Hash of the stream's event before, empty at revision 0. */
  previousHash: string
  hash: string
}>

/** An event read from the log, lifted to its newest form, its personal fields opened. */
export type Recorded<F extends Fact = Fact> = F &
  Readonly<{
    id: string
    stream: string
    revision: number
    position: bigint
    metadata: EventMetadata
  }>
