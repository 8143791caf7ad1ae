import type { SomeProblems } from './explanation.js'

/** The connections to stores: credentials, what is asked of a store at once, and webhooks. */
export const CONNECTING_EXPLANATIONS = {
  webhook_not_understood: {
    rows: ['M11'],
    rule: 'A webhook of a store is JSON as its platform describes it. This one is something else. Nothing was kept.',
    members: {},
    next: 'Nothing need be done: what changed at the store is found by asking it, too.',
  },
  webhook_not_recognised: {
    rows: ['M11', 'S4'],
    rule: 'A webhook must carry the secret that the store was given when its hook was made, and a fresh signature over its very bytes where the store signs. What is wrong with this one is not told, for whoever forges one would learn from it. Nothing was kept.',
    members: {},
    next: 'Where the webhooks of a store itself end here, save its credentials again, with the client secret of the API account that they belong to.',
  },
  store_without_credentials: {
    rows: ['S4'],
    rule: 'A store is asked with the credentials that were saved for it, and for this one there are none.',
    members: { store: 'The id of the instance.' },
    next: 'Save them with PUT /instances/{id}/credentials.',
  },
  store_refused: {
    rows: ['B3', 'S3'],
    rule: 'The store was asked and says no. Asked again it says the same, until something changes there or here.',
    members: { detail: 'In the words of the store, where it has some.' },
    next: 'Correct what the store complains of; the order may have changed there, or be gone.',
  },
  store_credentials_refused: {
    rows: ['S4'],
    rule: 'The store was asked with the access token and did not let it in, or the token has no right to read orders. What was given was not saved.',
    members: { detail: 'In the words of the store, where it has some. Never the token.' },
    next: 'Make an API account at the store with rights to orders, transactions and refunds, and send its token. With `?check=false` credentials are saved without asking.',
  },
  store_network_not_allowed: {
    rows: ['S4'],
    rule: 'Requests with credentials go to the public net alone, and to the networks that whoever runs the server has named. The address of the store leads elsewhere.',
    members: { detail: 'Where it leads.' },
    next: 'Where the store is meant to be in a private network, have it named in FOLIO_STORE_NETWORKS.',
  },
  store_platform_not_offered: {
    rows: ['S4'],
    rule: 'Credentials are of use where the server speaks the language of the platform, and it does not speak this one.',
    members: { platform: 'The platform of the store.' },
    next: 'Hand its orders over with import-order.',
  },
  store_not_understood: {
    rows: ['S4'],
    rule: 'Something answered at the address of the store, and not as its platform does: a proxy, a page for people, or another server.',
    members: { detail: 'What it answered with.' },
    next: 'Compare the address of the instance with the API path in the control panel of the store.',
  },
  store_not_answering: {
    rows: ['S3'],
    rule: 'The store could not be reached, did not answer in time, or wants fewer requests for now. Nothing was changed there.',
    members: { detail: 'What happened.' },
    next: 'Ask again after as long as `Retry-After` says.',
  },
} as const satisfies SomeProblems
