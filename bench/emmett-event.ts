/** What the lists over Emmett read of an event. */
export type EmmettPosting = Readonly<{ account: string; side: string; amount: { amount: string } }>

/** The text under these names, one within the other; empty where there is none. */
export function textAt(data: unknown, ...names: readonly string[]): string {
  const found = names.reduce<unknown>(
    (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
    data,
  )
  return typeof found === 'string' ? found : ''
}

export function postingsOf(data: Readonly<Record<string, unknown>>): readonly EmmettPosting[] {
  return (data['entry'] as Readonly<{ postings: readonly EmmettPosting[] }>).postings
}

export function debitOf({ side, amount }: EmmettPosting): string {
  return side === 'debit' ? amount.amount : '0'
}

export function creditOf({ side, amount }: EmmettPosting): string {
  return side === 'credit' ? amount.amount : '0'
}
