import type { SomeRefusals } from './explanation.js'

/** What is told to a connected store, and what it has: refunds, and orders marked as paid. */
export const STORE_EXPLANATIONS = {
  credit_note_ad_hoc: {
    rows: ['B1', 'B2'],
    rule: 'A store gives back what was ordered there, so the note must take back an invoice of its order. An ad-hoc note is on no invoice, and the store knows nothing that it could stand for.',
    members: { creditNote: 'The note that was named.' },
    next: 'Pay the note with refund-credit. To give an order back at its store, draft a note on its invoice.',
  },
  credit_note_of_other_order: {
    rows: ['B1', 'B2'],
    rule: 'A refund at a store belongs to one order, and the note to the same one. The note is tied to no order, or to another than the one that was named.',
    members: { creditNote: 'The note that was named.' },
    next: 'Name a note of the order: GET /credit-notes shows the order of each.',
  },
  order_not_on_platform: {
    rows: ['B1', 'P1'],
    rule: 'What is told to a store is about an order of that store. The order was placed by hand: no store has it.',
    members: { order: 'The order, or the task whose order it is.' },
    next: 'Nothing is to be told. Money goes back with refund-credit.',
  },
  platform_refund_not_offered: {
    rows: ['B1', 'M9'],
    rule: 'Refund in BigCommerce is for orders of BigCommerce stores. Orders of this platform are not refunded there from here.',
    members: { platform: 'The platform of the order’s store.' },
    next: 'Give the money back with refund-credit, or at the store itself.',
  },
  payment_status_unknown: {
    rows: ['B1', 'P1'],
    rule: 'Money is moved at a store only while its word for the order’s payment is understood. The store uses a word that nobody knows here, and what it means is not guessed.',
    members: {
      order: 'The order.',
      paymentStatus: 'The word, as the store showed it.',
    },
    next: 'Look at the order at the store. Once it shows a known status, the next import brings it.',
  },
  nothing_captured_at_store: {
    rows: ['B1', 'B2'],
    rule: 'A store can give back only money that it has taken. By what it showed last, nothing of the order was captured.',
    members: {
      order: 'The order.',
      paymentStatus: 'Its payment at the store, as it was shown last; empty where it has none.',
    },
    next: 'Pay the note with refund-credit. Where the store has captured the order since, import it anew.',
  },
  chargeback_open: {
    rows: ['B1', 'L24'],
    rule: 'While the buyer’s bank disputes the payment it may take the money back by itself. A refund beside it would give it back twice.',
    members: { order: 'The order that is disputed at its store.' },
    next: 'Wait until the dispute is decided, and the store shows it.',
  },
  platform_refund_exists: {
    rows: ['B4'],
    rule: 'A credit note is refunded at its store once, and the store’s id of that refund stands on it for good: also after a decline, and also with Force Refund. There is one already.',
    members: {
      creditNote: 'The note that was named.',
      platformRefund: 'The refund at the store, by the store’s id.',
    },
    next: 'Look at the note. What of it was declined, or only recorded, is paid with refund-credit.',
  },
  platform_refund_under_way: {
    rows: ['B4', 'L12'],
    rule: 'One refund of a note is on its way to the store at a time, and its credit is reserved until the store has answered. One is under way.',
    members: {
      creditNote: 'The note that was named.',
      task: 'The sync task that is under way.',
    },
    next: 'Follow the task at GET /sync-tasks. Where it waits for a person, retry, adopt or dismiss it.',
  },
  refund_waits_for_approval: {
    rows: ['B1', 'N6'],
    rule: 'A note of which a refund waits for somebody else is not given back meanwhile, not even what is left of it. One waits.',
    members: {
      creditNote: 'The note that was named.',
      approval: 'The approval that waits.',
    },
    next: 'Have the approval decided, then ask again where something is left.',
  },
  order_refunded_already: {
    rows: ['B1', 'B6'],
    rule: 'An order whose refunds at the store reach its total is refunded in full, and nothing more is given back there. Force Refund bypasses this check of the ledger, and this one alone: the store still says what it thinks of it.',
    members: {
      order: 'The order.',
      refunded: 'What stands of its refunds at the store.',
      total: 'The total of the order there.',
    },
    next: 'Look at the refunds of the order at GET /platform-refunds. Where a further one is right all the same, set-force-refund lets it through.',
  },
  order_not_markable_as_paid: {
    rows: ['P1', 'P4'],
    rule: 'An order is marked as paid at its store when it is invoiced in full and paid, the setting is on, and the store still waits for its money. At least one of these is not so: all that stand against it are named.',
    members: {
      order: 'The order.',
      obstacles: 'Every condition that failed, such as `invoices_not_paid` or `capture_under_way`.',
    },
    next: 'See to each obstacle. Once the last one is gone the order is marked as paid by itself.',
  },
  clearing_account_missing: {
    rows: ['B10', 'L23'],
    rule: 'What a store gives back through a gateway leaves the account on which the gateway owes what it took. The books have none for this provider, so it is not asked for before there is one.',
    members: {
      provider: 'The provider, as the store calls it.',
      create: 'The account to open, of type gateway.',
    },
    next: 'Open the account with open-account. The task is tried again by itself.',
  },
  sync_task_not_found: {
    rows: ['S3'],
    rule: 'The id names no sync task of the sale that it belongs to.',
    members: { task: 'The id that was looked for.' },
    next: 'Take the id from GET /sync-tasks.',
  },
  sync_task_not_due: {
    rows: ['S1', 'S3'],
    rule: 'An attempt begins only where one is due: not beside an open one, not before the time that the store named, not of a task that is over, and of none that only a person can see to. A task of that kind is not retried either.',
    members: {
      task: 'The task that was named.',
      state: 'How far it is, or its kind where nothing of it is ever sent.',
      notBefore: 'When it is due; null where no time makes it so.',
    },
    next: 'Read the task. What waits for a person is dismissed once it is seen to.',
  },
  sync_task_not_waiting: {
    rows: ['S3'],
    rule: 'A person’s word is for tasks that gave up. This one goes on by itself, or is over.',
    members: {
      task: 'The task that was named.',
      state: 'How far it is.',
    },
    next: 'Wait for the task to end, or to wait for a person.',
  },
  store_lane_shut: {
    rows: ['S2', 'S3'],
    rule: 'Of one order one thing at a time is on its way to the store: with two nobody could tell which of them the store has done. Another attempt is open, or its outcome is not known yet.',
    members: {
      task: 'The task that was to begin an attempt.',
      by: 'The task that may be on its way.',
      until: 'When the outcome of that is looked up.',
    },
    next: 'Begin again once the other task has its answer.',
  },
  sync_ground_gone: {
    rows: ['P3', 'B10', 'L12'],
    rule: 'Before anything is sent, what asked for it is looked at once more. It is not so any more: a payment bounced, or the money was given back otherwise.',
    members: {
      task: 'The task that was to begin an attempt.',
      reason: 'What is not so any more.',
    },
    next: 'See to the reason. The task goes on where its ground comes back.',
  },
  attempt_already_over: {
    rows: ['S2'],
    rule: 'An attempt says until when it can still show at the store, and that lies ahead: two seconds, the deadline of the request, and the settle time. The time that was given is over already.',
    members: {
      task: 'The task that was named.',
      shutUntil: 'The time that was given.',
      now: 'The time that it is here.',
    },
    next: 'Compare the clocks, and give a time that lies ahead.',
  },
  platform_refund_not_seen: {
    rows: ['B9', 'S3'],
    rule: 'Only a refund that was read at the store is tied to a note or adopted: an id by itself proves nothing. None of this id was seen on the order.',
    members: {
      platformRefund: 'The id that was looked for.',
      seen: 'Those that were seen on the order.',
    },
    next: 'Take the id from GET /platform-refunds, or have the order’s refunds read anew.',
  },
  platform_refund_linked_already: {
    rows: ['B4', 'B9'],
    rule: 'A refund at a store gives one document back, and belongs to it for good. This one has its document.',
    members: {
      platformRefund: 'The refund that was named.',
      document: 'The document that it belongs to.',
    },
    next: 'Nothing, if that is the right one. Otherwise correct it with a further credit note.',
  },
  platform_refund_amount_differs: {
    rows: ['B3', 'B9'],
    rule: 'A refund at a store and what it gives back are of one amount: a note is tied to a refund of its own total, and an attempt sends exactly what was asked for. These are two amounts.',
    members: {
      platformRefund: 'The refund, or the task that it is sent for.',
      amount: 'The amount of the refund that was seen, or that was asked for.',
      total: 'The total of the note, or what was to be sent.',
    },
    next: 'Choose the note of the same total, or draft one that is.',
  },
  capture_not_seen: {
    rows: ['P5', 'S3'],
    rule: 'Only a transaction that was read at the store is adopted: an id by itself proves nothing. None of this id was seen on the order.',
    members: {
      transaction: 'The id that was looked for.',
      seen: 'Those that were seen when the task gave up.',
    },
    next: 'Take the id from the candidates of the task, or have it tried again.',
  },
} as const satisfies SomeRefusals
