/** What a command is: its name, its schema, where it decides, its decision, its answer. One file each. */
import type { z } from 'zod'
import type { Books, OpenBooks } from '../src/aggregates/books.js'
import type { Folio } from '../src/aggregates/folio.js'
import type { LedgerFact } from '../src/events/ledger-event.js'
import type { Decision } from './decision.js'

export type FolioContext = Readonly<{
  folio: Folio
  /** The folio's UUID; document ids begin with it. */
  folioId: string
  books: OpenBooks
  /** The day it is in the time zone of the books. */
  today: string
}>

/** What commands are about. */
export type CommandArea = 'books' | 'credit' | 'invoice' | 'order' | 'payment'

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
    /** The books of a folio that is opened now; an old folio's are known. */
    books(input: z.infer<Input>): string
    decide(input: z.infer<Input>, context: FolioContext): Decision
    /** Made from the stored events, so that a repeat answers the same (H3). */
    answer(events: readonly LedgerFact[], folioId: string): NoInfer<Answer>
  }>

export type BooksCommand<Input extends z.ZodType = z.ZodType, Answer = unknown> = Described<
  Input,
  Answer
> &
  Readonly<{
    kind: 'books'
    books(input: z.infer<Input>): string
    decide(input: z.infer<Input>, books: Books): Decision
    answer(events: readonly LedgerFact[]): NoInfer<Answer>
  }>

/** The books that are meant where none are named. */
export const DEFAULT_BOOKS = 'main'

export function folioCommand<Input extends z.ZodType, Answer>(
  command: Omit<FolioCommand<Input, Answer>, 'kind'>,
): FolioCommand<Input, Answer> {
  return { kind: 'folio', ...command }
}

export function booksCommand<Input extends z.ZodType, Answer>(
  command: Omit<BooksCommand<Input, Answer>, 'kind'>,
): BooksCommand<Input, Answer> {
  return { kind: 'books', ...command }
}
