/** Webhooks as they come in: told from forged ones, kept once, answered; what they announce is worked on later (M11, P7). */
import type { ReceiveWebhook } from './http/webhook-routes.js'
import type { KnownStore } from './open-stores.js'
import {
  parseWebhook,
  type WebhookRefusal,
  type WebhookTerms,
} from './platforms/bigcommerce/webhooks.js'
import type { DeliveriesTable } from './stores/deliveries.js'

/** The store is told to send it along, with a secret of ours. */
export const WEBHOOK_HEADER = 'X-Folio-Webhook'
/** So long webhooks are told by what was known: they come by the hundred. */
const TERMS_VALID_MS = 5_000
const TERMS_MAX = 1_000

type Options = Readonly<{
  knownStore: (instance: string) => Promise<KnownStore | null>
  deliveries: Pick<DeliveriesTable, 'keep'>
  monotonicMs: () => number
}>

export function createWebhookIntake({
  knownStore,
  deliveries,
  monotonicMs,
}: Options): ReceiveWebhook {
  const terms = new Map<string, Readonly<{ known: Promise<WebhookTerms | null>; atMs: number }>>()

  function termsOf(instance: string): Promise<WebhookTerms | null> {
    const held = terms.get(instance)
    if (held !== undefined && monotonicMs() - held.atMs < TERMS_VALID_MS) return held.known
    const known = knownStore(instance).then((store) => (store === null ? null : termsFor(store)))
    // A database that was away for a moment is asked again by whoever comes next.
    known.catch(() => terms.delete(instance))
    terms.delete(instance)
    terms.set(instance, { known, atMs: monotonicMs() })
    const oldest = terms.keys().next()
    if (terms.size > TERMS_MAX && oldest.done !== true) terms.delete(oldest.value)
    return known
  }

  return async (instance, request) => {
    const known = await termsOf(instance)
    if (known === null) return 'unknown_instance'
    const read = parseWebhook(request, known)
    if (read.outcome === 'refused') return ANSWERS[read.reason]
    const { id, order, scope } = read.delivery
    await deliveries.keep({ instance, id, order, scope })
    return 'kept'
  }
}

const ANSWERS: Readonly<Record<WebhookRefusal, 'not_recognised' | 'not_understood'>> = {
  signature_missing: 'not_recognised',
  signature_wrong: 'not_recognised',
  too_old: 'not_recognised',
  from_the_future: 'not_recognised',
  own_header_wrong: 'not_recognised',
  other_store: 'not_recognised',
  not_json: 'not_understood',
  not_understood: 'not_understood',
}

function termsFor({ address, credentials }: KnownStore): WebhookTerms {
  const { clientSecret, previousClientSecret, webhookHeader } = credentials
  const secrets = [clientSecret, previousClientSecret].filter((secret) => secret !== null)
  return {
    address,
    // Without a secret of its own the store signs nothing, whatever it did before.
    clientSecrets: clientSecret === null ? null : secrets,
    ownHeader: { name: WEBHOOK_HEADER, values: [webhookHeader] },
  }
}
