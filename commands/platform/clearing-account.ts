/** The account on which a gateway owes what it took, and from which it gives back (L23). */
import type { OpenBooks } from '../../src/aggregates/books.js'
import type { Folio } from '../../src/aggregates/folio.js'
import { workflowFor } from '../../src/aggregates/instance.js'
import type { FolioContext } from '../command.js'

type Around = Pick<FolioContext, 'folio' | 'books' | 'instance'>

/** The one that its money came in over; else `gateway-<name>`; else that of the order's workflow. `null`: none. */
export function clearingAccount(provider: string, around: Around): string | null {
  const { folio, books } = around
  const candidates = [
    ...accountsOfPayments(folio, provider),
    clearingAccountToOpen(provider),
    ...accountOfWorkflow(around),
  ]
  return candidates.find((account) => isClearing(account, books)) ?? null
}

/** What to open for a provider that has none. */
export function clearingAccountToOpen(provider: string): string {
  return `gateway-${slugOf(provider)}`
}

/** Newest first. */
function accountsOfPayments({ payments }: Folio, provider: string): readonly string[] {
  return [...payments.values()]
    .filter(({ online, documentId }) => documentId === null && online?.gateway === provider)
    .map(({ account }) => account)
    .reverse()
}

function accountOfWorkflow({ folio: { order }, instance }: Around): readonly string[] {
  if (order.status === 'absent' || instance === null) return []
  const account = workflowFor(instance, order.paymentMethod)?.account
  return account === undefined ? [] : [account]
}

function isClearing(account: string, { accounts }: OpenBooks): boolean {
  const known = accounts.get(account)
  return known?.type === 'gateway' && !known.closed
}

function slugOf(provider: string): string {
  const slug = provider.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return slug.slice(0, 50).replaceAll(/^-|-$/g, '')
}
