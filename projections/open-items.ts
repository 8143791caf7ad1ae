/** L8: what each document still asks or has left to give, as the sum of the postings that name it. */
import type { EventOfType } from '../src/events/ledger-event.js'
import type { Direction, Posting } from '../src/events/parts.js'
import { isZero, negate, zero, type Money } from '../src/money/money.js'
import { openItemsTable, type OpenItemRow } from '../src/read-model/schema.js'
import { added, sortKeyOf } from './documents.js'
import { debitBalance, inBooks, inDocument, onEntries, type PostingEvent } from './entries.js'
import { needed, projection } from './projection.js'

type ItemKey = Readonly<{ documentId: string; account: string }>

/** Everything of a document that its own first event knows, and its later postings do not. */
type Opened = Pick<
  OpenItemRow,
  'documentId' | 'direction' | 'kind' | 'number' | 'party' | 'documentDate'
>

/** Postings on documents that earlier events opened. */
const movesItems = {
  rows: itemsOf,
  fold: (row: OpenItemRow | undefined, event: PostingEvent, key: ItemKey) =>
    moved(needed(row, event, `open item ${key.documentId} on ${key.account}`), event, key),
}

/** Postings of which those that name the event's own document open it. */
function opensItem<Event extends PostingEvent>(
  opened: (event: Event, documentId: string) => Opened | null,
) {
  return {
    rows: itemsOf,
    fold: (row: OpenItemRow | undefined, event: Event, key: ItemKey) => {
      const own = opened(event, key.documentId)
      return row === undefined && own?.documentId === key.documentId
        ? moved(unmoved(own, event, key), event, key)
        : movesItems.fold(row, event, key)
    },
  }
}

export const openItems = projection({
  name: 'open_items',
  version: 2,
  table: openItemsTable,
  on: {
    // Of whatever folio the documents are: an allocation stands on the invoice's alone (J10, J11).
    ...onEntries(movesItems),
    InvoicePosted: opensItem(({ data }: EventOfType<'InvoicePosted'>) => ({
      documentId: data.invoiceId,
      direction: data.direction,
      kind: data.direction === 'out' ? 'Invoice' : 'Bill',
      number: data.entry.number,
      party: data.party,
      documentDate: data.documentDate,
    })),
    CreditNotePosted: opensItem(({ data }: EventOfType<'CreditNotePosted'>) => ({
      documentId: data.creditNoteId,
      direction: data.direction,
      kind: 'Credit Note',
      number: data.entry.number,
      party: data.party,
      documentDate: data.documentDate,
    })),
    PaymentRegistered: opensItem(({ data }: EventOfType<'PaymentRegistered'>) =>
      data.overpayment === undefined
        ? null
        : {
            documentId: data.overpayment.documentId,
            direction: data.direction,
            kind: 'Overpayment',
            number: data.overpayment.number,
            party: data.party,
            documentDate: data.date,
          },
    ),
    PrepaymentRegistered: opensItem(({ data }: EventOfType<'PrepaymentRegistered'>) => ({
      documentId: data.prepayment.documentId,
      direction: data.direction,
      kind: 'Prepayment',
      number: data.prepayment.number,
      party: data.party,
      documentDate: data.date,
    })),
    OpeningBalancesPosted: opensItem(
      ({ data }: EventOfType<'OpeningBalancesPosted'>, documentId) => {
        const item = data.items.find((opening) => opening.documentId === documentId)
        if (item === undefined) return null
        const { kind, direction, number, party, documentDate } = item
        const asks = direction === 'out' ? 'Invoice' : 'Bill'
        return {
          documentId,
          direction,
          kind: kind === 'invoice' ? asks : 'Prepayment',
          number,
          party,
          documentDate,
        }
      },
    ),
  },
})

/** Each document and account that the entry's postings name together, once. */
function itemsOf({ data: { entry } }: PostingEvent): readonly ItemKey[] {
  const items = new Map<string, ItemKey>()
  for (const { document, account } of entry.postings) {
    if (document !== undefined) {
      items.set(`${document} ${account}`, { documentId: document, account })
    }
  }
  return [...items.values()]
}

function unmoved(opened: Opened, event: PostingEvent, key: ItemKey): OpenItemRow {
  const [posting] = postingsOf(event, key)
  const currency = posting?.amount.currency ?? ''
  const booksCurrency = posting?.booksAmount.currency ?? ''
  return {
    ...opened,
    account: key.account,
    books: event.data.entry.books,
    side: sideOf(opened.direction as Direction, opened.kind),
    currency,
    amountOpen: zero(currency).amount,
    booksCurrency,
    booksAmountOpen: zero(booksCurrency).amount,
    isOpen: false,
    sortKey: sortKeyOf(opened.documentDate, opened.number, `${key.documentId} ${key.account}`),
  }
}

/** What asks money from a customer stands on the debit side; credits, and bills, on the other. */
function sideOf(direction: Direction, kind: string): Posting['side'] {
  const asksMoney = kind === 'Invoice' || kind === 'Bill'
  return (direction === 'out') === asksMoney ? 'debit' : 'credit'
}

function moved(item: OpenItemRow, event: PostingEvent, key: ItemKey): OpenItemRow {
  const postings = postingsOf(event, key)
  const signed = (balance: Money) => (item.side === 'debit' ? balance : negate(balance))
  const amountOpen = added(item.amountOpen, signed(debitBalance(postings, inDocument)))
  const booksAmountOpen = added(item.booksAmountOpen, signed(debitBalance(postings, inBooks)))
  const isOpen =
    !isZero({ amount: amountOpen, currency: item.currency }) ||
    !isZero({ amount: booksAmountOpen, currency: item.booksCurrency })
  return { ...item, amountOpen, booksAmountOpen, isOpen }
}

function postingsOf(event: PostingEvent, { documentId, account }: ItemKey): readonly Posting[] {
  return event.data.entry.postings.filter(
    (posting) => posting.document === documentId && posting.account === account,
  )
}
