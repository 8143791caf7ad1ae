/** Of Emmett 0.42 what the bench uses, typed as narrowly as it is used. */
import { peerModule } from './peers.js'

export type EmmettEvent = Readonly<{ type: string; data: Readonly<Record<string, unknown>> }>
export type ReadEmmettEvent = EmmettEvent & Readonly<{ metadata: Readonly<{ streamName: string }> }>

/** A store; only to be handed on. */
export type EmmettStore = Readonly<{
  appendToStream(stream: string, events: readonly EmmettEvent[], options?: object): Promise<unknown>
  schema: Readonly<{ migrate(): Promise<unknown> }>
  close(): Promise<void>
}>

export type EmmettHandle<State> = (
  store: EmmettStore,
  id: string,
  decide: (state: State) => EmmettEvent | EmmettEvent[],
) => Promise<Readonly<{ newState: State }>>

type Emmett = Readonly<{
  CommandHandler<State>(
    options: Readonly<{
      evolve: (state: State, event: EmmettEvent) => State
      initialState: () => State
    }>,
  ): EmmettHandle<State>
}>

/** SQL as Emmett wants it; only to be handed on. */
export type EmmettSql = Readonly<{ __brand: 'emmett sql' }>
export type EmmettProjection = Readonly<{ __brand: 'emmett projection' }>

type EmmettPostgres = Readonly<{
  getPostgreSQLEventStore(connectionString: string): EmmettStore
  postgreSQLRawBatchSQLProjection(
    options: Readonly<{
      name: string
      canHandle: readonly string[]
      evolve: (events: readonly ReadEmmettEvent[]) => EmmettSql[]
      init: () => EmmettSql
    }>,
  ): EmmettProjection
  pongoMultiStreamProjection(
    options: Readonly<{
      collectionName: string
      canHandle: readonly string[]
      getDocumentId: (event: ReadEmmettEvent) => string
      evolve: (
        document: Readonly<Record<string, unknown>> | null,
        event: ReadEmmettEvent,
      ) => Readonly<Record<string, unknown>>
    }>,
  ): EmmettProjection
  rebuildPostgreSQLProjections(
    options: Readonly<{
      connectionString: string
      projections: readonly EmmettProjection[]
      pulling: Readonly<{ batchSize: number; pullingFrequencyInMs: number }>
    }>,
  ): Readonly<{ start(): Promise<void>; close(): Promise<void> }>
}>

type Dumbo = Readonly<{
  rawSql(text: string): EmmettSql
  sql(text: string, ...values: unknown[]): EmmettSql
}>

export function emmett(): Emmett {
  return peerModule('@event-driven-io/emmett') as Emmett
}

export function emmettPostgres(): EmmettPostgres {
  return peerModule('@event-driven-io/emmett-postgresql') as EmmettPostgres
}

export function dumbo(): Dumbo {
  return peerModule('@event-driven-io/dumbo') as Dumbo
}
