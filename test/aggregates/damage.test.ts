/** An event that needs what no event before it made is damage: nothing is decided on such a stream. */
import { expect, test } from 'vitest'
import { CorruptStream } from '../../src/aggregates/corrupt-stream.js'
import { evolveAnyFolio } from '../../src/aggregates/evolve-folio.js'
import { initialFolio } from '../../src/aggregates/folio.js'
import type { LedgerEvent } from '../../src/events/ledger-event.js'
import { SAMPLE_FACTS } from '../fixtures/sample-facts.js'

test.each([
  'BooksOpened',
  'OrderCancelled',
  'PaymentRegistered',
  'PaymentReconciled',
  'PaymentReversed',
  'CreditNotePosted',
  'CreditNoteVoided',
  'CreditSettled',
  'CreditRefunded',
  'AllocationReserved',
  'AllocationApplied',
  'AllocationConcluded',
  'AllocationReleased',
  'AllocationReversed',
  'RefundApprovalRequested',
  'RefundApproved',
  'RefundDeclined',
  'TrackingAdded',
] as const)('%s in an empty folio', (type) => {
  const event = { ...SAMPLE_FACTS[type], stream: 'folio-x', revision: 0 } as LedgerEvent
  expect(() => evolveAnyFolio(initialFolio, event)).toThrow(CorruptStream)
})
