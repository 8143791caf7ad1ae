import type { SomeRefusals } from './explanation.js'

/** Refunds that wait for somebody else. */
export const APPROVAL_EXPLANATIONS = {
  approval_not_found: {
    rows: ['N6'],
    rule: 'The id names no approval of the sale that it belongs to.',
    members: { approval: 'The id that was looked for.' },
    next: 'Take the id from the answer of the refund that waits, or from GET /approvals.',
  },
  approval_decided_already: {
    rows: ['N6'],
    rule: 'A refund that waits is approved or declined once; two who decide at the same moment count once. Somebody was first.',
    members: {
      approval: 'The approval that was named.',
      documentStatus: '`approved` or `declined`.',
    },
    next: 'Nothing, if the decision is the one that was meant. A refund that was declined is asked for anew.',
  },
  approval_by_requester: {
    rows: ['N6'],
    rule: 'Above the threshold four eyes look at a refund. Whoever asked for it has looked already, so somebody else decides, whatever roles the first has.',
    members: {
      approval: 'The approval that was named.',
      requestedBy: 'Who asked for the refund.',
    },
    next: 'Let another person with the permission approve it. Whoever asked for it and no longer wants it has it declined by them.',
  },
} as const satisfies SomeRefusals
