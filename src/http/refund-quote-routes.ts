/** `GET /credit-notes/{id}/refund-quote`: what the store would make of a refund, before anything is sent (B3). */
import { Router } from 'express'
import { z } from 'zod'
import { parseInput } from '../../commands/parse-input.js'
import type { Refusal } from '../../commands/refusal.js'
import { documentIdSchema, text } from '../events/text.js'
import type { Money } from '../money/money.js'
import type { Failure, RefundItem, RefundPayment } from '../platforms/platform.js'
import { rolesAllowed, STORE_PERMISSIONS } from './permissions.js'
import { allowed } from './principal.js'
import { sendProblem, sendRefusal } from './problem.js'
import { sendStoreFailure } from './store-failure.js'

/** Decides what the command would, asks the store, and changes nothing at either. */
export type QuoteRefund = (
  asked: Readonly<{ creditNoteId: string; providers: readonly string[] | null }>,
) => Promise<QuotedRefund>

export type QuotedRefund = Readonly<
  | { outcome: 'quoted'; quoted: RefundQuoted }
  | { outcome: 'refused'; refusal: Refusal }
  | { outcome: 'not_connected'; instance: string }
  | { outcome: 'failed'; failure: Failure }
>

export type RefundQuoted = Readonly<{
  purpose: 'give_back' | 'record'
  /** As the ledger has it. */
  amount: Money
  tax: Money
  items: readonly RefundItem[]
  /** As the store reckons it. */
  quote: Readonly<{ total: Money; tax: Money; methods: readonly (readonly RefundPayment[])[] }>
  /** The payments that would be sent; `null`: none would, and `setback` says why. */
  chosen: readonly RefundPayment[] | null
  /** What would be sent in place of the store's own figures. */
  override: Readonly<{ total: Money; tax: Money }> | null
  /** What the store reckons beyond the ledger. */
  difference: Money
  setback: Readonly<{ code: string; detail: string }> | null
}>

const PROVIDERS_MAX = 20
const ROUTE = 'GET /credit-notes/{id}/refund-quote'

export const refundQuoteQuerySchema = z.strictObject({
  providers: z
    .string()
    .max(2_000)
    .transform((list) => list.split(','))
    .pipe(z.array(text(100)).max(PROVIDERS_MAX))
    .describe('Over these, separated by commas; back where the money came from unless given.')
    .optional(),
})

export function refundQuoteRoutes(quoteRefund: QuoteRefund): Router {
  const router = Router()
  const permission = allowed(rolesAllowed(STORE_PERMISSIONS, ROUTE))
  router.get('/credit-notes/:id/refund-quote', permission, async (request, response) => {
    const creditNoteId = documentIdSchema.safeParse(request.params['id']).data
    const query = parseInput(refundQuoteQuerySchema, request.query)
    if (creditNoteId === undefined) {
      sendProblem(response, 'not_found', { detail: 'There is no credit note of this id.' })
      return
    }
    if ('issues' in query) {
      const errors = query.issues.map(({ path, message }) => ({ pointer: path, detail: message }))
      sendProblem(response, 'malformed_query', { errors })
      return
    }
    const { providers = null } = query.value
    const quoted = await quoteRefund({ creditNoteId, providers })
    switch (quoted.outcome) {
      case 'quoted':
        response.json(quoted.quoted)
        return
      case 'refused':
        sendRefusal(response, quoted.refusal)
        return
      case 'not_connected':
        sendProblem(response, 'store_without_credentials', { store: quoted.instance })
        return
      case 'failed':
        sendStoreFailure(response, quoted.failure)
    }
  })
  return router
}
