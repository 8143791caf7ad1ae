/** What a command is: its name, its schema, where it decides, its decision, its answer. One file each. */
import { z } from 'zod'
import type { Books, OpenBooks } from '../src/aggregates/books.js'
import type { Folio } from '../src/aggregates/folio.js'
import type { Instance, RegisteredInstance } from '../src/aggregates/instance.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import { type Decision, refuse } from './decision.js'
import type { SubjectKeyName } from './ports.js'
import type { Refusal } from './refusal.js'

export type FolioContext = Readonly<{
  folio: Folio
  /** The folio's UUID; document ids begin with it. */
  folioId: string
  books: OpenBooks
  /** The day it is in the time zone of the books. */
  today: string
  /** UTC with milliseconds. */
  now: string
  /** Who asks, and in which role. */
  principal: string
  role: string
  /** The connected store of the order, where there is one and it is registered. */
  instance: RegisteredInstance | null
  /** The other folio that the command also looks at; what it decides on it, that folio must decide again. */
  other: Folio | null
}>

/** `today`: the day it is in the time zone of the books; where none are open, in UTC. */
type BooksContext = Pick<FolioContext, 'today'>

/** What commands are about. */
export type CommandArea =
  | 'books'
  | 'credit'
  | 'instance'
  | 'invoice'
  | 'order'
  | 'party'
  | 'payment'
  | 'platform'
  | 'shipment'

type Described<Input extends z.ZodType, Answer> = Readonly<{
  /** As in `POST /commands/<name>`. */
  name: string
  /** The folder it stands in. */
  area: CommandArea
  /** One sentence for people. */
  summary: string
  /** The rows of the feature list that it decides. */
  rows: readonly string[]
  input: Input
  /** What an accepted command answers: every answer fits it, also that of a repeat. */
  output: z.ZodType<Answer>
}>

export type FolioCommand<Input extends z.ZodType = z.ZodType, Answer = unknown> = Described<
  Input,
  Answer
> &
  Readonly<{
    kind: 'folio'
    /** The document whose folio decides; `null` opens a folio of its own. */
    document(input: z.infer<Input>): string | null
    /** The folio that an opening command opens, where it follows from the input alone (architecture 1). */
    opens?(input: z.infer<Input>): string
    /** A document of another folio that the decision looks at. */
    alsoReads?(input: z.infer<Input>): string | null
    /** The instance that an order is taken over from; that of an order known already is known. */
    instance?(input: z.infer<Input>): string
    /** The books of a folio that is opened now; an old folio's are known. */
    books(input: z.infer<Input>): string
    decide(input: z.infer<Input>, context: FolioContext): Decision
    /** Made from the stored events, so that a repeat answers the same (H3); those of what followed from it come last. */
    answer(events: readonly LedgerFact[], folioId: string): NoInfer<Answer>
    /** Where another folio has the last word: what it said against it, out of the same events. */
    refusedAfterwards?(events: readonly LedgerFact[]): Refusal | null
  }>

export type BooksCommand<Input extends z.ZodType = z.ZodType, Answer = unknown> = Described<
  Input,
  Answer
> &
  Readonly<{
    kind: 'books'
    books(input: z.infer<Input>): string
    /** Its events begin a change of the closed period: the number series follow before it is answered (L10). */
    changesPeriod?: true
    decide(input: z.infer<Input>, books: Books, context: BooksContext): Decision
    answer(events: readonly LedgerFact[]): NoInfer<Answer>
  }>

/** Whom a command about a person is about, and what the log and the keys know of them (A6). */
export type SubjectContext = Readonly<{
  /** The party, or the folio of a sale without one. */
  subject: string
  /** Nothing was ever forgotten of them. */
  isFirst: boolean
  /** Whether any event is about them. */
  isKnown: boolean
  /** The parties that their folios name. */
  parties: readonly string[]
  /** What is not forgotten yet. */
  keys: readonly SubjectKeyName[]
  documents: readonly string[]
}>

export type SubjectCommand<Input extends z.ZodType = z.ZodType, Answer = unknown> = Described<
  Input,
  Answer
> &
  Readonly<{
    kind: 'subject'
    /** Names the stream. */
    subject(input: z.infer<Input>): string
    /** `null`: the subject is a folio of its own. */
    party(input: z.infer<Input>): string | null
    decide(input: z.infer<Input>, context: SubjectContext): Decision
    answer(events: readonly LedgerFact[], subject: string): NoInfer<Answer>
  }>

/** The store a command is about, as it is known now, and the books that it belongs to, or is to belong to. */
type InstanceContext = Readonly<{
  instance: Instance
  instanceId: string
  books: OpenBooks
  /** Whether the configuration lets stores be in some private network. */
  allowsPrivateStores: boolean
}>

export type InstanceCommand<Input extends z.ZodType = z.ZodType, Answer = unknown> = Described<
  Input,
  Answer
> &
  Readonly<{
    kind: 'instance'
    /** Names the stream. */
    instance(input: z.infer<Input>): string
    /** Of an instance that is registered now; `null`: it must be known. */
    books(input: z.infer<Input>): string | null
    decide(input: z.infer<Input>, context: InstanceContext): Decision
    answer(events: readonly LedgerFact[], instance: string): NoInfer<Answer>
  }>

/** The books that are meant where none are named. */
export const DEFAULT_BOOKS = 'main'

export function folioCommand<Input extends z.ZodType, Answer>(
  command: Omit<FolioCommand<Input, Answer>, 'kind'>,
): FolioCommand<Input, Answer> {
  return { kind: 'folio', ...command }
}

/** A step that follows from an event of another folio: nobody asks for it but the ledger itself, and it answers nothing. */
export function followingCommand<Input extends z.ZodType>(
  command: Pick<FolioCommand<Input>, 'name' | 'input' | 'document' | 'decide'>,
): FolioCommand<Input> {
  return {
    kind: 'folio',
    area: 'credit',
    summary: 'Follows from an event of another folio',
    rows: ['L7'],
    output: z.strictObject({}),
    books: () => DEFAULT_BOOKS,
    answer: () => ({}),
    ...command,
  }
}

export function instanceCommand<Input extends z.ZodType, Answer>(
  command: Omit<InstanceCommand<Input, Answer>, 'kind'>,
): InstanceCommand<Input, Answer> {
  return { kind: 'instance', ...command }
}

export function subjectCommand<Input extends z.ZodType, Answer>(
  command: Omit<SubjectCommand<Input, Answer>, 'kind'>,
): SubjectCommand<Input, Answer> {
  return { kind: 'subject', ...command }
}

/** A command on books that are open: on others it is refused. */
export function booksCommand<Input extends z.ZodType, Answer>({
  decide,
  ...command
}: Omit<BooksCommand<Input, Answer>, 'kind' | 'decide'> &
  Readonly<{
    decide: (input: z.infer<Input>, books: OpenBooks, context: BooksContext) => Decision
  }>): BooksCommand<Input, Answer> {
  return {
    kind: 'books',
    ...command,
    decide: (input, books, context) =>
      books.status === 'open'
        ? decide(input, books, context)
        : refuse({ code: 'books_not_open', books: command.books(input) }),
  }
}

/** The one that opens them. */
export function openingCommand<Input extends z.ZodType, Answer>(
  command: Omit<BooksCommand<Input, Answer>, 'kind'>,
): BooksCommand<Input, Answer> {
  return { kind: 'books', ...command }
}
