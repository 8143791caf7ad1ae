import type { SomeRefusals } from './explanation.js'

/** What is refused for how, or when, it was asked. */
export const REQUEST_EXPLANATIONS = {
  idempotency_key_used_differently: {
    rows: ['H3'],
    rule: 'An Idempotency-Key stands for one request: the same command with the same body. It was used for another, so it is either no repeat, or a repeat that was changed; which one was meant is not guessed. The first request keeps its effect.',
    members: {
      key: 'The key that was sent.',
      command: 'The command that the key was used for first.',
    },
    next: 'For a new request make a new key. To repeat the first one send its body as it was, down to defaults left out.',
  },
  idempotency_key_in_flight: {
    rows: ['H3'],
    rule: 'The same request is being worked on, sent a moment ago and not answered yet. It is done once, so the second waits outside.',
    members: { key: 'The key that was sent.' },
    next: 'Wait as long as `Retry-After` says and send the same request with the same key: it is then answered as the first was.',
  },
  revision_differs: {
    rows: ['H4'],
    rule: 'If-Match says that the request was decided on the documents as they stood at one revision, and is to be done at no other. Something was recorded since, or the revision is not reached.',
    members: {
      expected: 'The revision that If-Match named.',
      actual: 'The revision that the documents are at; null where there are none.',
      events:
        'What was recorded in between, oldest first: revision, event type, when, by whom, by which command. At most the first hundred.',
    },
    next: 'Read the documents anew, decide again, and send the request with the ETag of that answer. If its body has changed, give it a new Idempotency-Key.',
  },
  folio_busy: {
    rows: ['H3'],
    rule: 'A decision holds only for the state it was made on. Other requests kept changing this sale, or these books, and the command was decided anew as often as is allowed without coming through. Nothing was booked.',
    members: { attempts: 'How often it was decided.' },
    next: 'Wait as long as `Retry-After` says and send the same request with the same key. Where many clients work on one sale, send its commands one after another.',
  },
} as const satisfies SomeRefusals
