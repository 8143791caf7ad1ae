/** People in documents, and forgetting them, as the tests of A6 need it. */
import { expect } from 'vitest'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { forgetSubject } from '../../commands/party/forget-subject.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createOracle } from '../oracle/oracle.js'
import type { TestLedger } from '../support/ledger.js'
import { item } from './scenes.js'

export const PARTY = '00000000-0000-4000-8000-0000000000ab'
export const OTHER = '00000000-0000-4000-8000-0000000000cd'
export const REASON = 'Ticket 4711'

export const invoiceOf = (ledger: TestLedger, name: string, party: string | null = PARTY) =>
  ledger
    .must(draftInvoice, {
      lines: [item('100')],
      party,
      billTo: { name, email: 'ada@example.com', country: 'GB' },
    })
    .then(({ invoiceId }) => invoiceId)

export const forget = async (ledger: TestLedger, input: object, key?: string) => {
  const outcome = await ledger.handler.subject(
    forgetSubject,
    { reason: REASON, ...input },
    { principal: 'tester', key: key ?? `forget-${Math.random()}`, correlation: 'test' },
  )
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
  return outcome
}

export const namesIn = async (ledger: TestLedger) =>
  (await ledger.events()).flatMap(({ data }) => {
    const { billTo } = data as { billTo?: { name?: string } }
    return billTo?.name === undefined ? [] : [billTo.name]
  })

export async function expectWholeChain(ledger: TestLedger, store: EventStore): Promise<void> {
  const stored = await store.readAll({ after: null, limit: 10_000 })
  const events = await ledger.log.open(stored)
  const oracle = createOracle()
  events.forEach((event, index) => {
    oracle.feed(event, stored[index])
  })
  expect(oracle.violations.filter((text) => /hash|revision|event_id/.test(text))).toEqual([])
}
