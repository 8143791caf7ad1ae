import type { SomeRefusals } from './explanation.js'

/** Customers and suppliers that turn out to be one, or two after all. */
export const PARTY_EXPLANATIONS = {
  party_merged_with_itself: {
    rows: ['L26'],
    rule: 'Merging says that two parties are one. The request names the same party twice, which would say nothing.',
    members: { party: 'The party that was named twice.' },
    next: 'Name the party that was entered a second time as `party`, and the one to keep as `into`.',
  },
  party_merged_already: {
    rows: ['L26'],
    rule: 'A party is merged into one other at a time. This one was merged before; merged into another as well, it would be unclear whose credits are whose.',
    members: {
      party: 'The party that was to be merged.',
      into: 'The party that it is merged into now.',
    },
    next: 'If the party named as `into` is the right one, take the earlier merge back with unmerge-parties, then merge anew.',
  },
  parties_merged_in_a_circle: {
    rows: ['L26'],
    rule: 'The party to keep was itself merged into the one to be merged, directly or by way of others. Merged both ways, neither would stand for both.',
    members: {
      party: 'The party that was to be merged.',
      into: 'The party that was to be kept, which stands for nothing but the first one now.',
    },
    next: 'They are one already, so there may be nothing to do. To keep the other one take the earlier merge back first.',
  },
  document_names_party: {
    rows: ['A6'],
    rule: 'What a sale says of a party is sealed with the key of the party, which other sales share. Only a sale without a party has a guest of its own to be forgotten.',
    members: {
      document: 'The document that was named.',
      party: 'The party that its sale names.',
    },
    next: 'Forget the party: all of its documents are forgotten with it.',
  },
  party_not_merged: {
    rows: ['L26'],
    rule: 'A merge is taken back where there is one. The party stands for itself: it was never merged in these books, or the merge was taken back before.',
    members: { party: 'The party that was named.' },
    next: 'Check the id: the party to name is the one that was merged, not the one that was kept.',
  },
} as const satisfies SomeRefusals
