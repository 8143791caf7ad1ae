/** Credits and invoices over two folios, as the tests of allocations need them. */
import { draftCreditNote } from '../../commands/credit/draft-credit-note.js'
import { postCreditNote } from '../../commands/credit/post-credit-note.js'
import { draftInvoice } from '../../commands/invoice/draft-invoice.js'
import { postInvoice } from '../../commands/invoice/post-invoice.js'
import { registerPayment } from '../../commands/payment/register-payment.js'
import type { LedgerFact } from '../../src/events/ledger-event.js'
import type { Folio } from '../../src/aggregates/folio.js'
import { FOLIO_ID, folioOf } from '../support/decider-spec.js'
import type { TestLedger } from '../support/ledger.js'
import { item, OTHER_FOLIO, ZERO } from './scenes.js'

export const PARTY = '00000000-0000-4000-8000-0000000000c1'
export const OTHER_INVOICE = `${OTHER_FOLIO}-i1`
export const OTHER_PARTY = '00000000-0000-4000-8000-0000000000c2'

type More = Readonly<Record<string, unknown>>

/** A posted note of nobody's invoice. */
export async function adHocCredit(
  { must }: Pick<TestLedger, 'must'>,
  total: string,
  more: More = {},
): Promise<string> {
  const lines = [item(total, { tax: ZERO })]
  const { creditNoteId } = await must(draftCreditNote, {
    reason: 'Goodwill',
    party: PARTY,
    lines,
    ...more,
  })
  await must(postCreditNote, { creditNoteId })
  return creditNoteId
}

export async function openInvoice(
  { must }: Pick<TestLedger, 'must'>,
  total: string,
  more: More = {},
): Promise<string> {
  const lines = [item(total, { tax: ZERO })]
  const { invoiceId } = await must(draftInvoice, { party: PARTY, lines, ...more })
  await must(postInvoice, { invoiceId })
  return invoiceId
}

export async function prepaid(
  { must }: Pick<TestLedger, 'must'>,
  amount: Readonly<{ amount: string; currency: string }>,
  more: More = {},
): Promise<string> {
  const { prepayment } = await must(registerPayment, {
    party: PARTY,
    account: 'bank',
    amount,
    ...more,
  })
  return prepayment?.documentId ?? ''
}

/** The same facts in another folio. */
export function elsewhere(facts: readonly LedgerFact[]): readonly LedgerFact[] {
  return JSON.parse(JSON.stringify(facts).replaceAll(FOLIO_ID, OTHER_FOLIO)) as LedgerFact[]
}

export function otherFolio(facts: readonly LedgerFact[]): Folio {
  return folioOf(elsewhere(facts))
}
